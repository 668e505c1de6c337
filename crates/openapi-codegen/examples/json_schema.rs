//! Prints one component schema as JSON Schema, with all that it may need: for other validators.
//!
//! `cargo run -p openapi-codegen --example json_schema -- openapi/tango-orders.yaml Order`

use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::Renderer;
use anyhow::Context;
use openapi_codegen::source::Document;
use openapi_codegen::{json_schema, samples, source};

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let (file, name) =
        arguments.next().zip(arguments.next()).context("name document and schema")?;
    match samples::read_text(Path::new(&file))?.and_then(|text| Document::parse(file, text)) {
        Ok(document) => {
            println!("{:#}", json_schema::schema(&document, &name));
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            eprint!("{}", source::render(&findings, &Renderer::plain()));
            Ok(ExitCode::FAILURE)
        }
    }
}
