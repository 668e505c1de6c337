//! Responses that look unlike what the document describes.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::body::Bytes;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use tango_orders_client::Operation;

/// What is changed in a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Disguise {
    pub(crate) unknown_members: bool,
    pub(crate) unknown_values: bool,
    pub(crate) nulls: bool,
}

/// The schemas of the document, which tell members from the keys of maps, optional members from
/// required ones, and open vocabularies from other text.
static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let document = serde_json::to_value(crate::document()).unwrap_or_default();
    document.pointer("/components/schemas").cloned().unwrap_or_default()
});

/// A schema of the document, by its name.
pub(crate) fn schema(name: &str) -> &'static Value {
    SCHEMAS.get(name).unwrap_or(&Value::Null)
}

/// The name of the schema of an operation's success.
pub(crate) fn success_schema(operation: Operation) -> Option<&'static str> {
    let responses = operation.description().responses.iter();
    responses.filter(|(status, _)| *status == "200").find_map(|(_, schema)| *schema)
}

/// Whether a response of the operation has members with an open vocabulary, also where the optional
/// ones are null.
pub(crate) fn has_open_vocabulary(operation: Operation, required_only: bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut names = Vec::from_iter(success_schema(operation));
    while let Some(name) = names.pop() {
        let mut values = Vec::from_iter(SCHEMAS.get(name).filter(|_| seen.insert(name)));
        while let Some(value) = values.pop() {
            let value = resolve_beside(value);
            if value.get("x-extensible-enum").is_some() {
                return true;
            }
            let reference = value.get("$ref").and_then(Value::as_str);
            names.extend(reference.and_then(|it| it.rsplit('/').next()));
            let properties = value.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flatten() {
                if !required_only || is_required(value, name) {
                    values.push(property);
                }
            }
            values.extend(["items", "additionalProperties"].iter().filter_map(|it| value.get(it)));
        }
    }
    false
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|required| required.iter().any(|known| known == name))
}

impl Disguise {
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }

    /// The body of a schema, changed; numbers keep their digits.
    pub(crate) fn apply(self, schema: &Value, body: &[u8]) -> serde_json::Result<Bytes> {
        let raw: &RawValue = serde_json::from_slice(body)?;
        serde_json::to_vec(&self.value(schema, raw)?).map(Bytes::from)
    }

    fn value(self, schema: &Value, raw: &RawValue) -> serde_json::Result<Json> {
        let schema = resolve(schema);
        let first = raw.get().trim_start().bytes().next();
        let properties = schema.get("properties").and_then(Value::as_object);
        if let (Some(b'{'), Some(properties)) = (first, properties) {
            let Members(members) = serde_json::from_str(raw.get())?;
            let mut changed = Vec::new();
            if self.unknown_members {
                // It comes first, so that what is cut shows it too.
                changed.push(("addedBySandbox".to_owned(), text_of("{\"isNew\":true}")));
            }
            for (name, value) in members {
                let value = match properties.get(&name) {
                    _ if self.nulls && !is_required(schema, &name) => text_of("null"),
                    Some(schema) => self.value(schema, &value)?,
                    None => Json::Text(value),
                };
                changed.push((name, value));
            }
            return Ok(Json::Object(changed));
        }
        if let (Some(b'['), Some(items)) = (first, schema.get("items")) {
            let list: Vec<Box<RawValue>> = serde_json::from_str(raw.get())?;
            let list = list.iter().map(|item| self.value(items, item));
            return list.collect::<Result<_, _>>().map(Json::Array);
        }
        if self.unknown_values && first == Some(b'"') && schema.get("x-extensible-enum").is_some() {
            return Ok(text_of("\"ADDED_BY_SANDBOX\""));
        }
        Ok(Json::Text(raw.to_owned()))
    }
}

fn text_of(json: &str) -> Json {
    RawValue::from_string(json.to_owned()).map_or(Json::Null, Json::Text)
}

/// The schema that says what a value that is not null has.
fn resolve(schema: &Value) -> &Value {
    let schema = resolve_beside(schema);
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            SCHEMAS.get(name).map_or(&Value::Null, resolve)
        }
        None => schema,
    }
}

/// The choice that is not null, where a schema has choices.
fn resolve_beside(schema: &Value) -> &Value {
    let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|name| schema.get(name)?.as_array());
    let choice = choices
        .and_then(|choices| choices.iter().find(|it| it.get("type") != Some(&Value::from("null"))));
    choice.map_or(schema, resolve_beside)
}

/// JSON whose numbers and order are those of the text.
enum Json {
    Null,
    Text(Box<RawValue>),
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => text.serialize(serializer),
            Self::Array(items) => items.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

/// The members of an object, in their order.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Self)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Vec<(String, Box<RawValue>)>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
