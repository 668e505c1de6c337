//! Generates the client crate's `generated/` folder: progenitor on the tolerant view, tidied.
//!
//! The generated code relies on names of the crate that holds it: `crate::Exchange` (what one call
//! sees of the server, handed to progenitor's hooks), `crate::{AnyValue, Decimal, Html, Integer, List,
//! Map, Private, Secret, Timestamp}` (what replies consist of), the macro `crate::open_enum!` (what
//! all open enums can do), and the features `schemars`, `serialize` and `utoipa`.

mod code;
mod enums;
mod operations;
mod passes;
mod progenitor;
mod syntax;
mod view;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;
use crate::output::Output;
use crate::rust_file;
use crate::source::{Finding, Span};
use code::Code;
use view::TolerantView;

/// The files of the client crate's `generated/` folder.
pub fn outputs(model: &Model) -> Result<Vec<Output>, Vec<Finding>> {
    let view = view::view(model)?;
    let refuse = |span: Span, reason: &str| {
        vec![Finding::new(
            "client-generator",
            &model.source,
            span,
            format!("the client generator does not take this: {reason}"),
            "look for what the message names; `openapi/README.md` lists what the generator needs",
        )]
    };
    let tokens = progenitor::generate(&view.api, &view.enums)
        .map_err(|reason| refuse(progenitor::culprit(&view, &model.operations), &reason))?;
    let refuse = |error: syn::Error| refuse(model.span, &error.to_string());
    let files = files(tokens, &view).map_err(refuse)?;
    files
        .into_iter()
        .map(|(name, tokens)| {
            let contents = rust_file::render(&model.source.name, tokens).map_err(refuse)?;
            Ok(Output { path: name.into(), contents })
        })
        .collect()
}

/// Splits progenitor's single file by what a reviewer looks for.
fn files(
    tokens: TokenStream,
    view: &TolerantView,
) -> Result<Vec<(&'static str, TokenStream)>, syn::Error> {
    let tokens = passes::wire_names::restore(tokens, &view.renamed);
    let mut code = Code::new(syn::parse2(tokens)?, view);
    passes::run(&mut code, view);
    let mut files = vec![("client.rs", operations::render(&code))];
    files.extend(code.types.render("What responses hold.").map(|tokens| ("types.rs", tokens)));
    let bodies = "What the bodies of requests hold, and the closed vocabularies of parameters.";
    files.extend(code.bodies.render(bodies).map(|tokens| ("bodies.rs", tokens)));
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
        assert_eq!(findings[0].span.line, 5, "the operation");
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
