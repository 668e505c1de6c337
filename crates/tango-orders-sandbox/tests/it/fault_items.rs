//! Every item of a fault acts, alone and beside every other, or the whole is refused.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::Value;
use tango_orders_sandbox::{Fault, Sandbox, Scenario};

use crate::caller::{Response, async_order, client, get, members, request};

const ORDER: &str = "/orders/RA260115-1001-02";

/// The latency of the table.
const LATE: Duration = Duration::from_millis(30);

type Acts = fn(&Seen) -> bool;

/// What each item is to do, seen from outside.
const ITEMS: [(&str, Acts); 16] = [
    ("latency=30ms", |seen| seen.took >= LATE),
    ("503", |seen| seen.status == Some(503)),
    ("503, body=json", |seen| seen.status == Some(503) && seen.text.contains("\"timestamp\":")),
    ("503, body=html", |seen| seen.text.starts_with("<!doctype html>")),
    ("503, body=empty", |seen| seen.status == Some(503) && seen.text.is_empty()),
    ("503, retry-after=7", |seen| seen.retry_after == "7"),
    ("503, retry-after=date+7", |seen| seen.retry_after.ends_with("GMT")),
    ("reset", |seen| seen.status.is_none()),
    ("truncated", |seen| seen.status.is_some() && !seen.is_whole),
    ("content-type=text/x-odd", |seen| seen.content_type == "text/x-odd"),
    ("unknown-members", |seen| seen.text.contains("addedBySandbox")),
    ("unknown-values", |seen| seen.text.contains("ADDED_BY_SANDBOX")),
    ("nulls", |seen| seen.text.contains(":null")),
    ("ignore-filters", |seen| seen.text.contains("\"numberOfElements\":4")),
    ("repeat-cursor", |seen| seen.text.contains("\"nextPageAvailable\":true")),
    ("none-failed=NULL", |seen| seen.text.contains("\"lineItems\":\"NULL\"")),
];

/// A response as far as it arrived.
#[derive(Debug, Default)]
struct Seen {
    status: Option<u16>,
    content_type: String,
    retry_after: String,
    text: String,
    is_whole: bool,
    took: Duration,
}

async fn see(sandbox: &Sandbox, fault: &str) -> Seen {
    // A filter, a page that is not the last one without it, and a list that nothing failed in.
    let (reference, query) = if fault.contains("none-failed") {
        ("wellness-2026-02", "failedOnly=true")
    } else {
        ("wellness-2026-01", "referenceLineItemIds=AA260115-1001-01-2&maxResults=4")
    };
    let path = format!("{}?{query}", async_order(reference));
    let started = Instant::now();
    let sent = request(sandbox, &path).header("X-Sandbox-Fault", fault).send().await;
    let mut seen = Seen { took: started.elapsed(), ..Seen::default() };
    let Ok(mut response) = sent else { return seen };
    seen.status = Some(response.status().as_u16());
    let header = |name| {
        let value = response.headers().get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    seen.content_type = header("content-type");
    seen.retry_after = header("retry-after");
    seen.is_whole = loop {
        match response.chunk().await {
            Ok(Some(part)) => seen.text += &String::from_utf8_lossy(&part),
            Ok(None) => break true,
            Err(_) => break false,
        }
    };
    seen
}

/// One fault of two, which have a status once.
fn joined(one: &str, other: &str) -> String {
    let rest = other.strip_prefix("503").filter(|_| one.starts_with("503")).unwrap_or(other);
    format!("{one}, {}", rest.trim_start_matches(", ")).trim_end_matches(", ").to_owned()
}

#[tokio::test]
async fn every_item_acts_alone() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for (item, acts) in ITEMS {
        let seen = see(&sandbox, item).await;
        assert!(acts(&seen), "{item}: {seen:?}");
    }
    assert_eq!(see(&sandbox, "none").await.status, Some(200));
}

#[tokio::test]
async fn every_pair_of_items_acts_or_is_refused() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut table = String::new();
    for (index, (one, acts)) in ITEMS.iter().enumerate() {
        for (other, also_acts) in &ITEMS[index + 1..] {
            let fault = joined(one, other);
            if fault == *one || fault == *other {
                continue;
            }
            let seen = see(&sandbox, &fault).await;
            match fault.parse::<Fault>() {
                Ok(_) => {
                    // A filter that is ignored finds as little where nothing failed.
                    let is_seen = !(*one == "ignore-filters" && other.starts_with("none"));
                    assert!(acts(&seen) || !is_seen, "{one} of {fault}: {seen:?}");
                    assert!(also_acts(&seen), "{other} of {fault}: {seen:?}");
                }
                Err(error) => {
                    assert_eq!(seen.status, Some(400), "{fault}");
                    let reason = error.to_string();
                    let reason = reason.split("`: ").last().unwrap();
                    writeln!(table, "{fault}: {reason}").unwrap();
                }
            }
        }
    }
    for (item, _) in ITEMS {
        let error = format!("none, {item}").parse::<Fault>().unwrap_err().to_string();
        assert!(error.ends_with("`none` stands alone"), "{error}");
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn an_error_that_no_fault_asked_for_goes_wrong_as_well() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let call = |fault: &'static str| {
        request(&sandbox, "/orders/nope").header("X-Sandbox-Fault", fault).send()
    };
    let response = call("content-type=text/html, unknown-members").await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(response.text().await.unwrap().starts_with("{\"addedBySandbox\":"));
    let response = call("nulls").await.unwrap();
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert!(body["i18nKey"].is_null(), "{body}");
    let response = call("truncated").await.unwrap();
    assert_eq!(response.status(), 404);
    assert!(response.bytes().await.is_err());
}

#[tokio::test]
async fn an_item_without_anything_to_act_on_is_refused_where_it_is_asked_for() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for (path, item) in [
        (ORDER, "ignore-filters"),
        (ORDER, "repeat-cursor"),
        (ORDER, "none-failed=NULL"),
        ("/orders", "repeat-cursor"),
        ("/orders", "unknown-values, nulls"),
    ] {
        let response = Response::of(request(&sandbox, path).header("X-Sandbox-Fault", item)).await;
        assert_eq!(response.status, 400, "{item} of {path}");
        let message = response.json()["message"].as_str().unwrap().to_owned();
        assert!(message.ends_with("it has nothing to act on in this response"), "{message}");
    }
    let scenario = "steps: [{ fault: repeat-cursor, operation: get_order }]";
    let error = Scenario::parse(scenario).unwrap_err().to_string();
    assert!(error.contains("step 1") && error.contains("nothing to act on"), "{error}");

    // What is set up for all requests passes these by, and a step of a scenario waits.
    let scenario = Scenario::parse("steps: [{ fault: none-failed=NULL }, { fault: '500' }]");
    let builder = Sandbox::builder().fault("repeat-cursor".parse().unwrap());
    let builder = builder.fault("503".parse().unwrap()).scenario(scenario.unwrap());
    let sandbox = builder.start().await.unwrap();
    assert_eq!(get(&sandbox, ORDER).await.status, 503);
    let page = format!("{}?failedOnly=true", async_order("wellness-2026-02"));
    assert_eq!(get(&sandbox, &page).await.json()["lineItems"], "NULL");
    assert_eq!(get(&sandbox, ORDER).await.status, 500, "the next step");
    let page = get(&sandbox, &async_order("wellness-2026-02")).await.json();
    assert_eq!(page["pagination"]["nextPageAvailable"], true);
    assert_eq!(members(&page, "amount").len(), 40);
}

#[tokio::test]
async fn several_headers_are_one_fault_and_none_of_them_is_ignored() {
    let sandbox = Sandbox::builder().fault("503".parse().unwrap()).start().await.unwrap();
    let url = format!("{}{ORDER}", sandbox.url());
    for (values, status) in [
        (&["none"][..], 200),
        (&["latency=1ms", "404"], 404),
        (&["404", "latency=1ms"], 404),
        (&["404", "500"], 400),
        (&["404", "nonsense"], 400),
        (&["404", "none"], 400),
        (&[""], 400),
        (&["404,"], 400),
        (&["404, café"], 400),
        (&["404", "\u{e9}"], 400),
        (&["content-type=tëxt"], 200),
        (&["content-type="], 400),
    ] {
        let mut call = client().get(&url).bearer_auth("sandbox-token");
        for value in values {
            call = call.header("X-Sandbox-Fault", value.as_bytes());
        }
        assert_eq!(Response::of(call).await.status, status, "{values:?}");
    }
    let latin = client().get(&url).bearer_auth("sandbox-token");
    let response = Response::of(latin.header("X-Sandbox-Fault", &b"404, caf\xe9"[..])).await;
    assert_eq!(response.status, 400);
    assert_eq!(get(&sandbox, ORDER).await.status, 503, "without a header");
}

#[test]
fn what_was_meant_is_said() {
    for (written, meant) in [
        ("truncate", "truncated"),
        ("Truncated", "truncated"),
        ("unknown_member", "unknown-members"),
        ("null", "nulls"),
        ("latancy=1s", "latency=TIME"),
        ("retry_after=2", "retry-after=SECONDS|date+SECONDS"),
        ("repeatcursor", "repeat-cursor"),
        ("content_type=a", "content-type=TYPE"),
        ("rest", "reset"),
    ] {
        let error = written.parse::<Fault>().unwrap_err().to_string();
        assert!(error.ends_with(&format!("did you mean `{meant}`?")), "{written}: {error}");
    }
    for written in ["slow", "delay=1s", "42x", "x"] {
        let error = written.parse::<Fault>().unwrap_err().to_string();
        assert!(error.contains("expected none, latency=TIME,"), "{written}: {error}");
    }
    let long = "x".repeat(10_000).parse::<Fault>().unwrap_err().to_string();
    assert!(long.len() < 500, "{}", long.len());
}

#[tokio::test]
async fn the_head_of_a_response_goes_wrong_as_well() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let path = async_order("wellness-2026-01");
    for (item, _) in ITEMS {
        let call = client().head(format!("{}{path}", sandbox.url())).bearer_auth("sandbox-token");
        let response = call.header("X-Sandbox-Fault", item).send().await;
        let status = response.map_or(0, |response| response.status().as_u16());
        let expected = if item.contains("503") { 503 } else { u16::from(item != "reset") * 200 };
        assert_eq!(status, expected, "{item}");
    }
}
