//! The payloads that stand beside the document and must satisfy it.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::document::{Document, Kind, Node, Source, Span};
use crate::finding::Finding;

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
    /// A reply of an operation.
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

/// The name of the schema of a reply's JSON body.
pub fn response_schema<'d>(
    document: &'d Document,
    operation: &str,
    status: &str,
) -> Option<&'d str> {
    let follow = |node: &'d Node| match node.get("$ref").and_then(Node::as_str) {
        Some(reference) => document.resolve(reference),
        None => Some(node),
    };
    let operation = document
        .root
        .get("paths")?
        .members()
        .iter()
        .flat_map(|(_, item)| item.members())
        .map(|(_, operation)| operation)
        .find(|node| node.get("operationId").and_then(Node::as_str) == Some(operation))?;
    let response = follow(operation.get("responses")?.get(status)?)?;
    let media = response.get("content")?.get("application/json")?;
    media.get("schema")?.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// Loads the samples from the folder `samples` beside the document, in the order of their names.
///
/// A document without such a folder has none.
pub fn load(document: &Path) -> Result<Vec<Sample>, Vec<Finding>> {
    let folder = document.with_file_name("samples");
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(vec![unreadable(&folder, &error)]),
    };
    let mut paths = Vec::new();
    let mut findings = Vec::new();
    for entry in entries {
        match entry {
            Ok(entry) => paths.push(entry.path()),
            Err(error) => findings.push(unreadable(&folder, &error)),
        }
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let mut samples = Vec::new();
    for path in paths {
        match std::fs::read_to_string(&path) {
            Err(error) => findings.push(unreadable(&path, &error)),
            Ok(text) => match parse(&path, text) {
                Ok(sample) => samples.push(sample),
                Err(finding) => findings.push(*finding),
            },
        }
    }
    if findings.is_empty() { Ok(samples) } else { Err(findings) }
}

fn parse(path: &Path, text: String) -> Result<Sample, Box<Finding>> {
    let shown = path.display().to_string();
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let value = serde_json::from_str(&text).map_err(|error| {
        let source = Arc::new(Source { path: shown.clone(), text: text.clone() });
        Box::new(Finding::new(
            "sample-json",
            &source,
            Span::at(&text, error.line(), error.column()),
            format!("the sample is not JSON: {error}"),
            "keep a fragment that is not JSON under another ending, and a repaired copy beside it",
        ))
    })?;
    // JSON that YAML reads otherwise, such as a surrogate pair, still has a first line to point at.
    let document = Document::parse(shown.clone(), text.clone()).unwrap_or_else(|_| Document {
        source: Arc::new(Source { path: shown, text: text.clone() }),
        root: Node { span: Span::at(&text, 1, 1), kind: Kind::Null },
    });
    Ok(Sample { name, document, text, value })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Finding {
    let source = Source { path: path.display().to_string(), text: String::new() };
    Finding::new(
        "readable-file",
        &Arc::new(source),
        Span::default(),
        format!("cannot read the samples: {error}"),
        "make the file readable, or remove it",
    )
}
