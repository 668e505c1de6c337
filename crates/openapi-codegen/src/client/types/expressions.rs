//! Types where they are used.

use serde_json::Value;
use syn::{Type, parse_quote};

use super::super::enums;
use super::{Side, Types};
use crate::client::view::{PRIVATE_TEXT, RESPONSE_INTEGER};
use quote::format_ident;

/// The name of the type that a schema refers to.
pub(super) fn target(schema: &Value) -> Option<&str> {
    let reference = match schema.get("$ref") {
        Some(reference) => reference,
        None => schema.get("allOf")?.get(0)?.get("$ref")?,
    };
    reference.as_str()?.rsplit('/').next()
}

/// Whether null may stand in a place.
pub(super) fn is_nullable(schema: &Value) -> bool {
    schema.get("nullable").and_then(Value::as_bool) == Some(true)
}

impl Types<'_> {
    /// The type of a place, with whether it may be null.
    pub(super) fn expression(&self, side: Side, schema: &Value) -> Type {
        let plain = self.plain(side, schema);
        if is_nullable(schema) { parse_quote!(Option<#plain>) } else { plain }
    }

    /// The type of a place inside of another type, in a box if it would never end otherwise.
    pub(super) fn held(&self, side: Side, holder: &str, schema: &Value) -> Type {
        let plain = self.plain(side, schema);
        match target(schema) {
            Some(held) if self.graph.is_boxed(holder, held) => {
                parse_quote!(::std::boxed::Box<#plain>)
            }
            _ => plain,
        }
    }

    /// The type of a place but for null.
    pub(super) fn plain(&self, side: Side, schema: &Value) -> Type {
        if let Some(name) = target(schema) {
            let name = if self.enums.contains_key(name) {
                format_ident!("{}", enums::type_name(name))
            } else {
                format_ident!("{name}")
            };
            return parse_quote!(#name);
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        match (text("type"), text("format")) {
            (Some("boolean"), _) => parse_quote!(bool),
            (Some("integer"), Some(RESPONSE_INTEGER)) => parse_quote!(::openapi_client::Integer),
            (Some("integer"), _) => parse_quote!(i64),
            (Some("number"), Some("decimal")) => parse_quote!(::openapi_client::Decimal),
            (Some("number"), Some("float")) => parse_quote!(f32),
            (Some("number"), _) => parse_quote!(f64),
            (Some("string"), Some(PRIVATE_TEXT)) => parse_quote!(::openapi_client::Private),
            (Some("string"), Some("password")) => parse_quote!(::openapi_client::Secret),
            (Some("string"), Some("html")) => parse_quote!(::openapi_client::Html),
            (Some("string"), Some("date-time")) => parse_quote!(::openapi_client::Timestamp),
            (Some("string"), _) => parse_quote!(String),
            (Some("array"), _) => {
                let items = self.inner(side, schema.get("items"));
                match side {
                    Side::Response if self.view.empty_lists.is_empty() => {
                        parse_quote!(::openapi_client::List<#items>)
                    }
                    Side::Response => parse_quote!(super::lists::List<#items>),
                    Side::Request => parse_quote!(Vec<#items>),
                }
            }
            (Some("object"), _) => {
                let further = schema.get("additionalProperties");
                let values = self.inner(side, further.filter(|further| further.is_object()));
                parse_quote!(::openapi_client::Map<String, #values>)
            }
            _ => match side {
                Side::Response => parse_quote!(::openapi_client::AnyValue),
                Side::Request => parse_quote!(::serde_json::Value),
            },
        }
    }

    fn inner(&self, side: Side, schema: Option<&Value>) -> Type {
        self.expression(side, schema.unwrap_or(&Value::Null))
    }
}
