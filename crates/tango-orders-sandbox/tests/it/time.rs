use std::time::Duration;

use serde_json::json;
use tango_orders_sandbox::{AsyncOrderPlan, Clock, Sandbox};

use crate::caller::page;

#[tokio::test]
async fn an_async_order_gets_on_with_time() {
    let mut clock = Clock::manual();
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let plan = plan.line_items(10).failed(10).takes(100);
    let builder = Sandbox::builder().async_order(plan).clock(clock.clone());
    let sandbox = builder.start().await.unwrap();
    let mut seconds = 0;
    for (at, status, failed, completed) in [
        (0, "QUEUED", 0, json!(null)),
        (9, "QUEUED", 0, json!(null)),
        (10, "PENDING", 1, json!(null)),
        (99, "PENDING", 9, json!(null)),
        (100, "FAILED", 10, json!("2026-01-15T09:31:40Z")),
        (100_000, "FAILED", 10, json!("2026-01-15T09:31:40Z")),
    ] {
        clock.advance(Duration::from_secs(at - seconds));
        seconds = at;
        let order = page(&sandbox, "mine", &[]).await.json();
        assert_eq!(order["orderStatus"], status, "after {at} s");
        assert_eq!(order["completedAt"], completed);
        let count = |status: &str| {
            let items = order["lineItems"].as_array().unwrap().iter();
            items.filter(|item| item["lineItemStatus"] == status).count()
        };
        assert_eq!((count("FAILED"), count("PENDING")), (failed, 10 - failed));
        let failures = page(&sandbox, "mine", &[("failedOnly", "true")]).await.json();
        assert_eq!(failures["lineItems"].as_array().map_or(0, Vec::len), failed);
    }
}

#[tokio::test]
async fn time_can_run_fast() {
    let plan = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
    let builder = Sandbox::builder().async_order(plan.line_items(10).takes(3600));
    // An hour in a tenth of a second.
    let sandbox = builder.time_scale(36_000.0).start().await.unwrap();
    let mut polls = 0;
    while page(&sandbox, "mine", &[]).await.json()["orderStatus"] != "COMPLETE" {
        polls += 1;
        assert!(polls < 1000, "the order is never done");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
