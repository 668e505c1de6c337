//! What an application learns of calls: spans, unknown values, deviations, metadata; and what nobody
//! learns.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Once, OnceLock};

use tango_orders_client::tango_orders_validator::Report;
use tango_orders_client::{Client, Credentials, Environment, Observer, Retry, UnknownValue};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Metadata, Subscriber};

use crate::fake::{self, Fake};
use crate::server::{self, Server};

/// Writes everything down.
#[derive(Clone, Default)]
pub(crate) struct Log {
    pub(crate) text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.text.lock().unwrap(), " {}={value:?}", field.name()).unwrap();
    }
}

impl Log {
    fn line(&self, text: &str, record: impl FnOnce(&mut dyn Visit)) {
        self.text.lock().unwrap().push_str(text);
        record(&mut self.clone());
        self.text.lock().unwrap().push('\n');
    }
}

/// Writes everything down that this thread does until the guard is dropped.
pub(crate) fn listen() -> (Log, DefaultGuard) {
    // While there is one subscriber only, tracing asks the thread that reaches a span first whether its
    // own subscriber wants it, and remembers the answer for all threads. So there are always two.
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(Log::default()));
    let log = Log::default();
    (log.clone(), tracing::subscriber::set_default(log))
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.line(span.metadata().name(), |visit| span.record(visit));
        Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        self.line("record", |visit| values.record(visit));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.line("event", |visit| event.record(visit));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn an_attempt_is_a_span_with_the_template_of_its_url() {
    let (log, _guard) = listen();
    let fake = Fake::new(|index| {
        let answer = match index {
            0 => fake::status(503, &[("x-request-id", "r-1"), ("retry-after", "0")], "CANARY"),
            _ => fake::status(404, &[("x-request-id", "r-2")], "{}"),
        };
        std::future::ready(Ok(answer))
    });
    let retry = Retry { base: std::time::Duration::ZERO, ..Retry::default() };
    let client = fake::builder(&fake).retry(retry).build().unwrap();
    client.get_async_order("CANARY-1", "CANARY-2", "CANARY-3").await.unwrap_err();
    let text = log.text.lock().unwrap();
    let span = |attempt| {
        format!(
            "openapi_client.attempt operation=\"get_async_order\" url.template=\"/asyncOrders/customers/\
             {{customerIdentifier}}/accounts/{{accountIdentifier}}/{{externalRefID}}\" attempt={attempt}\n"
        )
    };
    let [first, second] = [span(1), span(2)];
    assert_eq!(
        *text,
        format!(
            "{first}record status=503\nrecord request_id=\"r-1\"\nrecord bytes=6\nevent message=response\n\
             event message=trying again operation=\"get_async_order\" attempt=1 pause_ms=0\n\
             {second}record status=404\nrecord request_id=\"r-2\"\nrecord bytes=2\nevent message=response\n"
        )
    );
}

/// Keeps what it is told.
#[derive(Clone, Default)]
struct Notes {
    unknown: Arc<Mutex<Vec<UnknownValue>>>,
    findings: Arc<Mutex<Vec<String>>>,
}

impl Observer for Notes {
    fn unknown_value(&self, seen: &UnknownValue) {
        self.unknown.lock().unwrap().push(seen.clone());
    }

    fn findings(&self, operation: &'static str, report: &Report<'_>) {
        for finding in report.findings() {
            let told = format!("{operation}: {} {}", finding.keyword(), finding.pointer());
            self.findings.lock().unwrap().push(told);
        }
    }
}

#[tokio::test]
async fn an_observer_is_told_what_the_document_does_not_know() {
    const BODY: &str = r#"{"referenceOrderID":"RA1","status":"MELTED","createdAt":"2026-01-15T09:30:00Z",
        "amountCharged":{"value":10.5},"deliveryMethod":"PIGEON","colour":"CANARY"}"#;
    let notes = Notes::default();
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(200, &[], BODY))));
    let client = fake::builder(&fake).observer(notes.clone()).build().unwrap();
    let order = client.get_order("RA1").await.unwrap();
    assert_eq!(order.status.as_str(), "MELTED");
    let unknown = notes.unknown.lock().unwrap();
    let unknown: Vec<_> =
        unknown.iter().map(|seen| (seen.operation, seen.vocabulary, seen.value.as_str())).collect();
    assert_eq!(
        unknown,
        [("get_order", "OrderStatus", "MELTED"), ("get_order", "DeliveryMethod", "PIGEON")]
    );
    assert_eq!(
        *notes.findings.lock().unwrap(),
        [
            "get_order: x-extensible-enum /status",
            "get_order: x-extensible-enum /deliveryMethod",
            "get_order: properties /colour",
        ]
    );
}

#[tokio::test]
async fn an_observer_learns_nothing_of_a_response_without_surprises() {
    let sample = include_str!("../../../../openapi/samples/get_order.200.realistic.json");
    let notes = Notes::default();
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(200, &[], sample))));
    let client = fake::builder(&fake).observer(notes.clone()).build().unwrap();
    client.get_order("RA1").await.unwrap();
    assert!(notes.unknown.lock().unwrap().is_empty());
    assert_eq!(*notes.findings.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_response_brings_status_headers_and_body() {
    let sample = include_str!("../../../../openapi/samples/get_order.200.realistic.json");
    let headers = "200 OK\r\nx-request-id: r-1\r\nset-cookie: CANARY-cookie";
    let server = Server::answering(server::response(headers, "application/json", sample));
    let client = crate::calls::client(&server.base_url);
    let response = client.get_order("RA1").with_response().with_body().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.request_id(), Some("r-1"));
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.attempts(), 1);
    let body = response.body().unwrap();
    assert_eq!(body.expose_bytes(), sample.as_bytes());
    let printed = format!("{response:?} {response:#?} {body:?}");
    for secret in ["CANARY", "credential", &response.value().reference_order_id] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let server = Server::answering(server::response(headers, "application/json", sample));
    let response =
        crate::calls::client(&server.base_url).get_order("RA1").with_response().await.unwrap();
    assert!(response.body().is_none());
}

#[tokio::test]
async fn a_request_id_is_one_or_none() {
    let long = "x".repeat(129);
    for (header, id) in [("r-1", Some("r-1")), ("a b", None), ("", None), (&*long, None)] {
        let header = header.to_owned();
        let fake = Fake::new(move |_| {
            std::future::ready(Ok(fake::status(
                404,
                &[("x-request-id", &header)],
                r#"{"requestId":"a b"}"#,
            )))
        });
        let error = fake::builder(&fake).build().unwrap().get_order("RA1").await.unwrap_err();
        assert_eq!(error.request_id(), id);
    }
}

/// Keeps what crates of another logging facade write.
pub(crate) struct OldLog(pub(crate) Mutex<String>);

impl log::Log for OldLog {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.lock().unwrap(), "{} {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

/// What all tests write by the other facade, which has one log for the whole process.
pub(crate) fn old_log() -> &'static OldLog {
    static LOG: OldLog = OldLog(Mutex::new(String::new()));
    static SET: Once = Once::new();
    SET.call_once(|| {
        log::set_logger(&LOG).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    });
    &LOG
}

/// At the finest level, neither this client nor what is below it writes of what is secret: credentials,
/// what a response holds, the identifiers in the URL.
#[tokio::test]
async fn no_log_line_of_any_level_tells_a_secret() {
    const KEY: &str = "CANARY-LOGGED-KEY";
    let old = old_log();
    let (log, _guard) = listen();
    let body = r#"{"referenceOrderID":"CANARY-LOGGED","status":"CANARY-LOGGED"}"#;
    for status in ["200 OK", "404 Not Found", "302 Found\r\nlocation: /CANARY-LOGGED"] {
        let server = Server::answering(server::response(status, "application/json", body));
        let client = Client::builder(Environment::at(&server.base_url).unwrap())
            .credentials(Credentials::basic("platform", KEY).unwrap())
            .retry(Retry::none())
            .build()
            .unwrap();
        client.get_order("CANARY-LOGGED-ID").await.unwrap_err();
    }
    let (new, old) = (log.text.lock().unwrap(), old.0.lock().unwrap());
    assert!(new.contains("openapi_client.attempt"), "{new}");
    assert!(old.contains("starting new connection"), "{old}");
    let encoded = "Q0FOQVJZLUxPR0dFRC1LRVk";
    for text in [&*new, &*old] {
        assert!(!text.contains("CANARY-LOGGED") && !text.contains(encoded), "{text}");
    }
}
