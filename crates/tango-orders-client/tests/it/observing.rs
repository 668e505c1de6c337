//! What an application learns of calls: spans, unknown values, deviations, metadata; and what nobody
//! learns.

use std::sync::{Arc, Mutex};

use tango_orders_client::tango_orders_validator::Report;
use tango_orders_client::{Client, Credentials, Environment, Observer, Retry, UnknownValue};

use crate::fake::{self, Fake};
use crate::log::{listen, old_log};
use crate::server::{self, Server};

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

/// An order that the document describes, with its reward.
const ORDER: &str = r#"{
  "referenceOrderID": "RA260115-1001-02",
  "amountCharged": { "value": 10.00, "currencyCode": "USD", "total": 10.25 },
  "recipient": { "firstName": "Ada", "email": "ada@example.com" },
  "status": "COMPLETE",
  "createdAt": "2026-01-15T09:30:00.800Z",
  "reward": { "credentialList": [{ "label": "Code", "value": "credential", "type": "text" }] }
}"#;

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
    let unknown: Vec<_> = unknown
        .iter()
        .map(|seen| (seen.operation, &*seen.pointer, seen.vocabulary, &*seen.value))
        .collect();
    assert_eq!(
        unknown,
        [
            ("get_order", "/status", "OrderStatus", "MELTED"),
            ("get_order", "/deliveryMethod", "DeliveryMethod", "PIGEON"),
        ]
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
    let notes = Notes::default();
    let fake = Fake::new(|_| std::future::ready(Ok(fake::status(200, &[], ORDER))));
    let client = fake::builder(&fake).observer(notes.clone()).build().unwrap();
    client.get_order("RA1").await.unwrap();
    assert!(notes.unknown.lock().unwrap().is_empty());
    assert_eq!(*notes.findings.lock().unwrap(), [""; 0]);
}

#[tokio::test]
async fn a_response_brings_status_headers_and_body() {
    let headers = "200 OK\r\nx-request-id: r-1\r\nset-cookie: CANARY-cookie";
    let server = Server::answering(server::response(headers, "application/json", ORDER));
    let client = crate::calls::client(&server.base_url);
    let response = client.get_order("RA1").with_response().with_body().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.request_id(), Some("r-1"));
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.attempts(), 1);
    let body = response.body().unwrap();
    assert_eq!(body.expose_bytes(), ORDER.as_bytes());
    let printed = format!("{response:?} {response:#?} {body:?}");
    for secret in ["CANARY", "credential", &response.value().reference_order_id] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let server = Server::answering(server::response(headers, "application/json", ORDER));
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
