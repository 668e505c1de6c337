//! Tests of the generator as its users meet it: documents in, findings and files out.

mod client;
mod command;
mod document;
mod growth;
mod lint;
mod output;
mod strangers;
mod survey;
mod validator;

use std::path::{Path, PathBuf};

use annotate_snippets::Renderer;
use openapi_codegen::source::{self, Finding};

/// A document without findings, small enough to be broken in every way.
const BASE: &str = include_str!("base.yaml");

/// The workspace, where the document and the generated crates are.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn render(findings: &[Finding]) -> String {
    source::render(findings, &Renderer::plain())
}

/// Replaces the one place where `from` stands.
fn edit(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} must stand in the text exactly once");
    text.replace(from, to)
}
