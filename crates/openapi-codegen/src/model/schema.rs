//! Schema objects.

use crate::source::{Node, Span};
use crate::vocabulary::{Format, Type};

/// A schema object, or a reference to one.
#[expect(clippy::struct_excessive_bools, reason = "a schema has that many yes-or-no keywords")]
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// Where it stands, as a JSON Pointer.
    pub pointer: String,
    pub span: Span,
    /// The JSON Pointer that `$ref` names; everything else is then empty.
    pub reference: Option<String>,
    pub description: Option<String>,
    pub kind: Option<Type>,
    pub nullable: bool,
    pub values: Option<Vec<Node>>,
    pub properties: Option<Vec<(String, Schema)>>,
    pub required: Vec<String>,
    pub additional_properties: Option<AdditionalProperties>,
    pub min_properties: Option<u64>,
    pub max_properties: Option<u64>,
    pub items: Option<Box<Schema>>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
    pub unique_items: bool,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<(String, Span)>,
    /// Numbers are kept as the document writes them.
    pub minimum: Option<String>,
    pub maximum: Option<String>,
    pub exclusive_minimum: bool,
    pub exclusive_maximum: bool,
    pub multiple_of: Option<String>,
    pub format: Option<Format>,
    pub all_of: Vec<Schema>,
    pub any_of: Option<Vec<Schema>>,
    pub one_of: Option<Vec<Schema>>,
    pub not: Option<Box<Schema>>,
    pub discriminator: Option<Discriminator>,
    pub read_only: bool,
    pub write_only: bool,
    pub deprecated: bool,
    /// `x-extensible-enum`
    pub known_values: Vec<String>,
    /// `x-exempt-values`
    pub exempt_values: Vec<String>,
    /// `x-forbidden-properties`
    pub forbidden_properties: Vec<String>,
    /// `x-loggable`
    pub loggable: bool,
    /// `x-request-id`
    pub request_id: bool,
}

/// `additionalProperties`
#[derive(Clone, Debug)]
pub enum AdditionalProperties {
    Boolean(bool),
    Schema(Box<Schema>),
}

/// `discriminator`
#[derive(Clone, Debug)]
pub struct Discriminator {
    pub span: Span,
    pub property_name: String,
    pub mapping: Vec<(String, String)>,
}

impl Schema {
    /// The schemas that it is made of, those of `properties` first.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        let properties = self.properties.iter().flatten().map(|(_, schema)| schema);
        properties.chain(self.parts())
    }

    /// [`children`](Self::children) except those of `properties`.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        let additional = match &self.additional_properties {
            Some(AdditionalProperties::Schema(schema)) => Some(schema.as_ref()),
            _ => None,
        };
        additional
            .into_iter()
            .chain(self.items.as_deref())
            .chain(&self.all_of)
            .chain(self.any_of.iter().flatten())
            .chain(self.one_of.iter().flatten())
            .chain(self.not.as_deref())
    }

    /// The alternatives of `oneOf` and `anyOf`.
    pub fn alternatives(&self) -> impl Iterator<Item = &Self> {
        self.one_of.iter().chain(&self.any_of).flatten()
    }

    /// Whether two schemas say the same, wherever they stand.
    pub fn is_same(&self, other: &Self) -> bool {
        self.pointer == other.pointer
            || self.reference.is_some() && self.reference == other.reference
    }

    /// The strings of `enum`, if the schema is of type `string` and lists any.
    ///
    /// Null is left out: `nullable` says whether it fits.
    pub fn words(&self) -> Option<Vec<&str>> {
        let values = self.values.as_ref().filter(|_| self.kind == Some(Type::String))?;
        Some(values.iter().filter_map(Node::as_str).collect())
    }
}
