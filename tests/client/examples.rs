//! The examples say what a reader expects of them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::fake::{Fake, builder, status};
use super::{audit_async_order, support_lookup};

#[tokio::test]
async fn the_audit_tells_who_received_what_and_how() {
    const PAGE: &str = include_str!("../../openapi/samples/get_async_order.200.realistic.json");
    let mut last: Value = serde_json::from_str(PAGE).unwrap();
    last["pagination"]["nextPageAvailable"] = false.into();
    last["lineItems"] = json!([{
        "referenceLineItemId": "AA260115-1001-01-8",
        "lineItemStatus": "NEW_IN_2027",
    }]);
    let last = last.to_string();
    let fake = Fake::new(move |request| {
        // The first request waits, the others read pages.
        let page = if request < 2 { PAGE } else { &last };
        std::future::ready(Ok(status(200, &[], page)))
    });
    let client = builder(&fake).build().unwrap().audit();
    let mut out = Vec::new();
    let run = audit_async_order::run(&client, "acme", "acme-rewards", "wellness-2026-01", &mut out);
    run.await.unwrap();
    assert_snapshot!(String::from_utf8(out).unwrap());
}

#[tokio::test]
async fn the_lookup_shows_what_redeems_a_reward_only_on_request() {
    const ORDER: &str = include_str!("../../openapi/samples/get_order.200.realistic.json");
    let fake = Fake::new(|_| async { Ok(status(200, &[], ORDER)) });
    let client = builder(&fake).build().unwrap().support();
    let mut out = Vec::new();
    support_lookup::run(&client, "RA260115-1001-02", false, &mut out).await.unwrap();
    let hidden = String::from_utf8(out).unwrap();
    let mut out = Vec::new();
    support_lookup::run(&client, "RA260115-1001-02", true, &mut out).await.unwrap();
    let revealed = String::from_utf8(out).unwrap();
    assert_snapshot!(format!("{hidden}\n{revealed}"));
}
