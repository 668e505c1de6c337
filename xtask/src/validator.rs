//! The strict view as Rust: one function and one table of rules for each schema.
//!
//! The output depends on the crate `openapi-validator` only, where the meaning of the rules is
//! written. `schemas/` has one file for each component that has parts, and one for all scalars; a
//! schema that is written inline becomes a function in the file of the component, or in
//! `operations.rs`, that contains it.

mod applicators;
mod array;
mod composition;
mod module;
mod naming;
mod number;
mod object;
mod operations;
mod pattern;
mod schemas;
mod source_map;
mod string;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::document::{Document, Node};
use crate::finding::Finding;
use crate::output::Output;
use crate::schema::{Schema, View};
use schemas::Function;

/// All files of the validator, or everything in the document that it cannot be made from.
pub fn outputs(document: &Document) -> Result<Vec<Output>, Vec<Finding>> {
    let view = View::read(document)?;
    let mut emitter = Emitter::new(document, &view);
    let mut outputs = Vec::new();
    for (file, tokens) in emitter.schema_files() {
        outputs.push(emitter.output(&file, tokens));
    }
    let tokens = emitter.operations_file();
    outputs.push(emitter.output("operations.rs", tokens));
    let tokens = emitter.source_map_file();
    outputs.push(emitter.output("source_map.rs", tokens));
    let tokens = emitter.mod_file();
    outputs.push(emitter.output("mod.rs", tokens));
    outputs.sort_by(|a, b| a.path.cmp(&b.path));
    if emitter.findings.is_empty() { Ok(outputs) } else { Err(emitter.findings) }
}

/// What all files have in common.
struct Emitter<'d> {
    document: &'d Document,
    view: &'d View,
    /// The index in the view of each schema that a reference may name.
    targets: BTreeMap<&'d str, usize>,
    /// The function of each schema of the view.
    functions: Vec<Function>,
    /// The places of the schemas with `x-forbidden-properties`; the runtime knows them by index.
    forbidden: Vec<&'d Schema>,
    /// The places of the schemas that may describe one value more than once.
    repeated: BTreeSet<&'d str>,
    /// All names that some `x-forbidden-properties` lists.
    forbidden_names: BTreeSet<&'d str>,
    findings: Vec<Finding>,
}

impl<'d> Emitter<'d> {
    fn new(document: &'d Document, view: &'d View) -> Self {
        let targets = view
            .schemas
            .iter()
            .enumerate()
            .map(|(index, (_, schema))| (schema.pointer.as_str(), index))
            .collect();
        let mut emitter = Self {
            document,
            view,
            targets,
            functions: schemas::functions(view),
            forbidden: Vec::new(),
            repeated: BTreeSet::new(),
            forbidden_names: BTreeSet::new(),
            findings: Vec::new(),
        };
        emitter.repeated = emitter.repeated();
        emitter.find_forbidden();
        emitter.find_circles();
        emitter
    }

    fn find_forbidden(&mut self) {
        /// The runtime keeps them as bits of a word.
        const MOST: usize = 64;
        let mut found = Vec::new();
        let mut visit = |schema: &'d Schema| {
            if !schema.forbidden_properties.is_empty() {
                found.push(schema);
            }
        };
        for schema in composition::roots(self.view) {
            walk(schema, &mut visit);
        }
        // A deep target of a reference stands in two places of the view.
        let mut seen = BTreeSet::new();
        found.retain(|schema| seen.insert(&schema.pointer));
        if let Some(schema) = found.get(MOST) {
            self.findings.push(Finding::new(
                "unsupported-keyword",
                &self.document.source,
                schema.span,
                format!("more than {MOST} schemas have `x-forbidden-properties`"),
                "put the keyword on a schema that contains several of them",
            ));
        }
        self.forbidden_names = found
            .iter()
            .flat_map(|schema| &schema.forbidden_properties)
            .map(String::as_str)
            .collect();
        self.forbidden = found;
    }

    fn target(&self, pointer: &str) -> Option<&'d Schema> {
        Some(&self.view.schemas[*self.targets.get(pointer)?].1)
    }

    /// The schema behind a reference.
    fn resolve<'s>(&self, schema: &'s Schema) -> &'s Schema
    where
        'd: 's,
    {
        match &schema.reference {
            Some(pointer) => self.target(pointer).unwrap_or(schema),
            None => schema,
        }
    }

    fn output(&mut self, path: &str, tokens: TokenStream) -> Output {
        let contents = match crate::rust_file::render(&self.document.source.name, tokens) {
            Ok(contents) => contents,
            Err(error) => {
                // Only a bug in here leads to tokens that are not Rust; no document can avoid it,
                // but a finding is told together with the others.
                self.findings.push(Finding::new(
                    "generated-code",
                    &self.document.source,
                    self.document.root.span,
                    format!("the code for `{path}` is not Rust: {error}"),
                    "report this with the document",
                ));
                String::new()
            }
        };
        Output { path: path.into(), contents }
    }

    fn mod_file(&self) -> TokenStream {
        let title = self.document.root.pointer("/info/title").and_then(Node::as_str);
        let doc = format!("Validators of {}.", title.unwrap_or("an OpenAPI document"));
        quote! {
            #![doc = #doc]
            #![allow(
                clippy::doc_markdown,
                clippy::match_same_arms,
                clippy::too_many_lines,
                clippy::unreadable_literal,
                reason = "names, numbers, lengths and repetitions are those of the document"
            )]
            #![allow(
                dead_code,
                unreachable_pub,
                reason = "what of it is public, the surrounding crate decides"
            )]

            pub mod operations;
            pub mod schemas;
            pub mod source_map;
        }
    }
}

/// Visits a schema and all that it is made of.
fn walk<'s>(schema: &'s Schema, visit: &mut impl FnMut(&'s Schema)) {
    visit(schema);
    for child in children(schema) {
        walk(child, visit);
    }
}

fn children(schema: &Schema) -> Vec<&Schema> {
    let mut children = Vec::new();
    children.extend(schema.properties.iter().flatten().map(|(_, schema)| schema));
    if let Some(crate::schema::AdditionalProperties::Schema(schema)) = &schema.additional_properties
    {
        children.push(schema.as_ref());
    }
    children.extend(schema.items.as_deref());
    children.extend(&schema.all_of);
    children.extend(schema.any_of.iter().flatten());
    children.extend(schema.one_of.iter().flatten());
    children.extend(schema.not.as_deref());
    children
}
