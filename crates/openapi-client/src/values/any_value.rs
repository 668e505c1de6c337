//! A value that the document gives no type.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::redacted::{self, Kind};

/// Any JSON value, null included.
///
/// Such values tend to repeat what the client sent, which may be secret. So `Debug` tells only the
/// type of the value, there is no `Display`, and `Serialize` writes it only with the feature
/// `serialize`, as with [`Secret`](crate::Secret).
#[derive(Clone, Default, PartialEq)]
pub struct AnyValue(Value);

impl AnyValue {
    /// The value itself.
    pub fn expose_value(&self) -> &Value {
        &self.0
    }
}

impl From<Value> for AnyValue {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for AnyValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        write!(formatter, "AnyValue({name})")
    }
}

impl<'de> Deserialize<'de> for AnyValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self)
    }
}

impl Serialize for AnyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        redacted::serialize(Kind::Secret, &self.0, serializer)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for AnyValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AnyValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

#[cfg(feature = "utoipa")]
impl utoipa::PartialSchema for AnyValue {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::SchemaType::AnyValue)
            .into()
    }
}

#[cfg(feature = "utoipa")]
impl utoipa::ToSchema for AnyValue {}
