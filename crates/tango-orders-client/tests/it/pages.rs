//! Streams of pages and line items, against scripts of a server without sockets.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use tango_orders_client::reqwest::{self, Request, Response};
use tango_orders_client::{
    AuditClient, BoxFuture, Breach, Credentials, Environment, Error, Filter, GetAsyncOrder,
    LineItems, Position, ResumeToken, Retry, Transport, TransportError, breach,
};
use tokio::runtime::{Builder, Runtime};

/// What a server does on its page number `page`, counted in the direction of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The connection breaks once.
    Lost,
    /// A page without line items comes before this one.
    EmptyPage,
    /// There is another page, it says, without a cursor; with an empty one if `true`.
    MissingCursor(bool),
    /// The cursor leads to this page again, or to an earlier one.
    RepeatedCursor(usize),
    /// Cursors are always new ones, and whatever they are, this page is returned.
    StuckPage,
}

#[derive(Clone, Debug)]
struct Script {
    items: usize,
    page_size: usize,
    backwards: bool,
    prefetch: bool,
    /// After how many line items to stop and resume with the token, again and again.
    stops: Vec<usize>,
    faults: Vec<(usize, Fault)>,
}

/// Plays a script.
struct Server {
    script: Script,
    requests: AtomicUsize,
    faults: Mutex<Vec<(usize, Fault)>>,
}

impl Script {
    fn pages(&self) -> usize {
        self.items.div_ceil(self.page_size).max(1)
    }

    /// The line items in the order of the stream.
    fn ids(&self) -> Vec<String> {
        let ids = (1..=self.items).map(id);
        if self.backwards { ids.rev().collect() } else { ids.collect() }
    }

    /// What the stream is to yield and how it ends.
    fn expected(&self) -> (Vec<String>, Option<Breach>) {
        let mut ids = self.ids();
        let ends = self.faults.iter().filter_map(|&(page, fault)| match fault {
            Fault::MissingCursor(_) => Some((page, breach::MISSING_CURSOR)),
            // Whether page or cursor is known first depends on where the stream was resumed.
            Fault::RepeatedCursor(_) | Fault::StuckPage => Some((page, breach::REPEATED_PAGE)),
            _ => None,
        });
        // The last page has no next one, whatever the script says; it is the first fault that counts.
        let end = ends.filter(|(page, _)| *page + 1 < self.pages()).min_by_key(|(page, _)| *page);
        if let Some((page, _)) = end {
            ids.truncate((page + 1) * self.page_size);
        }
        (ids, end.map(|(_, breach)| breach))
    }
}

fn id(number: usize) -> String {
    format!("AA260115-1001-01-{number}")
}

impl Server {
    fn fault(&self, is_wanted: impl Fn(usize, Fault) -> bool) -> Option<Fault> {
        let faults = self.faults.lock().unwrap();
        faults.iter().find(|(page, fault)| is_wanted(*page, *fault)).map(|(_, fault)| *fault)
    }

    /// Like [`Server::fault`], for what happens once.
    fn take(&self, page: usize, fault: Fault) -> bool {
        let mut faults = self.faults.lock().unwrap();
        let found = faults.iter().position(|other| *other == (page, fault));
        found.map(|index| faults.remove(index)).is_some()
    }

    fn response(&self, request: &Request) -> Result<Value, TransportError> {
        let count = self.requests.fetch_add(1, Ordering::Relaxed);
        assert!(request.headers().contains_key("authorization"));
        let script = &self.script;
        let cursor = request.url().query_pairs().find(|(name, _)| name.ends_with("Cursor"));
        let page = cursor.map_or(0, |(name, cursor)| {
            assert_eq!(name, if script.backwards { "prevCursor" } else { "nextCursor" });
            let number = cursor.split('.').next().unwrap();
            number.parse().unwrap()
        });
        if self.take(page, Fault::Lost) {
            return Err(TransportError::lost("the script says so"));
        }
        let is_empty = self.take(page, Fault::EmptyPage);
        let ids: Vec<String> =
            script.ids().into_iter().skip(page * script.page_size).take(script.page_size).collect();
        let has_more = is_empty || page + 1 < script.pages();
        let cursor = match self
            .fault(|at, fault| at == page && !matches!(fault, Fault::Lost | Fault::EmptyPage))
        {
            _ if is_empty => json!(format!("{page}.{count}")),
            Some(Fault::MissingCursor(true)) => json!(""),
            Some(Fault::MissingCursor(false)) => Value::Null,
            Some(Fault::RepeatedCursor(earlier)) => json!(format!("{}.", page.min(earlier))),
            Some(Fault::StuckPage) => json!(format!("{page}.{count}")),
            _ => json!(format!("{}.", page + 1)),
        };
        let mut items: Vec<Value> = ids
            .iter()
            .map(|id| json!({ "referenceLineItemId": id, "lineItemStatus": "COMPLETE" }))
            .collect();
        if script.backwards {
            items.reverse();
        }
        let (name, flag, other) = if script.backwards {
            ("prevCursor", "prevPageAvailable", "nextPageAvailable")
        } else {
            ("nextCursor", "nextPageAvailable", "prevPageAvailable")
        };
        Ok(json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": script.items,
            "pagination": {
                name: cursor, flag: has_more, other: true,
                "maxResults": script.page_size, "numberOfElements": items.len(),
            },
            "lineItems": if is_empty { json!("NONE") } else { json!(items) },
        }))
    }
}

struct Shared(Arc<Server>);

impl Transport for Shared {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = self.0.response(&request);
        Box::pin(async move {
            // The response is not there at once.
            tokio::task::yield_now().await;
            response.as_ref().map(answer).map_err(|_| TransportError::lost("the script says so"))
        })
    }
}

/// A response of a made-up server.
pub(crate) fn answer(body: &Value) -> Response {
    Response::from(http::Response::new(body.to_string()))
}

/// A client that sends by `transport`, without retries.
pub(crate) fn client(transport: impl Transport) -> AuditClient {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let builder = AuditClient::builder(Environment::Sandbox)
        .credentials(Credentials::bearer("token").unwrap())
        .http_client(HTTP.clone())
        .pace(Duration::ZERO)
        .retry(Retry::none());
    builder.transport(transport).build().unwrap()
}

fn serve(script: &Script) -> (GetAsyncOrder, Arc<Server>) {
    let server = Arc::new(Server {
        script: script.clone(),
        requests: AtomicUsize::new(0),
        faults: Mutex::new(script.faults.clone()),
    });
    let client = client(Shared(Arc::clone(&server)));
    let request = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    let request = request.max_results(i64::try_from(script.page_size).unwrap());
    // Backwards, the stream starts behind the last page.
    let request =
        if script.backwards { request.at(Position::Previous("0.".to_owned())) } else { request };
    (request, server)
}

fn start(request: &GetAsyncOrder, script: &Script, token: Option<&ResumeToken>) -> LineItems {
    let items = request.clone().line_items().prefetch(script.prefetch);
    match token {
        Some(token) => items.resume(&token.to_text().parse().unwrap()),
        None if script.backwards => items.backwards(),
        None => items,
    }
}

/// Reads the stream of a script, resuming wherever it says, and after a lost connection.
async fn play(script: &Script) -> (Vec<String>, Option<Breach>, usize) {
    let (request, server) = serve(script);
    let mut yielded = Vec::new();
    let mut stops = script.stops.iter();
    let mut items = start(&request, script, None);
    let mut stop = stops.next().copied();
    let breach = loop {
        if stop == Some(0) {
            let token = items.resume_token();
            items = start(&request, script, Some(&token));
            stop = stops.next().copied();
            continue;
        }
        match items.next().await {
            None => break None,
            Some(Ok(item)) => {
                assert_eq!(items.total(), Some(i64::try_from(script.items).unwrap()));
                yielded.push(item.reference_line_item_id);
                stop = stop.map(|stop| stop - 1);
            }
            Some(Err(Error::Transport { .. })) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                let token = items.resume_token();
                items = start(&request, script, Some(&token));
            }
            Some(Err(Error::Contract { breach, .. })) => {
                assert!(items.next().await.is_none(), "an error ends the stream");
                // A stream that resumes there meets it again, and gets nothing twice.
                let mut again = start(&request, script, Some(&items.resume_token()));
                assert!(matches!(again.next().await, Some(Err(Error::Contract { .. }))));
                break Some(breach);
            }
            Some(Err(error)) => panic!("{error:?}"),
        }
    };
    (yielded, breach, server.requests.load(Ordering::Relaxed))
}

fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(own_runtime);
    &RUNTIME
}

/// A runtime whose tasks nobody else drives.
fn own_runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::Lost),
        3 => Just(Fault::EmptyPage),
        1 => any::<bool>().prop_map(Fault::MissingCursor),
        1 => (0..4_usize).prop_map(Fault::RepeatedCursor),
        1 => Just(Fault::StuckPage),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let stops = prop::collection::vec(0..6_usize, 0..5);
    let faults = prop::collection::vec((0..6_usize, fault()), 0..4);
    (0..25_usize, 1..6_usize, any::<bool>(), any::<bool>(), stops, faults).prop_map(
        |(items, page_size, backwards, prefetch, stops, faults)| Script {
            items,
            page_size,
            backwards,
            prefetch,
            stops,
            faults,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_and_nothing_comes_twice(script in script()) {
        let (ids, breach, _) = runtime().block_on(play(&script));
        let (expected, end) = script.expected();
        prop_assert_eq!(ids, expected);
        let breach = breach.map(|breach| match breach {
            breach::REPEATED_CURSOR => breach::REPEATED_PAGE,
            other => other,
        });
        prop_assert_eq!(breach, end);
    }
}

#[test]
fn a_breach_is_found_within_one_more_request() {
    for fault in [
        Fault::MissingCursor(true),
        Fault::MissingCursor(false),
        Fault::RepeatedCursor(0),
        Fault::RepeatedCursor(1),
        Fault::RepeatedCursor(2),
        Fault::StuckPage,
    ] {
        for (backwards, prefetch) in [(false, false), (false, true), (true, false), (true, true)] {
            let faults = vec![(2, fault)];
            let script =
                Script { items: 20, page_size: 3, backwards, prefetch, stops: Vec::new(), faults };
            let (request, server) = serve(&script);
            let error = runtime().block_on(async {
                let mut items = start(&request, &script, None);
                loop {
                    if let Err(error) = items.next().await.unwrap() {
                        break error;
                    }
                }
            });
            assert!(matches!(error, Error::Contract { .. }), "{error:?}");
            assert!(!error.is_transient() && error.response().is_some());
            let requests = server.requests.load(Ordering::Relaxed);
            assert!(requests <= 4, "{fault:?}: {requests} requests for 3 pages");
        }
    }
}

#[test]
fn pages_are_asked_for_when_they_are_needed_or_one_ahead() {
    for (prefetch, expected) in [(false, [1, 1, 2, 2, 3]), (true, [2, 2, 3, 3, 3])] {
        let (items, page_size, backwards) = (5, 2, false);
        let script =
            Script { items, page_size, backwards, prefetch, stops: Vec::new(), faults: Vec::new() };
        let (request, server) = serve(&script);
        own_runtime().block_on(async {
            let mut items = start(&request, &script, None);
            assert_eq!(items.total(), None);
            assert_eq!(server.requests.load(Ordering::Relaxed), 0);
            for requests in expected {
                items.next().await.unwrap().unwrap();
                // What was asked for ahead is a task.
                tokio::task::yield_now().await;
                assert_eq!(server.requests.load(Ordering::Relaxed), requests);
            }
            assert!(items.next().await.is_none());
            assert!(items.next().await.is_none());
            let mut none = request.clone().resume(&items.resume_token());
            assert!(none.next().await.is_none());
        });
        assert_eq!(server.requests.load(Ordering::Relaxed), 3);
    }
}

#[test]
fn pages_come_whole_and_resume_after_the_last_one() {
    let (items, page_size, backwards, prefetch) = (5, 2, false, false);
    let script =
        Script { items, page_size, backwards, prefetch, stops: Vec::new(), faults: Vec::new() };
    let (request, _) = serve(&script);
    runtime().block_on(async {
        let mut pages = request.clone().pages().prefetch(true);
        let first = pages.next().await.unwrap().unwrap();
        assert_eq!((first.line_items.len(), pages.total()), (2, Some(5)));
        let mut rest = request.clone().pages().resume(&pages.resume_token());
        let mut sizes = Vec::new();
        while let Some(page) = rest.next().await.transpose().unwrap() {
            sizes.push(page.line_items.len());
        }
        assert_eq!(sizes, [2, 1]);
        // A page that was begun is handed out without what was yielded of it.
        let mut items = request.clone().line_items();
        items.next().await.unwrap().unwrap();
        let mut rest = request.clone().pages().resume(&items.resume_token());
        assert_eq!(rest.next().await.unwrap().unwrap().line_items.len(), 1);
    });
}

#[test]
fn a_token_belongs_to_one_request() {
    let (items, page_size, backwards, prefetch) = (5, 2, false, false);
    let script =
        Script { items, page_size, backwards, prefetch, stops: Vec::new(), faults: Vec::new() };
    let (request, server) = serve(&script);
    runtime().block_on(async {
        let mut items = request.clone().line_items();
        items.next().await.unwrap().unwrap();
        let token = items.resume_token();
        let text = token.to_text();
        let json = serde_json::to_string(&token).unwrap();
        assert_eq!(json, format!("\"{text}\""));
        assert!(serde_json::from_str::<ResumeToken>(&json).unwrap() == token);
        assert_eq!(text.parse::<ResumeToken>().unwrap(), token);
        assert_eq!(format!("{token:?}"), "ResumeToken([redacted])");
        assert!(!format!("{items:?} {request:?}").contains("AA260115"));
        let client = client(Shared(Arc::clone(&server)));
        let order = |customer| client.get_async_order(customer, "acme-rewards", "wellness-2026-01");
        let sent = server.requests.load(Ordering::Relaxed);
        for other in [
            order("acme").max_results(3),
            order("acme"),
            order("acm").max_results(2),
            client.get_async_order("acme", "acme-rewards", "wellness-2026-02").max_results(2),
            client.get_async_order("acme", "acme-reward", "swellness-2026-01").max_results(2),
            order("acme").max_results(2).failed_only(true),
            order("acme").max_results(2).filter(Filter::references(["a"])),
            order("acme").max_results(2).filter(Filter::external_references(["a"])),
        ] {
            let mut items = other.clone().resume(&token);
            let error = items.next().await.unwrap().unwrap_err();
            let Error::InvalidRequest(invalid) = &error else { panic!("{error:?}") };
            assert_eq!(invalid.parameter, "resume token");
            // What was refused is not made good by going through another stream.
            assert_eq!(items.resume_token(), token);
            assert!(items.next().await.is_none());
        }
        assert_eq!(server.requests.load(Ordering::Relaxed), sent);
        assert!(order("acme").max_results(2).resume(&token).next().await.unwrap().is_ok());
    });
    for text in ["", "!", "e30", "bnVsbA", "eyJ2ZXJzaW9uIjoyfQ"] {
        let error = text.parse::<ResumeToken>().unwrap_err();
        assert_eq!(error.to_string(), "not a resume token of this version of the client");
    }
}

#[test]
fn a_line_item_that_has_gone_is_not_resumed_after() {
    let (page_size, backwards, prefetch) = (3, false, false);
    let script = |items| Script {
        items,
        page_size,
        backwards,
        prefetch,
        stops: Vec::new(),
        faults: Vec::new(),
    };
    runtime().block_on(async {
        let (request, _) = serve(&script(3));
        let mut items = request.line_items();
        items.next().await.unwrap().unwrap();
        items.next().await.unwrap().unwrap();
        let (request, _) = serve(&script(1));
        let error = request.resume(&items.resume_token()).next().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Contract { breach: breach::LOST_PLACE, .. }), "{error:?}");
    });
}

/// Answers every request with a page of one line item.
struct OneItem(Value);

impl Transport for OneItem {
    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let page = json!({
            "externalRefID": "wellness-2026-01",
            "orderStatus": "COMPLETE",
            "createdAt": "2026-01-15T09:30:00Z",
            "totalLineItems": 1,
            "pagination": {
                "nextPageAvailable": false, "prevPageAvailable": false,
                "maxResults": 100, "numberOfElements": 1,
            },
            "lineItems": [self.0],
        });
        Box::pin(std::future::ready(Ok(answer(&page))))
    }
}

fn breach(item: Value, ask: impl Fn(GetAsyncOrder) -> GetAsyncOrder) -> Option<Breach> {
    let client = client(OneItem(item));
    let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    let order = ask(order);
    let single = runtime().block_on(order.clone().into_future());
    match runtime().block_on(async { order.line_items().next().await.unwrap() }) {
        Ok(_) if single.is_ok() => None,
        Ok(_) => panic!("{single:?}"),
        Err(Error::Contract { breach, .. }) => Some(breach),
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn a_line_item_that_a_filter_excludes_is_no_answer() {
    let item = json!({
        "referenceLineItemId": "AA-1", "externalRefLineItemID": "member-1",
        "lineItemStatus": "COMPLETE",
    });
    let nameless = json!({ "referenceLineItemId": "AA-1", "lineItemStatus": "COMPLETE" });
    let excluded = Some(breach::EXCLUDED_LINE_ITEM);
    for (item, filter, expected) in [
        (&item, Filter::references(["AA-1"]), None),
        (&item, Filter::references(["AA-2", "aa-1"]), None),
        (&item, Filter::references(["AA-2"]), excluded),
        (&item, Filter::references(["AA-11"]), excluded),
        (&item, Filter::external_references(["member-1"]), None),
        (&item, Filter::external_references(["AA-1"]), excluded),
        // It does not say what its reference is.
        (&nameless, Filter::external_references(["member-1"]), None),
        (&nameless, Filter::references(["AA-2"]), excluded),
    ] {
        let found = breach(item.clone(), |order| order.filter(filter.clone()));
        assert_eq!(found, expected, "{item} {filter:?}");
    }
}

#[test]
fn a_line_item_that_did_not_fail_is_no_failed_one() {
    let not_failed = Some(breach::LINE_ITEM_NOT_FAILED);
    let errors = json!([{ "errorCode": "503.035" }]);
    let none = json!([]);
    for (status, delivery, errors, expected) in [
        ("COMPLETE", json!("DELIVERED"), &none, not_failed),
        ("COMPLETE", Value::Null, &Value::Null, not_failed),
        ("PENDING", json!("PENDING"), &none, not_failed),
        ("FAILED", json!("DELIVERED"), &none, None),
        ("COMPLETE", json!("FAILED"), &none, None),
        ("COMPLETE", json!("BOUNCED_IN_2027"), &none, None),
        ("COMPLETE", json!("DELIVERED"), &errors, None),
        ("CANCELLED", Value::Null, &none, None),
        ("RETURNED", json!("DELIVERED"), &none, None),
        ("NEW_IN_2027", Value::Null, &none, None),
    ] {
        let item = json!({
            "referenceLineItemId": "AA-1", "lineItemStatus": status, "deliveryStatus": delivery,
            "lineItemErrors": errors,
        });
        assert_eq!(breach(item.clone(), |order| order.failed_only(true)), expected, "{item}");
        assert_eq!(breach(item, |order| order), None);
    }
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
        assert!(tokio::time::timeout(patience, items.next()).await.is_err());
        assert_eq!(server.0.load(Ordering::Relaxed), 1);
        assert!(tokio::time::timeout(patience, items.next()).await.is_err());
        assert_eq!(server.0.load(Ordering::Relaxed), 1);
        drop(items);
        tokio::task::yield_now().await;
        assert_eq!(server.0.load(Ordering::Relaxed), 0);
    });
}
