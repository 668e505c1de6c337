//! Cursors: every one that is given out leads on, both ways, and none can be made up.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tango_orders_sandbox::{AsyncOrderPlan, Sandbox};

use crate::caller::{members, page};

type Query<'q> = Vec<(&'static str, &'q str)>;

/// A page, held to what a client relies on.
async fn checked(sandbox: &Sandbox, query: &[(&str, &str)]) -> Value {
    let response = page(sandbox, "mine", query).await;
    assert_eq!(response.status, 200, "{query:?}: {}", String::from_utf8_lossy(&response.body));
    let page = response.json();
    let pagination = &page["pagination"];
    for (flag, cursor) in [("nextPageAvailable", "nextCursor"), ("prevPageAvailable", "prevCursor")]
    {
        if pagination[flag] == true {
            assert!(pagination[cursor].is_string(), "there is a page and no way to it: {page}");
        }
    }
    let count = members(&page, "referenceLineItemId").len();
    assert_eq!(pagination["numberOfElements"], count);
    page
}

/// All line items from a page on, in one direction, each seen once.
async fn walked(sandbox: &Sandbox, query: &Query<'_>, from: &Value, forward: bool) -> Vec<String> {
    let (flag, cursor) = if forward {
        ("nextPageAvailable", "nextCursor")
    } else {
        ("prevPageAvailable", "prevCursor")
    };
    let ids = |page: &Value| members(page, "referenceLineItemId");
    let mut pages = vec![ids(from)];
    let mut seen = BTreeSet::new();
    let mut current = from.clone();
    while current["pagination"][flag] == true {
        let text = current["pagination"][cursor].as_str().unwrap().to_owned();
        assert!(seen.insert(text.clone()), "a cursor comes twice");
        let mut query = query.clone();
        query.push((cursor, &text));
        current = checked(sandbox, &query).await;
        assert!(!ids(&current).is_empty(), "an empty page was promised: {current}");
        pages.push(ids(&current));
    }
    if !forward {
        pages.reverse();
    }
    pages.concat()
}

/// Walks from each cursor that a list gives out, and from those that these lead to.
async fn walk_from_every_cursor(sandbox: &Sandbox, query: Query<'_>) {
    let first = checked(sandbox, &query).await;
    let all = walked(sandbox, &query, &first, true).await;
    let mut known = BTreeSet::new();
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut look = |page: &Value, found: &mut Vec<(&'static str, String)>| {
        for name in ["nextCursor", "prevCursor"] {
            if let Some(text) = page["pagination"][name].as_str() {
                // Either may be used for either direction.
                for name in ["nextCursor", "prevCursor"] {
                    if known.insert((name, text.to_owned())) {
                        found.push((name, text.to_owned()));
                    }
                }
            }
        }
    };
    look(&first, &mut found);
    while let Some((name, text)) = found.pop() {
        let mut there = query.clone();
        there.push((name, &text));
        let page = checked(sandbox, &there).await;
        look(&page, &mut found);
        let ahead = walked(sandbox, &query, &page, true).await;
        let behind = walked(sandbox, &query, &page, false).await;
        assert!(all.ends_with(&ahead), "forward from {name}: {ahead:?} of {all:?}");
        assert!(all.starts_with(&behind), "backward from {name}: {behind:?} of {all:?}");
        let here = members(&page, "referenceLineItemId").len();
        assert_eq!(ahead.len() + behind.len() - here, all.len());
    }
}

#[tokio::test]
async fn every_list_is_walked_from_every_cursor_both_ways() {
    for (count, failed) in [(0, 0), (1, 0), (1, 1), (7, 3), (12, 12)] {
        let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
        let plan = plan.line_items(count).failed(failed);
        let sandbox = Sandbox::builder().async_order(plan).start().await.unwrap();
        for size in ["1", "2", "3", "5", "7", "12", "500"] {
            for failed_only in ["false", "true"] {
                let query = vec![("maxResults", size), ("failedOnly", failed_only)];
                walk_from_every_cursor(&sandbox, query).await;
            }
        }
        // A list that a filter makes.
        let mut query = vec![("maxResults", "2")];
        let ids: Vec<String> = (1..=5).map(|number| format!("member-{number:04}")).collect();
        query.extend(ids.iter().map(|id| ("externalLineItemReferenceIds", id.as_str())));
        walk_from_every_cursor(&sandbox, query).await;
    }
}

#[tokio::test]
async fn no_cursor_can_be_made_up() {
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine").line_items(9);
    let builder = Sandbox::builder().async_order(plan);
    let sandbox = builder.clone().start().await.unwrap();
    let cursor = async |sandbox: &Sandbox, size: &str| {
        let page = page(sandbox, "mine", &[("maxResults", size)]).await.json();
        page["pagination"]["nextCursor"].as_str().unwrap().to_owned()
    };
    let text = cursor(&sandbox, "2").await;
    let bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
    assert_eq!(bytes.len(), 24);
    let mut forged = vec![bytes[1..].to_vec(), [&bytes[..], &[0]].concat(), vec![0; 24]];
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[place] ^= 1 << bit;
            forged.push(bytes);
        }
    }
    // Parts of two cursors of one list make no third one.
    let other = URL_SAFE_NO_PAD.decode(cursor(&sandbox, "3").await).unwrap();
    forged.extend([5, 14].map(|cut| [&bytes[..cut], &other[cut..]].concat()));
    forged.push([&bytes[..5], &other[5..14], &bytes[14..]].concat());
    forged.retain(|forged| *forged != bytes && *forged != other);
    assert!(forged.len() > 190);
    for forged in forged {
        let text = URL_SAFE_NO_PAD.encode(forged);
        let response = page(&sandbox, "mine", &[("nextCursor", &text)]).await;
        assert_eq!(response.status, 400, "{text}");
    }
    // Neither list nor place shows, nor what the seed is.
    let elsewhere = builder.seed(1).start().await.unwrap();
    let foreign = URL_SAFE_NO_PAD.decode(cursor(&elsewhere, "2").await).unwrap();
    let same = bytes.iter().zip(&foreign).filter(|(one, other)| one == other).count();
    assert!(same < 5, "{same} bytes are the same under another seed");
}
