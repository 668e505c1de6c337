use jiff::Timestamp;
use serde_json::{Value, json};
use tango_orders_client::types::{
    AsyncOrder, CredentialDisplayType, DeliveryMethod, ErrorBody, LineItemStatus, Order,
};

fn order(changes: &Value) -> Order {
    let mut order = json!({
        "referenceOrderID": "RA260115-1001-02",
        "amountCharged": {},
        "status": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
    });
    merge(&mut order, changes);
    serde_json::from_str(&order.to_string()).unwrap()
}

fn async_order(changes: &Value) -> AsyncOrder {
    let mut order = json!({
        "externalRefID": "wellness",
        "orderStatus": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
        "totalLineItems": 1,
        "pagination": {
            "prevPageAvailable": false, "nextPageAvailable": false,
            "maxResults": 100, "numberOfElements": 1,
        },
    });
    merge(&mut order, changes);
    serde_json::from_str(&order.to_string()).unwrap()
}

fn merge(into: &mut Value, changes: &Value) {
    for (name, value) in changes.as_object().unwrap() {
        into[name] = value.clone();
    }
}

#[test]
fn absent_members_decode() {
    let order = order(&json!({}));
    assert!(order.reward.is_none());
    let order = async_order(&json!({}));
    assert!(order.line_items.is_empty());
    assert!(order.order_errors.is_empty());
}

#[test]
fn null_decodes_wherever_a_member_is_optional() {
    let names = [
        "referenceLineItemID",
        "externalRefID",
        "customerIdentifier",
        "accountIdentifier",
        "accountNumber",
        "denomination",
        "utid",
        "ptid",
        "rewardName",
        "sender",
        "recipient",
        "sendEmail",
        "emailSubject",
        "message",
        "deliveryMethod",
        "etid",
        "orderStatus",
        "lineItemStatus",
        "campaign",
        "notes",
        "orderClientSource",
        "purchaseOrderNumber",
        "orderExternalRefIdDupe",
        "asyncOrderEntity",
        "reward",
    ];
    for name in names {
        order(&json!({ name: null }));
    }
    let order = order(&json!({
        "amountCharged": { "value": null, "currencyCode": null, "fee": null, "total": null },
        "recipient": { "firstName": null, "email": "", "address": null },
        "sender": { "firstName": "", "lastName": null },
        "reward": {
            "credentials": null, "credentialList": null, "redemptionInstructions": null,
        },
        "asyncOrderEntity": {
            "createdAt": null, "failedLineItems": null, "duplicateLineItemRefIds": null,
            "totalLineItems": null,
        },
    }));
    assert!(order.reward.unwrap().credential_list.is_empty());
    async_order(&json!({
        "completedAt": null, "sender": null, "amountCharged": null, "orderErrors": null,
        "lineItems": [{
            "referenceLineItemId": "x", "lineItemStatus": "COMPLETE", "recipient": null,
            "amount": null, "amountCharged": null, "scheduledDeliveryDate": null,
            "lineItemErrors": null, "deliveryStatus": null,
        }],
    }));
}

#[test]
fn unknown_members_are_ignored_and_unknown_values_kept() {
    let order = order(&json!({
        "marginShare": { "value": 1, "currencyCode": "USD" },
        "deliveryMethod": "PIGEON",
        "reward": { "credentialList": [{ "label": "x", "value": "y", "type": "hologram", "new": 1 }] },
    }));
    assert_eq!(order.delivery_method, Some(DeliveryMethod::Unknown("PIGEON".to_owned())));
    let reward = order.reward.unwrap();
    let credential = reward.credential_list.first().unwrap();
    assert_eq!(credential.type_, CredentialDisplayType::from("hologram"));
    // Responses of before July 2018 lack it.
    assert!(credential.credential_type.is_none());
    assert_eq!(credential.value.expose_secret(), "y");
}

#[test]
fn lists_of_line_items_decode_in_all_their_disguises() {
    for (line_items, length) in [
        (json!("NONE"), 0),
        (json!("NULL"), 0),
        (json!(null), 0),
        (json!([]), 0),
        (json!([{ "referenceLineItemId": "x", "lineItemStatus": "RETURNED" }]), 1),
    ] {
        let order = async_order(&json!({ "lineItems": line_items }));
        assert_eq!(order.line_items.len(), length, "{line_items}");
    }
    let order = async_order(&json!({
        "lineItems": [{ "referenceLineItemId": "x", "lineItemStatus": "FAILED" }],
    }));
    let statuses: Vec<_> = order.line_items.iter().map(|item| &item.line_item_status).collect();
    assert_eq!(statuses, [&LineItemStatus::Failed]);
}

#[test]
fn money_keeps_its_scale() {
    for text in ["1", "10", "10.00", "10.0", "12345678901234567.89"] {
        let json = format!(
            r#"{{"referenceOrderID":"x","status":"x","createdAt":"2026-01-15T09:30:00Z",
                "amountCharged":{{"value":{text}}}}}"#
        );
        let order: Order = serde_json::from_slice(json.as_bytes()).unwrap();
        assert_eq!(order.amount_charged.value.unwrap().as_str(), text);
    }
}

#[test]
fn timestamps_decode_with_any_fraction_and_offset() {
    for (text, nanoseconds) in [
        ("2026-01-15T09:30:00Z", 0),
        ("2026-01-15T09:30:00.8Z", 800_000_000),
        ("2026-01-15T09:30:00.812Z", 812_000_000),
        ("2026-01-15T09:30:00.123456789Z", 123_456_789),
        ("2026-01-15T11:30:00.812+02:00", 812_000_000),
        ("2026-01-15T09:30:00+00:00", 0),
    ] {
        let order = order(&json!({ "createdAt": text }));
        let second: Timestamp = "2026-01-15T09:30:00Z".parse().unwrap();
        assert_eq!(order.created_at.as_second(), second.as_second(), "{text}");
        assert_eq!(order.created_at.subsec_nanosecond(), nanoseconds, "{text}");
    }
}

#[test]
fn limits_of_the_document_do_not_bind_a_response() {
    let long = "x".repeat(1_000);
    order(&json!({
        "externalRefID": long, "utid": "?", "etid": "", "ptid": "string",
        "recipient": { "email": "none", "address": { "country": "Germany" } },
        "amountCharged": { "currencyCode": "string", "value": -1 },
    }));
    let order = async_order(&json!({
        "totalLineItems": 3_000_000_000_u64,
        "pagination": {
            "prevPageAvailable": true, "nextPageAvailable": true, "maxResults": -1,
            "numberOfElements": 501,
        },
    }));
    assert_eq!(order.total_line_items, 3_000_000_000);
}

#[test]
fn both_families_of_error_bodies_decode() {
    let bodies = [
        json!({
            "timestamp": "2018-10-01T10:00:56.8Z", "requestId": "r", "path": "/v2/orders",
            "httpCode": 400, "httpPhrase": "Bad Request",
            "errors": [
                { "path": "a", "i18nKey": "422.024", "message": "m", "invalidValue": "v",
                  "constraint": "Email" },
                { "path": "a", "code": 400_500, "i18nKey": "400.001", "message": "m" },
                { "path": "a", "message": "m", "invalidValue": null, "constraint": "NotNull" },
                { "message": "m", "code": 404_001 },
                { "invalidValue": 17.5 },
                { "invalidValue": { "any": ["thing"] }, "i18nTokenReplacements": [1, "2", null] },
            ],
        }),
        json!({ "timestamp": "2018-10-01T10:00:56.812Z", "httpCode": 401, "message": "m" }),
        json!({ "message": "m", "i18nKey": "404.005", "i18nTokenReplacements": ["x", 1] }),
        json!({}),
        json!({ "errors": null, "message": null, "httpCode": null, "timestamp": null }),
    ];
    for body in bodies {
        serde_json::from_value::<ErrorBody>(body.clone()).unwrap();
        serde_json::from_str::<ErrorBody>(&body.to_string()).unwrap();
    }
}

#[test]
fn what_the_document_requires_is_required() {
    for json in [
        r#"{"referenceOrderID":"x","amountCharged":{},"status":"x"}"#,
        r#"{"referenceOrderID":null,"amountCharged":{},"status":"x","createdAt":"2026-01-15T09:30:00Z"}"#,
    ] {
        assert!(serde_json::from_str::<Order>(json).is_err(), "{json}");
    }
}
