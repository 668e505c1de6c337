use serde_json::json;
use tango_orders_client::types::{AsyncOrder, ErrorBody, Order};

const CANARY: &str = "CANARY-331XHT75";

#[test]
fn debug_of_a_response_shows_no_secret() {
    let order: Order = serde_json::from_value(json!({
        "referenceOrderID": "RA260115-1001-02",
        "amountCharged": { "value": 10 },
        "status": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
        "reward": {
            "credentials": { "rewardSecurityCode": CANARY },
            "credentialList": [
                { "label": "code", "value": CANARY, "type": "text", "credentialType": "claimCode" },
            ],
            "redemptionInstructions": format!("<p>Use {CANARY}</p>"),
        },
    }))
    .unwrap();
    let told = format!("{order:?} {order:#?}");
    assert!(!told.contains(CANARY), "{told}");
    assert!(told.contains("RA260115-1001-02"), "{told}");

    let body: ErrorBody = serde_json::from_value(json!({
        "message": "no",
        "i18nTokenReplacements": [CANARY],
        "errors": [{ "invalidValue": CANARY }, { "invalidValue": { "a": [CANARY] } }],
    }))
    .unwrap();
    let told = format!("{body:?} {body:#?}");
    assert!(!told.contains(CANARY), "{told}");
}

#[test]
fn debug_of_a_response_shows_nothing_of_a_person() {
    let person = json!({
        "firstName": CANARY,
        "lastName": CANARY,
        "email": CANARY,
        "mobileNumber": CANARY,
        "address": {
            "streetLine1": CANARY,
            "streetLine2": CANARY,
            "city": CANARY,
            "stateOrProvince": CANARY,
            "country": CANARY,
            "postalCode": CANARY,
            "companyName": CANARY,
        },
    });
    let order: Order = serde_json::from_value(json!({
        "referenceOrderID": "RA260115-1001-02",
        "amountCharged": { "value": 10 },
        "status": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
        "sender": person,
        "recipient": person,
        "emailSubject": CANARY,
        "message": CANARY,
        "notes": CANARY,
        "asyncOrderEntity": {
            "failedLineItems": [{ "errors": [{ "message": CANARY }] }],
            "duplicateLineItemRefIds": { CANARY: 2 },
        },
        CANARY: CANARY,
    }))
    .unwrap();
    let told = format!("{order:?} {order:#?}");
    assert!(!told.contains(CANARY), "{told}");
    assert_eq!(order.recipient.unwrap().address.unwrap().city.unwrap().as_str(), CANARY);

    let order: AsyncOrder = serde_json::from_value(json!({
        "externalRefID": "wellness-2026-01",
        "orderStatus": "COMPLETE",
        "createdAt": "2026-01-15T09:30:00Z",
        "totalLineItems": 1,
        "pagination": {
            "prevCursor": CANARY,
            "nextCursor": CANARY,
            "prevPageAvailable": false,
            "nextPageAvailable": false,
            "maxResults": 1,
            "numberOfElements": 1,
        },
        "sender": person,
        "notes": CANARY,
        "orderErrors": [{ "errorMessage": CANARY }],
        "lineItems": [{
            "referenceLineItemId": "AA260115-1001-01-1",
            "lineItemStatus": "FAILED",
            "recipient": person,
            "lineItemErrors": [{ "errorMessage": CANARY }],
        }],
    }))
    .unwrap();
    let told = format!("{order:?} {order:#?}");
    assert!(!told.contains(CANARY), "{told}");
    assert!(told.contains("AA260115-1001-01-1"), "{told}");

    let body: ErrorBody = serde_json::from_value(json!({
        "path": CANARY, "message": CANARY, "errors": [{ "message": CANARY }],
    }))
    .unwrap();
    let told = format!("{body:?} {body:#?}");
    assert!(!told.contains(CANARY), "{told}");
}

#[test]
fn a_response_can_be_written_again_in_full_where_that_is_asked_for() {
    let json = json!({
        "referenceOrderID": "RA260115-1001-02",
        "amountCharged": { "value": 10.5 },
        "status": "NEW_IN_2027",
        "createdAt": "2026-01-15T09:30:00.8Z",
        "reward": { "credentials": { "pin": CANARY }, "redemptionInstructions": "<p>x</p>" },
    });
    let order: Order = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&order).unwrap(), json);
}
