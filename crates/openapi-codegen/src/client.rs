//! Generates the client crate's `generated/` folder: types from the tolerant view, and progenitor's calls
//! on it, tidied.
//!
//! The generated code is written against the crate `openapi-client`, and relies on the features
//! `schemars` and `utoipa` of the crate that holds it.

mod clients;
mod enums;
mod imports;
mod methods;
mod omissions;
mod operations;
mod progenitor;
mod requests;
mod rules;
mod runtime;
mod syntax;
mod types;
mod view;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::Model;
use crate::output::Output;
use crate::rule::Rule;
use crate::rust_file;
use crate::source::{Finding, Span};
use methods::Methods;
pub use omissions::Omission;
use omissions::Omissions;
use operations::Operation;
use requests::Request;
use types::Types;
use view::TolerantView;

/// A generated client.
#[derive(Debug)]
pub struct Client {
    /// The files of the crate's `generated/` folder.
    pub outputs: Vec<Output>,
    /// The types of error bodies, for which the crate implements `openapi_client::ErrorBody`; each by
    /// its path in the folder's module.
    pub error_bodies: Vec<String>,
    /// The operations of the document that it does not call.
    pub omissions: Vec<Omission>,
}

/// Generates the client, with warnings of what it leaves out.
pub fn generate(model: &Model) -> Result<(Client, Vec<Finding>), Vec<Finding>> {
    let (mut model, mut omissions) = omissions::sendable(model);
    loop {
        match attempt(&model, &omissions) {
            Ok((client, warnings)) => {
                let client = Client { omissions: omissions.operations, ..client };
                omissions.warnings.extend(warnings);
                return Ok((client, omissions.warnings));
            }
            Err(Failure::Operation(index, reason)) => {
                omissions.omit(model.to_mut(), index, &reason);
            }
            Err(Failure::Document(mut errors)) => {
                // What was left out before may be why.
                errors.extend(omissions.warnings);
                return Err(errors);
            }
        }
    }
}

/// Why nothing is generated.
enum Failure {
    /// The operation with this index is in the way.
    Operation(usize, String),
    Document(Vec<Finding>),
}

fn attempt(model: &Model, omissions: &Omissions) -> Result<(Client, Vec<Finding>), Failure> {
    let mut view = view::view(model).map_err(Failure::Document)?;
    let operations = operations::name(model, &mut view.api);
    let refuse = |span: Span, reason: &str| {
        Failure::Document(vec![Finding::new(
            Rule::ClientGenerator,
            &model.source,
            span,
            format!("the client generator does not take this: {reason}"),
            "look for what the message names; `openapi/RULES.md` lists what the generator needs",
        )])
    };
    if operations.is_empty() && !omissions.operations.is_empty() {
        return Err(refuse(model.span, "it has no operation that could be called"));
    }
    let tokens = progenitor::generate(&view).map_err(|reason| {
        match progenitor::culprit(&mut view, model.operations.len()) {
            Some(index) => Failure::Operation(index, reason),
            None => refuse(model.span, &reason),
        }
    })?;
    let refuse = |error: syn::Error| refuse(model.span, &error.to_string());
    let (files, error_bodies) = files(tokens, &view, model, &operations).map_err(refuse)?;
    let outputs = files
        .into_iter()
        .map(|(name, tokens)| {
            let contents =
                rust_file::render(&model.source.name, runtime::hand_on(tokens)).map_err(refuse)?;
            Ok(Output { path: name.into(), contents })
        })
        .collect::<Result<_, Failure>>()?;
    Ok((Client { outputs, error_bodies, omissions: Vec::new() }, view.warnings))
}

/// Code by the names of files.
type Files = Vec<(&'static str, TokenStream)>;

/// The code by what a reviewer looks for, and the types of error bodies.
fn files(
    tokens: TokenStream,
    view: &TolerantView,
    model: &Model,
    operations: &[Operation<'_>],
) -> Result<(Files, Vec<String>), syn::Error> {
    let types = Types::new(view);
    let methods = Methods::new(syn::parse2(tokens)?, operations);
    let requests: Vec<Request<'_, '_>> = operations
        .iter()
        .filter_map(|operation| Request::new(model, operation, &methods))
        .collect();
    let mut files = vec![
        ("clients.rs", clients::render(model, &requests)),
        ("operations.rs", operations::render(model, operations)),
    ];
    if !requests.is_empty() {
        files.push(("client.rs", methods.render()));
        files.push(("requests.rs", requests::render(model, &requests)));
    }
    files.extend(types.responses().map(|tokens| ("types.rs", tokens)));
    files.extend(types.bodies().map(|tokens| ("bodies.rs", tokens)));
    if !view.enums.is_empty() {
        files.push(("enums.rs", enums::render(&view.enums)));
    }
    if !view.empty_lists.is_empty() {
        files.push(("lists.rs", lists(&view.empty_lists)));
    }
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    files.push(("mod.rs", module(&names)));
    Ok((files, requests::error_bodies(&requests)))
}

/// The type of lists in whose place words may stand.
fn lists(words: &[String]) -> TokenStream {
    quote! {
        //! Lists of responses.

        /// The words that the document allows in place of a list without items.
        pub enum NoItems {}

        impl ::openapi_client::WordsForEmpty for NoItems {
            const WORDS: &'static [&'static str] = &[#(#words),*];
        }

        /// A list of a response; null or a word that the document allows in its place is an empty list.
        pub type List<T> = ::openapi_client::List<T, NoItems>;
    }
}

fn module(files: &[&str]) -> TokenStream {
    let names = ["bodies", "clients", "enums", "lists", "operations", "requests", "types"];
    let modules = names.into_iter().filter(|name| files.contains(&format!("{name}.rs").as_str()));
    let modules = modules.map(|name| format_ident!("{name}"));
    let client = files.contains(&"client.rs").then(|| {
        quote!(
            mod client;
        )
    });
    quote! {
        //! The operations and schemas of the document, as a tolerant reader sees them.
        //!
        //! `clients` make `requests`, which `client` sends; `operations` tells what the document says of
        //! them. Requests take `bodies` (strict) and return `types` (tolerant); `enums` are the
        //! vocabularies that the server may extend.
        //!
        //! The crate that holds this module depends on `openapi-client`, passes the features `schemars`
        //! and `utoipa` on to it, and implements `openapi_client::ErrorBody` for the types of error
        //! bodies.

        #![allow(
            clippy::doc_markdown,
            reason = "descriptions are the document's, which is not written for rustdoc"
        )]
        #![allow(
            clippy::default_trait_access,
            clippy::manual_range_patterns,
            clippy::struct_field_names,
            clippy::too_many_arguments,
            clippy::unnecessary_to_owned,
            clippy::unnecessary_trailing_comma,
            clippy::unreadable_literal,
            reason = "names, parameters and numbers are those of the document and of progenitor"
        )]

        #client
        #(pub mod #modules;)*

        pub use clients::*;
        pub use operations::Operation;
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
        Ok(generate(&Model::read(&document)?)?.0.outputs)
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
        assert_eq!(
            names,
            ["clients.rs", "operations.rs", "client.rs", "requests.rs", "types.rs", "mod.rs"]
        );
        let (_, types) = &first[4];
        assert!(types.contains("pub items: ::openapi_client::List<Thing>"), "{types}");
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
            "pub(crate) async fn new2<",
            "pub fn new(&self, body: impl Into<Bytes>) -> New {",
            "/// Limits: at least 1, at most 99.",
            "/// The server checks that it matches `^a`.",
            "Rule::Maximum(Number::Integer(99))",
            "impl Parameter for bodies::NewOrder {}",
            "body: B,",
            "limit: Option<i64>,",
            "code: Option<&'a str>,",
            "order: Option<bodies::NewOrder>,",
            "Result<ResponseValue<types::Thing>, Error<types::Problem>>",
            "Result<ResponseValue<RawBody>, Error<()>>",
            "pub n: Option<::openapi_client::Integer>,",
        ] {
            assert!(text.contains(expected), "{expected} is missing");
        }
        for unexpected in ["api-version", "regress"] {
            assert!(!text.contains(unexpected), "{unexpected}: {text}");
        }
    }
}
