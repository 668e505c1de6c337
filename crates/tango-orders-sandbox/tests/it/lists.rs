//! Lists of orders: their filters, their pages and their limits.

use std::collections::BTreeSet;

use serde_json::Value;
use tango_orders_sandbox::{Clock, Operation, Sandbox};

use crate::caller::{Response, request};
use crate::loaded::ORDER;

async fn list(sandbox: &Sandbox, query: &[(&str, &str)]) -> Response {
    Response::of(request(sandbox, "/orders").query(query)).await
}

/// All orders that a query finds, page after page.
async fn found(sandbox: &Sandbox, query: &[(&str, &str)]) -> Vec<Value> {
    let mut orders = Vec::new();
    for page in 0.. {
        let page = page.to_string();
        let paging = [("page", page.as_str()), ("elementsPerBlock", "100")];
        let response = list(sandbox, &[query, &paging].concat()).await;
        assert_eq!(response.status, 200, "{query:?}: {}", String::from_utf8_lossy(&response.body));
        let body = response.json();
        orders.extend(body["orders"].as_array().unwrap().iter().cloned());
        if body["page"]["totalCount"] == orders.len() {
            break;
        }
    }
    orders
}

/// Each filter by a value, with the member of an order that it goes by.
const FILTERS: &[(&str, &str)] = &[
    ("accountIdentifier", "/accountIdentifier"),
    ("customerIdentifier", "/customerIdentifier"),
    ("externalRefID", "/externalRefID"),
    ("currencyCode", "/denomination/currencyCode"),
    ("utid", "/utid"),
    ("ptid", "/ptid"),
    ("rewardName", "/rewardName"),
    ("senderFirstName", "/sender/firstName"),
    ("senderLastName", "/sender/lastName"),
    ("senderEmail", "/sender/email"),
    ("recipientEmail", "/recipient/email"),
    ("recipientMobileNumber", "/recipient/mobileNumber"),
    ("recipientFirstName", "/recipient/firstName"),
    ("recipientLastName", "/recipient/lastName"),
    ("sendEmail", "/sendEmail"),
    ("deliveryMethod", "/deliveryMethod"),
    ("status", "/status"),
    ("orderStatus", "/orderStatus"),
    ("lineItemStatus", "/lineItemStatus"),
    ("campaign", "/campaign"),
    ("notes", "/notes"),
    ("purchaseOrderNumber", "/purchaseOrderNumber"),
];

/// What is no filter by a value; each has a test of its own.
const OTHERS: [&str; 7] =
    ["startDate", "endDate", "elementsPerBlock", "page", "minAmount", "maxAmount", "lineItemNotes"];

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn every_filter_finds_the_orders_that_have_its_value_and_no_others() {
    let known = Operation::ListOrders.description().parameters.iter();
    let known: BTreeSet<&str> = known.map(|parameter| parameter.name).collect();
    let tested: BTreeSet<&str> = FILTERS.iter().map(|(name, _)| *name).chain(OTHERS).collect();
    assert_eq!(tested, known);

    let sandbox = Sandbox::builder().clock(Clock::manual()).orders(60).start().await.unwrap();
    let all = found(&sandbox, &[]).await;
    // The foreign customer's is not among them.
    assert_eq!(all.len(), 60 + 15);
    for (name, pointer) in FILTERS {
        let value = all.iter().find_map(|order| order.pointer(pointer)).map(text);
        let value = value.unwrap_or_else(|| panic!("no order has {pointer}"));
        let has = |order: &&Value| match (*name, order.pointer(pointer)) {
            (_, Some(found)) => text(found) == value,
            // An order of version 1 has only `status`, one that was not mailed may not say so.
            ("orderStatus", None) => order["status"] == *value,
            ("sendEmail", None) => value == "false",
            _ => false,
        };
        let expected: Vec<&Value> = all.iter().filter(has).collect();
        assert!(!expected.is_empty());
        let orders = found(&sandbox, &[(name, &value)]).await;
        assert_eq!(orders.iter().collect::<Vec<_>>(), expected, "{name}={value}");
    }
    assert!(found(&sandbox, &[("lineItemNotes", "any")]).await.is_empty());
    assert!(found(&sandbox, &[("recipientEmail", "nobody@example.com")]).await.is_empty());
    // Filters add up.
    let orders = found(&sandbox, &[("status", "COMPLETE"), ("deliveryMethod", "EMAIL")]).await;
    assert!(!orders.is_empty() && orders.len() < all.len());
    for order in orders {
        assert_eq!(
            (&order["status"], &order["deliveryMethod"]),
            (&"COMPLETE".into(), &"EMAIL".into())
        );
    }
}

#[tokio::test]
async fn amounts_and_dates_bound_what_is_found() {
    let sandbox = Sandbox::builder().clock(Clock::manual()).orders(250).start().await.unwrap();
    let all = found(&sandbox, &[]).await;
    let value = |order: &Value| order["denomination"]["value"].as_f64();
    let least = found(&sandbox, &[("minAmount", "25.00")]).await;
    let most = found(&sandbox, &[("maxAmount", "24.99")]).await;
    assert!(!least.is_empty() && least.iter().all(|order| value(order) >= Some(25.0)));
    assert!(!most.is_empty() && most.iter().all(|order| value(order) < Some(25.0)));
    let with_value = all.iter().filter(|order| value(order).is_some()).count();
    assert_eq!(least.len() + most.len(), with_value);

    let placed = |order: &Value| order["createdAt"].as_str().unwrap()[..10].to_owned();
    // A day ends with its last moment.
    let day = found(&sandbox, &[("startDate", "2026-01-14"), ("endDate", "2026-01-14")]).await;
    let expected: Vec<Value> =
        all.iter().filter(|order| placed(order) == "2026-01-14").cloned().collect();
    assert!(expected.len() > 20);
    assert_eq!(day, expected);
    let moment = day[3]["createdAt"].as_str().unwrap();
    let query = [("startDate", moment), ("endDate", moment)];
    assert_eq!(found(&sandbox, &query).await, day[3..4], "both ends are included");
    let old = found(&sandbox, &[("endDate", "2019-01-01")]).await;
    assert!(old.iter().all(|order| placed(order).starts_with("2018-")) && !old.is_empty());
}

#[tokio::test]
async fn limits_are_those_of_the_vendor() {
    let sandbox = Sandbox::builder().clock(Clock::manual()).start().await.unwrap();
    for (query, path, key) in [
        (&[("elementsPerBlock", "101")][..], "elementsPerBlock", "422.042"),
        (&[("startDate", "2026-01-10"), ("endDate", "2026-01-09")], "endDate", "422.041"),
        (&[("startDate", "2025-09-01"), ("endDate", "2026-01-01")], "endDate", "422.043"),
        (&[("startDate", "yesterday-")], "startDate", "422.044"),
        (&[("startDate", "today")], "startDate", "422.044"),
        (&[("endDate", "2026-01-16")], "endDate", "422.045"),
        (&[("endDate", "2026-01-15T09:30:01Z")], "endDate", "422.045"),
        (&[("currencyCode", "US")], "currencyCode", "400.011"),
        (&[("deliveryMethod", "PIGEON")], "deliveryMethod", "400.001"),
        (&[("minAmount", "much")], "minAmount", "400.001"),
    ] {
        let response = list(&sandbox, query).await;
        assert_eq!(response.status, 400, "{query:?}");
        let error = &response.json()["errors"][0];
        assert_eq!((&error["path"], &error["i18nKey"]), (&path.into(), &key.into()), "{query:?}");
    }
    for query in [
        &[("page", "100"), ("elementsPerBlock", "100")][..],
        &[("page", "2147483647"), ("elementsPerBlock", "1")],
    ] {
        let response = list(&sandbox, query).await;
        assert_eq!((response.status, &response.json()["i18nKey"]), (400, &"400.021".into()));
        assert_eq!(response.json()["i18nTokenReplacements"], serde_json::json!(["10000"]));
    }
    for query in [
        &[("page", "99"), ("elementsPerBlock", "100")][..],
        &[("startDate", "2025-09-24"), ("endDate", "2026-01-01")],
        // Today has not ended, and may be asked for.
        &[("endDate", "2026-01-15")],
        &[("endDate", "2026-01-15T09:30:00Z")],
    ] {
        let response = list(&sandbox, query).await;
        assert_eq!(response.status, 200, "{query:?}");
    }
}

#[tokio::test]
async fn loaded_orders_are_listed_without_what_redeems_their_reward() {
    let rewarded = r#"{ "referenceOrderID": "RA1", "status": "COMPLETE", "amountCharged": {},
        "createdAt": "2025-12-24T12:00:00Z", "denomination": { "value": 12.340 },
        "recipient": { "email": "Ada@example.com" }, "credentialList": ["FAKE-1"],
        "reward": { "credentialList": [{ "label": "Code", "value": "FAKE-2", "type": "text" }] } }"#;
    let builder = Sandbox::builder().orders(0).without_async_orders();
    let sandbox = builder.payload(ORDER).unwrap().payload(rewarded).unwrap().start().await.unwrap();
    let all = list(&sandbox, &[]).await;
    let text = String::from_utf8(all.body.clone()).unwrap();
    assert!(text.contains("12.340"), "digits are kept: {text}");
    assert!(!text.contains("FAKE") && !text.contains("credential") && !text.contains("reward"));
    assert_eq!(all.json()["page"]["totalCount"], 2);
    let ada = found(&sandbox, &[("recipientEmail", "ada@example.com")]).await;
    assert_eq!(ada.len(), 1);
    assert_eq!(ada[0]["referenceOrderID"], "RA1");
}
