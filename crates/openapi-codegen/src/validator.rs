//! The strict view as Rust: one function and one table of rules for each schema.
//!
//! The output depends on the crate `openapi-validator` only, where the meaning of the rules is
//! written. `schemas/` has one file for each component; a schema that is written inline becomes a
//! function in the file of the component, or in `operations.rs`, that contains it.

mod emit;
mod operations;
mod pattern;
mod source_map;

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use crate::model::{Model, Schema};
use crate::output::Output;
use crate::rule::Rule;
use crate::source::Finding;

/// All files of the validator, or everything in the document that it cannot be made from.
pub fn outputs(view: &Model) -> Result<(Vec<Output>, Vec<Finding>), Vec<Finding>> {
    let mut emitter = Emitter::new(view);
    let mut outputs = Vec::new();
    for index in 0..view.schemas.len() {
        let tokens = emitter.schema_file(index);
        let file = format!("schemas/{}.rs", emitter.modules[index]);
        outputs.push(emitter.output(&file, tokens));
    }
    let tokens = emitter.schemas_file();
    outputs.push(emitter.output("schemas/mod.rs", tokens));
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
    /// The module of each schema of the view.
    modules: Vec<String>,
    /// The places of the schemas with `x-forbidden-properties`; the runtime knows them by index.
    forbidden: Vec<&'d Schema>,
    /// All names that some `x-forbidden-properties` lists.
    forbidden_names: BTreeSet<&'d str>,
    findings: Vec<Finding>,
}

impl<'d> Emitter<'d> {
    fn new(view: &'d Model) -> Self {
        let mut taken = BTreeSet::from(["mod".to_owned()]);
        let modules = view
            .schemas
            .iter()
            .map(|(name, _)| unique(&identifier(&name.to_snake_case()), &mut taken))
            .collect();
        let mut emitter = Self {
            view,
            modules,
            forbidden: Vec::new(),
            forbidden_names: BTreeSet::new(),
            findings: Vec::new(),
        };
        emitter.find_forbidden();
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
        for (_, schema) in &self.view.schemas {
            walk(schema, &mut visit);
        }
        for operation in &self.view.operations {
            operation.schemas().for_each(|schema| walk(schema, &mut visit));
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
                // Only a bug in here leads to tokens that are not Rust; no maintainer can mend it,
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

    fn schema_file(&mut self, index: usize) -> TokenStream {
        let (name, schema) = &self.view.schemas[index];
        let mut module = emit::Module::new(self, quote!(super));
        module.root(schema);
        let items = module.finish();
        let doc = format!("`{}`", on_one_line(name));
        quote! {
            #![doc = #doc]
            #items
        }
    }

    fn schemas_file(&self) -> TokenStream {
        let mut taken = BTreeSet::new();
        let mut modules: Vec<Ident> = Vec::new();
        let mut variants = Vec::new();
        let mut arms = Vec::new();
        let mut names = Vec::new();
        for (index, (name, schema)) in self.view.schemas.iter().enumerate() {
            let module = format_ident!("{}", self.modules[index]);
            modules.push(module.clone());
            let variant = identifier(&name.to_upper_camel_case());
            let variant = format_ident!("{}", unique(&variant, &mut taken));
            let doc = format!("`#{}`", on_one_line(&schema.pointer));
            variants.push(quote!(#[doc = #doc] #variant));
            arms.push(quote!(Self::#variant => #module::validate));
            names.push(quote!(Self::#variant => #name));
        }
        modules.sort();
        let variants_of_all = variants.len();
        let all = if variants_of_all == 0 {
            quote!()
        } else {
            let idents: Vec<Ident> = {
                let mut taken = BTreeSet::new();
                self.view
                    .schemas
                    .iter()
                    .map(|(name, _)| {
                        let variant = identifier(&name.to_upper_camel_case());
                        format_ident!("{}", unique(&variant, &mut taken))
                    })
                    .collect()
            };
            quote!(#(Self::#idents),*)
        };
        let (validator, name) = if variants_of_all == 0 {
            (quote!(match self {}), quote!(match self {}))
        } else {
            (quote!(match self { #(#arms),* }), quote!(match self { #(#names),* }))
        };
        quote! {
            //! One module for each schema of the document.

            #(pub(crate) mod #modules;)*

            use openapi_validator::Validator;

            /// The schemas of the document.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum Schema {
                #(#variants),*
            }

            impl Schema {
                /// All schemas, in the order of the document.
                pub const ALL: &'static [Self] = &[#all];

                /// The name under `components/schemas`.
                pub const fn name(self) -> &'static str {
                    #name
                }

                /// The schema of this name.
                pub fn from_name(name: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|schema| schema.name() == name)
                }

                /// The function that reads a value and checks it against the schema.
                pub const fn validator(self) -> Validator {
                    #validator
                }
            }
        }
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

/// Makes a Rust identifier of a name.
fn identifier(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    let name = match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{name}"),
        Some('_') if name.chars().all(|c| c == '_') => "unnamed".to_owned(),
        Some(_) => name,
    };
    if syn::parse_str::<Ident>(&name).is_ok() { name } else { format!("{name}_") }
}

/// A name as a comment can hold it: on one line, which a carriage return must not break either.
fn on_one_line(name: &str) -> String {
    let escaped = name
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.into() });
    escaped.collect()
}

/// Numbers a name that is taken.
fn unique(name: &str, taken: &mut BTreeSet<String>) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    candidate
}
