//! The payloads that stand beside the document and must satisfy it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use serde_json::Value;

use crate::rule::Rule;
use crate::source::Finding;
use crate::source::{Document, Kind, Node, Source, Span};

/// A payload kept as a file, named after what it is a sample of:
/// `<operationId>.<status>.<variant>.json` or `<Schema>.<variant>.json`.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The file's name without its folder.
    pub name: String,
    /// The value with its places, for findings.
    pub document: Document,
    /// The payload, byte for byte.
    pub text: String,
    /// The payload as JSON.
    pub value: Value,
}

/// What a sample is a sample of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'s> {
    /// A response of an operation.
    Response { operation: &'s str, status: &'s str },
    /// A component schema.
    Schema(&'s str),
}

impl Sample {
    /// Reads what the file's name says; `None` where it has another form.
    pub fn target(&self) -> Option<Target<'_>> {
        let parts: Vec<&str> = self.name.strip_suffix(".json")?.split('.').collect();
        match *parts.as_slice() {
            [operation, status, variant] if !operation.is_empty() && !variant.is_empty() => {
                Some(Target::Response { operation, status })
            }
            [schema, variant] if !schema.is_empty() && !variant.is_empty() => {
                Some(Target::Schema(schema))
            }
            _ => None,
        }
    }

    /// The name of the component schema that the sample must satisfy.
    pub fn schema<'d>(&self, document: &'d Document) -> Option<&'d str> {
        match self.target()? {
            Target::Response { operation, status } => response_schema(document, operation, status),
            Target::Schema(name) => {
                let schemas = document.root.pointer("/components/schemas")?;
                Some(&schemas.key(name)?.name)
            }
        }
    }
}

/// The name of the schema of a response's JSON body.
pub fn response_schema<'d>(
    document: &'d Document,
    operation: &str,
    status: &str,
) -> Option<&'d str> {
    let is_meant = |node: &Node| node.get("operationId").and_then(Node::as_str) == Some(operation);
    let operation = document.operations().find(|found| is_meant(found.node))?;
    let response = document.follow(operation.node.get("responses")?.get(status)?)?;
    let media = response.get("content")?.get("application/json")?;
    media.get("schema")?.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Loads the samples from the folder `samples` beside the document, in the order of their names,
/// with what is wrong with their text. A document without such a folder has none.
pub fn load(document: &Path) -> anyhow::Result<(Vec<Sample>, Vec<Finding>)> {
    let folder = document.with_file_name("samples");
    let mut paths = Vec::new();
    match fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        entries => {
            for entry in entries.with_context(|| format!("read {}", folder.display()))? {
                paths.push(entry.with_context(|| format!("read {}", folder.display()))?.path());
            }
        }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut samples = Vec::new();
    let mut findings = Vec::new();
    for path in paths {
        match read_text(&path)?.and_then(|text| parse(&path, text)) {
            Ok(sample) => samples.push(sample),
            Err(found) => findings.extend(found),
        }
    }
    Ok((samples, findings))
}

/// Reads a file; one that is not UTF-8 is a finding, one that cannot be read is an error.
pub fn read_text(path: &Path) -> anyhow::Result<Result<String, Vec<Finding>>> {
    let bytes = fs::read(path).with_context(|| format!("read {}", path.display()))?;
    Ok(String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let line = text.get(..valid).unwrap_or_default().matches('\n').count() + 1;
        let shown = path.display().to_string();
        let span = Span::at(&text, line, 1);
        let source = Source::new(shown.clone(), shown, text);
        vec![Finding::new(
            Rule::Utf8,
            &Arc::new(source),
            span,
            "the file is not UTF-8; the first wrong byte is on this line",
            "save the file as UTF-8 text",
        )]
    }))
}

fn parse(path: &Path, text: String) -> Result<Sample, Vec<Finding>> {
    let shown = path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = || Arc::new(Source::new(shown.clone(), shown.clone(), text.clone()));
    let value = serde_json::from_str(&text).map_err(|error| {
        let message = error.to_string();
        let reason = message.split(" at line ").next().unwrap_or_default();
        let reason =
            if text.starts_with('\u{feff}') { "it starts with a byte order mark" } else { reason };
        vec![Finding::new(
            Rule::SampleJson,
            &source(),
            Span::at(&text, error.line(), error.column()),
            format!("the sample is not JSON: {reason}"),
            "keep a fragment that is not JSON under another ending, and a repaired copy beside it",
        )]
    })?;
    let document = match Document::parse(shown.clone(), text.clone()) {
        Ok(document) => document,
        // JSON that YAML reads otherwise, such as a surrogate pair, still has a first line to show.
        Err(findings) if findings.iter().all(|finding| is_syntax(finding.rule)) => Document {
            source: source(),
            root: Node { span: Span::at(&text, 1, 1), kind: Kind::Null },
        },
        Err(findings) => return Err(findings),
    };
    Ok(Sample { name, document, text, value })
}

/// Whether a rule is one of the text as such.
fn is_syntax(rule: Rule) -> bool {
    matches!(rule, Rule::DocumentSize | Rule::WellFormedYaml)
}
