//! How the sandbox's document describes a parameter.

use serde_json::Value;
use tango_orders_client::openapi_client::check::{Number, Rule};
use tango_orders_client::openapi_client::{Location, OperationDescription, ParameterDescription};
use utoipa::openapi::path::{Parameter as Described, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    ArrayBuilder, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::{Deprecated, Required};

/// A parameter that is read, as a person describes it.
///
/// Its place and its limits are those that the document gives the operation, to which the validator
/// holds each request.
pub(crate) struct Parameter {
    name: &'static str,
    words: &'static str,
    schema: ObjectBuilder,
    is_list: bool,
    example: Option<Value>,
    is_deprecated: bool,
}

impl Parameter {
    fn new(name: &'static str, schema: ObjectBuilder) -> Self {
        Self { name, words: "", schema, is_list: false, example: None, is_deprecated: false }
    }

    /// Any text.
    pub(crate) fn text(name: &'static str) -> Self {
        Self::new(name, ObjectBuilder::new().schema_type(Type::String))
    }

    /// Texts, each under the same name.
    pub(crate) fn texts(name: &'static str) -> Self {
        Self { is_list: true, ..Self::text(name) }
    }

    /// A whole number of 32 bits.
    pub(crate) fn integer(name: &'static str) -> Self {
        let format = Some(SchemaFormat::KnownFormat(KnownFormat::Int32));
        Self::new(name, ObjectBuilder::new().schema_type(Type::Integer).format(format))
    }

    /// A number with all its digits.
    pub(crate) fn decimal(name: &'static str) -> Self {
        let format = Some(SchemaFormat::Custom("decimal".to_owned()));
        Self::new(name, ObjectBuilder::new().schema_type(Type::Number).format(format))
    }

    /// One of these words; any text if there are none.
    pub(crate) fn one_of(name: &'static str, words: Vec<&'static str>) -> Self {
        let words = Some(words).filter(|words| !words.is_empty());
        Self::new(name, ObjectBuilder::new().schema_type(Type::String).enum_values(words))
    }

    pub(crate) fn boolean(name: &'static str) -> Self {
        Self::new(name, ObjectBuilder::new().schema_type(Type::Boolean))
    }

    /// What it asks for.
    pub(crate) fn words(self, words: &'static str) -> Self {
        Self { words, ..self }
    }

    pub(crate) fn deprecated(self) -> Self {
        Self { is_deprecated: true, ..self }
    }

    /// What is meant if it is not sent.
    pub(crate) fn default(self, value: impl Into<Value>) -> Self {
        Self { schema: self.schema.default(Some(value.into())), ..self }
    }

    /// A value that every sandbox knows.
    pub(crate) fn example(self, value: impl Into<Value>) -> Self {
        Self { example: Some(value.into()), ..self }
    }

    /// The parameter of an operation.
    pub(crate) fn described(self, operation: &OperationDescription) -> Described {
        let known = operation.parameters.iter().find(|known| known.name == self.name);
        let known = known.copied().unwrap_or(ParameterDescription::query(self.name, &[]));
        let is_in_path = known.location == Location::Path;
        let schema = if self.is_list {
            list(self.schema, known.rules)
        } else {
            Schema::Object(limited(self.schema, known.rules))
        };
        ParameterBuilder::new()
            .name(self.name)
            .parameter_in(match known.location {
                Location::Path => ParameterIn::Path,
                Location::Query => ParameterIn::Query,
                Location::Header => ParameterIn::Header,
            })
            .required(if is_in_path { Required::True } else { Required::False })
            .description(Some(self.words))
            .deprecated(self.is_deprecated.then_some(Deprecated::True))
            .example(self.example)
            .schema(Some(schema))
            .build()
    }
}

fn list(mut item: ObjectBuilder, rules: &[Rule]) -> Schema {
    let mut list = ArrayBuilder::new();
    for rule in rules {
        match rule {
            Rule::MinItems(count) => list = list.min_items(Some(*count)),
            Rule::MaxItems(count) => list = list.max_items(Some(*count)),
            Rule::UniqueItems => list = list.unique_items(true),
            Rule::Items(rules) => item = ObjectBuilder::from(limited(item, rules)),
            _ => {}
        }
    }
    Schema::Array(list.items(item).build())
}

fn limited(mut schema: ObjectBuilder, rules: &[Rule]) -> Object {
    for rule in rules {
        schema = match *rule {
            // The format says so already.
            Rule::Minimum(Number::Integer(limit)) if limit == i64::from(i32::MIN) => schema,
            Rule::Maximum(Number::Integer(limit)) if limit == i64::from(i32::MAX) => schema,
            Rule::MinLength(count) => schema.min_length(Some(count)),
            Rule::MaxLength(count) => schema.max_length(Some(count)),
            Rule::Minimum(limit) => schema.minimum(Some(number(limit))),
            Rule::ExclusiveMinimum(limit) => schema.exclusive_minimum(Some(number(limit))),
            Rule::Maximum(limit) => schema.maximum(Some(number(limit))),
            Rule::ExclusiveMaximum(limit) => schema.exclusive_maximum(Some(number(limit))),
            Rule::MultipleOf(step) => schema.multiple_of(Some(number(step))),
            // The other rules are those of lists.
            _ => schema,
        };
    }
    schema.build()
}

fn number(number: Number) -> utoipa::Number {
    match number {
        Number::Integer(value) => utoipa::Number::Int(isize::try_from(value).unwrap_or_default()),
        Number::Float(value) => utoipa::Number::Float(value),
    }
}
