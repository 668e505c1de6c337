//! Calls over a socket: what each failure comes to, and what of it is printed.

use openapi_client::{BaseUrl, ClientBuilder, Credentials, Retry, SetupError};

use crate::api::{Client, Error, GetThing, Thing};
use crate::server::{Server, response};

const CANARY: &str = "CANARY-331XHT75";
const JSON: &str = "application/json";

/// A client that asks once.
pub(crate) fn client(base_url: &str) -> Client {
    Client::builder(base_url).retry(Retry::none()).build().unwrap()
}

async fn get_thing(answer: Vec<u8>) -> (Result<Thing, Error>, String) {
    let server = Server::answering(answer);
    let result = client(&server.base_url).get_thing("1").await;
    (result, server.request())
}

pub(crate) fn everything_it_prints(error: &dyn std::error::Error) -> String {
    let mut told = vec![format!("{error}\n{error:?}\n{error:#?}")];
    let mut source = error.source();
    while let Some(error) = source {
        told.push(format!("{error}\n{error:?}\n{error:#?}"));
        source = error.source();
    }
    told.join("\n")
}

#[tokio::test]
async fn a_request_has_its_path_its_query_and_few_headers() {
    let server = Server::answering(response("200 OK", JSON, r#"{"id":"1","price":10.50}"#));
    let client = Client::builder(&server.base_url)
        .credentials(Credentials::basic("user", CANARY).unwrap())
        .build()
        .unwrap();
    let thing = client.get_thing("a b?").most_parts(7).tags(["x&1", "y"]).await.unwrap();
    assert_eq!((&*thing.id, thing.price.unwrap().as_str()), ("1", "10.50"));
    let request = server.request();
    let mut lines = request.lines();
    let path = "GET /v1/things/a%20b%3F?mostParts=7&tags=x%261&tags=y HTTP/1.1";
    assert_eq!(lines.next(), Some(path));
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    headers.retain(|(name, _)| *name != "host");
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("accept", "application/json"),
            // These tests are built with the feature `gzip`.
            ("accept-encoding", "gzip"),
            ("authorization", "Basic dXNlcjpDQU5BUlktMzMxWEhUNzU="),
            ("user-agent", concat!("openapi-client/", env!("CARGO_PKG_VERSION"))),
        ]
    );
}

#[tokio::test]
async fn a_program_may_call_itself_what_it_likes() {
    let server = Server::answering(response("200 OK", JSON, r#"{"id":"1"}"#));
    let client = Client::builder(&server.base_url).user_agent("audit/1.2 (nightly)").build();
    client.unwrap().get_thing("1").await.unwrap();
    let request = server.request();
    assert_eq!(request.matches("user-agent: audit/1.2 (nightly)").count(), 1, "{request}");
    let error = Client::builder("https://example.com").user_agent("a\n").build().unwrap_err();
    assert_eq!(error.to_string(), "the user agent has characters that no header can carry");
}

#[tokio::test]
async fn each_kind_of_credentials_has_its_header() {
    let cases = [
        (Credentials::none(), None),
        (Credentials::bearer("t").unwrap(), Some(("authorization", "Bearer t"))),
        (Credentials::basic("a", "b").unwrap(), Some(("authorization", "Basic YTpi"))),
        (Credentials::api_key("X-Key", "k").unwrap(), Some(("x-key", "k"))),
    ];
    for (credentials, expected) in cases {
        let server = Server::answering(response("200 OK", JSON, r#"{"id":"1"}"#));
        let client = Client::builder(&server.base_url).credentials(credentials).build().unwrap();
        client.get_thing("1").await.unwrap();
        let request = server.request();
        let mut headers = request.lines().filter_map(|line| line.split_once(": "));
        let found = headers.find(|(name, _)| ["authorization", "x-key"].contains(name));
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn each_failure_keeps_its_status_and_prints_no_body() {
    let canary = |text: &str| text.replace("CANARY", CANARY);
    let cases = [
        // Documented for the operation.
        ("404 Not Found", JSON, r#"{"message":"CANARY"}"#, "Api"),
        ("404 Not Found", JSON, r#"{"code":"CANARY","x":["CANARY"]}"#, "Api"),
        // Not documented for it, and real all the same.
        ("429 Too Many Requests", JSON, r#"{"code":"429"}"#, "Api"),
        ("503 Service Unavailable", JSON, r#"{"message":"CANARY"}"#, "Api"),
        // Whatever a proxy says.
        ("404 Not Found", "text/html", "<html>CANARY</html>", "Unexpected"),
        ("503 Service Unavailable", "text/html", "<html>CANARY</html>", "Unexpected"),
        ("503 Service Unavailable", "text/plain", "", "Unexpected"),
        ("404 Not Found", JSON, r#""CANARY""#, "Unexpected"),
        ("404 Not Found", JSON, r#"{"code":["CANARY"]}"#, "Unexpected"),
        ("204 No Content", JSON, "", "Unexpected"),
        ("101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x", JSON, "", "Unexpected"),
        ("206 Partial Content", JSON, "{}", "Unexpected"),
        ("999 Whatever", JSON, r#"{"message":"CANARY"}"#, "Unexpected"),
        ("302 Found\r\nlocation: http://127.0.0.1:1/CANARY", JSON, "", "Contract"),
        // A success that holds something else.
        ("200 OK", "text/html", "<html>CANARY</html>", "Decode"),
        ("200 OK", JSON, "", "Decode"),
        // Which of the two counts?
        ("200 OK", JSON, r#"{"id":"1","id":"CANARY"}"#, "Decode"),
        ("200 OK", JSON, r#"{"id":{"CANARY":"CANARY"}}"#, "Decode"),
        ("200 OK", JSON, r#"{"id":"1","madeAt":"CANARY"}"#, "Decode"),
        ("200 OK", JSON, r#"{"id":"1","price":"CANARY"}"#, "Decode"),
        ("200 OK", JSON, r#"{"id":"1","parts":"CANARY"}"#, "Decode"),
    ];
    for (status, content_type, body, kind) in cases {
        let answer = response(&canary(status), content_type, &canary(body));
        let (result, _) = get_thing(answer).await;
        let error = result.unwrap_err();
        let told = everything_it_prints(&error);
        assert!(told.contains(kind), "{status} {body}: {told}");
        assert!(!told.contains(CANARY), "{status} {body}: {told}");
        assert_eq!(error.status().unwrap().as_str(), &status[..3], "{body}");
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_is_a_transport_error() {
    let (result, _) =
        get_thing(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"sta".to_vec()).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(!everything_it_prints(&error).contains("things"), "{error:?}");
}

#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let (result, _) = get_thing(response("200 OK", JSON, "\u{feff}{\"id\":\"1\"}")).await;
    assert_eq!(result.unwrap().id, "1");
}

#[tokio::test]
async fn an_error_that_breaks_off_keeps_its_status() {
    for status in ["404 Not Found", "429 Too Many Requests"] {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 99\r\n\r\n{{\"mess");
        let (result, _) = get_thing(answer.into_bytes()).await;
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Unexpected { .. }), "{error:?}");
        assert_eq!(error.status().unwrap().as_str(), &status[..3]);
    }
}

#[tokio::test]
async fn a_request_that_breaks_a_rule_is_not_sent() {
    // Nobody listens there: whatever is sent fails as a transport error.
    let client = client("http://127.0.0.1:9/v1");
    let request = || client.get_thing("1");
    let refused: Vec<(GetThing, &str)> = vec![
        (client.get_thing(""), "the id (0 bytes) is empty"),
        (client.get_thing(".."), "the id (2 bytes) is a relative path"),
        (client.get_thing("é".repeat(101)), "the id (202 bytes) is longer than 100 characters"),
        (request().most_parts(501), "the mostParts is more than 500"),
        (request().tags([""; 51]), "the tags has more than 50 items"),
        (
            request().tags([""; 0]),
            "the tags is empty, so it would not be sent and ask for everything",
        ),
        (request().tags(["a"]).owner("me"), "the owner cannot be sent together with tags"),
    ];
    for (request, told) in refused {
        let error = request.await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest(_)), "{error:?}");
        assert_eq!(error.to_string(), told);
    }
    for request in [client.get_thing("é".repeat(100)), request().most_parts(500)] {
        let error = request.await.unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    }
}

#[test]
fn a_base_url_is_https_or_on_this_machine() {
    let refused = [
        "",
        "api.example.com",
        "http://api.example.com/v1",
        "http://127.0.0.1.example.com",
        "http://128.0.0.1",
        "ftp://localhost",
        "file:///etc",
        "https://user@api.example.com",
        "https://user:pass@api.example.com",
        "https://api.example.com/?a=b",
        "https://api.example.com/#a",
        "data:text/plain,x",
    ];
    for url in refused {
        let error = BaseUrl::parse(url).unwrap_err();
        assert!(matches!(error, SetupError::Invalid(_)), "{url}: {error:?}");
    }
    for url in [
        "https://api.example.com/v1",
        "http://127.0.0.1:8080",
        "http://127.9.9.9/",
        "http://[::1]:8080/v1/",
        "http://localhost:1",
    ] {
        let base_url = BaseUrl::parse(url).unwrap();
        assert_eq!(base_url.as_str(), url.trim_end_matches('/'));
    }
    let known = const { BaseUrl::from_static("https://api.example.com/v1") };
    assert_eq!(known, BaseUrl::parse("https://api.example.com/v1").unwrap());
}

#[test]
fn plain_http_to_another_machine_has_to_be_called_dangerous() {
    let base_url = BaseUrl::danger_plain_http("http://sandbox:8080/v1/").unwrap();
    assert_eq!(base_url.as_str(), "http://sandbox:8080/v1");
    for url in ["https://sandbox:8080", "ftp://sandbox", "http://a:b@sandbox", "http://sandbox?a"] {
        BaseUrl::danger_plain_http(url).unwrap_err();
    }
}

#[test]
fn credentials_are_what_their_scheme_allows() {
    let refused = [
        Credentials::basic("name\n", "key"),
        Credentials::basic("name", "key\r\nx: y"),
        Credentials::basic("na\0me", "key"),
        Credentials::basic("na:me", "key"),
        Credentials::bearer(""),
        Credentials::bearer("token\n"),
        Credentials::bearer("to ken"),
        Credentials::bearer("token\t"),
        Credentials::bearer("tok\u{e9}n"),
        Credentials::bearer("token\u{7f}"),
    ];
    for (index, credentials) in refused.into_iter().enumerate() {
        let error = credentials.err().unwrap_or_else(|| panic!("number {index} is accepted"));
        assert!(!error.to_string().contains("bytes"), "{error}");
    }
    Credentials::basic("n\u{e4}me", "k:ey \u{df}").unwrap();
    Credentials::bearer("abc.DEF-1_~+/=").unwrap();
}

#[test]
fn base_url_and_credentials_have_to_be_chosen() {
    let error = ClientBuilder::<Client>::new().build().unwrap_err();
    assert_eq!(error.to_string(), "the base url must be chosen");
    let base_url = BaseUrl::from_static("https://api.example.com");
    let error = ClientBuilder::<Client>::new().base_url(base_url).build().unwrap_err();
    assert_eq!(error.to_string(), "the credentials must be chosen");
}

#[test]
fn neither_client_nor_credentials_print_what_authenticates() {
    let credentials = Credentials::bearer(CANARY).unwrap();
    let builder = Client::builder("https://api.example.com").credentials(credentials.clone());
    let client = builder.build().unwrap();
    let told = format!("{credentials:?} {credentials:#?} {client:?} {client:#?}");
    assert!(!told.contains(CANARY), "{told}");
    for error in [
        Credentials::basic(&format!("{CANARY}:"), CANARY).unwrap_err(),
        Credentials::bearer(&format!("{CANARY}\n")).unwrap_err(),
        Credentials::api_key("x-key", &format!("{CANARY}\n")).unwrap_err(),
        Credentials::api_key("x key", CANARY).unwrap_err(),
    ] {
        let told = everything_it_prints(&error);
        assert!(!told.contains(CANARY), "{told}");
    }
}
