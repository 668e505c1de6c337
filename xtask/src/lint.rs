//! Rules that an OpenAPI document obeys before anything is generated from it.
//!
//! Nothing here stops at the first finding, and nothing panics, whatever the document holds.

mod examples;
mod objects;
mod operations;
mod references;
mod schemas;
mod structure;

use crate::document::{Document, Node, Span};
use crate::finding::Finding;
use crate::samples::Sample;
use objects::Object;
use structure::Visit;

/// Which rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// What the generator needs of any OpenAPI 3.0 document: whatever would make progenitor panic,
    /// or silently loosen a type.
    Generator,
    /// These, and the house rules of this project's own document: names, descriptions, examples.
    House,
}

/// Checks a document and its samples.
pub fn findings(document: &Document, samples: &[Sample], rules: Rules) -> Vec<Finding> {
    let mut report = Report { document, rules, findings: Vec::new() };
    version(&mut report);
    let visits = structure::walk(document, &mut report.findings);
    references::check(&mut report, &visits);
    operations::check(&mut report, &visits);
    schemas::check(&mut report, &visits);
    // A schema that is broken in itself would only repeat its fault for each example.
    if report.findings.is_empty() {
        examples::check(&mut report, &visits, samples);
    }
    report.findings
}

/// Collects the findings of one document.
struct Report<'d> {
    document: &'d Document,
    rules: Rules,
    findings: Vec<Finding>,
}

impl<'d> Report<'d> {
    fn add(
        &mut self,
        rule: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(self.finding(rule, span, message, help));
    }

    fn finding(
        &self,
        rule: &'static str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Finding {
        Finding::new(rule, &self.document.source, span, message, help)
    }

    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    fn house(&self) -> bool {
        self.rules == Rules::House
    }

    /// Follows references to the object that is meant; `None` where there is none to be found.
    fn resolve(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        // A chain of references is short; a longer one is a circle, which has its own rule.
        for _ in 0..16 {
            match node.get("$ref").and_then(Node::as_str) {
                Some(reference) => node = self.document.resolve(reference)?,
                None => return Some(node),
            }
        }
        None
    }
}

fn version(report: &mut Report<'_>) {
    let Some(node) = report.document.root.get("openapi") else { return };
    if !node.as_str().is_some_and(|version| version.starts_with("3.0.")) {
        report.add(
            "openapi-version",
            node.span,
            "the document is not OpenAPI 3.0",
            "write `openapi: 3.0.3`; 3.1 and later have another schema language",
        );
    }
}

fn of_kind<'v, 'd>(visits: &'v [Visit<'d>], object: Object) -> impl Iterator<Item = &'v Visit<'d>> {
    visits.iter().filter(move |visit| visit.object == object && visit.node.get("$ref").is_none())
}
