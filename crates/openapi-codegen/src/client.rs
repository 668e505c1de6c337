//! Generates the client crate's `generated/` folder: progenitor on the tolerant view, tidied.
//!
//! The generated code relies on names of the crate that holds it: `crate::Exchange` (what one call
//! sees of the server, handed to progenitor's hooks), `crate::{AnyValue, Decimal, Html, Integer, List,
//! Map, Private, Secret, Timestamp}` (what replies consist of), the macro `crate::open_enum!` (what
//! all open enums can do), and the features `schemars`, `serialize` and `utoipa`.

mod bounds;
mod enums;
mod operations;
mod passes;
mod types;
mod view;

use std::any::Any;
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars08::schema::{InstanceType, SchemaObject};
use syn::Item;

use crate::model::Model;
use crate::output::Output;
use crate::rule::Rule;
use crate::rust_file;
use crate::source::Finding;
use view::{OpenEnum, TolerantView};

/// The files of the client crate's `generated/` folder.
pub fn outputs(model: &Model) -> Result<Vec<Output>, Vec<Finding>> {
    let view = view::view(model)?;
    let refuse = |reason: String| {
        vec![Finding::new(
            Rule::ClientGenerator,
            &model.source,
            model.span,
            format!("the client generator does not take this document: {reason}"),
            "look for what the message names; `openapi/RULES.md` lists what the generator needs",
        )]
    };
    let tokens = generate(&view.api, &view.enums).map_err(refuse)?;
    let files = files(tokens, &view).map_err(|error| refuse(error.to_string()))?;
    files
        .into_iter()
        .map(|(name, tokens)| {
            let contents = rust_file::render(&model.source.name, tokens)
                .map_err(|error| refuse(error.to_string()))?;
            Ok(Output { path: name.into(), contents })
        })
        .collect()
}

/// Runs progenitor, which panics on what it does not know.
fn generate(api: &OpenAPI, enums: &[OpenEnum]) -> Result<TokenStream, String> {
    let run = AssertUnwindSafe(|| Generator::new(&settings(enums)).generate_tokens(api));
    match quietly(|| panic::catch_unwind(run)) {
        Ok(Ok(tokens)) => Ok(tokens),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(panic_text(payload.as_ref())),
    }
}

fn settings(enums: &[OpenEnum]) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        // A client without its hooks would send what they are there to stop.
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(crate::Exchange))
        .with_map_type("crate::Map");
    for OpenEnum { name, .. } in enums {
        let path = enums::path(name);
        settings.with_replacement(enums::type_name(name), path, [TypeImpl::Display].into_iter());
    }
    let string = |format| schema(InstanceType::String, format);
    let printed = || [TypeImpl::Display].into_iter();
    let unprinted = || [].into_iter();
    settings
        .with_conversion(schema(InstanceType::Number, "decimal"), "crate::Decimal", printed())
        .with_conversion(string("date-time"), "crate::Timestamp", printed())
        .with_conversion(
            schema(InstanceType::Integer, view::RESPONSE_INTEGER),
            "crate::Integer",
            printed(),
        )
        .with_conversion(string(view::PRIVATE_TEXT), "crate::Private", unprinted())
        .with_conversion(string("password"), "crate::Secret", unprinted())
        .with_conversion(string("html"), "crate::Html", unprinted())
        .with_conversion(SchemaObject::default(), "crate::AnyValue", unprinted());
    settings
}

fn schema(instance_type: InstanceType, format: &str) -> SchemaObject {
    SchemaObject {
        instance_type: Some(instance_type.into()),
        format: Some(format.to_owned()),
        ..SchemaObject::default()
    }
}

/// Splits progenitor's single file by what a reviewer looks for.
fn files(
    tokens: TokenStream,
    view: &TolerantView,
) -> Result<Vec<(&'static str, TokenStream)>, syn::Error> {
    let file: syn::File = syn::parse2(passes::wire_names::restore(tokens, &view.renamed))?;
    let mut schemas = Vec::new();
    let mut client = Vec::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                schemas = module.content.map(|(_, items)| items).unwrap_or_default();
            }
            item => client.push(item),
        }
    }
    let schemas = types::Schemas::new(schemas, &client, view);
    let client = operations::render(client, &schemas);
    let mut files = vec![("client.rs", client)];
    files.extend(schemas.replies().map(|tokens| ("types.rs", tokens)));
    files.extend(schemas.bodies().map(|tokens| ("bodies.rs", tokens)));
    if !view.enums.is_empty() {
        files.push(("enums.rs", enums::render(&view.enums)));
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    files.push(("mod.rs", module(&names)));
    Ok(files)
}

fn module(files: &[&str]) -> TokenStream {
    let enums = files.contains(&"enums.rs").then(|| {
        quote!(
            pub(crate) mod enums;
        )
    });
    let bodies = files.contains(&"bodies.rs").then(|| {
        quote!(
            pub(crate) mod bodies;
        )
    });
    let types = files.contains(&"types.rs").then(|| {
        quote!(
            pub(crate) mod types;
        )
    });
    quote! {
        //! The operations and schemas of the document, as a tolerant reader sees them.
        //!
        //! `client` sends the operations, `bodies` is what they take (strict), `types` what they return
        //! (tolerant), `enums` the vocabularies that the server may extend.
        //!
        //! The crate that holds this module provides what it is written against: `Exchange`, which
        //! implements `progenitor_client::ClientHooks` for `Client`; the types `AnyValue`, `Decimal`,
        //! `Html`, `Integer`, `List`, `Map`, `Private`, `Secret` and `Timestamp` of responses; the macro
        //! `open_enum`; the features `schemars`, `serialize` and `utoipa`; and the crates
        //! `progenitor-client`, `reqwest`, `serde` and `serde_json`.

        #![allow(
            clippy::doc_markdown,
            reason = "descriptions are the document's, which is not written for rustdoc"
        )]
        #![allow(
            clippy::struct_field_names,
            clippy::too_many_arguments,
            clippy::unreadable_literal,
            reason = "names, parameters and numbers are those of the document and of progenitor"
        )]

        #bodies
        mod client;
        #enums
        #types

        pub(crate) use client::Client;
    }
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps panics of this thread off the terminal; they become findings.
fn quietly<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let value = run();
    QUIET.set(false);
    value
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    format!("progenitor panicked: {}", text.unwrap_or("without a message"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Document;

    const API: &str = r##"{
        "openapi": "3.0.3",
        "info": { "title": "T", "version": "1" },
        "paths": {
            "/a": { "get": {
                "operationId": "a",
                "responses": {
                    "200": { "description": "D", "content": { "application/json": { "schema": {
                        "$ref": "#/components/schemas/Thing" } } } },
                    "400": { "description": "D" ERROR },
                    "401": { "description": "D" }
                }
            } }
        },
        "components": { "schemas": {
            "Thing": { "type": "object", "properties": {
                "state": { "type": "string" },
                "items": { "type": "array", "items": { "$ref": "#/components/schemas/Thing" } }
            } }
        } }
    }"##;

    fn generated(text: String) -> Result<Vec<Output>, Vec<Finding>> {
        let document = Document::parse("api.json", text).expect("it is JSON");
        outputs(&Model::read(&document)?)
    }

    fn run(error: &str) -> Result<Vec<Output>, Vec<Finding>> {
        generated(API.replace("ERROR", error))
    }

    #[test]
    fn each_file_has_its_subject_and_the_same_bytes_every_time() {
        let files = |outputs: Vec<Output>| -> Vec<(String, String)> {
            let path = |output: &Output| output.path.display().to_string();
            outputs.into_iter().map(|output| (path(&output), output.contents)).collect()
        };
        let first = files(run("").expect("the document is sound"));
        let second = files(run("").expect("the document is sound"));
        assert_eq!(first, second);
        let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["client.rs", "types.rs", "mod.rs"]);
        let (_, types) = &first[1];
        assert!(types.contains("pub items: crate::List<Thing>"), "{types}");
    }

    #[test]
    fn a_document_that_makes_progenitor_panic_is_a_finding() {
        let typed = r##", "content": { "application/json": { "schema": {
            "$ref": "#/components/schemas/Thing" } } }"##;
        let findings = run(typed).expect_err("two types of errors on one operation");
        assert_eq!(findings.len(), 1);
        let message = &findings[0].message;
        assert!(message.contains("assertion failed: response_types.len() <= 1"), "{message}");
    }

    #[test]
    fn what_is_common_in_the_wild_is_generated() {
        let operation = r##"{ "openapi": "3.0.3", "info": { "title": "T", "version": "1" }, "paths": {
            "/a": { "post": {
                "operationId": "new",
                "parameters": [{ "name": "limit", "in": "query", "schema": {
                    "type": "integer", "format": "int32", "minimum": 1, "maximum": 99 } },
                    { "name": "code", "in": "query", "schema": { "type": "string", "pattern": "^a" } },
                    { "name": "order", "in": "query", "schema": { "type": "string", "enum": ["up", "Up"] } }],
                "requestBody": { "content": { "application/octet-stream": { "schema": {
                    "type": "string", "format": "binary" } } } },
                "responses": {
                    "200": { "description": "D", "content": { "application/json": { "schema": {
                        "$ref": "#/components/schemas/Thing" } } } },
                    "default": { "description": "D", "content": {
                        "application/problem+json": { "schema": {
                            "$ref": "#/components/schemas/Problem" } } } }
                } } },
            "/raw": { "get": { "operationId": "raw", "responses": {
                "200": { "description": "D", "content": { "application/octet-stream": {
                    "schema": { "type": "string", "format": "binary" } } } } } } }
        }, "components": { "schemas": {
            "Thing": { "type": "object", "properties": { "n": { "type": "integer" } } },
            "Problem": { "type": "object", "properties": { "title": { "type": "string" } } }
        } } }"##;

        let outputs =
            generated(operation.to_owned()).unwrap_or_else(|findings| panic!("{findings:#?}"));
        let text: String = outputs.into_iter().map(|output| output.contents).collect();
        for expected in [
            "pub(crate) async fn new<",
            "body: B,",
            "limit: Option<i64>,",
            "code: Option<&'a str>,",
            "order: Option<bodies::NewOrder>,",
            "Result<ResponseValue<types::Thing>, Error<types::Problem>>",
            "Result<ResponseValue<ByteStream>",
            "pub n: Option<crate::Integer>,",
        ] {
            assert!(text.contains(expected), "{expected} is missing");
        }
        for unexpected in ["pub(crate) fn new(", "regress"] {
            assert!(!text.contains(unexpected), "{unexpected}: {text}");
        }
    }
}
