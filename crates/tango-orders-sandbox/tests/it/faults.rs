use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use jiff::fmt::rfc2822::DateTimeParser;
use serde_json::{Value, json};
use tango_orders_client::types::{AsyncOrder, Order};
use tango_orders_sandbox::{AsyncOrderPlan, Clock, Fault, Operation, Sandbox, Scenario, Step};
use tango_orders_validator::{Schema, Severity, validate};

use crate::caller::{Response, async_order, get, members, page, request};

const ORDER: &str = "/orders/RA260115-1001-02";

async fn faulty(sandbox: &Sandbox, path: &str, fault: &str) -> Response {
    Response::of(request(sandbox, path).header("X-Sandbox-Fault", fault)).await
}

#[tokio::test]
async fn a_status_comes_with_the_body_that_is_asked_for() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for status in [400, 401, 403, 404, 418, 422, 429, 500, 502, 503, 599] {
        let response = faulty(&sandbox, ORDER, &status.to_string()).await;
        assert_eq!(
            (response.status, response.header("content-type")),
            (status, "application/json")
        );
        assert_eq!(response.json()["requestId"], response.header("x-request-id"));
        assert!(response.json()["i18nKey"].is_string());
        assert_eq!(validate(Schema::ErrorBody, &response.body).findings().count(), 0);
    }
    let html = faulty(&sandbox, ORDER, "503, body=html").await;
    assert_eq!((html.status, html.header("content-type")), (503, "text/html; charset=utf-8"));
    assert!(html.body.starts_with(b"<!doctype html>"));
    let empty = faulty(&sandbox, ORDER, "500, body=empty").await;
    assert_eq!((empty.status, empty.body.len()), (500, 0));
    assert_eq!(empty.header("content-type"), "");
    assert!(!empty.header("x-request-id").is_empty());
}

#[tokio::test]
async fn retry_after_comes_in_both_forms() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for body in ["json", "html", "empty"] {
        let response = faulty(&sandbox, ORDER, &format!("503, body={body}, retry-after=7")).await;
        assert_eq!(response.header("retry-after"), "7");
        let response =
            faulty(&sandbox, ORDER, &format!("429, body={body}, retry-after=date+60")).await;
        let date = response.header("retry-after");
        assert!(date.ends_with(" GMT"), "{date}");
        let parse = |date: &str| DateTimeParser::new().parse_timestamp(date).unwrap();
        let ahead = parse(date).duration_since(parse(response.header("date"))).as_secs();
        assert!((58..=61).contains(&ahead), "{ahead} s ahead of `Date`");
    }
}

#[tokio::test]
async fn latency_delays_the_reply() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let started = Instant::now();
    assert_eq!(faulty(&sandbox, ORDER, "latency=150ms").await.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(150));
    for fault in ["latency=1ms-2ms", "latency=~1ms", "latency=0.001s, 500"] {
        assert_ne!(faulty(&sandbox, ORDER, fault).await.status, 400, "{fault}");
    }
}

/// What a plain connection yields to a request for an order under a fault.
fn raw(sandbox: &Sandbox, fault: &str) -> Result<Vec<u8>, ErrorKind> {
    let mut stream = TcpStream::connect(sandbox.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    write!(
        stream,
        "GET /raas/v2{ORDER} HTTP/1.1\r\nhost: sandbox\r\nauthorization: bearer sandbox-token\r\n\
         x-sandbox-fault: {fault}\r\n\r\n"
    )
    .unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).map(|_| response).map_err(|error| error.kind())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_is_a_reset() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    assert_eq!(raw(&sandbox, "reset"), Err(ErrorKind::ConnectionReset));
    assert_eq!(sandbox.requests().len(), 1);
    assert_eq!(get(&sandbox, ORDER).await.status, 200, "the server lives");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_body_ends_before_it_should() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let whole = get(&sandbox, ORDER).await.body;
    let response = String::from_utf8(raw(&sandbox, "truncated").unwrap()).unwrap();
    let (head, body) = response.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    assert_eq!(body.as_bytes(), &whole[..whole.len() / 2]);
}

#[tokio::test]
async fn a_content_type_can_be_wrong() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let plain = get(&sandbox, ORDER).await;
    let response = faulty(&sandbox, ORDER, "content-type=text/plain; charset=latin1").await;
    assert_eq!(response.header("content-type"), "text/plain; charset=latin1");
    assert_eq!(response.body, plain.body);
}

#[tokio::test]
async fn disguised_replies_still_decode() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let pages = async_order("wellness-2026-01");
    for (fault, drift_only) in [
        ("unknown-members", true),
        ("unknown-values", true),
        ("unknown-members, unknown-values", true),
        ("nulls", false),
        ("nulls, unknown-members, unknown-values", false),
    ] {
        for (path, schema) in [
            (ORDER, Schema::Order),
            ("/orders/RA260115-1001-16", Schema::Order),
            (&pages, Schema::AsyncOrder),
        ] {
            let plain = get(&sandbox, path).await.body;
            let body = faulty(&sandbox, path, fault).await.body;
            assert_ne!(body, plain, "{fault}");
            let report = validate(schema, &body);
            assert!(report.findings().count() > 0);
            if drift_only {
                assert!(report.findings().all(|finding| finding.severity() == Severity::Drift));
            }
            match schema {
                Schema::Order => drop(serde_json::from_slice::<Order>(&body).unwrap()),
                _ => drop(serde_json::from_slice::<AsyncOrder>(&body).unwrap()),
            }
        }
    }
    let body = faulty(&sandbox, &pages, "unknown-members").await.body;
    let plain = String::from_utf8(get(&sandbox, &pages).await.body).unwrap();
    let amount = plain.split("\"value\":").nth(1).and_then(|rest| rest.split(',').next()).unwrap();
    let amount = format!("\"value\":{amount},");
    assert!(amount.contains('.') && String::from_utf8(body).unwrap().contains(&amount), "{amount}");
    let order: Value = faulty(&sandbox, ORDER, "nulls, unknown-values").await.json();
    assert_eq!(order["reward"], json!(null));
    assert_eq!(order["status"], "ADDED_BY_SANDBOX");
    assert_eq!(order["amountCharged"]["value"], json!(null));
    // The keys of a map are no members that could be unknown.
    let order: Value = faulty(&sandbox, "/orders/RA260115-1001-16", "unknown-members").await.json();
    assert_eq!(order["asyncOrderEntity"]["duplicateLineItemRefIds"].as_object().unwrap().len(), 1);
    assert_eq!(order["asyncOrderEntity"]["addedBySandbox"], json!({ "isNew": true }));
}

#[tokio::test]
async fn pages_can_mislead() {
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine").line_items(9);
    let sandbox = Sandbox::builder().async_order(plan).start().await.unwrap();
    let filter = format!("{}?referenceLineItemIds=AA260115-1017-01-2", async_order("mine"));
    assert_eq!(members(&get(&sandbox, &filter).await.json(), "amount").len(), 1);
    let ignored = faulty(&sandbox, &filter, "ignore-filters").await.json();
    assert_eq!(members(&ignored, "amount").len(), 9);

    let first = format!("{}?maxResults=4", async_order("mine"));
    let repeated = faulty(&sandbox, &first, "repeat-cursor").await.json();
    let cursor = repeated["pagination"]["nextCursor"].as_str().unwrap();
    let again = faulty(&sandbox, &format!("{first}&nextCursor={cursor}"), "repeat-cursor").await;
    assert_eq!(again.json(), repeated);
    assert_eq!(repeated["pagination"]["nextPageAvailable"], true);
    assert_eq!(get(&sandbox, &first).await.json()["lineItems"], repeated["lineItems"]);

    let failed = format!("{}?failedOnly=true", async_order("mine"));
    for (shape, expected) in
        [("NULL", json!("NULL")), ("null", json!(null)), ("[]", json!([])), ("NONE", json!("NONE"))]
    {
        let page = faulty(&sandbox, &failed, &format!("none-failed={shape}")).await.json();
        assert_eq!(page.get("lineItems"), Some(&expected));
    }
    assert_eq!(faulty(&sandbox, &failed, "none-failed=absent").await.json().get("lineItems"), None);
}

#[tokio::test]
async fn a_fault_that_cannot_be_read_is_explained() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut messages = String::new();
    for fault in [
        "nonsense",
        "302",
        "latency=fast",
        "latency=2s-1s",
        "latency=601s",
        "retry-after=2",
        "503, retry-after=soon",
        "none-failed=zero",
        "body=xml",
    ] {
        let response = faulty(&sandbox, ORDER, fault).await;
        assert_eq!(response.status, 400, "{fault}");
        let message = response.json()["message"].as_str().unwrap().to_owned();
        let error = fault.parse::<Fault>().unwrap_err().to_string();
        assert!(message.ends_with(&error));
        messages += &format!("{message}\n");
    }
    insta::assert_snapshot!(messages);
}

#[tokio::test]
async fn the_limit_of_calls_is_one_in_a_second_of_each_operation() {
    let mut clock = Clock::manual();
    let builder = Sandbox::builder().calls_per_second(1).clock(clock.clone());
    let sandbox = builder.start().await.unwrap();
    assert_eq!(get(&sandbox, ORDER).await.status, 200);
    let refused = get(&sandbox, ORDER).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.json()["i18nKey"], "429.008");
    assert_eq!(refused.json()["i18nTokenReplacements"], json!(["get_order", "1"]));
    assert_eq!(refused.header("retry-after"), "", "none is documented");
    assert_eq!(page(&sandbox, "wellness-2026-01", &[]).await.status, 200, "has its own limit");
    clock.advance(Duration::from_millis(999));
    assert_eq!(get(&sandbox, ORDER).await.status, 429);
    clock.advance(Duration::from_millis(1));
    assert_eq!(get(&sandbox, ORDER).await.status, 200);
}

#[tokio::test]
async fn faults_of_chance_follow_the_seed() {
    let statuses = async |seed| {
        let fault = "503".parse().unwrap();
        let sandbox = Sandbox::builder().seed(seed).fault_sometimes(fault, 0.3).start().await;
        let sandbox = sandbox.unwrap();
        let mut statuses = Vec::new();
        for _ in 0..100 {
            statuses.push(get(&sandbox, ORDER).await.status);
        }
        assert_eq!(faulty(&sandbox, ORDER, "none").await.status, 200);
        statuses
    };
    let first = statuses(1).await;
    let failed = first.iter().filter(|status| **status == 503).count();
    assert!((15..45).contains(&failed), "{failed} of 100");
    assert_eq!(first, statuses(1).await);
    assert_ne!(first, statuses(2).await);
}

#[tokio::test]
async fn a_scenario_goes_step_by_step() {
    let yaml = "
steps:
  - fault: 503, body=html
    times: 2
  - operation: get_async_order
    fault: '429'
  - fault: none
";
    let builder = Sandbox::builder().scenario(Scenario::parse(yaml).unwrap());
    let sandbox = builder.fault("500".parse().unwrap()).start().await.unwrap();
    let mut statuses = Vec::new();
    // The third step waits for its operation, and what else is set up goes on meanwhile.
    for path in [ORDER, ORDER, ORDER, &async_order("wellness-2026-01"), ORDER, ORDER] {
        statuses.push(get(&sandbox, path).await.status);
    }
    assert_eq!(statuses, [503, 503, 500, 429, 200, 500]);
    let faults: Vec<bool> = sandbox.requests().iter().map(|it| it.fault.is_some()).collect();
    assert_eq!(faults, [true; 6]);

    let step = |fault: &str| Step::new(fault.parse().unwrap());
    let steps = vec![step("500").times(1), step("none").times(2).operation(Operation::GetOrder)];
    let scenario = Scenario::new(steps, true);
    let sandbox = Sandbox::builder().scenario(scenario).start().await.unwrap();
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(get(&sandbox, ORDER).await.status);
    }
    assert_eq!(statuses, [500, 200, 200, 500, 200, 200, 500]);
}

#[test]
fn a_scenario_that_cannot_be_read_is_explained() {
    let mut messages = String::new();
    for yaml in [
        "steps: []",
        "steps:\n  - fault: '503'\n    times: 0",
        "steps:\n  - fault: nonsense",
        "steps:\n  - fault: none\n  - fault: reset\n    operation: get_orders",
        "steps:\n  - fault: none\n    time: 3",
        "steps: 3",
        "steps:\n  - {",
    ] {
        let error = Scenario::parse(yaml).unwrap_err();
        messages += &format!("failed to {error}\n\n");
    }
    let known: Vec<&str> = Operation::ALL.iter().map(|known| known.id()).collect();
    insta::assert_snapshot!(messages.replace(&known.join(", "), "{operations}"));
}
