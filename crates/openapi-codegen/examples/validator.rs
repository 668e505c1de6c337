//! Generates a validator without a client: `cargo run -p openapi-codegen --example validator FILE DIR`.
//!
//! For the document that the runtime's tests use; no client could be made from all its keywords.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotate_snippets::Renderer;
use anyhow::Context;
use openapi_codegen::model::Model;
use openapi_codegen::output::{self, Folder};
use openapi_codegen::source::Document;
use openapi_codegen::{samples, source, validator};

fn main() -> anyhow::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let (file, folder) =
        arguments.next().zip(arguments.next()).context("name a document and a folder")?;
    let outputs = samples::read_text(Path::new(&file))?
        .and_then(|text| Document::parse(file, text))
        .and_then(|document| Model::read(&document))
        .and_then(|model| validator::outputs(&model));
    match outputs {
        Ok((outputs, warnings)) => {
            eprint!("{}", source::render(&warnings, &Renderer::plain()));
            let folders = [Folder::whole(PathBuf::from(folder), outputs)];
            output::write(&output::compare(&folders)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(findings) => {
            eprint!("{}", source::render(&findings, &Renderer::plain()));
            Ok(ExitCode::FAILURE)
        }
    }
}
