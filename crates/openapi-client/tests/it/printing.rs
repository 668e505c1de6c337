//! What is secret or personal is read by name and in no other way.

use openapi_client::{AnyValue, Html, Map, Private, Secret};
use serde_json::json;

use crate::api::Thing;

const CANARY: &str = "CANARY-331XHT75";

#[test]
fn secrets_are_read_by_name_and_in_no_other_way() {
    let secret = Secret::from(CANARY.to_owned());
    assert_eq!(secret.expose_secret(), CANARY);
    assert_eq!(format!("{secret:?}"), "Secret([redacted])");
    let private = Private::from(CANARY);
    assert_eq!(private.as_str(), CANARY);
    assert_eq!(format!("{private:?}"), "Private([redacted])");
    let map: Map<String, u8> = [(CANARY.to_owned(), 1)].into_iter().collect();
    assert_eq!(format!("{map:?}"), "Map[1]");
    let html = Html::from(CANARY.to_owned());
    assert_eq!(html.expose_markup(), CANARY);
    assert_eq!(format!("{html:?}"), "Html([redacted])");
    let value = AnyValue::from(json!(CANARY));
    assert_eq!(value.expose_value(), &json!(CANARY));
    assert_eq!(format!("{value:?}"), "AnyValue(string)");
}

#[test]
fn debug_of_a_response_shows_what_is_neither() {
    let json = json!({
        "id": "1", "madeAt": "2026-01-15T09:30:00Z", "owner": CANARY, "code": CANARY, "x": CANARY,
    });
    let thing: Thing = serde_json::from_value(json).unwrap();
    let told = format!("{thing:?} {thing:#?}");
    assert!(told.contains("2026-01-15T09:30:00Z") && !told.contains(CANARY), "{told}");
    assert_eq!(thing.made_at.unwrap().as_second(), 1_768_469_400);
    assert_eq!(thing.owner.unwrap().as_str(), CANARY);
    assert_eq!(thing.code.unwrap().expose_secret(), CANARY);
}
