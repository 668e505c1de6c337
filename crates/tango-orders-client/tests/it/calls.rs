use std::error::Error as _;

use serde_json::json;
use tango_orders_client::types::Order;
use tango_orders_client::{
    Client, Credentials, Environment, Error, Filter, GetAsyncOrder, Position, Retry,
};

use tokio::time::Instant;

use crate::fake::{self, Fake};
use crate::server::{Server, response};

const CANARY: &str = "CANARY-331XHT75";
const JSON: &str = "application/json";

/// A client that asks once.
pub(crate) fn client(base_url: &str) -> Client {
    let builder = Client::builder(Environment::at(base_url).unwrap());
    let builder = builder.credentials(Credentials::basic("platform", CANARY).unwrap());
    builder.retry(Retry::none()).build().unwrap()
}

async fn get_order(answer: Vec<u8>) -> (Result<Order, Error>, String) {
    let server = Server::answering(answer);
    let result = client(&server.base_url).get_order("RA260115-1001-02").await;
    (result, server.request())
}

pub(crate) fn everything_it_prints(error: &Error) -> String {
    let mut told = vec![format!("{error}\n{error:?}\n{error:#?}")];
    let mut source = error.source();
    while let Some(error) = source {
        told.push(format!("{error}\n{error:?}\n{error:#?}"));
        source = error.source();
    }
    told.join("\n")
}

#[tokio::test]
async fn an_order_is_looked_up_by_its_path() {
    let order = json!({
        "referenceOrderID": "RA260115-1001-02",
        "amountCharged": { "value": 10.5 },
        "status": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
    });
    let (result, request) = get_order(response("200 OK", JSON, &order.to_string())).await;
    assert_eq!(result.unwrap().reference_order_id, "RA260115-1001-02");
    let mut lines = request.lines();
    assert_eq!(lines.next(), Some("GET /raas/v2/orders/RA260115-1001-02 HTTP/1.1"));
    let mut headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    // Compression is up to features of reqwest, which others may switch on.
    headers.retain(|(name, _)| !["host", "accept-encoding"].contains(name));
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("accept", "application/json"),
            ("authorization", "Basic cGxhdGZvcm06Q0FOQVJZLTMzMVhIVDc1"),
            ("user-agent", concat!("tango-orders-client/", env!("CARGO_PKG_VERSION"))),
        ]
    );
}

#[tokio::test]
async fn a_page_is_asked_for_with_its_query() {
    let server = Server::answering(response("200 OK", JSON, "{}"));
    let error = client(&server.base_url)
        .get_async_order("acme", "acme rewards", "ref?1#%")
        .max_results(32)
        .failed_only(true)
        .filter(Filter::external_references(["m&1", "m2"]))
        .at(Position::Next("NjI=".to_owned()))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    let request = server.request();
    assert_eq!(
        request.lines().next().unwrap(),
        "GET /raas/v2/asyncOrders/customers/acme/accounts/acme%20rewards/ref%3F1%23%25\
         ?externalLineItemReferenceIds=m%261&externalLineItemReferenceIds=m2&failedOnly=true\
         &maxResults=32&nextCursor=NjI%3D HTTP/1.1"
    );
}

#[tokio::test]
async fn without_a_query_nothing_is_added_to_the_path() {
    let server = Server::answering(response("404 Not Found", JSON, r#"{"i18nKey":"404.005"}"#));
    let client = client(&server.base_url);
    let error = client.get_async_order("acme", "rewards", "x").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(
        server.request().lines().next().unwrap(),
        "GET /raas/v2/asyncOrders/customers/acme/accounts/rewards/x HTTP/1.1"
    );
}

#[tokio::test]
async fn each_failure_keeps_its_status_and_prints_no_body() {
    let canary = |text: &str| text.replace("CANARY", CANARY);
    let cases = [
        // Documented for the operation.
        ("400 Bad Request", JSON, r#"{"errors":[{"invalidValue":"CANARY"}]}"#, "Api"),
        ("400 Bad Request", JSON, r#"{"errors":[{"message":"CANARY","path":"CANARY"}]}"#, "Api"),
        ("400 Bad Request", JSON, r#"{"message":"CANARY","path":"/orders/CANARY"}"#, "Api"),
        ("401 Unauthorized", JSON, r#"{"message":"no","i18nKey":"401.002"}"#, "Api"),
        // Not documented for it, and real all the same.
        ("429 Too Many Requests", JSON, r#"{"i18nKey":"429.008"}"#, "Api"),
        ("503 Service Unavailable", JSON, r#"{"i18nKey":"503.502"}"#, "Api"),
        // Whatever a proxy says.
        ("404 Not Found", "text/html", "<html>CANARY</html>", "Unexpected"),
        ("503 Service Unavailable", "text/html", "<html>CANARY</html>", "Unexpected"),
        ("503 Service Unavailable", "text/plain", "", "Unexpected"),
        ("401 Unauthorized", JSON, r#""CANARY""#, "Unexpected"),
        ("401 Unauthorized", JSON, r#"{"httpCode":"CANARY"}"#, "Unexpected"),
        ("204 No Content", JSON, "", "Unexpected"),
        ("101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x", JSON, "", "Unexpected"),
        ("206 Partial Content", JSON, "{}", "Unexpected"),
        ("999 Whatever", JSON, r#"{"message":"CANARY"}"#, "Unexpected"),
        ("302 Found\r\nlocation: http://127.0.0.1:1/CANARY", JSON, "", "Contract"),
        // A success that holds something else.
        ("200 OK", "text/html", "<html>CANARY</html>", "Decode"),
        ("200 OK", JSON, "", "Decode"),
        ("200 OK", JSON, r#"{"status":{"CANARY":"CANARY"}}"#, "Decode"),
        ("200 OK", JSON, r#"{"createdAt":"CANARY"}"#, "Decode"),
        ("200 OK", JSON, r#"{"amountCharged":"CANARY"}"#, "Decode"),
        ("200 OK", JSON, r#"{"amountCharged":{"value":"CANARY"}}"#, "Decode"),
        ("200 OK", JSON, r#"{"reward":{"credentialList":"CANARY"}}"#, "Decode"),
        ("200 OK", JSON, r#"{"reward":{"credentials":"CANARY"}}"#, "Decode"),
        ("200 OK", JSON, r#"{"orderExternalRefIdDupe":"CANARY"}"#, "Decode"),
    ];
    for (status, content_type, body, kind) in cases {
        let answer = response(&canary(status), content_type, &canary(body));
        let (result, _) = get_order(answer).await;
        let error = result.unwrap_err();
        let told = everything_it_prints(&error);
        assert!(told.contains(kind), "{status} {body}: {told}");
        assert!(!told.contains(CANARY), "{status} {body}: {told}");
        assert_eq!(error.status().unwrap().as_str(), &status[..3], "{body}");
    }
}

#[tokio::test]
async fn a_documented_error_brings_what_the_server_says() {
    let body = r#"{"i18nKey":"404.005","requestId":"r-1","message":"There is no such order."}"#;
    let (result, _) = get_order(response("404 Not Found", JSON, body)).await;
    let error = result.unwrap_err();
    assert_eq!(error.body().unwrap().message, Some("There is no such order.".into()));
    assert_eq!(
        error.to_string(),
        "the server refused the request with status 404 and code 404.005"
    );
    assert_eq!(
        format!("{error:?}"),
        "Api { response: ResponseHead { status: 404, request_id: Some(\"r-1\"), retry_after: None, attempts: 1 }, \
         code: Some(\"404.005\"), .. }"
    );
}

#[tokio::test]
async fn a_query_beyond_the_documented_limits_is_refused_before_it_is_sent() {
    // Nobody listens there: whatever is sent fails as a transport error.
    let client = client("http://127.0.0.1:9/raas/v2");
    let request = || client.get_async_order("c", "a", "r");
    let page_of = |max_results| request().max_results(max_results);
    let external = |ids: Vec<String>| request().filter(Filter::external_references(ids));
    let references = |ids: Vec<String>| request().filter(Filter::references(ids));
    let ids = |count| vec!["CANARY".to_owned(); count];
    let long = || vec!["x".to_owned(), "x".repeat(101)];
    let refused: Vec<(GetAsyncOrder, &str)> = vec![
        (page_of(0), "the maxResults is less than 1"),
        (page_of(501), "the maxResults is more than 500"),
        (page_of(i64::MAX), "the maxResults is more than 500"),
        (references(ids(51)), "the referenceLineItemIds has more than 50 items"),
        (external(ids(51)), "the externalLineItemReferenceIds has more than 50 items"),
        (
            references(ids(0)),
            "the referenceLineItemIds is empty, so it would not be sent and ask for everything",
        ),
        (
            external(ids(0)),
            "the externalLineItemReferenceIds is empty, so it would not be sent and ask for everything",
        ),
        (
            external(long()),
            "the externalLineItemReferenceIds (101 bytes) has an item that is longer than 100 characters",
        ),
        (
            external(ids(1)).reference_line_item_ids(["x"]),
            "the referenceLineItemIds cannot be sent together with externalLineItemReferenceIds",
        ),
        (
            request().next_cursor("x").prev_cursor("y"),
            "the nextCursor cannot be sent together with prevCursor",
        ),
    ];
    for (request, told) in refused {
        let error = request.await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
        assert_eq!(error.to_string(), told);
    }
    for request in [page_of(1), page_of(500), references(ids(50)), external(ids(50))] {
        let error = request.await.unwrap_err();
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn a_value_that_could_change_the_route_is_refused_before_it_is_sent() {
    // Nobody listens there: whatever is sent fails as a transport error.
    let client = client("http://127.0.0.1:9/raas/v2");
    let long = "x".repeat(101);
    let values = [
        "",
        ".",
        "..",
        "/",
        "a/b",
        "../x",
        "..\\..\\customers",
        "\\",
        "..;",
        "a;b=c",
        "\0",
        "a\tb",
        "a\nb",
        "\u{7f}",
        "\u{85}",
    ];
    for value in values {
        let errors = [
            client.get_order(value).await.unwrap_err(),
            client.get_async_order(value, "a", "r").await.unwrap_err(),
            client.get_async_order("c", value, "r").await.unwrap_err(),
            client.get_async_order("c", "a", value).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, Error::InvalidRequest { .. }), "{value:?}: {error:?}");
        }
    }
    let error = client.get_async_order("c", "a", long).await.unwrap_err();
    assert_eq!(error.to_string(), "the externalRefID (101 bytes) is longer than 100 characters");
}

#[tokio::test(start_paused = true)]
async fn the_environments_of_the_vendor_are_called_once_per_second() {
    let local = Environment::at("http://127.0.0.1:1").unwrap();
    for (environment, expected) in
        [(Environment::Sandbox, 59), (Environment::Production, 59), (local, 0)]
    {
        let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], "{}"))));
        let client = Client::builder(environment).transport(fake.clone());
        let client = client.credentials(Credentials::bearer("token").unwrap()).build().unwrap();
        let start = Instant::now();
        for _ in 0..60 {
            client.get_order("RA1").await.unwrap_err();
        }
        assert_eq!(start.elapsed().as_secs(), expected);
        let name = concat!("tango-orders-client/", env!("CARGO_PKG_VERSION"));
        assert_eq!(fake.requests()[0].headers()["user-agent"], name);
    }
}
