//! What becomes of calls while a token endpoint fails, and what the endpoint has to bear then.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use openapi_client::reqwest::{Request, Response};
use openapi_client::{
    BoxFuture, Credentials, OAuth2, Retry, TokenSource, Transport, TransportError,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use tokio::time;

use crate::api::Client;
use crate::fake;
use crate::server::response;
use crate::tokens::{Endpoint, HOUR, grant, later, settle, token};

const SECOND: Duration = Duration::from_secs(1);

/// Fails these numbers of requests in this way, and grants tokens otherwise.
fn failing(
    numbers: impl IntoIterator<Item = usize>,
    answer: impl Fn() -> Vec<u8> + Send + 'static,
) -> Endpoint {
    let numbers: Vec<_> = numbers.into_iter().collect();
    Endpoint::new(
        move |number| {
            if numbers.contains(&number) { answer() } else { grant(number, 86400) }
        },
    )
}

fn unavailable() -> Vec<u8> {
    response("503 Oops", "text/plain", "")
}

#[tokio::test]
async fn all_that_wait_share_one_failure() {
    let endpoint = failing(1..=9, unavailable);
    let source = endpoint.source();
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let source = source.clone();
        calls.spawn(async move { source.token().await.unwrap_err().to_string() });
    }
    for error in calls.join_all().await {
        assert_eq!(error, "the token endpoint answers with status 503");
    }
    // One request, and one more because it might be over in a moment.
    assert_eq!(endpoint.count(), 2);
}

#[tokio::test]
async fn one_failure_that_passes_ends_no_call() {
    let bad_gateway = || response("502 Bad Gateway", "text/html", "<html></html>");
    for (name, answer) in [("503", unavailable()), ("502", bad_gateway()), ("hung up", Vec::new())]
    {
        let endpoint = failing([1], move || answer.clone());
        assert_eq!(token(&endpoint.source()).await, "token-2", "{name}");
        assert_eq!(endpoint.count(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_failing_endpoint_is_asked_ever_more_rarely() {
    let endpoint = failing(1..=14, unavailable);
    let source = endpoint.source();
    let mut asked = 0;
    for stands in [1, 2, 4, 8, 16, 32, 60] {
        let error = source.token().await.unwrap_err();
        asked += 2;
        assert_eq!(endpoint.count(), asked);
        assert!(error.is_transient());
        let wait = error.retry_after().unwrap();
        assert!(wait > (stands - 1) * SECOND && wait <= stands * SECOND, "{stands}: {wait:?}");
        // Meanwhile calls get it at once.
        later(wait.saturating_sub(SECOND / 2)).await;
        source.token().await.unwrap_err();
        assert_eq!(endpoint.count(), asked);
        later(SECOND).await;
    }
    assert_eq!(token(&source).await, "token-15");
}

#[tokio::test]
async fn the_endpoint_says_when_to_come_back() {
    let cases = [
        ("429 Too Many Requests\r\nretry-after: 90", 90),
        ("429 Too Many Requests\r\nretry-after: 0", 1),
        ("429 Too Many Requests", 1),
        ("503 Service Unavailable\r\nretry-after: 90", 90),
    ];
    for (status, seconds) in cases {
        let endpoint = failing([1], move || response(status, "text/plain", ""));
        let source = endpoint.source();
        let error = source.token().await.unwrap_err();
        assert!(error.is_transient(), "{status}");
        let wait = error.retry_after().unwrap();
        assert!(wait <= seconds * SECOND && wait + SECOND > seconds * SECOND, "{status}: {wait:?}");
        source.token().await.unwrap_err();
        assert_eq!(endpoint.count(), 1, "{status}");
        later(wait).await;
        assert_eq!(token(&source).await, "token-2", "{status}");
    }
}

#[tokio::test]
async fn a_token_is_kept_however_its_life_is_written() {
    let day = Duration::from_secs(86400);
    let year = 366 * day;
    // What makes no sense is as good as nothing: an hour.
    let cases = [
        ("86400", day),
        ("\"86400\"", day),
        ("\" 86400 \"", day),
        ("86400.0", day),
        ("8.64e4", day),
        ("\"8.64e4\"", day),
        ("1e30", year),
        ("18446744073709551616", year),
        ("null", HOUR),
        ("\"\"", HOUR),
        ("\"a day\"", HOUR),
        ("\"inf\"", HOUR),
        ("-1", HOUR),
        ("0", HOUR),
        ("[]", HOUR),
        ("true", HOUR),
    ];
    for (index, (written, life)) in cases.into_iter().enumerate() {
        let mark = if index % 2 == 0 { "" } else { "\u{feff}" };
        let endpoint = Endpoint::new(move |number| {
            let body = format!(r#"{{"access_token":"t-{number}","expires_in":{written}}}"#);
            response("200 OK", "application/json", &format!("{mark}{body}"))
        });
        let source = endpoint.source();
        assert_eq!(token(&source).await, "t-1", "{written}");
        later((life / 6 * 5).saturating_sub(SECOND)).await;
        assert_eq!(token(&source).await, "t-1", "{written}");
        settle(&endpoint, 1).await;
        later(SECOND).await;
        token(&source).await;
        settle(&endpoint, 2).await;
    }
}

/// An API that takes tokens of these numbers only.
struct Api {
    taken: fn(usize) -> bool,
    requests: Arc<AtomicUsize>,
}

impl Transport for Api {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let token = request.headers()["authorization"].to_str().unwrap();
        let number = token.strip_prefix("Bearer token-").unwrap().parse().unwrap();
        let (status, body) = if (self.taken)(number) { (200, r#"{"id":"1"}"#) } else { (401, "") };
        Box::pin(ready(Ok(fake::status(status, &[], body))))
    }
}

fn client(endpoint: &Endpoint, taken: fn(usize) -> bool) -> (Client, Arc<AtomicUsize>) {
    let requests = Arc::default();
    let api = Api { taken, requests: Arc::clone(&requests) };
    let builder = Client::builder(crate::api::BASE_URL).transport(api);
    let builder = builder.credentials(Credentials::token_source(endpoint.source()));
    (builder.build().unwrap(), requests)
}

#[tokio::test]
async fn a_token_that_the_api_refuses_is_replaced_within_the_call() {
    let endpoint = Endpoint::granting();
    let (client, requests) = client(&endpoint, |number| number > 1);
    let mut calls = JoinSet::new();
    for _ in 0..20 {
        calls.spawn(client.get_thing("1").into_future());
    }
    for result in calls.join_all().await {
        result.unwrap();
    }
    assert_eq!(endpoint.count(), 2);
    assert!(requests.load(Ordering::Relaxed) <= 40);
    // A request that may not be repeated was not carried out either.
    let endpoint = Endpoint::granting();
    let (client, _) = self::client(&endpoint, |number| number > 1);
    let error = client.make_thing("1").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 200, "make_thing has no 200: {error:?}");
}

#[tokio::test]
async fn an_api_that_refuses_every_token_does_not_use_them_up() {
    let endpoint = Endpoint::granting();
    let (client, requests) = client(&endpoint, |_| false);
    for _ in 0..5 {
        assert_eq!(client.get_thing("1").await.unwrap_err().status().unwrap(), 401);
    }
    assert_eq!((endpoint.count(), requests.load(Ordering::Relaxed)), (2, 6));
    // One in 20 hours, of 24 that a token lives.
    later(19 * HOUR + 3590 * SECOND).await;
    client.get_thing("1").await.unwrap_err();
    assert_eq!(endpoint.count(), 2);
    later(20 * SECOND).await;
    client.get_thing("1").await.unwrap_err();
    settle(&endpoint, 3).await;
}

#[tokio::test]
async fn a_caller_of_one_request_per_call_is_not_asked_for_two() {
    let endpoint = Endpoint::granting();
    let requests = Arc::default();
    let api = Api { taken: |number| number > 1, requests: Arc::clone(&requests) };
    let builder = Client::builder(crate::api::BASE_URL).transport(api).retry(Retry::none());
    let builder = builder.credentials(Credentials::token_source(endpoint.source()));
    let client = builder.build().unwrap();
    assert_eq!(client.get_thing("1").await.unwrap_err().status().unwrap(), 401);
    assert_eq!((endpoint.count(), requests.load(Ordering::Relaxed)), (1, 1));
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

async fn in_time(source: &OAuth2) -> String {
    time::timeout(3 * SECOND, token(source)).await.expect("another runtime holds it up")
}

#[test]
fn a_runtime_that_stands_still_holds_up_no_other() {
    let endpoint = Endpoint::new(|number| {
        thread::sleep(Duration::from_millis(100));
        grant(number, 6)
    });
    let source = endpoint.source();
    let first = runtime();
    // The call ends before the token is there, and its runtime is not driven any more.
    first.block_on(async {
        time::timeout(Duration::from_millis(20), source.token()).await.unwrap_err();
    });
    assert_eq!(runtime().block_on(in_time(&source)), "token-1");
    // A renewal in the background, which nobody drives either.
    thread::sleep(Duration::from_millis(5100));
    assert_eq!(first.block_on(in_time(&source)), "token-1");
    thread::sleep(Duration::from_millis(1200));
    assert_eq!(runtime().block_on(in_time(&source)), "token-2");
    assert_eq!(endpoint.count(), 2);
    drop(first);
}
