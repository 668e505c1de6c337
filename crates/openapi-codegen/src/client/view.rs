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
//! - `allOf` is gone: what all parts say is one schema, and a choice is between schemas that have names
//!   or are simple, so that each type is written once;
//! - a choice between a list and some words (`oneOf: [array, enum]`) is the list, since the list
//!   type of a client reads all such words of its document as "no items".

mod bounds;
mod flat;
mod merge;
mod names;
mod operations;
mod parameters;
mod requests;
mod responses;
mod shape;
#[cfg(test)]
mod tests;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OpenAPI, ReferenceOr};
use serde_json::{Map, Value, json};

use crate::model::{Model, Schema};
use crate::rule::Rule;
use crate::source::{Finding, Span};
pub use bounds::Bound;
use names::Names;
pub use operations::{BYTES, TEXT, is_sent, slot};
pub(super) use shape::is_decimal;
pub use unions::{Discriminator, Fallback, Union};

/// A document as the client generator is to see it.
pub struct TolerantView {
    /// The operations; the schemas that they name are those of [`types`](Self::types).
    pub api: OpenAPI,
    /// The vocabularies that responses may extend.
    pub enums: Vec<OpenEnum>,
    /// The words that may stand in place of a list of a response and mean that it has no items.
    pub empty_lists: Vec<String>,
    /// The schemas with a type of their own, in the order of the document.
    pub types: Vec<NamedType>,
    /// What the client reads or sends otherwise than the document says.
    pub warnings: Vec<Finding>,
}

/// A schema that gets a type of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// The name of the type.
    pub name: String,
    pub span: Span,
    pub is_response: bool,
    /// The schema, without `allOf` but around one reference, and without anything within but
    /// references and what has no type of its own.
    pub schema: Value,
    /// The members in the order of the document.
    pub members: Vec<String>,
    /// The member that holds the request id (`x-request-id`).
    pub request_id: Option<String>,
    /// How alternatives are told apart, if it is one of several.
    pub union: Option<Union>,
    /// What a number or a list of a request is held to.
    pub bounds: Vec<Bound>,
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

/// The format by which the generator recognises text of requests that is secret.
pub const SENT_SECRET: &str = "sent-secret";

/// How many schemas without a name may stand within each other: `allOf` that leads to itself through a
/// member has no end, and a compiler follows types within each other some 25 times only. Choices
/// that hold beside others add to the depth of a document.
const MOST_NESTED: usize = 20;

/// Derives the tolerant view.
pub fn view(model: &Model) -> Result<TolerantView, Vec<Finding>> {
    let mut view = View::new(model);
    let paths = view.paths();
    while let Some(component) = view.pending.pop() {
        match component {
            Reached::Response(pointer) => view.response_component(&pointer),
            Reached::Request(pointer) => view.request_component(&pointer),
            Reached::ResponseBase(pointer) => view.response_base(&pointer),
            Reached::RequestBase(pointer) => view.request_base(&pointer),
        }
    }
    let View { mut types, mut enums, empty_lists, findings, warnings, .. } = view;
    types.sort_by(|one, other| (one.span, &one.name).cmp(&(other.span, &other.name)));
    enums.sort_by_key(|open| open.span);
    if !findings.is_empty() {
        return Err(findings);
    }
    let mut api = OpenAPI { openapi: "3.0.3".to_owned(), paths, ..OpenAPI::default() };
    api.info.title.clone_from(&model.title);
    api.info.version.clone_from(&model.version);
    let any = || {
        ReferenceOr::Item(openapiv3::Schema {
            schema_data: openapiv3::SchemaData::default(),
            schema_kind: openapiv3::SchemaKind::Any(openapiv3::AnySchema::default()),
        })
    };
    let schemas = types.iter().map(|named| (named.name.clone(), any())).collect();
    api.components = Some(openapiv3::Components { schemas, ..openapiv3::Components::default() });
    Ok(TolerantView { api, enums, empty_lists, types, warnings })
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
    /// What is built on others has all their members, but does not stand for what is built on it.
    ResponseBase(String),
    RequestBase(String),
}

/// The view while it is being derived.
struct View<'m> {
    model: &'m Model,
    names: Names,
    types: Vec<NamedType>,
    enums: Vec<OpenEnum>,
    known_enums: BTreeSet<String>,
    empty_lists: Vec<String>,
    findings: Vec<Finding>,
    warnings: Vec<Finding>,
    /// The places of the warnings.
    warned: BTreeSet<Span>,
    reached: BTreeSet<Reached>,
    /// What was reached and is yet to be derived.
    pending: Vec<Reached>,
    /// Components that are being dissolved, against endless recursion.
    dissolving: Vec<String>,
    /// What becomes of components in responses, by their JSON Pointers.
    dissolved: BTreeMap<String, responses::Loose>,
    /// What components in requests are no more than, by their JSON Pointers.
    aliases: BTreeMap<String, Option<String>>,
    /// How many schemas stand within each other.
    depth: usize,
}

impl<'m> View<'m> {
    fn new(model: &'m Model) -> Self {
        Self {
            model,
            names: Names::new(model),
            types: Vec::new(),
            enums: Vec::new(),
            known_enums: BTreeSet::new(),
            empty_lists: Vec::new(),
            findings: Vec::new(),
            warnings: Vec::new(),
            warned: BTreeSet::new(),
            reached: BTreeSet::new(),
            pending: Vec::new(),
            dissolving: Vec::new(),
            dissolved: BTreeMap::new(),
            aliases: BTreeMap::new(),
            depth: 0,
        }
    }

    fn reach(&mut self, component: Reached) {
        if self.reached.insert(component.clone()) {
            self.pending.push(component);
        }
    }

    /// Warns of parts that no value can have all of, in whose place any value is read or sent.
    fn warn(&mut self, schema: &Schema, conflict: &merge::Conflict) {
        let warning = Finding::warning(
            Rule::ClientGenerator,
            &self.model.source,
            schema.span,
            format!("the client takes any value here: {}", conflict.0),
            "let the parts say what one value can be",
        );
        if self.warned.insert(schema.span) {
            self.warnings.push(warning);
        }
    }

    /// Whether schemas stand so deep within each other that what is inside is any value.
    fn is_too_deep(&mut self, schema: &Schema) -> bool {
        let is_too_deep = self.depth > MOST_NESTED;
        if is_too_deep {
            let conflict = format!("schemas stand more than {MOST_NESTED} deep within each other");
            self.warn(schema, &merge::Conflict(conflict));
        }
        is_too_deep
    }

    /// Adds a schema that gets a type of its own.
    fn add(
        &mut self,
        name: &str,
        of: &Schema,
        is_response: bool,
        schema: Json,
        union: Option<Union>,
    ) {
        let properties = of.properties.iter().flatten();
        let request_id = properties.clone().find(|(_, schema)| schema.request_id);
        self.types.push(NamedType {
            name: name.to_owned(),
            span: of.span,
            is_response,
            schema: Value::Object(schema),
            members: properties.map(|(name, _)| name.clone()).collect(),
            request_id: request_id.map(|(name, _)| name.clone()),
            union,
            bounds: if is_response { Vec::new() } else { bounds::bounds(of) },
        });
    }

    /// Adds an open enum, which is the same in requests and responses.
    fn add_open_enum(&mut self, name: &str, schema: &Schema) {
        if !self.known_enums.insert(name.to_owned()) {
            return;
        }
        let mut plain = object(json!({ "type": "string" }));
        shape::describe(&mut plain, schema);
        let description = plain.get("description").and_then(Value::as_str).unwrap_or_default();
        self.enums.push(OpenEnum {
            name: name.to_owned(),
            span: schema.span,
            description: description.to_owned(),
            values: shape::values(self.model, schema).unwrap_or_default(),
        });
        self.add(name, schema, true, plain, None);
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
