use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tango_orders_client::reqwest::{Request, Response};
use tango_orders_client::types::{AsyncOrder, OrderStatus};
use tango_orders_client::{
    BoxFuture, Error, Progress, Schedule, TimeoutPhase, Transport, TransportError, Wait,
};
use tokio::time::Instant;

use crate::script::{answer, client};

/// Answers with one status after another, the last one for ever. A number is the status of an error.
struct Statuses(Mutex<Vec<&'static str>>);

impl Transport for Statuses {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let mut statuses = self.0.lock().unwrap();
        let status = if statuses.len() > 1 { statuses.remove(0) } else { statuses[0] };
        let response = match status.split_once(' ') {
            Some((code, key)) => {
                let body = json!({ "i18nKey": key }).to_string();
                let response = http::Response::builder().status(code).header("retry-after", "60");
                Ok(Response::from(response.body(body).unwrap()))
            }
            None if status == "LOST" => Err(TransportError::lost("the script says so")),
            None => Ok(answer(&json!({
                "externalRefID": "wellness-2026-01",
                "orderStatus": status,
                "createdAt": "2026-01-15T09:30:00Z",
                "totalLineItems": 0,
                "pagination": {
                    "nextPageAvailable": false, "prevPageAvailable": false,
                    "maxResults": 100, "numberOfElements": 0,
                },
            }))),
        };
        Box::pin(std::future::ready(response))
    }
}

fn wait(statuses: &[&'static str], schedule: Schedule) -> Wait {
    let client = client(Statuses(Mutex::new(statuses.to_vec())));
    client.get_async_order("acme", "acme-rewards", "wellness-2026-01").wait(schedule)
}

/// What came of a wait, after how many requests, and how many seconds.
async fn run(
    statuses: &[&'static str],
    schedule: Schedule,
) -> (Result<AsyncOrder, Error>, Vec<Option<u64>>, u64) {
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&pauses);
    let start = Instant::now();
    let result = wait(statuses, schedule)
        .on_progress(move |progress| {
            let mut pauses = noted.lock().unwrap();
            pauses.push(progress.pause.map(|pause| pause.as_secs()));
            assert_eq!(usize::try_from(progress.requests).unwrap(), pauses.len());
            assert_eq!(progress.waited, start.elapsed());
        })
        .await;
    let pauses = pauses.lock().unwrap().clone();
    (result, pauses, start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn the_wait_ends_with_the_order() {
    for last in ["COMPLETE", "PARTIAL", "FAILED", "CANCELLED", "DELETED"] {
        let (order, pauses, _) = run(&[last], Schedule::default()).await;
        assert_eq!(order.unwrap().order_status, OrderStatus::from(last));
        assert_eq!(pauses, [None]);
        for first in [
            "PENDING",
            "QUEUED",
            "PENDING_MR",
            "ON_HOLD",
            "PENDING_KYB",
            "PENDING_PAYMENT",
            "NEW_IN_2027",
            "",
        ] {
            let (order, pauses, seconds) = run(&[first, last], Schedule::default()).await;
            assert_eq!(order.unwrap().order_status, OrderStatus::from(last));
            assert_eq!((pauses, seconds), (vec![Some(5), None], 5), "{first}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_to_five_minutes_and_the_wait_to_three_days() {
    let (result, pauses, seconds) = run(&["PENDING"], Schedule::default()).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Timeout { phase: TimeoutPhase::Wait, .. }), "{error:?}");
    assert_eq!(error.to_string(), "what was waited for did not come about within 266400s");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "of the last response");
    assert_eq!(seconds, 74 * 60 * 60);
    assert_eq!(pauses[..6], [5, 7, 11, 16, 25, 37].map(Some));
    assert_eq!(pauses[12], Some(300));
    assert!(pauses.len() < 1_000, "{} requests", pauses.len());
    assert_eq!(pauses.last(), Some(&None));
}

#[tokio::test(start_paused = true)]
async fn errors_that_may_pass_do_not_end_the_wait() {
    for passing in ["503 503.502", "429 429.001", "500 500.021", "500 500.001", "LOST"] {
        let (order, pauses, _) = run(&[passing, "PENDING", "COMPLETE"], Schedule::default()).await;
        assert!(order.is_ok(), "{passing}");
        // The server may ask for a longer pause.
        let first = if passing == "LOST" { 5 } else { 60 };
        assert_eq!(pauses, [Some(first), Some(7), None], "{passing}");
    }
    for lasting in ["404 404.005", "401 401.001", "422 422.001"] {
        let (order, pauses, _) = run(&[lasting, "COMPLETE"], Schedule::default()).await;
        assert!(matches!(order, Err(Error::Api { .. })), "{lasting}");
        assert_eq!(pauses, [None]);
    }
    // At the end, the last error tells more than the time.
    let give_up_after = Duration::from_secs(90);
    let schedule = Schedule { give_up_after, ..Schedule::default() };
    let (order, pauses, seconds) = run(&["PENDING", "503 503.502"], schedule).await;
    assert!(matches!(order, Err(Error::Api { .. })), "{order:?}");
    assert_eq!((pauses, seconds), (vec![Some(5), Some(60), Some(25), None], 90));
}

#[tokio::test(start_paused = true)]
async fn a_schedule_keeps_to_the_limit_of_the_server() {
    let short = Duration::from_millis(999);
    for schedule in [
        Schedule { first: short, ..Schedule::default() },
        Schedule { longest: short, ..Schedule::default() },
    ] {
        let error = wait(&["COMPLETE"], schedule).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");
    }
    // A caller that does not want to wait asks once.
    let at_once = Schedule { give_up_after: Duration::ZERO, ..Schedule::default() };
    assert!(wait(&["COMPLETE"], at_once).await.is_ok());
    assert!(wait(&["PENDING"], at_once).await.is_err());
}

/// Answers with an order of some line items.
struct Items;

impl Transport for Items {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let item = |status| json!({ "referenceLineItemId": "AA1", "lineItemStatus": status });
        let response = answer(&json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "PENDING",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": 250,
            "lineItems": [item("FAILED"), item("COMPLETE"), item("COMPLETE"), item("N\u{1b}W")],
            "pagination": {
                "nextPageAvailable": true, "prevPageAvailable": false,
                "maxResults": 4, "numberOfElements": 4,
            },
        }));
        Box::pin(std::future::ready(Ok(response)))
    }
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_in_a_line_of_counts() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&lines);
    let schedule = Schedule { give_up_after: Duration::from_secs(12), ..Schedule::default() };
    let order = client(Items).get_async_order("acme", "acme-rewards", "wellness-2026-01");
    let note = move |progress: &Progress<'_>| noted.lock().unwrap().push(progress.to_string());
    order.wait(schedule).on_progress(note).await.unwrap_err();
    let statuses = "; of 250 line items, this page has 2 COMPLETE, 1 FAILED, 1 N\\u{1b}W";
    let lines = lines.lock().unwrap();
    assert_eq!(
        *lines,
        [
            format!("PENDING after 1 request in 0s, asking again in 5s{statuses}"),
            format!("PENDING after 2 requests in 5s, asking again in 7s{statuses}"),
            format!("PENDING after 3 requests in 12s{statuses}"),
        ]
    );
}

/// An order that is done at the second request, with two pages of a line item; counts requests.
#[derive(Clone, Default)]
struct Done(Arc<AtomicUsize>);

impl Transport for Done {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let is_first = !request.url().query().is_some_and(|query| query.contains("nextCursor=2"));
        let id = if is_first { "AA1" } else { "AA2" };
        let response = answer(&json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": if number == 0 { "PENDING" } else { "COMPLETE" },
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": 2,
            "lineItems": [{ "referenceLineItemId": id, "lineItemStatus": "COMPLETE" }],
            "pagination": {
                "nextPageAvailable": is_first, "nextCursor": "2", "prevPageAvailable": !is_first,
                "maxResults": 1, "numberOfElements": 1,
            },
        }));
        Box::pin(std::future::ready(Ok(response)))
    }
}

#[tokio::test(start_paused = true)]
async fn streams_go_on_from_the_page_that_ended_the_wait() {
    let server = Done::default();
    let order = || client(server.clone()).get_async_order("acme", "acme-rewards", "wellness");
    let mut items = order().wait(Schedule::default()).line_items().await.unwrap();
    assert_eq!(server.0.load(Ordering::Relaxed), 2);
    let start = items.resume_token();
    for (id, requests) in [("AA1", 2), ("AA2", 3)] {
        let item = items.next().await.unwrap().unwrap();
        assert_eq!(
            (item.reference_line_item_id.as_str(), requests),
            (id, server.0.load(Ordering::Relaxed))
        );
    }
    assert!(items.next().await.is_none());
    // What resumes elsewhere asks for its own page.
    let mut again = order().wait(Schedule::default()).line_items().await.unwrap().resume(&start);
    assert_eq!(again.next().await.unwrap().unwrap().reference_line_item_id, "AA1");
    assert_eq!(server.0.load(Ordering::Relaxed), 5);
    let mut pages = order().wait(Schedule::default()).pages().await.unwrap().prefetch(true);
    assert_eq!(pages.next().await.unwrap().unwrap().line_items[0].reference_line_item_id, "AA1");
    assert_eq!(pages.next().await.unwrap().unwrap().line_items[0].reference_line_item_id, "AA2");
    assert!(pages.next().await.is_none());
    assert_eq!(server.0.load(Ordering::Relaxed), 7);
}
