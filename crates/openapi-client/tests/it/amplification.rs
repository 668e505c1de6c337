//! How many requests calls make when everything fails, those for tokens included.

use std::future::ready;
use std::time::Duration;

use openapi_client::{Credentials, OAuth2, Retry};
use tokio::task::JoinSet;

use crate::fake::{self, Fake};
use crate::server::response;
use crate::tokens::Endpoint;

/// Makes so many calls, 100 at a time, to an API with this status; returns how many requests there were.
async fn requests(calls: usize, source: OAuth2, status: u16, retry: Retry) -> usize {
    let fake = Fake::new(move |_| ready(Ok(fake::status(status, &[], ""))));
    let builder = fake::builder(&fake).retry(retry);
    let client = builder.credentials(Credentials::token_source(source)).build().unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        callers.spawn(async move {
            for _ in 0..calls / 100 {
                client.get_thing("1").await.unwrap_err();
            }
        });
    }
    callers.join_all().await;
    fake.requests().len()
}

#[tokio::test]
async fn when_everything_fails_there_are_few_more_requests_than_calls() {
    let at_once = Retry { base: Duration::ZERO, ..Retry::default() };
    let granting = Endpoint::granting;
    let down = Endpoint::new(|_| response("503 Oops", "text/plain", ""));
    let scenarios = [
        // The budget of retries is used up.
        ("the API is down", 10_000, granting(), 503, at_once, 11_000),
        ("the API refuses every token", 1_000, granting(), 401, at_once, 1_000),
        ("the token endpoint is down", 1_000, down, 200, at_once, 0),
    ];
    for (name, calls, endpoint, status, retry, least) in scenarios {
        let requests = requests(calls, endpoint.source(), status, retry).await;
        let tokens = endpoint.count();
        println!("{name}: {calls} calls, {requests} requests and {tokens} for tokens");
        assert!((requests + tokens) * 10 <= calls * 12, "{name}");
        assert!(requests >= least && tokens <= 10, "{name}");
    }
}
