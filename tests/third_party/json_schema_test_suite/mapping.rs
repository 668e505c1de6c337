//! The schemas of the suite, written for draft 4, as the OpenAPI 3.0 schemas that mean the same.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// The suite as it was published, all files in one.
const SUITE: &str = include_str!("draft4.json");

/// A schema with the payloads that it is tried on.
#[derive(Deserialize)]
pub struct Group {
    pub description: String,
    pub schema: Value,
    pub tests: Vec<Test>,
}

/// A payload, kept as it is written: a parser would lose digits.
#[derive(Deserialize)]
pub struct Test {
    pub description: String,
    pub data: Box<RawValue>,
    pub valid: bool,
}

/// All groups, each under the name that its schema has in the OpenAPI document.
pub fn groups() -> Vec<(String, Group)> {
    let files: BTreeMap<String, Vec<Group>> =
        serde_json::from_str(SUITE).expect("the suite is JSON");
    let named = |(file, groups): (String, Vec<Group>)| {
        let file = file.replace('/', ".");
        let name = move |(index, group)| (format!("{file}-{index}"), group);
        groups.into_iter().enumerate().map(name)
    };
    files.into_iter().flat_map(named).collect()
}

/// One OpenAPI document with every schema that can be mapped.
pub fn document() -> Value {
    let schemas: Map<String, Value> = groups()
        .iter()
        .filter_map(|(name, group)| map(name, &group.schema).ok())
        .flatten()
        .collect();
    json!({
        "openapi": "3.0.3",
        "info": { "title": "the JSON Schema Test Suite", "version": "draft 4" },
        "paths": {},
        "components": { "schemas": schemas },
    })
}

/// The component schemas that one schema of the suite becomes, or why it has no like in OpenAPI.
pub fn map(name: &str, schema: &Value) -> Result<Vec<(String, Value)>, &'static str> {
    let mut components = Vec::new();
    components.push((name.to_owned(), convert(name, schema)?));
    definitions(name, name, schema, &mut components)?;
    Ok(components)
}

/// `definitions` become components of their own, named after what they belong to.
fn definitions(
    root: &str,
    owner: &str,
    schema: &Value,
    components: &mut Vec<(String, Value)>,
) -> Result<(), &'static str> {
    for (key, definition) in schema["definitions"].as_object().into_iter().flatten() {
        let name = format!("{owner}.{key}");
        definitions(root, &name, definition, components)?;
        components.push((name, convert(root, definition)?));
    }
    Ok(())
}

fn convert(root: &str, schema: &Value) -> Result<Value, &'static str> {
    let Value::Object(keywords) = schema else { return Err("a schema must be an object") };
    let list = |value: &Value| -> Result<Value, &'static str> {
        value.as_array().into_iter().flatten().map(|schema| convert(root, schema)).collect()
    };
    let mut converted = Map::new();
    for (keyword, value) in keywords {
        let value = match keyword.as_str() {
            "$ref"
                if keywords.len() > 1
                    && keywords.keys().any(|key| key != "definitions" && key != "$ref") =>
            {
                return Err("keywords beside `$ref` have no effect, the generator refuses them");
            }
            "$ref" => reference(root, value.as_str().unwrap_or_default())?,
            "id" => return Err("OpenAPI has no `id`"),
            "patternProperties" => return Err("OpenAPI has no `patternProperties`"),
            "dependencies" => return Err("OpenAPI has no `dependencies`"),
            "additionalItems" => return Err("OpenAPI has no `additionalItems`"),
            "items" if value.is_array() => return Err("OpenAPI has no `items` by place"),
            "definitions" | "type" | "$comment" => continue,
            "properties" => value
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, schema)| Ok((name.clone(), convert(root, schema)?)))
                .collect::<Result<Value, &'static str>>()?,
            "items" | "not" => convert(root, value)?,
            "additionalProperties" if value.is_object() => convert(root, value)?,
            "allOf" | "anyOf" | "oneOf" => list(value)?,
            "additionalProperties"
            | "default"
            | "description"
            | "enum"
            | "exclusiveMaximum"
            | "exclusiveMinimum"
            | "format"
            | "maxItems"
            | "maxLength"
            | "maxProperties"
            | "maximum"
            | "minItems"
            | "minLength"
            | "minProperties"
            | "minimum"
            | "multipleOf"
            | "pattern"
            | "required"
            | "title"
            | "uniqueItems" => value.clone(),
            _ => return Err("a keyword that draft 4 does not have either"),
        };
        converted.insert(keyword.clone(), value);
    }
    types(&mut converted, &keywords.get("type").cloned().unwrap_or_default());
    Ok(Value::Object(converted))
}

/// OpenAPI has one `type` with `nullable` where draft 4 has a list of types.
fn types(schema: &mut Map<String, Value>, types: &Value) {
    let branch = |name: &Value| match name.as_str() {
        Some("null") => json!({ "enum": [null] }),
        _ => json!({ "type": name }),
    };
    let alternatives = match types {
        Value::Null => return,
        Value::Array(names) => match names.as_slice() {
            [name, Value::String(null)] if null == "null" => {
                schema.insert("type".to_owned(), name.clone());
                schema.insert("nullable".to_owned(), true.into());
                return;
            }
            names => names.iter().map(branch).collect(),
        },
        name if name == "null" => vec![branch(name)],
        name => {
            schema.insert("type".to_owned(), name.clone());
            return;
        }
    };
    let parts = schema.entry("allOf").or_insert_with(|| json!([]));
    parts.as_array_mut().expect("allOf is a list").push(json!({ "anyOf": alternatives }));
}

/// A reference to a definition leads to its component, any other one into the schema's own.
fn reference(root: &str, reference: &str) -> Result<Value, &'static str> {
    let Some(pointer) = reference
        .strip_prefix('#')
        .filter(|pointer| pointer.is_empty() || pointer.starts_with('/'))
    else {
        return Err("the reference leads to another document, or to an `id`");
    };
    let pointer = match pointer.strip_prefix("/definitions/") {
        Some(names) => format!(".{}", names.replace("/definitions/", ".")),
        None => pointer.to_owned(),
    };
    Ok(format!("#/components/schemas/{root}{pointer}").into())
}
