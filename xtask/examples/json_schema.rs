//! Prints one component schema as JSON Schema, with all that it may need: for other validators.
//!
//! `cargo run -p xtask --example json_schema -- openapi/tango-orders.yaml Order`

use std::path::Path;
use std::process::ExitCode;

use annotate_snippets::Renderer;
use anyhow::Context;
use xtask::document::Document;
use xtask::{finding, json_schema, samples};

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
            eprint!("{}", finding::render(&findings, &Renderer::plain()));
            Ok(ExitCode::FAILURE)
        }
    }
}
