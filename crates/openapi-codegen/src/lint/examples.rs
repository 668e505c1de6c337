//! Examples and samples satisfy the schemas that they illustrate.

use std::collections::HashSet;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator, ValidatorMap};

use super::drift::Search;
use super::structure::Visit;
use super::{Report, of_kind};
use crate::json_schema;
use crate::rule::Rule;
use crate::samples::{Sample, Target};
use crate::source::Finding;
use crate::source::{Document, Key, Node, escape};
use crate::vocabulary::Object;

pub(super) fn check<'d>(report: &mut Report<'d>, visits: &[Visit<'d>], samples: &[Sample]) {
    let examples = examples(report, visits);
    if report.house() {
        mismatches(report, &examples, samples);
    }
    let schemas = of_kind(visits, Object::Schema).map(|visit| visit.node);
    drift(report, &mut Search::new(report.document, schemas), &examples, samples);
}

/// What validators do not reject, but the document does not know either.
fn drift<'d>(
    report: &mut Report<'d>,
    search: &mut Search<'d>,
    examples: &[Example<'d>],
    samples: &[Sample],
) {
    // A value that breaks its schema is reported as that.
    let reported: HashSet<_> =
        report.findings.iter().map(|at| (at.source.path.clone(), at.span)).collect();
    let mut found = Vec::new();
    for example in examples {
        let name = &example.key.name;
        for drift in search.drift(example.value, example.node) {
            let message = format!("the `{name}` {}", drift.message);
            let source = &report.document.source;
            found.push(Finding::new(Rule::ExampleDrift, source, drift.span, message, drift.help));
        }
    }
    for sample in samples {
        let Some(schema) = sample.schema(report.document) else { continue };
        let Some(node) =
            report.document.root.pointer(&format!("/components/schemas/{}", escape(schema)))
        else {
            continue;
        };
        for drift in search.drift(&sample.document.root, node) {
            let message = format!("the sample {}", drift.message);
            let source = &sample.document.source;
            found.push(Finding::new(Rule::SampleDrift, source, drift.span, message, drift.help));
        }
    }
    found.retain(|finding| !reported.contains(&(finding.source.path.clone(), finding.span)));
    report.findings.extend(found);
}

/// What breaks its schema.
fn mismatches(report: &mut Report<'_>, examples: &[Example<'_>], samples: &[Sample]) {
    let mut bundle = json_schema::bundle(report.document);
    // Schemas without a name of their own join the bundle under one that no component can have.
    for (number, example) in examples.iter().enumerate() {
        bundle["$defs"][format!("{EXAMPLE}{number}")] = json_schema::convert(example.node);
    }
    let places = Places { document: report.document, examples };
    let validators = match json_schema::validators(&bundle) {
        Ok(validators) => validators,
        Err(error) => {
            let pointer = places.pointer(error.instance_path().as_str());
            let span = report.document.root.nearest(&pointer).span;
            return report.add(
                Rule::UnusableSchema,
                span,
                format!("this schema cannot be used: {}", error.masked()),
                "correct the schema at this place",
            );
        }
    };
    for (number, example) in examples.iter().enumerate() {
        if let Some(validator) =
            validators.get(&json_schema::definition(&format!("{EXAMPLE}{number}")))
        {
            example_fits(report, &places, validator, example);
        }
    }
    for sample in samples {
        sample_fits(report, &places, &validators, sample);
    }
    for operation in report.document.operations() {
        let Some(id) = operation.node.get("operationId") else { continue };
        let is_shown = |sample: &Sample| matches!(sample.target(), Some(Target::Response { operation, .. }) if Some(operation) == id.as_str());
        if !samples.iter().any(is_shown) {
            report.add(
                Rule::MissingSample,
                id.span,
                "this operation has no sample",
                format!(
                    "put a payload into the folder `samples` beside the document, as `{}.200.<variant>.json`",
                    id.as_str().unwrap_or_default()
                ),
            );
        }
    }
}

const EXAMPLE: &str = "example+";

/// A value, and the schema that it illustrates.
struct Example<'d> {
    key: &'d Key,
    value: &'d Node,
    node: &'d Node,
    pointer: String,
}

fn examples<'d>(report: &Report<'d>, visits: &[Visit<'d>]) -> Vec<Example<'d>> {
    let mut found = Vec::new();
    for visit in of_kind(visits, Object::Schema) {
        for name in ["example", "default"] {
            if let (Some(key), Some(value)) = (visit.node.key(name), visit.node.get(name)) {
                found.push(Example {
                    key,
                    value,
                    node: visit.node,
                    pointer: visit.pointer.clone(),
                });
            }
        }
    }
    for object in [Object::Parameter, Object::Header, Object::MediaType] {
        for visit in of_kind(visits, object) {
            let Some(node) = visit.node.get("schema") else { continue };
            let pointer = format!("{}/schema", visit.pointer);
            if let (Some(key), Some(value)) = (visit.node.key("example"), visit.node.get("example"))
            {
                found.push(Example { key, value, node, pointer: pointer.clone() });
            }
            for (_, example) in visit.node.get("examples").into_iter().flat_map(Node::members) {
                let Some(example) = report.document.follow(example) else { continue };
                if let (Some(key), Some(value)) = (example.key("value"), example.get("value")) {
                    found.push(Example { key, value, node, pointer: pointer.clone() });
                }
            }
        }
    }
    found
}

fn example_fits(
    report: &mut Report<'_>,
    places: &Places<'_, '_>,
    validator: &Validator,
    example: &Example<'_>,
) {
    let value = example.value.to_json();
    for error in validator.iter_errors(&value) {
        let error = error.to_owned();
        let error = explain(&error);
        let at = example.value.nearest(error.instance_path().as_str());
        let span = if at.is_object() || std::ptr::eq(at, example.value) {
            example.key.span
        } else {
            at.span
        };
        let finding = report.finding(
            Rule::ExampleMismatch,
            span,
            format!("the `{}` does not satisfy its schema: {}", example.key.name, error.masked()),
            "change the value, or the schema if the value is right",
        );
        let finding = match places.rule(error) {
            Some(rule) if rule.span.line != span.line => {
                finding.with_related(rule.span, "required by this rule")
            }
            _ => finding,
        };
        report.push(finding);
    }
}

fn sample_fits(
    report: &mut Report<'_>,
    places: &Places<'_, '_>,
    validators: &ValidatorMap,
    sample: &Sample,
) {
    let source = &sample.document.source;
    let start = sample.document.root.span;
    let Some(schema) = sample.schema(report.document) else {
        let (message, help) = match sample.target() {
            None => (
                "the file's name does not say what it is a sample of".to_owned(),
                "call it `<operationId>.<status>.<variant>.json` or `<Schema>.<variant>.json`",
            ),
            Some(Target::Response { operation, status }) => (
                format!("there is no operation `{operation}` with a JSON response for {status}"),
                "rename the file, or declare the response",
            ),
            Some(Target::Schema(name)) => (
                format!("there is no component schema `{name}`"),
                "rename the file, or add the schema",
            ),
        };
        return report.push(Finding::new(Rule::SampleName, source, start, message, help));
    };
    let Some(validator) = validators.get(&json_schema::definition(schema)) else { return };
    for error in validator.iter_errors(&sample.value) {
        let error = error.to_owned();
        let error = explain(&error);
        let at = sample.document.root.nearest(error.instance_path().as_str());
        let path = error.instance_path().as_str();
        let place = if path.is_empty() { "the payload".to_owned() } else { format!("`{path}`") };
        let mut finding = Finding::new(
            Rule::SampleMismatch,
            source,
            at.span,
            format!("{place} does not satisfy `{schema}`: {}", error.masked()),
            "samples are kept as they were published: if this one is unchanged, loosen the schema",
        );
        if let Some(rule) = places.rule(error) {
            finding = finding.with_related_in(
                &report.document.source,
                rule.span,
                "required by this rule",
            );
        }
        report.push(finding);
    }
}

/// The error that explains most: within alternatives, the one that got furthest into the value.
fn explain<'e>(error: &'e ValidationError<'static>) -> &'e ValidationError<'static> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return error;
    };
    let depth =
        |error: &&ValidationError<'static>| error.instance_path().as_str().matches('/').count();
    context.iter().flatten().map(explain).max_by_key(depth).unwrap_or(error)
}

/// Leads from the bundle back to the document.
struct Places<'e, 'd> {
    document: &'d Document,
    examples: &'e [Example<'d>],
}

impl<'d> Places<'_, 'd> {
    /// The key in the document that holds the rule which an error is about.
    fn rule(&self, error: &ValidationError<'_>) -> Option<&'d Key> {
        let pointer = self.pointer(error.schema_path().as_str());
        let mut at = pointer.as_str();
        // Rules that stand for an extension have no key of that name; the nearest one above does.
        while let Some((parent, name)) = at.rsplit_once('/') {
            if let Some(key) = self.document.root.pointer(parent).and_then(|node| node.key(name)) {
                return Some(key);
            }
            at = parent;
        }
        None
    }

    fn is_exempting(&self, name: &str) -> bool {
        let schema = self.document.resolve(&format!("#/components/schemas/{name}"));
        schema.is_some_and(|schema| schema.get("x-exempt-values").is_some())
    }

    /// Where a definition of the bundle stands in the document.
    fn pointer(&self, path: &str) -> String {
        let Some(rest) = path.strip_prefix("/$defs/") else { return path.to_owned() };
        let end = rest.find('/').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let number = name.strip_prefix(EXAMPLE).and_then(|number| number.parse::<usize>().ok());
        let example = number.and_then(|number| self.examples.get(number));
        // Rules beside exempt values are the second of two alternatives.
        let rest = rest.replacen("/anyOf/1/", "/", usize::from(self.is_exempting(name)));
        match example {
            Some(example) => format!("{}{rest}", example.pointer),
            None => format!("/components/schemas/{name}{rest}"),
        }
    }
}
