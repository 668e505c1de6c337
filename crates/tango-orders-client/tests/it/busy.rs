//! Streams whose consumer is busy, gives up waiting, or moves to another runtime.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tango_orders_client::reqwest::{self, Request, Response};
use tango_orders_client::{
    AuditClient, BoxFuture, Credentials, Environment, LineItems, Position, Timeouts, Transport,
    TransportError,
};
use tokio::runtime::Builder;
use tokio::time::{self, Instant};

use crate::script::{answer, client, own_runtime};
use crate::seeded;

/// How long the server takes.
const TAKES: Duration = Duration::from_millis(20);
/// Longer than any time-out.
const BUSY: Duration = Duration::from_secs(60);

/// Serves pages of two line items; cursors are the number of the page.
#[derive(Clone, Default)]
struct Server(Arc<AtomicUsize>);

const PAGES: usize = 5;

impl Transport for Server {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let cursor = request.url().query_pairs().find(|(name, _)| name == "nextCursor");
        let page: usize = cursor.map_or(0, |(_, cursor)| cursor.parse().unwrap());
        let item = |number: usize| json!({ "referenceLineItemId": number.to_string(), "lineItemStatus": "COMPLETE" });
        let body = json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": 2 * PAGES,
            "pagination": {
                "nextPageAvailable": page + 1 < PAGES, "nextCursor": (page + 1).to_string(),
                "prevPageAvailable": page > 0, "maxResults": 2, "numberOfElements": 2,
            },
            "lineItems": [item(2 * page), item(2 * page + 1)],
        });
        Box::pin(async move {
            time::sleep(TAKES).await;
            Ok(answer(&body))
        })
    }
}

fn line_items(server: &Server) -> LineItems {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let seconds = Duration::from_secs;
    let timeouts = Timeouts {
        connect: seconds(1),
        attempt: seconds(5),
        operation: seconds(15),
        stall: seconds(5),
    };
    let client = AuditClient::builder(Environment::Sandbox)
        .credentials(Credentials::bearer("token").unwrap())
        .http_client(HTTP.clone())
        .pace(Duration::ZERO)
        .timeouts(timeouts);
    let client = client.transport(server.clone()).build().unwrap();
    client.get_async_order("acme", "acme-rewards", "wellness-2026-01").max_results(2).line_items()
}

fn expected() -> Vec<String> {
    (0..2 * PAGES).map(|number| number.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_busy_consumer_loses_nothing() {
    for prefetch in [false, true] {
        let server = Server::default();
        let mut items = line_items(&server).prefetch(prefetch);
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            ids.push(item.unwrap().reference_line_item_id);
            time::sleep(BUSY).await;
        }
        assert_eq!(ids, expected());
        assert_eq!(server.0.load(Ordering::Relaxed), PAGES, "each page once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_consumer_that_gives_up_waiting_and_comes_back_loses_nothing() {
    for prefetch in [false, true] {
        let server = Server::default();
        let mut items = line_items(&server).prefetch(prefetch);
        let mut ids = Vec::new();
        loop {
            // Another branch of a `select!` is first, and busy then.
            let Ok(item) = time::timeout(TAKES / 2, items.next()).await else {
                time::sleep(BUSY).await;
                continue;
            };
            let Some(item) = item else { break };
            ids.push(item.unwrap().reference_line_item_id);
        }
        assert_eq!(ids, expected());
        assert_eq!(server.0.load(Ordering::Relaxed), PAGES, "each page once");
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_with_its_stream() {
    let server = Server::default();
    let mut items = line_items(&server);
    time::timeout(TAKES / 2, items.next()).await.unwrap_err();
    assert_eq!(Arc::strong_count(&server.0), 2, "the client of the stream has the other one");
    drop(items);
    time::sleep(TAKES / 4).await;
    assert_eq!(Arc::strong_count(&server.0), 1);
}

#[test]
fn a_stream_may_move_from_a_runtime_that_stands_still() {
    let runtime = || Builder::new_current_thread().enable_all().build().unwrap();
    let (first, second) = (runtime(), runtime());
    let mut items = line_items(&Server::default()).prefetch(true);
    let mut ids = Vec::new();
    for runtime in [&first, &second, &first].into_iter().cycle() {
        let item = runtime.block_on(async {
            time::timeout(Duration::from_secs(2), items.next()).await.expect("it stands still")
        });
        let Some(item) = item else { break };
        ids.push(item.unwrap().reference_line_item_id);
    }
    assert_eq!(ids, expected());
}

#[test]
fn a_stream_that_resumes_keeps_its_place_and_direction() {
    let items = || line_items(&Server::default());
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut forwards = items();
    runtime.block_on(forwards.next()).unwrap().unwrap();
    let token = forwards.resume_token();
    for resumed in [
        items().resume(&token),
        items().resume(&token).backwards(),
        items().backwards().resume(&token),
    ] {
        assert!(resumed.resume_token() == token);
    }
    let backwards = || {
        let client = AuditClient::builder(Environment::Sandbox);
        let client = client.credentials(Credentials::bearer("token").unwrap());
        let client = client.transport(Server::default()).build().unwrap();
        let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
        order.at(Position::Previous("3".to_owned())).line_items().backwards()
    };
    let token = backwards().resume_token();
    assert!(backwards().resume(&token).backwards().resume_token() == token);
}

/// Never answers, and knows how many requests are waiting for an answer.
#[derive(Clone, Default)]
struct Silent(Arc<AtomicUsize>);

struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Transport for Silent {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(Arc::clone(&self.0));
        Box::pin(async move {
            let _waiting = waiting;
            std::future::pending().await
        })
    }
}

#[test]
fn a_stream_that_is_dropped_leaves_no_request_behind() {
    let server = Silent::default();
    let client = client(server.clone());
    own_runtime().block_on(async {
        let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
        let mut items = order.line_items().prefetch(true);
        let patience = Duration::from_millis(1);
        // What is dropped here is the wait, not the request.
        assert!(time::timeout(patience, items.next()).await.is_err());
        assert_eq!(server.0.load(Ordering::Relaxed), 1);
        assert!(time::timeout(patience, items.next()).await.is_err());
        assert_eq!(server.0.load(Ordering::Relaxed), 1);
        drop(items);
        tokio::task::yield_now().await;
        assert_eq!(server.0.load(Ordering::Relaxed), 0);
    });
}

proptest! {
    #![proptest_config(seeded::histories())]

    /// The consumer asks on one of two runtimes, waits for some milliseconds, and may be busy or resume
    /// from a token in between.
    #[test]
    fn each_line_item_comes_once_whatever_the_consumer_does(
        prefetch: bool,
        history in prop::collection::vec(
            (0..2_usize, 0..40_u64, prop_oneof![Just(0), 0..60_000_u64], prop::bool::weighted(0.1)),
            0..40,
        ),
    ) {
        let new = || Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let runtimes = [new(), new()];
        let server = Server::default();
        let mut items = line_items(&server).prefetch(prefetch);
        let mut ids = Vec::new();
        for (which, patience, busy, is_resumed) in history {
            // The clock of a runtime stands still while the other one runs.
            let other = runtimes[1 - which].block_on(async { Instant::now() });
            let item = runtimes[which].block_on(async {
                time::advance(other.saturating_duration_since(Instant::now())).await;
                let item = time::timeout(Duration::from_millis(patience), items.next()).await;
                time::sleep(Duration::from_millis(busy)).await;
                item
            });
            if let Ok(Some(item)) = item {
                ids.push(item.unwrap().reference_line_item_id);
            }
            if is_resumed {
                items = line_items(&server).prefetch(prefetch).resume(&items.resume_token());
            }
        }
        runtimes[0].block_on(async {
            // Past whatever the clock of the other runtime says.
            time::sleep(Duration::from_secs(60 * 60)).await;
            while let Some(item) = items.next().await {
                ids.push(item.unwrap().reference_line_item_id);
            }
        });
        prop_assert_eq!(ids, expected());
    }
}
