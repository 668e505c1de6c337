//! The client's types accept whatever the document's schemas accept.

use jsonschema::canonical::{Containment, options};
use openapi_codegen::json_schema;
use serde_json::Value;

use crate::{DECODED, SPEC};

#[test]
fn the_types_accept_all_that_the_document_does() {
    for decoded in DECODED {
        let schema = strip(json_schema::schema(&SPEC.document, decoded.schema));
        let types = (decoded.json_schema)();
        let answer = covers(&types, &schema);
        assert_eq!(answer, Containment::Yes, "{}", decoded.schema);
    }
}

#[test]
fn a_type_that_lost_a_value_would_be_noticed() {
    // The proof must be able to fail, here by members that stop being optional.
    for decoded in DECODED {
        let schema = strip(json_schema::schema(&SPEC.document, decoded.schema));
        let mut narrower = (decoded.json_schema)();
        require_all(&mut narrower);
        assert_ne!(covers(&narrower, &schema), Containment::Yes, "{}", decoded.schema);
    }
}

#[test]
fn the_schemas_of_the_types_are_what_was_reviewed() {
    for decoded in DECODED {
        let mut schema = (decoded.json_schema)();
        // Words may change without a change of the types.
        remove_members(&mut schema, &|name, value| name == "description" && value.is_string());
        let name = format!("types_{}", decoded.schema);
        insta::assert_snapshot!(name, serde_json::to_string_pretty(&schema).unwrap());
    }
}

/// Lets no object of a schema lack a member.
fn require_all(schema: &mut Value) {
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let names: Vec<&String> = properties.keys().collect();
        schema["required"] = serde_json::to_value(names).unwrap();
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(require_all),
        Value::Array(items) => items.iter_mut().for_each(require_all),
        _ => {}
    }
}

fn covers(wider: &Value, narrower: &Value) -> Containment {
    let canonical = |schema| options().should_validate_formats(true).canonicalize(schema).unwrap();
    canonical(wider).covers(&canonical(narrower)).unwrap()
}

/// Without the keywords that are ours: leaving them out only widens what the types must cover.
fn strip(mut schema: Value) -> Value {
    remove_members(&mut schema, &|name, _| name.starts_with("x-"));
    schema
}

fn remove_members(value: &mut Value, unwanted: &dyn Fn(&str, &Value) -> bool) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| !unwanted(name, value));
            members.values_mut().for_each(|value| remove_members(value, unwanted));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| remove_members(item, unwanted)),
        _ => {}
    }
}
