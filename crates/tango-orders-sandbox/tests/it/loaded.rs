use std::fs;
use std::path::Path;

use serde_json::json;
use tango_orders_sandbox::Sandbox;

use crate::caller::{get, members, page};

/// An order of version 1 of the API, written as no serializer would.
pub(crate) const ORDER: &str = r#"{"status":"COMPLETE",
    "referenceOrderID" : "RA180426-1401-64", "createdAt": "2018-04-26T09:30:00.8Z",
  "amountCharged": { "value": 10.00, "total": 10.0 } }"#;

/// An async order of seven line items on its only page.
fn async_order() -> String {
    let item = |number: u32| {
        let status = if number % 3 == 2 { "FAILED" } else { "COMPLETE" };
        format!(
            r#"{{ "referenceLineItemId": "AA260115-1001-01-{number}", "lineItemStatus": "{status}",
                "externalRefLineItemID": "member-{number}", "amountCharged": {{ "exchangeRate": 1.0840 }} }}"#
        )
    };
    let items: Vec<String> = (1..=7).map(item).collect();
    format!(
        r#"{{ "customerIdentifier": "acme-health", "accountIdentifier": "acme-health-rewards",
            "externalRefID": "wellness-2026-01", "orderStatus": "PARTIAL", "notes": "January round",
            "createdAt": "2026-01-15T09:30:00Z", "totalLineItems": 9, "lineItems": [{}],
            "pagination": {{ "prevPageAvailable": false, "nextPageAvailable": false,
                "maxResults": 100, "numberOfElements": 7 }} }}"#,
        items.join(", ")
    )
}

#[tokio::test]
async fn an_order_is_served_byte_for_byte() {
    let sandbox = Sandbox::builder().payload(ORDER).unwrap().start().await.unwrap();
    let response = get(&sandbox, "/orders/RA180426-1401-64").await;
    assert_eq!(response.body, ORDER.as_bytes());
}

#[tokio::test]
async fn an_async_order_is_served_page_by_page() {
    let builder = Sandbox::builder().without_async_orders().payload(async_order()).unwrap();
    let sandbox = builder.start().await.unwrap();
    let payload: serde_json::Value = serde_json::from_str(&async_order()).unwrap();
    let all = page(&sandbox, "wellness-2026-01", &[]).await;
    assert!(String::from_utf8_lossy(&all.body).contains("1.0840"), "digits are kept");
    let all = all.json();
    assert_eq!(all["lineItems"], payload["lineItems"]);
    assert_eq!(all["notes"], payload["notes"]);
    assert_eq!(all["totalLineItems"], 7, "as many as there are");

    let first = page(&sandbox, "wellness-2026-01", &[("maxResults", "4")]).await.json();
    let cursor = first["pagination"]["nextCursor"].as_str().unwrap();
    let second = page(&sandbox, "wellness-2026-01", &[("nextCursor", cursor)]).await.json();
    let ids = members(&all, "referenceLineItemId");
    assert_eq!(members(&first, "referenceLineItemId"), ids[..4]);
    assert_eq!(members(&second, "referenceLineItemId"), ids[4..]);

    let failed = page(&sandbox, "wellness-2026-01", &[("failedOnly", "true")]).await.json();
    let items = failed["lineItems"].as_array().unwrap();
    assert!(!items.is_empty());
    assert!(items.iter().all(|item| item["lineItemStatus"] == "FAILED"));
    let reference = all["lineItems"][1]["externalRefLineItemID"].as_str().unwrap();
    let query = [("externalLineItemReferenceIds", reference)];
    let found = page(&sandbox, "wellness-2026-01", &query).await.json();
    assert_eq!(found["lineItems"], json!([all["lineItems"][1]]));
}

#[tokio::test]
async fn a_folder_is_loaded_whole() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("a.json", ORDER), ("b.json", &async_order()), ("c.md", "# Notes")] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let builder = Sandbox::builder().without_async_orders().load(folder.path()).unwrap();
    let sandbox = builder.start().await.unwrap();
    assert_eq!(get(&sandbox, "/orders/RA180426-1401-64").await.status, 200);
    assert_eq!(page(&sandbox, "wellness-2026-01", &[]).await.json()["totalLineItems"], 7);
}

#[test]
fn a_payload_that_breaks_the_document_is_refused_with_its_findings() {
    let mut message = String::new();
    for payload in [
        r#"{ "referenceOrderID": "RA1", "status": "COMPLETE", "createdAt": "yesterday" }"#,
        r#"{ "referenceOrderID": "RA1", "#,
        r#"{ "externalRefID": "a", "orderStatus": "COMPLETE", "createdAt": "2026-01-15T09:30:00Z",
  "totalLineItems": 0, "pagination": { "prevPageAvailable": false, "nextPageAvailable": false,
  "maxResults": 1, "numberOfElements": 0 } }"#,
    ] {
        let error = Sandbox::builder().payload(payload).err().unwrap().to_string();
        // Where the rules stand in the document is not this test's business.
        let lines: Vec<&str> = error.lines().filter(|line| !line.contains("= rule: ")).collect();
        message += &format!("failed to {}\n\n", lines.join("\n"));
    }
    insta::assert_snapshot!(message);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Sandbox::builder().load(Path::new("nowhere.json")).err().unwrap().to_string();
    assert!(error.starts_with("read nowhere.json: "), "{error}");
}
