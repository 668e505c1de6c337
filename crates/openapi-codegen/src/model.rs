//! The document as both generators read it: typed, every part with its place, references followed.
//!
//! It is read once, after lint. The validator takes it as it stands (the strict view); the client
//! derives its tolerant view from it.

mod direction;
mod kinds;
mod operation;
mod parameter;
mod reader;
mod rules;
mod schema;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use direction::Direction;
pub use operation::{MediaType, Operation, RequestBody, Response};
pub use parameter::Parameter;
pub use rules::Rule;
pub use schema::{AdditionalProperties, Discriminator, Schema};

pub use crate::vocabulary::Type;

use crate::source::{Document, Finding, Source, Span};
use direction::Directions;
use kinds::Kinds;

/// A document.
#[derive(Clone, Debug)]
pub struct Model {
    pub source: Arc<Source>,
    /// The whole document.
    pub span: Span,
    /// `title` and `version` of `info`; empty where the document has none.
    pub title: String,
    pub version: String,
    pub servers: Vec<Server>,
    pub tags: Vec<Tag>,
    /// Every schema that has a place of its own, with its name: components in the order of the
    /// file, then other targets of references.
    pub schemas: Vec<(String, Schema)>,
    pub operations: Vec<Operation>,
    /// The line and column of each JSON Pointer that a finding of a validator may name.
    pub places: BTreeMap<String, (u32, u32)>,
    /// The index of each schema by its JSON Pointer.
    index: BTreeMap<String, usize>,
    directions: Directions,
    kinds: Kinds,
}

/// An item of `servers`.
#[derive(Clone, Debug)]
pub struct Server {
    pub span: Span,
    pub url: String,
    pub description: Option<String>,
}

/// An item of `tags`.
#[derive(Clone, Debug)]
pub struct Tag {
    pub span: Span,
    pub name: String,
    pub description: Option<String>,
}

impl Model {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// Everything in the document that has no meaning in OpenAPI 3.0, or that leads nowhere.
    pub fn read(document: &Document) -> Result<Self, Vec<Finding>> {
        let mut model = reader::read(document)?;
        model.kinds = Kinds::new(&model);
        model.directions = Directions::new(&model);
        Ok(model)
    }

    /// The schema at a JSON Pointer that some reference names.
    pub fn target(&self, pointer: &str) -> Option<&Schema> {
        Some(&self.schemas[*self.index.get(pointer)?].1)
    }

    /// The index in [`schemas`](Self::schemas) of what a reference names.
    pub fn index(&self, pointer: &str) -> Option<usize> {
        self.index.get(pointer).copied()
    }

    /// The schema that is meant: itself, or what its reference names.
    ///
    /// The target of a reference is never a reference.
    pub fn resolve<'m>(&'m self, schema: &'m Schema) -> &'m Schema {
        match &schema.reference {
            Some(pointer) => self.target(pointer).unwrap_or(schema),
            None => schema,
        }
    }

    /// Where the schema at this JSON Pointer is carried.
    pub fn direction(&self, pointer: &str) -> Direction {
        self.directions.of(pointer)
    }
}
