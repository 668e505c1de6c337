//! The tolerant view of a document: what a client reads, whatever the server adds or leaves out.
//!
//! A validator reports every deviation; a client must live with most of them.
//! So whatever the schema of a response demands beyond its shape is dropped here (patterns, lengths,
//! bounds, closed vocabularies), null is as good as absent for whatever is optional, and components
//! that are no more than a constrained string or number dissolve into the plain type.
//! What a request carries stays strict.
//!
//! Three rules look odd on paper and are what makes the generated types readable:
//!
//! - text of a response is private (it may tell of a person) unless it is a vocabulary or the
//!   document marks it with `x-loggable`, so that forgetting a mark hides too much rather than too
//!   little;
//! - a component keeps its name in responses only if it becomes a struct or an enum;
//! - a choice between a list and some words (`oneOf: [array, enum]`) is the list, since the list
//!   type of a client reads all such words of its document as "no items".

mod bounds;
mod names;
mod operations;
mod parameters;
mod requests;
mod responses;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use crate::model::{Model, Schema};
use crate::rule::Rule;
use crate::source::{Finding, Span};
pub use bounds::Bound;
use names::Names;
pub use operations::{is_sent, slot};
pub(super) use shape::is_decimal;

/// A document as the client generator is to see it.
pub struct TolerantView {
    /// Only operations and the schemas that they reach; without vendor extensions and examples.
    pub api: OpenAPI,
    /// The vocabularies that responses may extend.
    pub enums: Vec<OpenEnum>,
    /// The words that may stand in place of a list of a response and mean that it has no items.
    pub empty_lists: Vec<String>,
    /// The schemas of [`api`](Self::api), in the order of the document.
    pub types: Vec<NamedType>,
    /// Names of members and values that Rust cannot tell apart, as [`api`](Self::api) has them, with
    /// those of the document.
    pub renamed: BTreeMap<String, String>,
}

/// A schema that gets a type of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// The name of the type.
    pub name: String,
    pub span: Span,
    pub is_response: bool,
    /// The members in the order of the document, by their names on the wire.
    pub members: Vec<String>,
    /// Those of them that the document requires.
    pub required: Vec<String>,
    /// The member that holds the request id (`x-request-id`).
    pub request_id: Option<String>,
    /// What tells the alternatives of a response apart.
    pub discriminator: Option<Discriminator>,
    /// What a number or a list of a request is held to. typify knows no such rules, so
    /// [`TolerantView::api`] does not have them.
    pub bounds: Vec<Bound>,
}

/// The member whose value says which alternative an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The name of the member.
    pub property: String,
    /// Its values, each with the name of the type that it means.
    pub values: Vec<(String, String)>,
}

/// A named string schema whose documented values are not the only ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenEnum {
    pub name: String,
    pub span: Span,
    pub description: String,
    /// In the order of the document.
    pub values: Vec<String>,
}

/// A schema of the view.
type Json = Map<String, Value>;

/// The format of all integers of responses, by which the client generator knows them: they are
/// written in more ways than those of requests.
pub const RESPONSE_INTEGER: &str = "response-integer";

/// The format of all text of responses that the document does not call loggable, by which the client
/// generator knows it.
pub const PRIVATE_TEXT: &str = "private-text";

/// Derives the tolerant view.
pub fn view(model: &Model) -> Result<TolerantView, Vec<Finding>> {
    let mut view = View::new(model);
    let paths = view.paths();
    while let Some(component) = view.pending.pop() {
        match component {
            Reached::Response(pointer) => view.response_component(&pointer),
            Reached::Request(pointer) => view.request_component(&pointer),
        }
    }
    let View { mut schemas, mut enums, empty_lists, names, mut findings, .. } = view;
    schemas.sort_by_key(|(named, _)| (named.span, named.name.clone()));
    enums.sort_by_key(|open| open.span);
    let mut api = OpenAPI { openapi: "3.0.3".to_owned(), paths, ..OpenAPI::default() };
    api.info.title.clone_from(&model.title);
    api.info.version.clone_from(&model.version);
    let mut components = openapiv3::Components::default();
    let mut types = Vec::new();
    for (named, schema) in schemas {
        match serde_json::from_value(Value::Object(schema)) {
            Ok(schema) => drop(components.schemas.insert(named.name.clone(), schema)),
            Err(error) => findings.push(unreadable(model, named.span, &error)),
        }
        types.push(named);
    }
    api.components = Some(components);
    if findings.is_empty() {
        Ok(TolerantView { api, enums, empty_lists, types, renamed: names.renamed })
    } else {
        Err(findings)
    }
}

fn unreadable(model: &Model, span: Span, error: &serde_json::Error) -> Finding {
    Finding::new(
        Rule::ClientGenerator,
        &model.source,
        span,
        format!("the client generator cannot read this: {error}"),
        "compare it with the OpenAPI specification, version 3.0.3",
    )
}

/// A schema that something refers to, by its JSON Pointer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Response(String),
    Request(String),
}

/// The view while it is being derived.
struct View<'m> {
    model: &'m Model,
    names: Names,
    schemas: Vec<(NamedType, Json)>,
    enums: Vec<OpenEnum>,
    empty_lists: Vec<String>,
    findings: Vec<Finding>,
    reached: BTreeSet<Reached>,
    /// What was reached and is yet to be derived.
    pending: Vec<Reached>,
    /// Components that are being dissolved, against endless recursion.
    dissolving: Vec<String>,
}

impl<'m> View<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            model,
            names: Names::new(model),
            schemas: Vec::new(),
            enums: Vec::new(),
            empty_lists: Vec::new(),
            findings: Vec::new(),
            reached: BTreeSet::new(),
            pending: Vec::new(),
            dissolving: Vec::new(),
        }
    }

    fn reach(&mut self, component: Reached) {
        if self.reached.insert(component.clone()) {
            self.pending.push(component);
        }
    }

    /// Adds a schema that gets a type of its own.
    fn add(
        &mut self,
        name: &str,
        of: &Schema,
        is_response: bool,
        schema: Json,
        bounds: Vec<Bound>,
    ) {
        let mut parts = self.model.whole(of);
        // What a schema adds to others comes after what they have.
        parts.rotate_left(1);
        let required = parts.iter().flat_map(|part| part.required.iter().cloned()).collect();
        let properties = parts.into_iter().flat_map(|part| part.properties.iter().flatten());
        let request_id = properties.clone().find(|(_, schema)| schema.request_id);
        let named = NamedType {
            name: name.to_owned(),
            span: of.span,
            is_response,
            members: properties.map(|(name, _)| name.clone()).collect(),
            required,
            request_id: request_id.map(|(name, _)| name.clone()),
            discriminator: self.discriminator(of).filter(|_| is_response),
            bounds,
        };
        self.schemas.push((named, schema));
    }

    /// The values of a discriminator, with the names of what they mean.
    ///
    /// A value is the name of a component, or what `mapping` has for one (OpenAPI 3.0.3, section 4.7.25).
    fn discriminator(&self, of: &Schema) -> Option<Discriminator> {
        let discriminator = of.discriminator.as_ref()?;
        let branches = of.one_of.iter().chain(&of.any_of).flatten();
        let mut values = Vec::new();
        for pointer in branches.filter_map(|branch| branch.reference.as_ref()) {
            let Some(name) = self.names.response(pointer) else { continue };
            let component = pointer.rsplit('/').next().unwrap_or_default();
            let mapped = discriminator
                .mapping
                .iter()
                .filter(|(_, target)| target.rsplit('/').next() == Some(component));
            values.extend(mapped.map(|(value, _)| (value.clone(), name.clone())));
            // `mapping` has the last word on a value.
            if !discriminator.mapping.iter().any(|(value, _)| value == component) {
                values.push((component.to_owned(), name));
            }
        }
        Some(Discriminator { property: discriminator.property_name.clone(), values })
    }

    /// Adds an open enum, which is the same in requests and responses.
    fn add_open_enum(&mut self, name: &str, schema: &Schema) {
        if self.enums.iter().any(|open| open.name == name) {
            return;
        }
        let mut plain = object(json!({ "type": "string" }));
        shape::describe(&mut plain, schema);
        let description = plain.get("description").and_then(Value::as_str).unwrap_or_default();
        self.enums.push(OpenEnum {
            name: name.to_owned(),
            span: schema.span,
            description: description.to_owned(),
            values: shape::values(schema).unwrap_or_default(),
        });
        self.add(name, schema, true, plain, Vec::new());
    }
}

fn component_reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(value: Value) -> Json {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
