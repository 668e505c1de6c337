use serde_json::json;
use tango_orders_client::types::{ErrorBody, Order};
use tango_orders_client::{AnyValue, Html, Secret};

const CANARY: &str = "CANARY-331XHT75";

#[test]
fn debug_of_a_reply_shows_no_secret() {
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
fn secrets_are_read_by_name_and_in_no_other_way() {
    let secret = Secret::from(CANARY.to_owned());
    assert_eq!(secret.expose_secret(), CANARY);
    assert_eq!(format!("{secret:?}"), "Secret([redacted])");
    let html = Html::from(CANARY.to_owned());
    assert_eq!(html.expose_markup(), CANARY);
    assert_eq!(format!("{html:?}"), "Html([redacted])");
    let value = AnyValue::from(json!(CANARY));
    assert_eq!(value.expose_value(), &json!(CANARY));
    assert_eq!(format!("{value:?}"), "AnyValue(string)");
}

#[test]
fn a_reply_can_be_written_again_in_full_where_that_is_asked_for() {
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
