use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;
use tango_orders_client::types::{
    CredentialDisplayType, DeliveryMethod, DeliveryStatus, LineItemStatus, OrderStatus,
};
use tango_orders_sandbox::{AsyncOrderPlan, Sandbox};
use tango_orders_validator::{Operation, validate_response};

use crate::caller::{async_order, get, members, page};

fn check(operation: Operation, body: &[u8]) {
    let report = validate_response(operation, 200, body).unwrap();
    let findings: Vec<String> = report.findings().map(|finding| finding.to_string()).collect();
    // Drift would be a finding as well: the sandbox sends nothing that the document does not know.
    assert!(findings.is_empty(), "{findings:#?}");
}

/// The identifier of a generated order that is not one of version 1.
fn id(number: u32) -> String {
    format!("RA260115-1001-{:02}", number + 1)
}

#[tokio::test]
async fn every_generated_payload_obeys_the_document() {
    for seed in 0..24 {
        let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "checked");
        let plan = plan.line_items(500).failed(60).with_duplicates().takes(10).placed(-5);
        let sandbox = Sandbox::builder().seed(seed).async_order(plan).start().await.unwrap();
        for page in ["0", "5", "10"] {
            let path = format!("/orders?elementsPerBlock=100&page={page}");
            check(Operation::ListOrders, &get(&sandbox, &path).await.body);
        }
        for number in 0..19 {
            check(
                Operation::GetOrder,
                &get(&sandbox, &format!("/orders/{}", id(number))).await.body,
            );
        }
        for reference in [
            "checked",
            "wellness-2026-01",
            "wellness-empty",
            "wellness-failed",
            "held-cancelled",
            "held-payment",
        ] {
            for failed_only in ["false", "true"] {
                let query = [("maxResults", "500"), ("failedOnly", failed_only)];
                let response = page(&sandbox, reference, &query).await;
                check(Operation::GetAsyncOrder, &response.body);
                let order = response.json()["referenceOrderID"].as_str().unwrap().to_owned();
                check(Operation::GetOrder, &get(&sandbox, &format!("/orders/{order}")).await.body);
            }
        }
    }
}

fn names<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn every_value_of_the_vocabularies_occurs() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut see = |kind: &str, value: &Value| {
        if let Some(value) = value.as_str() {
            seen.insert(format!("{kind} {value}"));
        }
    };
    for number in 0..19 {
        let order = get(&sandbox, &format!("/orders/{}", id(number))).await.json();
        see("order", &order["status"]);
        for credential in order["reward"]["credentialList"].as_array().into_iter().flatten() {
            see("shown as", &credential["type"]);
        }
    }
    for number in 1..=9 {
        for place in 1..=99 {
            let id = format!("RA2601{:02}-{}-{place:02}", 16 - number, 1000 + number);
            let order = get(&sandbox, &format!("/orders/{id}")).await.json();
            for credential in order["reward"]["credentialList"].as_array().into_iter().flatten() {
                see("shown as", &credential["type"]);
            }
        }
    }
    let mut items = page(&sandbox, "wellness-million", &[("maxResults", "500")]).await.json();
    for reference in ["held-on-hold", "held-deleted", "held-cancelled"] {
        let held = page(&sandbox, reference, &[]).await.json();
        items["lineItems"]
            .as_array_mut()
            .unwrap()
            .extend(held["lineItems"].as_array().cloned().unwrap());
    }
    for item in items["lineItems"].as_array().unwrap() {
        see("item", &item["lineItemStatus"]);
        see("delivery", &item["deliveryStatus"]);
        see("method", &item["deliveryMethod"]);
    }
    let known = |kind: &'static str, values: Vec<String>| {
        values.into_iter().map(move |value| format!("{kind} {value}"))
    };
    let expected: BTreeSet<String> = known("order", names(OrderStatus::KNOWN))
        .chain(known("item", names(LineItemStatus::KNOWN)))
        .chain(known("delivery", names(DeliveryStatus::KNOWN)))
        .chain(known("method", names(DeliveryMethod::KNOWN)))
        .chain(known("shown as", names(CredentialDisplayType::KNOWN)))
        .collect();
    assert_eq!(expected.difference(&seen).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let mut summary = String::new();
    for seed in [0, 7] {
        let clock = tango_orders_sandbox::Clock::manual();
        let sandbox = Sandbox::builder().seed(seed).clock(clock).start().await.unwrap();
        let mut paths: Vec<String> =
            (0..19).map(|number| format!("/orders/{}", id(number))).collect();
        paths.push(format!("{}?maxResults=500", async_order("wellness-2026-01")));
        paths.push(format!("{}?failedOnly=true", async_order("wellness-million")));
        paths.push("/orders/unknown".to_owned());
        for path in paths {
            let body = get(&sandbox, &path).await.body;
            // FNV-1a, which is as good as any for telling bytes apart.
            let hash = body.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
            });
            writeln!(summary, "{seed} {path} {} {hash:016x}", body.len()).unwrap();
        }
    }
    insta::assert_snapshot!(summary);
}

#[tokio::test]
async fn an_order_reads_well() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    for number in [0, 4, 15] {
        let order = get(&sandbox, &format!("/orders/{}", id(number))).await.json();
        insta::assert_snapshot!(serde_json::to_string_pretty(&order).unwrap());
    }
}

#[tokio::test]
async fn people_are_visibly_made_up() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let items = page(&sandbox, "wellness-million", &[("maxResults", "500")]).await.json();
    for item in items["lineItems"].as_array().unwrap() {
        let mail = item["recipient"]["email"].as_str().unwrap();
        assert!(mail.ends_with("@example.com"), "{mail}");
    }
    assert_eq!(members(&items, "externalRefLineItemID").len(), 500);
}
