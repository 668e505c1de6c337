//! Responses in which every text that may not be printed is a canary.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::SPEC;

pub(super) const CANARY: &str = "CANARY";
/// How bytes of it print, and what of it survives base64, whatever stands before it.
const DISGUISED: [&str; 4] = ["67, 65, 78, 65, 82, 89", "Q0FOQVJZ", "NBTkFSW", "DQU5BUl"];

/// What of the canaries a text tells, each by the member that has it.
pub(super) fn leaks(text: &str) -> BTreeSet<String> {
    let is_name = |letter: &char| letter.is_ascii_alphanumeric() || ".-[]".contains(*letter);
    let named = text.split(CANARY).skip(1).map(|rest| {
        let name: String = rest.chars().take_while(is_name).collect();
        match name.trim_start_matches('-') {
            "" => "a canary of no member".to_owned(),
            name => name.to_owned(),
        }
    });
    let disguised = DISGUISED.iter().filter(|form| text.contains(**form));
    named.chain(disguised.map(|form| format!("a canary in disguise: {form}"))).collect()
}

pub(super) fn canary(name: &str) -> String {
    format!("{CANARY}-{name}")
}

/// What a canary is called that must not be shown even where private text is.
fn secret(place: &str) -> String {
    format!("secret.{place}")
}

/// Those of what a text tells that are secret.
pub(super) fn secrets_among(leaks: &BTreeSet<String>) -> BTreeSet<String> {
    leaks.iter().filter(|leak| !leak.starts_with(char::is_uppercase)).cloned().collect()
}

/// The schemas of the document, which says what may be printed.
static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let schemas = SPEC.document.root.pointer("/components/schemas");
    schemas.expect("the document has schemas").to_json()
});

/// A body of a component schema that has all its members at every depth.
///
/// Text is a canary unless the document lets it be printed: by `x-loggable`, or because it is of a
/// vocabulary or a timestamp. Each object has a member that the document does not know, and every
/// key that a caller chooses is a canary.
pub(super) fn body(schema: &str) -> Value {
    value(schema, &json!({ "$ref": format!("#/components/schemas/{schema}") }))
}

fn value(place: &str, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return value(place, &SCHEMAS[reference.trim_start_matches("#/components/schemas/")]);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        if let Some(first) = schema[keyword].get(0) {
            return value(place, first);
        }
    }
    match schema["type"].as_str() {
        Some("object") => {
            let mut members = Map::new();
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                members.insert(name.clone(), value(&format!("{place}.{name}"), schema));
            }
            let key = canary(&format!("{place}.key"));
            let any = json!(canary(&format!("{place}.undocumented")));
            let rest = schema.get("additionalProperties").map(|it| value(place, it));
            members.insert(key, rest.unwrap_or(any));
            members.into()
        }
        Some("array") => json!([value(&format!("{place}[]"), &schema["items"])]),
        Some("string") => text(place, schema).into(),
        Some("boolean") => true.into(),
        Some(_) => 1.into(),
        None => {
            let secret = secret(place);
            json!([canary(&secret), { canary(&format!("{secret}.key")): canary(&secret) }])
        }
    }
}

fn text(place: &str, schema: &Value) -> String {
    let first = |keyword: &str| schema[keyword].get(0).and_then(Value::as_str);
    if let Some(word) = first("x-extensible-enum").or(first("enum")) {
        word.to_owned()
    } else if schema["format"] == "date-time" {
        "2026-01-15T09:30:00Z".to_owned()
    } else if schema["x-loggable"] == true {
        "loggable".to_owned()
    } else if schema["format"] == "password" || schema["format"] == "html" {
        canary(&secret(place))
    } else {
        canary(place)
    }
}

pub(super) fn order() -> Value {
    body("Order")
}

/// The first page of a list of orders, of which there is one.
pub(super) fn list() -> Value {
    let mut list = body("OrderList");
    list["page"]["number"] = 0.into();
    list
}

/// The only page of an async order that is done.
pub(super) fn async_order() -> Value {
    let mut order = body("AsyncOrder");
    order["orderStatus"] = "COMPLETE".into();
    order["pagination"]["nextPageAvailable"] = false.into();
    // The calls filter by it.
    order["lineItems"][0]["externalRefLineItemID"] = Value::Null;
    order
}
