//! The keywords of schemas (OpenAPI 3.0.3, section 4.7.24), as a table.

use Effect::{Annotation, Applicator, Assertion, Modifier};
use Shape::{AdditionalProperties, Any, AnyList, Bool, Count, List, Map, Number, One, Text, Texts};

use super::objects::{Field, Object, Shape, may};
use super::types::Type;

/// What a keyword does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Decides by itself whether a value is valid.
    Assertion,
    /// Applies other schemas to the value or to parts of it.
    Applicator,
    /// Changes what another keyword means, or how a value is read, sent or remarked on.
    Modifier,
    /// Says nothing about values.
    Annotation,
}

/// A keyword of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    pub field: Field,
    /// The types that it speaks of; it has no effect on a value of another. Empty for all.
    pub types: &'static [Type],
    pub effect: Effect,
}

impl Keyword {
    pub fn from_name(name: &str) -> Option<&'static Self> {
        KEYWORDS.iter().find(|keyword| keyword.field.name == name)
    }

    /// Those of one effect.
    pub fn of(effect: Effect) -> impl Iterator<Item = &'static Self> {
        KEYWORDS.iter().filter(move |keyword| keyword.effect == effect)
    }
}

const fn keyword(
    name: &'static str,
    shape: Shape,
    types: &'static [Type],
    effect: Effect,
) -> Keyword {
    Keyword { field: may(name, shape), types, effect }
}

const NUMERIC: &[Type] = &[Type::Integer, Type::Number];
const STRING: &[Type] = &[Type::String];
const ARRAY: &[Type] = &[Type::Array];
const OBJECT: &[Type] = &[Type::Object];
const SCHEMA: Shape = One(Object::Schema);
const SCHEMAS: Shape = List(Object::Schema);

/// All keywords: those of the specification in its order, then the extensions of this project.
pub const KEYWORDS: [Keyword; 39] = [
    keyword("title", Text, &[], Annotation),
    keyword("multipleOf", Number, NUMERIC, Assertion),
    keyword("maximum", Number, NUMERIC, Assertion),
    keyword("exclusiveMaximum", Bool, NUMERIC, Modifier),
    keyword("minimum", Number, NUMERIC, Assertion),
    keyword("exclusiveMinimum", Bool, NUMERIC, Modifier),
    keyword("maxLength", Count, STRING, Assertion),
    keyword("minLength", Count, STRING, Assertion),
    keyword("pattern", Text, STRING, Assertion),
    keyword("maxItems", Count, ARRAY, Assertion),
    keyword("minItems", Count, ARRAY, Assertion),
    keyword("uniqueItems", Bool, ARRAY, Assertion),
    keyword("maxProperties", Count, OBJECT, Assertion),
    keyword("minProperties", Count, OBJECT, Assertion),
    keyword("required", Texts, OBJECT, Assertion),
    keyword("enum", AnyList, &[], Assertion),
    keyword("type", Text, &[], Assertion),
    keyword("allOf", SCHEMAS, &[], Applicator),
    keyword("oneOf", SCHEMAS, &[], Applicator),
    keyword("anyOf", SCHEMAS, &[], Applicator),
    keyword("not", SCHEMA, &[], Applicator),
    keyword("items", SCHEMA, ARRAY, Applicator),
    keyword("properties", Map(Object::Schema), OBJECT, Applicator),
    keyword("additionalProperties", AdditionalProperties, OBJECT, Applicator),
    keyword("description", Text, &[], Annotation),
    keyword("format", Text, &[], Assertion),
    keyword("default", Any, &[], Annotation),
    keyword("nullable", Bool, &[], Modifier),
    keyword("discriminator", One(Object::Discriminator), &[], Modifier),
    keyword("readOnly", Bool, &[], Modifier),
    keyword("writeOnly", Bool, &[], Modifier),
    keyword("xml", One(Object::Xml), &[], Annotation),
    keyword("externalDocs", One(Object::ExternalDocumentation), &[], Annotation),
    keyword("example", Any, &[], Annotation),
    keyword("deprecated", Bool, &[], Modifier),
    keyword("x-extensible-enum", Texts, STRING, Modifier),
    keyword("x-exempt-values", Texts, STRING, Modifier),
    keyword("x-forbidden-properties", Texts, &[], Assertion),
    keyword("x-loggable", Bool, STRING, Modifier),
];

/// The keys of a schema object.
pub(super) const FIELDS: [Field; KEYWORDS.len()] = {
    let mut fields = [KEYWORDS[0].field; KEYWORDS.len()];
    let mut index = 0;
    while index < KEYWORDS.len() {
        fields[index] = KEYWORDS[index].field;
        index += 1;
    }
    fields
};
