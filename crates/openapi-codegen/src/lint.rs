//! Rules that an OpenAPI document obeys before anything is generated from it.
//!
//! Nothing here stops at the first finding, and nothing panics, whatever the document holds.

mod drift;
mod examples;
mod operations;
mod references;
mod schemas;
mod structure;

use std::collections::HashSet;

use crate::rule::{Rule, Rules};
use crate::samples::Sample;
use crate::source::Finding;
use crate::source::{Document, Kind, Node, Span};
use crate::vocabulary::Object;
use structure::Visit;

/// Checks a document.
pub fn findings(document: &Document, rules: Rules) -> Vec<Finding> {
    let mut report = Report { document, rules, findings: Vec::new() };
    version(&mut report);
    if !report.findings.is_empty() {
        return report.findings;
    }
    let visits = structure::walk(document, rules, &mut report.findings);
    references::check(&mut report, &visits);
    operations::check(&mut report, &visits);
    schemas::check(&mut report, &visits);
    if rules == Rules::House {
        // What is misspelt where it is used, or where its user stands, is not unused.
        let is_intact = report.findings.iter().all(|finding| !BREAKS_USES.contains(&finding.rule));
        if is_intact {
            references::unused(&mut report, &visits);
        }
    }
    deduplicated(report.findings)
}

/// Findings after which it can't be told what a document uses.
const BREAKS_USES: [Rule; 8] = [
    Rule::UnknownKey,
    Rule::MissingKey,
    Rule::WrongType,
    Rule::UnresolvedReference,
    Rule::RemoteReference,
    Rule::ReferenceTarget,
    Rule::CircularReference,
    Rule::StatusCode,
];

/// Compares a sound document's examples and samples with its schemas.
pub fn illustrations(document: &Document, samples: &[Sample], rules: Rules) -> Vec<Finding> {
    let mut report = Report { document, rules, findings: Vec::new() };
    let visits = structure::walk(document, rules, &mut Vec::new());
    examples::check(&mut report, &visits, samples);
    report.findings
}

/// What a path item declares is met again with each of its operations.
fn deduplicated(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::new();
    findings.retain(|finding| seen.insert((finding.rule, finding.span, finding.message.clone())));
    findings
}

/// Collects the findings of one document.
struct Report<'d> {
    document: &'d Document,
    rules: Rules,
    findings: Vec<Finding>,
}

impl Report<'_> {
    fn add(&mut self, rule: Rule, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.push(self.finding(rule, span, message, help));
    }

    fn finding(
        &self,
        rule: Rule,
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
}

/// Says which other language a document is written in, for which no other rule is of use.
fn version(report: &mut Report<'_>) {
    let root = &report.document.root;
    let (node, what) = if let Some(node) = root.get("swagger") {
        (node, format!("the document is Swagger {}, not OpenAPI 3.0.x", scalar(node)))
    } else if let Some(node) = root.get("openapi") {
        match node.as_str() {
            Some(version) if version == "3.0" || version.starts_with("3.0.") => return,
            _ => (node, format!("the document is OpenAPI {}, not 3.0.x", scalar(node))),
        }
    } else {
        (root, "the file does not say that it is an OpenAPI document".to_owned())
    };
    let help = match scalar(node).as_str() {
        "2.0" => "convert it to OpenAPI 3.0, for example with `swagger2openapi`",
        version if version.starts_with("3.1") || version.starts_with("3.2") => {
            "write it as OpenAPI 3.0.3, which has another schema language: a type is one word, null \
             is said by `nullable: true`, and an exclusive bound is `minimum` with \
             `exclusiveMinimum: true`"
        }
        _ => "write `openapi: 3.0.3`, a version of three numbers",
    };
    report.add(Rule::OpenapiVersion, node.span, what, help);
}

/// A version as it is written.
fn scalar(node: &Node) -> String {
    match &node.kind {
        Kind::String(text) => text.clone(),
        Kind::Number(number) => number.to_string(),
        _ => "of an unknown version".to_owned(),
    }
}

fn of_kind<'v, 'd>(visits: &'v [Visit<'d>], object: Object) -> impl Iterator<Item = &'v Visit<'d>> {
    visits.iter().filter(move |visit| visit.object == object && visit.node.get("$ref").is_none())
}
