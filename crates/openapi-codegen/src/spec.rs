//! The pure core: a document and its samples in, generated files or findings out.

use std::path::Path;

use crate::lint::{self, Rules};
use crate::model::Model;
use crate::output::Output;
use crate::samples::{self, Sample};
use crate::source::{Document, Finding};
use crate::{client, validator};

/// A document with its samples, as they were read.
#[derive(Debug)]
pub struct Spec {
    pub document: Document,
    pub samples: Vec<Sample>,
    /// What is wrong with samples that are not among [`samples`](Self::samples) for that reason.
    pub findings: Vec<Finding>,
    pub rules: Rules,
}

impl Spec {
    /// Reads a document, which generated code calls `name`, and the samples beside it.
    ///
    /// # Errors
    ///
    /// A file cannot be read. What is wrong with its text is a matter of findings.
    pub fn load(
        path: &Path,
        name: &str,
        rules: Rules,
    ) -> anyhow::Result<Result<Self, Vec<Finding>>> {
        let (samples, mut findings) = samples::load(path)?;
        let shown = path.display().to_string();
        let document =
            samples::read_text(path)?.and_then(|text| Document::parse_named(shown, name, text));
        Ok(match document {
            Ok(document) => Ok(Self { document, samples, findings, rules }),
            Err(found) => {
                findings.extend(found);
                Err(findings)
            }
        })
    }
}

/// The two generated modules, each file relative to its module's folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Outputs {
    pub client: Vec<Output>,
    pub validator: Vec<Output>,
}

/// Checks a document and generates from it, without touching the disk.
pub fn outputs(spec: &Spec) -> Result<Outputs, Vec<Finding>> {
    let document = &spec.document;
    let mut findings = spec.findings.clone();
    findings.extend(lint::findings(document, spec.rules));
    if !findings.is_empty() {
        return Err(findings);
    }
    let model = Model::read(document)?;
    let outputs = match (client::outputs(&model), validator::outputs(&model)) {
        (Ok(client), Ok(validator)) => Outputs { client, validator },
        (client, validator) => {
            return Err(client.err().into_iter().chain(validator.err()).flatten().collect());
        }
    };
    // A schema that is wrong in itself would be repeated by each of its examples, so they come last.
    let findings = lint::illustrations(document, &spec.samples, spec.rules);
    if findings.is_empty() { Ok(outputs) } else { Err(findings) }
}
