//! Tokens are scarce: one is asked for by one caller, kept while it is good, and told to nobody.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use openapi_client::{
    BoxFuture, Credentials, OAuth2, Retry, Secret, SetupError, TokenError, TokenSource, reqwest,
};
use tokio::task::JoinSet;
use tokio::time;

use crate::api::Error;
use crate::calls;
use crate::fake::{self, Fake};
use crate::server::response;

const SECRET: &str = "CANARY-secret&=%";
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);

/// A token endpoint.
pub(crate) struct Endpoint {
    pub(crate) url: String,
    /// The requests, head and body.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Endpoint {
    /// Answers the requests one after the other; the function gets their numbers, starting at 1.
    pub(crate) fn new(answer: impl Fn(usize) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/oauth/token", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = String::new();
                let mut buffer = [0; 4096];
                while !request.contains("grant_type=") {
                    let read = stream.read(&mut buffer).unwrap();
                    assert!(read > 0, "{request}");
                    request.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
                }
                let number = {
                    let mut seen = seen.lock().unwrap();
                    seen.push(request);
                    seen.len()
                };
                // Time for others to ask as well.
                thread::sleep(Duration::from_millis(30));
                stream.write_all(&answer(number)).unwrap();
            }
        });
        Self { url, requests }
    }

    /// Grants tokens of 24 hours: `token-1`, `token-2`, ….
    pub(crate) fn granting() -> Self {
        Self::new(|number| grant(number, 86400))
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn source(&self) -> OAuth2 {
        OAuth2::builder(&self.url).unwrap().client("client", SECRET).build().unwrap()
    }
}

pub(crate) fn grant(number: usize, life: u32) -> Vec<u8> {
    let body =
        format!(r#"{{"access_token":"token-{number}","expires_in":{life},"token_type":"Bearer"}}"#);
    response("200 OK", "application/json", &body)
}

pub(crate) async fn token(source: &OAuth2) -> String {
    source.token().await.unwrap().expose_secret().to_owned()
}

/// Lets time pass, with nothing waiting for a socket meanwhile.
pub(crate) async fn later(duration: Duration) {
    time::pause();
    time::advance(duration).await;
    time::resume();
}

/// Waits for so many requests, and then for the last of them to come to its end.
pub(crate) async fn settle(endpoint: &Endpoint, requests: usize) {
    for _ in 0..500 {
        if endpoint.count() >= requests {
            break;
        }
        time::sleep(Duration::from_millis(10)).await;
    }
    time::sleep(Duration::from_millis(200)).await;
    assert_eq!(endpoint.count(), requests);
}

#[tokio::test]
async fn a_token_is_asked_for_by_a_form() {
    let endpoint = Endpoint::granting();
    token(&endpoint.source()).await;
    let account = OAuth2::builder(&endpoint.url).unwrap().client("client", SECRET);
    let account = account.service_account("me@example.com", "pass word").scope("a b").audience("x");
    token(&account.build().unwrap()).await;
    let requests = endpoint.requests.lock().unwrap();
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /oauth/token HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"), "{head}");
    assert_eq!(
        body,
        "client_id=client&client_secret=CANARY-secret%26%3D%25\
         &grant_type=client_credentials"
    );
    let (_, body) = requests[1].split_once("\r\n\r\n").unwrap();
    assert_eq!(
        body,
        "client_id=client&client_secret=CANARY-secret%26%3D%25&username=me%40example.com\
         &password=pass+word&scope=a+b&audience=x&grant_type=password"
    );
}

#[tokio::test]
async fn clients_and_their_clones_share_one_token() {
    let endpoint = Endpoint::granting();
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], ""))));
    let client = fake::builder(&fake).retry(Retry::none());
    let client = client.credentials(Credentials::token_source(endpoint.source())).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { client.get_thing("1").await.unwrap_err() });
    }
    calls.join_all().await;
    assert_eq!(endpoint.count(), 1);
    let requests = fake.requests();
    assert_eq!(requests.len(), 100);
    for request in requests {
        let authorization = &request.headers()["authorization"];
        assert_eq!(authorization, "Bearer token-1");
        assert!(authorization.is_sensitive());
    }
}

#[tokio::test]
async fn a_token_is_used_for_20_hours_and_renewed_while_it_serves() {
    let endpoint = Endpoint::granting();
    let source = endpoint.source();
    assert_eq!(token(&source).await, "token-1");
    later(19 * HOUR + Duration::from_secs(3595)).await;
    assert_eq!(token(&source).await, "token-1");
    settle(&endpoint, 1).await;
    later(Duration::from_secs(5)).await;
    // Nobody waits for the new one.
    assert_eq!(token(&source).await, "token-1");
    for _ in 0..100 {
        token(&source).await;
    }
    settle(&endpoint, 2).await;
    assert_eq!(token(&source.clone()).await, "token-2");
    // An old one is not used.
    later(24 * HOUR).await;
    assert_eq!(token(&source).await, "token-3");
}

#[tokio::test]
async fn a_token_serves_to_its_end_when_it_cannot_be_renewed() {
    let refusal = || response("400 Bad Request", "text/plain", "daily rate limit");
    let endpoint = Endpoint::new(move |number| match number {
        1 | 5 => grant(number, 86400),
        _ => refusal(),
    });
    let source = endpoint.source();
    token(&source).await;
    later(21 * HOUR).await;
    for _ in 0..3 {
        assert_eq!(token(&source).await, "token-1");
        // A refusal stands for a minute.
        settle(&endpoint, 2).await;
    }
    later(Duration::from_secs(60)).await;
    assert_eq!(token(&source).await, "token-1");
    settle(&endpoint, 3).await;
    later(3 * HOUR).await;
    let error = source.token().await.unwrap_err();
    assert_eq!(error.to_string(), "the token endpoint answers with status 400");
    assert!(!error.is_transient());
    source.token().await.unwrap_err();
    assert_eq!(endpoint.count(), 4, "a refusal stands for a minute");
    later(Duration::from_secs(60)).await;
    assert_eq!(token(&source).await, "token-5");
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_lose_the_token() {
    let endpoint = Endpoint::granting();
    let source = endpoint.source();
    time::timeout(Duration::ZERO, source.token()).await.unwrap_err();
    assert_eq!(token(&source).await, "token-1");
    assert_eq!(endpoint.count(), 1);
}

#[tokio::test]
async fn a_short_token_is_renewed_in_the_last_sixth_of_its_life() {
    let endpoint = Endpoint::new(|number| grant(number, 300));
    let source = endpoint.source();
    token(&source).await;
    later(Duration::from_secs(249)).await;
    token(&source).await;
    settle(&endpoint, 1).await;
    later(Duration::from_secs(1)).await;
    token(&source).await;
    settle(&endpoint, 2).await;
}

#[tokio::test]
async fn what_goes_wrong_is_told_without_a_secret() {
    let json = "application/json";
    let canary = r#"{"access_token":"CANARY","token_type":"mac"}"#;
    let cases: [(Vec<u8>, &str, bool); 9] = [
        (response("401 Unauthorized", json, "CANARY"), "answers with status 401", false),
        (response("429 Too Many Requests", json, "CANARY"), "answers with status 429", true),
        (response("503 Oops", json, "CANARY"), "answers with status 503", true),
        (
            response("302 Found\r\nlocation: http://127.0.0.1:9/CANARY", json, ""),
            "status 302",
            false,
        ),
        (response("200 OK", json, "CANARY"), "cannot be read", false),
        (response("200 OK", json, r#"{"access_token":{"CANARY":1}}"#), "cannot be read", false),
        (response("200 OK", json, &" ".repeat(65 << 10)), "cannot be read", false),
        (response("200 OK", json, canary), "gives no bearer token", false),
        (Vec::new(), "cannot be reached or broke off", true),
    ];
    for (answer, told, is_transient) in cases {
        let endpoint = Endpoint::new(move |_| answer.clone());
        let source = endpoint.source();
        let fake = Fake::new(|_| std::future::ready(Ok(fake::status(404, &[], ""))));
        let client = fake::builder(&fake);
        let client = client.credentials(Credentials::token_source(source.clone())).build().unwrap();
        let error = client.get_thing("1").await.unwrap_err();
        assert!(matches!(error, Error::Token { .. }), "{error:?}");
        assert_eq!(error.is_transient(), is_transient, "{error:?}");
        let printed = calls::everything_it_prints(&error) + &format!("{source:?} {client:?}");
        assert!(printed.contains(told), "{printed}");
        assert!(!printed.contains("CANARY"), "{printed}");
        assert!(fake.requests().is_empty());
    }
}

#[test]
fn a_token_endpoint_is_https_or_on_this_machine() {
    for url in ["http://auth.example.com/oauth/token", "ftp://localhost/", "", "https://a@b/"] {
        let error = OAuth2::builder(url).unwrap_err();
        assert!(matches!(error, SetupError::Invalid(_)), "{url}");
    }
    for url in ["https://auth.example.com/oauth/token", "http://[::1]:80/token"] {
        let _builder = OAuth2::builder(url).unwrap();
    }
    let error = OAuth2::builder("https://auth.example.com").unwrap().build().unwrap_err();
    assert_eq!(error.to_string(), "the oauth2 client must be set");
}

/// Counts how often it is asked.
struct Counting(Arc<AtomicUsize>);

impl TokenSource for Counting {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok("mine".to_owned().into()) })
    }
}

#[tokio::test]
async fn a_source_of_ones_own_is_asked_before_each_request() {
    let asked = Arc::new(AtomicUsize::new(0));
    let fake = Fake::new(|index| {
        let code = if index == 0 { 503 } else { 404 };
        std::future::ready(Ok(fake::status(code, &[], "")))
    });
    let client = fake::builder(&fake);
    let client = client.credentials(Credentials::token_source(Counting(Arc::clone(&asked))));
    client.build().unwrap().get_thing("1").await.unwrap_err();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
    assert_eq!(fake.requests()[1].headers()["authorization"], "Bearer mine");
}

#[tokio::test]
async fn a_redirection_of_the_token_endpoint_is_found_out() {
    let elsewhere = Endpoint::granting();
    let url = elsewhere.url.clone();
    let endpoint = Endpoint::new(move |_| {
        response(&format!("307 Elsewhere\r\nlocation: {url}"), "text/plain", "")
    });
    let source = OAuth2::builder(&endpoint.url).unwrap().client("client", SECRET);
    let source = source.http_client(reqwest::Client::new()).build().unwrap();
    let error = source.token().await.unwrap_err();
    assert_eq!(error.to_string(), "the token endpoint redirects");
    // By default it is not followed at all.
    assert_eq!(elsewhere.count(), 1);
    endpoint.source().token().await.unwrap_err();
    assert_eq!(elsewhere.count(), 1);
}
