//! What must hold for any text that is read as a document: asked by the fuzz target, and by the test
//! of its corpus.

use annotate_snippets::Renderer;
use openapi_codegen::model::Model;
use openapi_codegen::rule::Rules;
use openapi_codegen::source::{self, Document, Finding};
use openapi_codegen::{lint, validator};

/// Reads a document, holds it against the rules, and generates its validator.
///
/// # Panics
///
/// Something does not hold.
pub fn check(text: &str) {
    let document = match Document::parse("fuzz.yaml", text) {
        Ok(document) => document,
        Err(findings) => return refused(&findings),
    };
    for rules in [Rules::House, Rules::Generator] {
        shown(&lint::findings(&document, rules));
    }
    match Model::read(&document).and_then(|model| validator::outputs(&model)) {
        Ok((outputs, warnings)) => {
            assert!(!outputs.is_empty(), "there is a validator");
            shown(&warnings);
        }
        Err(findings) => refused(&findings),
    }
}

/// Who refuses says why.
fn refused(findings: &[Finding]) {
    assert!(!findings.is_empty(), "it is refused without a finding");
    shown(findings);
}

/// Findings can be written, wherever they stand.
fn shown(findings: &[Finding]) {
    let text = source::render(findings, &Renderer::plain());
    for finding in findings {
        assert!(text.contains(&finding.message), "{text}");
    }
}
