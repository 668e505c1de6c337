//! Money, and what the two operations say of one order.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tango_orders_sandbox::{AsyncOrderPlan, Clock, Sandbox};

use crate::caller::{get, members, page};

/// Money in hundredths, from its digits: a binary float would lose cents.
fn cents(number: &RawValue) -> i64 {
    let (whole, fraction) = number.get().split_once('.').unwrap_or((number.get(), "00"));
    whole.parse::<i64>().unwrap() * 100 + fraction.parse::<i64>().unwrap()
}

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "amountCharged")]
    charged: Charge,
    #[serde(rename = "lineItems", default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    line_item_status: String,
    amount_charged: Charge,
}

#[derive(Deserialize)]
struct Charge {
    value: Box<RawValue>,
    total: Box<RawValue>,
}

const FREE: [&str; 3] = ["FAILED", "CANCELLED", "DELETED"];

async fn check(sandbox: &Sandbox, reference: &str) {
    let response = page(sandbox, reference, &[("maxResults", "500")]).await;
    let page: Page = serde_json::from_slice(&response.body).unwrap();
    let sum = |amount: fn(&Charge) -> &RawValue| {
        page.items.iter().map(|item| cents(amount(&item.amount_charged))).sum::<i64>()
    };
    assert_eq!(sum(|charge| &charge.value), cents(&page.charged.value), "{reference}");
    assert_eq!(sum(|charge| &charge.total), cents(&page.charged.total), "{reference}");
    for item in &page.items {
        let is_free = cents(&item.amount_charged.total) == 0;
        assert_eq!(is_free, FREE.contains(&item.line_item_status.as_str()), "{reference}");
    }
}

#[tokio::test]
async fn an_order_costs_what_its_line_items_cost_and_what_failed_costs_nothing() {
    let mut clock = Clock::manual();
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let builder = Sandbox::builder().clock(clock.clone());
    let builder = builder.async_order(plan.line_items(333).failed(77).placed(0).takes(100));
    let sandbox = builder.start().await.unwrap();
    for reference in [
        "wellness-2026-01",
        "wellness-2026-02",
        "wellness-empty",
        "wellness-failed",
        "held-queued",
        "held-payment",
        "held-cancelled",
        "held-deleted",
    ] {
        check(&sandbox, reference).await;
    }
    for _ in 0..12 {
        check(&sandbox, "mine").await;
        clock.advance(Duration::from_secs(9));
    }
    for number in 1..=19 {
        let order = get(&sandbox, &format!("/orders/RA260115-1001-{number:02}")).await.json();
        let is_free = order["amountCharged"]["total"].as_f64() == Some(0.0);
        assert_eq!(is_free, FREE.contains(&order["status"].as_str().unwrap()), "{order}");
    }
}

#[tokio::test]
async fn both_operations_say_the_same_of_an_async_order() {
    let mut clock = Clock::manual();
    let sandbox = Sandbox::builder().clock(clock.clone()).start().await.unwrap();
    for _ in 0..3 {
        for reference in [
            "wellness-2026-01",
            "wellness-2026-02",
            "wellness-empty",
            "wellness-failed",
            "wellness-running",
            "held-cancelled",
            "held-review",
        ] {
            let pages = page(&sandbox, reference, &[("maxResults", "500")]).await.json();
            let id = pages["referenceOrderID"].as_str().unwrap();
            let order = get(&sandbox, &format!("/orders/{id}")).await.json();
            for name in [
                "externalRefID",
                "customerIdentifier",
                "accountIdentifier",
                "orderStatus",
                "createdAt",
                "sender",
                "campaign",
                "purchaseOrderNumber",
                "notes",
            ] {
                assert_eq!(order[name], pages[name], "{name} of {reference}");
            }
            assert_eq!(order["amountCharged"]["total"], pages["amountCharged"]["total"]);
            let entity = &order["asyncOrderEntity"];
            let status = match pages["orderStatus"].as_str().unwrap() {
                "COMPLETE" => "SUCCESSFUL",
                "PARTIAL" => "PARTIALFAILED",
                status @ ("FAILED" | "CANCELLED") => status,
                _ => "RETRYING",
            };
            assert_eq!(entity["status"], status, "{reference}");
            assert_eq!(entity["totalLineItems"], pages["totalLineItems"]);
            check_failed(&sandbox, reference, entity).await;
            check_shared(&pages, entity);
        }
        clock.advance(Duration::from_secs(200));
    }
}

/// Line items that failed are told alike.
async fn check_failed(sandbox: &Sandbox, reference: &str, entity: &Value) {
    let query = [("maxResults", "500"), ("failedOnly", "true")];
    let failed = page(sandbox, reference, &query).await.json();
    let items = failed["lineItems"].as_array().cloned().unwrap_or_default();
    let told = entity["failedLineItems"].as_array().cloned().unwrap_or_default();
    assert_eq!(told.len(), items.len(), "{reference}");
    for (told, item) in told.iter().zip(&items) {
        assert_eq!(told["lineItemId"], item["referenceLineItemId"]);
        assert_eq!(told["externalRefLineItemID"], item["externalRefLineItemID"]);
        let (error, known) = (&told["errors"][0], &item["lineItemErrors"][0]);
        assert_eq!(error["errorCodeName"], known["errorCode"]);
        assert_eq!(error["message"], known["errorMessage"]);
        let digits = known["errorCode"].as_str().unwrap().replace('.', "");
        assert_eq!(error["errorCodeValue"].to_string(), digits);
    }
}

/// References that are shared are told with how many share them.
fn check_shared(pages: &Value, entity: &Value) {
    let references = members(pages, "externalRefLineItemID");
    if pages["totalLineItems"] != references.len() {
        return;
    }
    for reference in references.iter().collect::<BTreeSet<_>>() {
        let count = references.iter().filter(|known| *known == reference).count();
        let told = &entity["duplicateLineItemRefIds"][reference];
        assert_eq!(
            told.as_u64(),
            (count > 1).then_some(u64::try_from(count).unwrap()),
            "{reference}"
        );
    }
}

#[tokio::test]
async fn people_campaigns_and_countries_differ_and_mail_addresses_keep_letters() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut seen: [BTreeSet<String>; 4] = std::array::from_fn(|_| BTreeSet::new());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    // The twentieth is one of version 1, years older.
    for place in (1..=99).filter(|place| place % 20 != 0) {
        let order = get(&sandbox, &format!("/orders/RA260115-1001-{place:02}")).await.json();
        seen[0].insert(text(&order["campaign"]));
        seen[1].insert(text(&order["sender"]["email"]));
    }
    let items = page(&sandbox, "wellness-million", &[("maxResults", "500")]).await.json();
    for item in items["lineItems"].as_array().unwrap() {
        let recipient = &item["recipient"];
        if let Some(country) = recipient["address"]["country"].as_str() {
            seen[2].insert(country.to_owned());
        }
        let [first, last] = ["firstName", "lastName"].map(|name| text(&recipient[name]));
        let plain = |name: &str| {
            let name = name.to_lowercase().replace(['é', 'ë'], "e").replace('\'', "");
            assert!(name.is_ascii(), "{name}");
            name
        };
        let start = format!("{}.{}.", plain(&first), plain(&last));
        let mail = text(&recipient["email"]);
        assert!(mail.starts_with(&start), "{mail} of {first} {last}");
        seen[3].insert(first);
    }
    assert!(seen.iter().all(|values| values.len() > 2), "{seen:?}");
    assert!(seen[3].contains("Zoë"));
}
