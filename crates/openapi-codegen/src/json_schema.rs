//! The strict view of the document's schemas as JSON Schema (draft 2020-12), for a validator that
//! is not ours.

use jsonschema::paths::Location;
use jsonschema::{Draft, Keyword, ValidationError, ValidationOptions, ValidatorMap};
use serde_json::{Map, Value, json};

use crate::source::{Document, Node};
use crate::vocabulary::{self, Effect, Format};

/// All component schemas, as one JSON Schema with a definition (`#/$defs/Order`) each.
pub fn bundle(document: &Document) -> Value {
    let schemas = document.root.pointer("/components/schemas").into_iter().flat_map(Node::members);
    let definitions: Map<String, Value> =
        schemas.map(|(key, schema)| (key.name.clone(), convert(schema))).collect();
    json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions })
}

/// One component schema, with the definitions that it may need.
pub fn schema(document: &Document, name: &str) -> Value {
    let mut bundle = bundle(document);
    bundle["$ref"] = definition(name).into();
    bundle
}

/// Compiles every component schema; ask for one by its [`definition`].
pub fn validators(bundle: &Value) -> Result<ValidatorMap, ValidationError<'static>> {
    options().build_map(bundle)
}

/// The reference of a component schema in the bundle.
pub fn definition(name: &str) -> String {
    format!("#/$defs/{}", crate::source::escape(name))
}

/// Formats are asserted, and the vendor extensions that reject something are keywords.
pub fn options<'i>() -> ValidationOptions<'i> {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_keyword("x-forbidden-properties", |_, value, path| forbidden_properties(value, path))
}

/// Converts a schema object of OpenAPI 3.0.
pub fn convert(node: &Node) -> Value {
    if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or(reference);
        return json!({ "$ref": format!("#/$defs/{name}") });
    }
    let mut schema = Map::new();
    for (key, value) in node.members() {
        keyword(&mut schema, node, &key.name, value);
    }
    exempt_values(&mut schema, node);
    nullable(schema, node)
}

/// `nullable` also where the schema does not say `type`, or lists its values or parts without null:
/// OpenAPI 3.0.3 gives the keyword no effect there, but that is how it is used.
fn nullable(mut schema: Map<String, Value>, node: &Node) -> Value {
    if node.get("nullable").and_then(Node::as_bool) != Some(true) {
        return Value::Object(schema);
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    let parts = ["allOf", "anyOf", "oneOf", "not"];
    if node.get("type").is_some() && parts.iter().all(|part| node.get(part).is_none()) {
        return Value::Object(schema);
    }
    json!({ "anyOf": [{ "type": "null" }, schema] })
}

fn keyword(schema: &mut Map<String, Value>, node: &Node, name: &str, value: &Node) {
    let list = |value: &Node| value.items().iter().map(convert).collect::<Value>();
    let is_set = |name| node.get(name).and_then(Node::as_bool) == Some(true);
    let converted = match name {
        "type" if is_set("nullable") => json!([value.to_json(), "null"]),
        "minimum" if is_set("exclusiveMinimum") => {
            schema.insert("exclusiveMinimum".into(), value.to_json());
            return;
        }
        "maximum" if is_set("exclusiveMaximum") => {
            schema.insert("exclusiveMaximum".into(), value.to_json());
            return;
        }
        "format" => {
            integer_format(schema, value.as_str());
            value.to_json()
        }
        "allOf" => {
            value.items().iter().for_each(|part| also(schema, convert(part)));
            return;
        }
        "anyOf" | "oneOf" => list(value),
        "additionalProperties" if value.as_bool().is_some() => value.to_json(),
        "not" | "items" | "additionalProperties" => convert(value),
        "properties" => value
            .members()
            .iter()
            .map(|(key, schema)| (key.name.clone(), convert(schema)))
            .collect(),
        _ if vocabulary::Keyword::from_name(name)
            .is_some_and(|it| it.effect == Effect::Assertion) =>
        {
            value.to_json()
        }
        // Annotations, and what has its effect together with another keyword.
        _ => return,
    };
    schema.insert(name.to_owned(), converted);
}

/// JSON Schema has no `int32` and `int64`, but it can say what they mean.
fn integer_format(schema: &mut Map<String, Value>, format: Option<&str>) {
    let range = format.and_then(Format::from_name).and_then(Format::range);
    let Some((minimum, maximum)) = range else { return };
    also(schema, json!({ "minimum": minimum, "maximum": maximum }));
}

/// Adds a schema that must hold as well, beside those that the author wrote.
fn also(schema: &mut Map<String, Value>, other: Value) {
    if let Value::Array(all) = schema.entry("allOf").or_insert_with(|| json!([])) {
        all.push(other);
    }
}

/// `x-exempt-values` are alternatives to all rules of the schema but its type.
fn exempt_values(schema: &mut Map<String, Value>, node: &Node) {
    let Some(values) = node.get("x-exempt-values") else { return };
    let mut rules = Map::new();
    for name in ["format", "pattern", "minLength", "maxLength"] {
        if let Some(rule) = schema.remove(name) {
            rules.insert(name.to_owned(), rule);
        }
    }
    let alternatives = json!([{ "enum": values.to_json() }, rules]);
    if schema.contains_key("anyOf") {
        also(schema, json!({ "anyOf": alternatives }));
    } else {
        schema.insert("anyOf".into(), alternatives);
    }
}

struct ForbiddenProperties {
    names: Vec<String>,
}

#[expect(clippy::unnecessary_wraps, reason = "the signature is jsonschema's")]
fn forbidden_properties<'a>(
    value: &'a Value,
    _: Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let names =
        value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned));
    Ok(Box::new(ForbiddenProperties { names: names.collect() }))
}

impl ForbiddenProperties {
    fn allows(&self, value: &Value) -> bool {
        match value {
            Value::Array(items) => items.iter().all(|item| self.allows(item)),
            Value::Object(members) => {
                members.iter().all(|(name, value)| !self.names.contains(name) && self.allows(value))
            }
            _ => true,
        }
    }
}

impl<'i> Keyword<'i> for ForbiddenProperties {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        if self.allows(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom("a forbidden property is present"))
        }
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        self.allows(instance)
    }
}
