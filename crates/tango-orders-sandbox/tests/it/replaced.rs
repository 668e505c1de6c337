//! Loaded orders beside those that the sandbox has anyway, and those that it had before.

use std::fs;

use serde_json::{Value, json};
use tango_orders_sandbox::{AsyncOrderPlan, OrderPlan, Sandbox};

use crate::caller::{Response, async_order, get, members, page, request};

/// A payload of the documentation, with some members changed.
fn payload(operation: &str, changes: &[(&str, &str)]) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/samples");
    let text = fs::read_to_string(format!("{folder}/{operation}.200.realistic.json")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    for (name, text) in changes {
        value[name] = json!(text);
    }
    value.to_string()
}

async fn listed(sandbox: &Sandbox, id: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for number in 0.. {
        let number = number.to_string();
        let query = [("elementsPerBlock", "100"), ("page", &number)];
        let list = Response::of(request(sandbox, "/orders").query(&query)).await.json();
        let orders = list["orders"].as_array().unwrap();
        found.extend(orders.iter().filter(|order| order["referenceOrderID"] == *id).cloned());
        if orders.len() < 100 {
            break;
        }
    }
    found
}

#[tokio::test]
async fn the_payloads_of_the_documentation_can_be_loaded_and_are_served() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/samples");
    let load = |name: &str| format!("{folder}/{name}").into();
    let order: std::path::PathBuf = load("get_order.200.realistic.json");
    let pages: std::path::PathBuf = load("get_async_order.200.realistic.json");
    let builder = Sandbox::builder().load(&order).unwrap().load(&pages).unwrap();
    let sandbox = builder.start().await.unwrap();
    let served = get(&sandbox, "/orders/RA260115-1001-02").await;
    assert_eq!(served.body, fs::read(&order).unwrap(), "byte for byte");
    assert_eq!(page(&sandbox, "wellness-2026-01", &[]).await.json()["notes"], "January round");
    // It is said, and the others are as they were.
    let expected = [
        format!(
            "{} takes the place of the ready-made async order \
             acme-health/acme-health-rewards/wellness-2026-01",
            pages.display()
        ),
        format!("{} takes the place of the generated order RA260115-1001-02", order.display()),
    ];
    assert_eq!(sandbox.replaced(), expected);
    assert_eq!(page(&sandbox, "wellness-2026-02", &[]).await.json()["totalLineItems"], 40);
    let found = listed(&sandbox, "RA260115-1001-02").await;
    assert_eq!(found.len(), 1, "a list has it once");
    assert_eq!(found[0]["externalRefID"], "thank-you-0001");
}

#[tokio::test]
async fn a_loaded_async_order_is_found_by_both_operations() {
    let text =
        payload("get_async_order", &[("externalRefID", "mine"), ("referenceOrderID", "ZZ1")]);
    let sandbox = Sandbox::builder().payload(text.as_str()).unwrap().start().await.unwrap();
    let pages = page(&sandbox, "mine", &[]).await.json();
    let order = get(&sandbox, "/orders/ZZ1").await;
    assert_eq!(order.status, 200);
    let order = order.json();
    for name in ["externalRefID", "customerIdentifier", "campaign", "notes", "orderStatus"] {
        assert_eq!(order[name], pages[name], "{name}");
    }
    assert_eq!(order["amountCharged"]["total"], pages["amountCharged"]["total"]);
    assert_eq!(order["referenceLineItemID"], pages["lineItems"][0]["referenceLineItemId"]);
    let entity = &order["asyncOrderEntity"];
    assert_eq!(entity["totalLineItems"], pages["totalLineItems"]);
    let failed = page(&sandbox, "mine", &[("failedOnly", "true")]).await.json();
    let told = entity["failedLineItems"].as_array().unwrap().iter();
    let told: Vec<&str> = told.map(|item| item["lineItemId"].as_str().unwrap()).collect();
    assert_eq!(told, members(&failed, "referenceLineItemId"));
    assert_eq!(listed(&sandbox, "ZZ1").await.len(), 1);
}

#[tokio::test]
async fn both_views_of_one_order_can_be_loaded() {
    let order = payload("get_order", &[("referenceOrderID", "ZZ1")]);
    let pages =
        payload("get_async_order", &[("externalRefID", "mine"), ("referenceOrderID", "ZZ1")]);
    for both in [[&order, &pages], [&pages, &order]] {
        let mut builder = Sandbox::builder();
        for text in both {
            builder = builder.payload(text.as_str()).unwrap();
        }
        let sandbox = builder.start().await.unwrap();
        assert_eq!(get(&sandbox, "/orders/ZZ1").await.body, order.as_bytes());
        assert_eq!(page(&sandbox, "mine", &[]).await.json()["referenceOrderID"], "ZZ1");
        assert_eq!(listed(&sandbox, "ZZ1").await.len(), 1);
        assert!(sandbox.replaced().is_empty());
    }
}

#[tokio::test]
async fn orders_of_a_foreign_customer_are_not_served_wherever_they_come_from() {
    let customer = ("customerIdentifier", "hooli-sample");
    let order = payload("get_order", &[("referenceOrderID", "F1"), customer]);
    let pages = payload("get_async_order", &[("referenceOrderID", "F2"), customer]);
    let plan = AsyncOrderPlan::new(customer.1, "any", "planned").line_items(1);
    let builder = Sandbox::builder().payload(order).unwrap().payload(pages).unwrap();
    let builder = builder.async_order(plan).order(OrderPlan::new("F3").account(customer.1, "any"));
    for is_foreign in [false, true] {
        let builder = builder.clone();
        let builder = if is_foreign { builder.foreign_customer(customer.1) } else { builder };
        let sandbox = builder.start().await.unwrap();
        for id in ["F1", "F2", "F3", "AA260115-1017-01"] {
            let status = if is_foreign { 404 } else { 200 };
            assert_eq!(get(&sandbox, &format!("/orders/{id}")).await.status, status, "{id}");
            assert_eq!(listed(&sandbox, id).await.len(), usize::from(!is_foreign), "{id}");
        }
        let path = format!("/asyncOrders/customers/{}/accounts/any/planned", customer.1);
        let status = if is_foreign { 403 } else { 200 };
        assert_eq!(get(&sandbox, &path).await.status, status);
    }
}

#[tokio::test]
async fn two_orders_that_somebody_wants_under_one_key_are_refused_and_named() {
    let folder = tempfile::tempdir().unwrap();
    for (name, note) in [("a.json", "one"), ("b.json", "other")] {
        let order = payload("get_order", &[("notes", note)]);
        fs::write(folder.path().join(name), order).unwrap();
    }
    fs::write(folder.path().join("c.json"), payload("get_async_order", &[])).unwrap();
    let load = |names: &[&str]| {
        let mut builder = Sandbox::builder();
        for name in names {
            builder = builder.load(&folder.path().join(name)).unwrap();
        }
        builder
    };
    let mut messages = String::new();
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "wellness-2026-01");
    for builder in [
        load(&["a.json", "b.json"]),
        load(&["c.json"]).async_order(plan.clone()),
        Sandbox::builder().async_order(plan),
        load(&["a.json"]).order(OrderPlan::new("RA260115-1001-02")),
        Sandbox::builder().order(OrderPlan::new("mine")).order(OrderPlan::new("mine")),
    ] {
        let error = builder.start().await.unwrap_err().to_string();
        messages += &error.replace(folder.path().to_str().unwrap(), "FOLDER");
        messages.push('\n');
    }
    insta::assert_snapshot!(messages);
    // The same bytes twice are one order.
    assert!(load(&["a.json", "a.json"]).start().await.is_ok());
}

#[tokio::test]
async fn a_sandbox_can_have_loaded_orders_only() {
    let text = payload("get_order", &[]);
    let bare = Sandbox::builder().without_ready_made();
    let sandbox = bare.clone().payload(text).unwrap().start().await.unwrap();
    let list = get(&sandbox, "/orders").await.json();
    assert_eq!(list["page"]["totalCount"], 1);
    assert_eq!(get(&sandbox, "/orders/RA260115-1001-02").await.status, 200);
    assert!(sandbox.replaced().is_empty());
    assert_eq!(get(&sandbox, "/orders/RA260115-1001-01").await.status, 404);
    let path = async_order("wellness-2026-01");
    assert_eq!(get(&sandbox, &path).await.status, 404);
    let foreign = "/asyncOrders/customers/other-company/accounts/a/b";
    assert_eq!(get(&sandbox, foreign).await.status, 404, "nobody of this name");
    let url = format!("http://{}/", sandbox.address());
    let home = crate::caller::client().get(url).send().await.unwrap().text().await.unwrap();
    assert!(home.contains("/orders/RA260115-1001-02"), "{home}");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    sandbox.save(&file).unwrap();
    assert!(bare.clone().resume(&file).is_ok());
    Sandbox::builder().start().await.unwrap().save(&file).unwrap();
    assert!(bare.resume(&file).is_err(), "its orders are not wanted");
}

#[tokio::test]
async fn a_single_order_can_be_planned() {
    use tango_orders_client::types::OrderStatus;
    let mut clock = tango_orders_sandbox::Clock::manual();
    let plan =
        OrderPlan::new("RA260115-1001-02").reference("ticket 7").recipient("zoe@example.com");
    let plan = plan.account("globex", "globex-rewards").status(OrderStatus::Cancelled).takes(60);
    let builder = Sandbox::builder().clock(clock.clone()).order(plan);
    let sandbox = builder.order(OrderPlan::new("X/1")).start().await.unwrap();
    let path = "/orders/RA260115-1001-02";
    let order = get(&sandbox, path).await;
    let findings =
        tango_orders_validator::validate(tango_orders_validator::Schema::Order, &order.body);
    assert_eq!(findings.findings().count(), 0);
    let order = order.json();
    assert_eq!(
        (&order["status"], &order["externalRefID"]),
        (&"PENDING".into(), &"ticket 7".into())
    );
    assert_eq!(order["recipient"]["email"], "zoe@example.com");
    assert_eq!(listed(&sandbox, "RA260115-1001-02").await.len(), 1);
    clock.advance(std::time::Duration::from_secs(60));
    let order = get(&sandbox, path).await.json();
    assert_eq!(
        (&order["status"], &order["amountCharged"]["total"]),
        (&"CANCELLED".into(), &json!(0.0))
    );
    assert!(order.get("reward").is_none());
    let order = get(&sandbox, "/orders/X%2F1").await.json();
    assert_eq!(order["status"], "COMPLETE");
    assert!(order["reward"]["credentialList"][0]["value"].is_string());

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    sandbox.save(&file).unwrap();
    let resumed = Sandbox::builder().resume(&file).unwrap().start().await.unwrap();
    assert_eq!(get(&resumed, path).await.json()["status"], "CANCELLED");
}
