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
mod number;
mod object;
mod operations;
mod parameters;
pub mod pattern;
mod schemas;
mod source_map;
mod string;
mod types;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Model, Schema};
use crate::output::Output;
use crate::rule::Rule;
use crate::source::Finding;
use schemas::Function;

/// All files of the validator, or everything in the document that it cannot be made from.
pub fn outputs(view: &Model) -> Result<(Vec<Output>, Vec<Finding>), Vec<Finding>> {
    let mut emitter = Emitter::new(view);
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
    let findings = emitter.findings;
    if findings.iter().any(Finding::is_error) { Err(findings) } else { Ok((outputs, findings)) }
}

/// What all files have in common.
struct Emitter<'d> {
    /// The strict view of the document is its model as it stands.
    view: &'d Model,
    /// The function of each schema of the view.
    functions: Vec<Function>,
    /// The places of the schemas with `x-forbidden-properties`; the runtime knows them by index.
    forbidden: Vec<&'d Schema>,
    /// The places of the schemas that may describe one value more than once.
    repeated: BTreeSet<&'d str>,
    /// The places of the schemas of which reports hide all values.
    concealing: BTreeSet<&'d str>,
    /// All names that some `x-forbidden-properties` lists.
    forbidden_names: BTreeSet<&'d str>,
    findings: Vec<Finding>,
}

impl<'d> Emitter<'d> {
    fn new(view: &'d Model) -> Self {
        let mut emitter = Self {
            view,
            functions: schemas::functions(view),
            forbidden: Vec::new(),
            repeated: BTreeSet::new(),
            concealing: BTreeSet::new(),
            forbidden_names: BTreeSet::new(),
            findings: Vec::new(),
        };
        emitter.repeated = emitter.repeated();
        emitter.concealing = emitter.concealing();
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
                Rule::UnsupportedKeyword,
                &self.view.source,
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

    /// The schema behind a reference.
    fn resolve<'s>(&self, schema: &'s Schema) -> &'s Schema
    where
        'd: 's,
    {
        self.view.resolve(schema)
    }

    fn output(&mut self, path: &str, tokens: TokenStream) -> Output {
        let contents = match crate::rust_file::render(&self.view.source.name, tokens) {
            Ok(contents) => contents,
            Err(error) => {
                // Only a bug in here leads to tokens that are not Rust; no document can avoid it,
                // but a finding is told together with the others.
                self.findings.push(Finding::new(
                    Rule::GeneratedCode,
                    &self.view.source,
                    self.view.span,
                    format!("the code for `{path}` is not Rust: {error}"),
                    "report this with the document",
                ));
                String::new()
            }
        };
        Output { path: path.into(), contents }
    }

    fn mod_file(&self) -> TokenStream {
        let title = Some(self.view.title.as_str()).filter(|title| !title.is_empty());
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
    for child in schema.children() {
        walk(child, visit);
    }
}
