//! What calls that wait do to others: nothing, whether they are dropped, not polled any more, or wait
//! for a token meanwhile.

use std::future::ready;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use openapi_client::{
    BoxFuture, Credentials, Retry, Secret, TimeoutPhase, Timeouts, TokenError, TokenSource,
    TransportError,
};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{self, Instant};

use crate::api::{Client, Error, Thing};
use crate::fake::{self, Fake};

const THING: &str = r#"{"id":"1"}"#;
const SECOND: Duration = Duration::from_secs(1);

type Call = Pin<Box<dyn Future<Output = Result<Thing, Error>> + Send>>;

/// A client that keeps to one request per second, and when its requests were sent.
fn paced(source: Option<Credentials>) -> (Client, Arc<Mutex<Vec<Duration>>>) {
    let start = Instant::now();
    let sent: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let seen = Arc::clone(&sent);
    let fake = Fake::new(move |_| {
        seen.lock().unwrap().push(start.elapsed());
        ready(Ok(fake::status(200, &[], THING)))
    });
    let builder = fake::builder(&fake).pace(SECOND);
    let builder = match source {
        Some(credentials) => builder.credentials(credentials),
        None => builder,
    };
    (builder.build().unwrap(), sent)
}

#[tokio::test(start_paused = true)]
async fn calls_that_gave_up_waiting_for_their_turn_delay_nobody() {
    let (client, sent) = paced(None);
    client.get_thing("1").await.unwrap();
    let mut paused: Vec<Call> = Vec::new();
    for number in 0..60 {
        let mut call: Call = client.get_thing("1").into_future();
        time::timeout(Duration::from_millis(5), &mut call).await.unwrap_err();
        // Some are dropped, some are kept and not polled any more.
        if number % 2 == 0 {
            paused.push(call);
        }
    }
    let start = Instant::now();
    client.get_thing("1").await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(700), "the rest of the second");
    assert_eq!(sent.lock().unwrap().len(), 2);
    // Those that go on get their turns then.
    for call in paused.iter_mut().take(3) {
        call.await.unwrap();
    }
    assert_eq!(*sent.lock().unwrap(), (0..5).map(Duration::from_secs).collect::<Vec<_>>());
}

/// A source that takes long for its first token.
struct Slow(Instant);

impl TokenSource for Slow {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        Box::pin(async {
            time::sleep_until(self.0).await;
            Ok("token".to_owned().into())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn turns_are_taken_when_the_token_is_there() {
    let source = Slow(Instant::now() + 4 * SECOND);
    let (client, sent) = paced(Some(Credentials::token_source(source)));
    let mut calls = JoinSet::new();
    for _ in 0..6 {
        calls.spawn(client.get_thing("1").into_future());
    }
    for result in calls.join_all().await {
        result.unwrap();
    }
    assert_eq!(*sent.lock().unwrap(), (4..10).map(Duration::from_secs).collect::<Vec<_>>());
}

/// Gives one token, and then none any more.
#[derive(Default)]
struct Once(Mutex<bool>);

impl TokenSource for Once {
    fn token(&self) -> BoxFuture<'_, Result<Secret, TokenError>> {
        let mut is_used = self.0.lock().unwrap();
        let result = if *is_used {
            Err(TokenError::new("is used up"))
        } else {
            Ok("token".to_owned().into())
        };
        *is_used = true;
        Box::pin(ready(result))
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_dropped_before_a_retry_take_nothing_of_the_budget() {
    let fake = Fake::new(|_| ready(Ok(fake::status(503, &[("retry-after", "9")], ""))));
    let client = fake::builder(&fake).build().unwrap();
    for _ in 0..200 {
        time::timeout(SECOND, client.get_thing("1").into_future()).await.unwrap_err();
    }
    assert_eq!(fake.requests().len(), 200);
    // All retries are left, and so many requests fit into the time-out.
    let error = client.get_thing("1").await.unwrap_err();
    assert_eq!(error.response().unwrap().attempts(), 5);
}

/// Answers with 503 and a request id first, and loses all that follows.
fn failing() -> Fake {
    Fake::new(|index| {
        ready(match index {
            0 => Ok(fake::status(503, &[("x-request-id", "r-1")], "")),
            _ => Err(TransportError::lost("the script says so")),
        })
    })
}

#[tokio::test(start_paused = true)]
async fn the_last_response_is_told_whatever_goes_wrong_later() {
    let timeouts = Timeouts { operation: 2 * SECOND, ..Timeouts::default() };
    let retry = Retry { retries: 1, base: Duration::from_millis(1), ..Retry::default() };
    let builder = || fake::builder(&failing()).retry(retry);
    let cases = [
        ("lost", builder()),
        ("too late", builder().timeouts(timeouts).pace(3 * SECOND)),
        ("no token", builder().credentials(Credentials::token_source(Once::default()))),
    ];
    for (name, builder) in cases {
        let error = builder.build().unwrap().get_thing("1").await.unwrap_err();
        let is_right = match name {
            "lost" => matches!(error, Error::Transport { attempts: 2, .. }),
            "too late" => {
                matches!(error, Error::Timeout { phase: TimeoutPhase::Operation, attempts: 1, .. })
            }
            _ => matches!(error, Error::Token { .. }),
        };
        assert!(is_right, "{name}: {error:?}");
        assert_eq!(error.request_id(), Some("r-1"), "{name}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(503), "{name}");
    }
}

/// A server that keeps connections open and answers each request.
fn serving() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while let Some(Ok(line)) = lines.next() {
                    if line.is_empty() {
                        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}", THING.len());
                        write!(stream, "{head}\r\n\r\n{THING}").unwrap();
                    }
                }
            });
        }
    });
    url
}

#[test]
fn connections_of_a_runtime_that_stands_still_hold_up_no_other() {
    let client = Client::builder(&serving()).build().unwrap();
    let call = || async { time::timeout(2 * SECOND, client.get_thing("1").into_future()).await };
    // More than keep connections of their own.
    let runtimes: Vec<_> =
        (0..10).map(|_| Builder::new_current_thread().enable_all().build().unwrap()).collect();
    for _ in 0..3 {
        for runtime in &runtimes {
            runtime.block_on(call()).expect("another runtime holds it up").unwrap();
        }
    }
}
