//! Schemas of OpenAPI 3.0, as the evaluator reads them and as a document writes them.

use std::collections::BTreeMap;

use crate::json::Json;

/// The schemas of a document, by name.
pub type Components = BTreeMap<String, Schema>;

/// A schema.
#[derive(Clone, Debug)]
pub enum Schema {
    /// The name of a component.
    Reference(String),
    Rules(Box<Rules>),
}

/// The keywords of a schema.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    pub kind: Option<Kind>,
    pub nullable: bool,
    pub values: Option<Vec<Json>>,
    pub minimum: Option<Bound>,
    pub maximum: Option<Bound>,
    pub multiple_of: Option<String>,
    pub format: Option<&'static str>,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    pub pattern: Option<&'static str>,
    pub items: Option<Schema>,
    pub min_items: Option<usize>,
    pub max_items: Option<usize>,
    pub unique_items: bool,
    pub properties: Vec<(String, Schema)>,
    pub required: Vec<String>,
    pub additional_properties: Additional,
    pub min_properties: Option<usize>,
    pub max_properties: Option<usize>,
    pub all_of: Vec<Schema>,
    pub any_of: Vec<Schema>,
    pub one_of: Vec<Schema>,
    pub not: Option<Schema>,
    /// The member that names the schema of `anyOf` or `oneOf`.
    pub discriminator: Option<String>,
    pub read_only: bool,
    pub write_only: bool,
}

/// The values of `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    pub const ALL: [Self; 6] =
        [Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// The value of `minimum` or `maximum`.
#[derive(Clone, Debug)]
pub struct Bound {
    pub number: String,
    pub is_exclusive: bool,
}

/// The value of `additionalProperties`.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    #[default]
    Unsaid,
    Allowed,
    Forbidden,
    Schema(Schema),
}

/// A document with these schemas and no operation.
pub fn document(components: &Components) -> Json {
    let schemas = components.iter().map(|(name, schema)| (name.clone(), schema.to_json()));
    let object = |members: Vec<(&str, Json)>| {
        let named = members.into_iter().map(|(name, value)| (name.to_owned(), value));
        Json::Object(named.collect())
    };
    object(vec![
        ("openapi", Json::text("3.0.3")),
        ("info", object(vec![("title", Json::text("random")), ("version", Json::text("1"))])),
        ("paths", object(vec![])),
        ("components", object(vec![("schemas", Json::Object(schemas.collect()))])),
    ])
}

impl Schema {
    pub fn to_json(&self) -> Json {
        match self {
            Self::Reference(name) => {
                let target = Json::String(format!("#/components/schemas/{name}"));
                Json::Object(vec![("$ref".to_owned(), target)])
            }
            Self::Rules(rules) => rules.to_json(),
        }
    }

    /// Visits a schema and all in it, without following references.
    pub fn visit<'a>(&'a self, visit: &mut impl FnMut(&'a Self)) {
        visit(self);
        let Self::Rules(rules) = self else { return };
        let parts = rules.all_of.iter().chain(&rules.any_of).chain(&rules.one_of);
        let members = rules.properties.iter().map(|(_, schema)| schema);
        let additional = match &rules.additional_properties {
            Additional::Schema(schema) => Some(schema),
            _ => None,
        };
        let single = rules.not.iter().chain(&rules.items).chain(additional);
        parts.chain(members).chain(single).for_each(|schema| schema.visit(visit));
    }
}

impl Rules {
    fn to_json(&self) -> Json {
        let mut keywords: Vec<(String, Json)> = Vec::new();
        let mut add = |name: &str, value: Option<Json>| {
            keywords.extend(value.map(|value| (name.to_owned(), value)));
        };
        let flag = |is_set: bool| is_set.then_some(Json::Bool(true));
        let count = |count: Option<usize>| count.map(Json::number);
        let list = |schemas: &[Schema]| {
            let list = schemas.iter().map(Schema::to_json).collect();
            (!schemas.is_empty()).then_some(Json::Array(list))
        };
        let texts = |texts: &[String]| {
            let list = texts.iter().map(|text| Json::text(text)).collect();
            (!texts.is_empty()).then_some(Json::Array(list))
        };
        add("type", self.kind.map(|kind| Json::text(kind.name())));
        add("nullable", flag(self.nullable));
        add("enum", self.values.clone().map(Json::Array));
        for (name, exclusive, bound) in [
            ("minimum", "exclusiveMinimum", &self.minimum),
            ("maximum", "exclusiveMaximum", &self.maximum),
        ] {
            add(name, bound.as_ref().map(|bound| Json::number(&bound.number)));
            add(exclusive, flag(bound.as_ref().is_some_and(|bound| bound.is_exclusive)));
        }
        add("multipleOf", self.multiple_of.as_ref().map(Json::number));
        add("format", self.format.map(Json::text));
        add("minLength", count(self.min_length));
        add("maxLength", count(self.max_length));
        add("pattern", self.pattern.map(Json::text));
        add("items", self.items.as_ref().map(Schema::to_json));
        add("minItems", count(self.min_items));
        add("maxItems", count(self.max_items));
        add("uniqueItems", flag(self.unique_items));
        let properties =
            self.properties.iter().map(|(name, schema)| (name.clone(), schema.to_json()));
        let properties: Vec<_> = properties.collect();
        add("properties", (!properties.is_empty()).then_some(Json::Object(properties)));
        add("required", texts(&self.required));
        add(
            "additionalProperties",
            match &self.additional_properties {
                Additional::Unsaid => None,
                Additional::Allowed => Some(Json::Bool(true)),
                Additional::Forbidden => Some(Json::Bool(false)),
                Additional::Schema(schema) => Some(schema.to_json()),
            },
        );
        add("minProperties", count(self.min_properties));
        add("maxProperties", count(self.max_properties));
        add("allOf", list(&self.all_of));
        add("anyOf", list(&self.any_of));
        add("oneOf", list(&self.one_of));
        add("not", self.not.as_ref().map(Schema::to_json));
        let name = self.discriminator.as_deref().map(Json::text);
        add(
            "discriminator",
            name.map(|name| Json::Object(vec![("propertyName".to_owned(), name)])),
        );
        add("readOnly", flag(self.read_only));
        add("writeOnly", flag(self.write_only));
        Json::Object(keywords)
    }
}
