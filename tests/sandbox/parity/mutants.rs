//! The comparison notices whatever a handler may get wrong.

use openapi_codegen::source::escape;
use serde_json::{Value, json};

use super::difference::Difference;
use super::{compared, messages, sandbox, unexplained};
use crate::document::places::without_places;

const ASYNC_ORDER: &str = "/paths/~1asyncOrders~1customers~1{customerIdentifier}~1accounts~1{accountIdentifier}~1{externalRefID}/get";
const ORDER: &str = "/paths/~1orders~1{referenceOrderID}/get";

/// What becomes of the value at a pointer; nothing if it goes away.
type Edit = (&'static str, &'static str, &'static str, Option<Value>);

/// Mistakes that a handler or a type may have: what, and where, from an operation or from the root.
#[expect(clippy::too_many_lines, reason = "it is a list")]
fn mistakes() -> Vec<Edit> {
    vec![
        ("a path", "", "/paths/~1orders~1{referenceOrderID}", None),
        ("an operation", ORDER, "", None),
        ("another operationId", ORDER, "/operationId", Some(json!("find_order"))),
        ("a parameter", ASYNC_ORDER, "/parameters/failedOnly", None),
        (
            "a parameter's name",
            ASYNC_ORDER,
            "/parameters/prevCursor/name",
            Some(json!("previousCursor")),
        ),
        ("a parameter's place", ASYNC_ORDER, "/parameters/prevCursor/in", Some(json!("header"))),
        ("a bound", ASYNC_ORDER, "/parameters/maxResults/schema/maximum", Some(json!(1000))),
        ("a default", ASYNC_ORDER, "/parameters/maxResults/schema/default", Some(json!(50))),
        ("a length", ASYNC_ORDER, "/parameters/externalRefID/schema/maxLength", None),
        (
            "the length of an item",
            ASYNC_ORDER,
            "/parameters/externalLineItemReferenceIds/schema/items/maxLength",
            None,
        ),
        (
            "a number of items",
            ASYNC_ORDER,
            "/parameters/referenceLineItemIds/schema/maxItems",
            Some(json!(51)),
        ),
        (
            "how a list is written",
            ASYNC_ORDER,
            "/parameters/externalLineItemReferenceIds/explode",
            Some(json!(false)),
        ),
        (
            "a parameter that is required",
            ASYNC_ORDER,
            "/parameters/nextCursor/required",
            Some(json!(true)),
        ),
        ("parameters that exclude each other", ASYNC_ORDER, "/x-mutually-exclusive/1", None),
        ("a status", ASYNC_ORDER, "/responses/429", None),
        (
            "a status too many",
            ORDER,
            "/responses/429",
            Some(json!({ "description": "More than one call per second." })),
        ),
        (
            "a body",
            ORDER,
            "/responses/200/content/application~1json/schema/$ref",
            Some(json!("#/components/schemas/AsyncOrder")),
        ),
        ("a media type", ORDER, "/responses/404/content", Some(json!({ "text/plain": {} }))),
        ("a link", ORDER, "/responses/200/links/async_order/parameters/externalRefID", None),
        ("a member", "", "/components/schemas/Order/properties/rewardName", None),
        (
            "a member too many",
            "",
            "/components/schemas/Order/properties/marginShare",
            Some(json!({ "type": "number" })),
        ),
        (
            "a member that is required and gone",
            "",
            "/components/schemas/LineItem/properties/lineItemStatus",
            None,
        ),
        ("a required member", "", "/components/schemas/Credential/required/0", None),
        (
            "a member that is required",
            "",
            "/components/schemas/Charge/required",
            Some(json!(["value"])),
        ),
        (
            "a required member that may be null",
            "",
            "/components/schemas/Order/properties/createdAt/type",
            Some(json!(["string", "null"])),
        ),
        ("a format", "", "/components/schemas/Credential/properties/value/format", None),
        (
            "another format",
            "",
            "/components/schemas/Charge/properties/total/format",
            Some(json!("double")),
        ),
        (
            "a type",
            "",
            "/components/schemas/ErrorBody/properties/httpCode/type",
            Some(json!(["string", "null"])),
        ),
        (
            "what a list holds",
            "",
            "/components/schemas/ErrorBody/properties/errors/items/$ref",
            Some(json!("#/components/schemas/ItemError")),
        ),
        (
            "a value of a vocabulary",
            "",
            "/components/schemas/OrderStatus/x-extensible-enum/2",
            None,
        ),
        (
            "a closed vocabulary",
            "",
            "/components/schemas/OrderStatus/enum",
            Some(json!(["PENDING"])),
        ),
        (
            "a rule that responses are not held to",
            "",
            "/components/schemas/Order/properties/message/maxLength",
            Some(json!(255)),
        ),
        ("a way to sign in", "", "/components/securitySchemes/oauth2_sandbox", None),
        ("an operation that anybody may call", ORDER, "/security", Some(json!([]))),
    ]
}

/// The pointer with the number of a parameter in place of its name.
fn numbered(document: &Value, pointer: &str) -> String {
    let Some((operation, rest)) = pointer.split_once("/get/parameters/") else {
        return pointer.to_owned();
    };
    let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let parameters = document.pointer(&format!("{operation}/get/parameters"));
    let parameters = parameters.and_then(Value::as_array).expect("the operation has parameters");
    let number = parameters.iter().position(|parameter| parameter["name"] == name);
    format!("{operation}/get/parameters/{}{rest}", number.expect("the parameter is there"))
}

#[test]
fn mistakes_are_told_with_both_places() {
    let mut told = String::new();
    for (what, base, pointer, value) in mistakes() {
        let mut document = sandbox();
        let pointer = numbered(&document, &format!("{base}{pointer}"));
        edit(&mut document, &pointer, value);
        let differences = compared(&document);
        let found = unexplained(&differences);
        assert!(!found.is_empty(), "nobody notices {what}");
        told.push_str(&format!("== {what}\n{}\n\n", messages(&found)));
    }
    insta::assert_snapshot!(without_places(&told));
}

/// Whether a change leaves the document as right as it was.
fn is_harmless(pointer: &str, is_lost: bool, before: &[Difference], after: &[Difference]) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    // Words; the table says whose they are.
    let is_word = last == "description"
        || pointer.starts_with("/info/license")
        || pointer.starts_with("/servers");
    // What is written and would hold anyway.
    let is_default = ["required", "style", "explode"].contains(&last)
        && pointer.contains("/parameters/")
        || last == "propertyNames";
    // Without null beside an optional member, for one, the documents are closer to each other.
    let is_closer = after.len() < before.len();
    is_word && before != after || is_lost && is_default && before == after || is_closer
}

#[test]
fn nothing_can_be_lost_or_changed_without_being_noticed() {
    let document = sandbox();
    let before = compared(&document);
    let mut pointers = Vec::new();
    collect(&document, String::new(), &mut pointers);
    let mut overlooked = Vec::new();
    for pointer in &pointers {
        let changed = document.pointer(pointer).and_then(another);
        for value in [None].into_iter().chain(changed.map(Some)) {
            let is_lost = value.is_none();
            let mut mutant = document.clone();
            edit(&mut mutant, pointer, value);
            let after = compared(&mutant);
            if unexplained(&after).is_empty() && !is_harmless(pointer, is_lost, &before, &after) {
                overlooked.push(format!("{pointer} {}", if is_lost { "lost" } else { "changed" }));
            }
        }
    }
    assert!(pointers.len() > 1000, "{} values are too few", pointers.len());
    println!("{} values of the sandbox's document, each lost or changed", pointers.len());
    assert!(overlooked.is_empty(), "{} of {}: {overlooked:#?}", overlooked.len(), pointers.len());
}

/// The pointers of all values within a value.
fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                collect(value, format!("{pointer}/{}", escape(name)), pointers);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), pointers);
            }
        }
        _ => {}
    }
    if !pointer.is_empty() {
        pointers.push(pointer);
    }
}

/// Another value of the same type; none for what is made of others.
fn another(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(value) => Some(json!(!value)),
        Value::Number(number) => number.as_i64().map(|number| json!(number + 1)),
        Value::String(text) => Some(json!(format!("{text}x"))),
        _ => None,
    }
}

fn edit(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer below the root");
    let name = name.replace("~1", "/").replace("~0", "~");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer} leads nowhere"));
    match (parent, value) {
        (Value::Object(members), Some(value)) => drop(members.insert(name, value)),
        (Value::Object(members), None) => assert!(members.remove(&name).is_some(), "{pointer}"),
        (Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
        _ => panic!("{pointer} leads nowhere"),
    }
}
