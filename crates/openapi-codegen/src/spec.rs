//! The pure core: a document and its samples in, generated files or findings out.

use std::path::Path;

use crate::lint;
use crate::output::Output;
use crate::rule::{Rules, Severity};
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
#[derive(Debug)]
pub struct Outputs {
    pub client: Vec<Output>,
    pub validator: Vec<Output>,
    /// What the generator took otherwise than it was probably meant.
    pub warnings: Vec<Finding>,
}

/// Checks a document and generates from it, without touching the disk.
///
/// # Errors
///
/// The findings, of which at least one is an error.
pub fn outputs(spec: &Spec) -> Result<Outputs, Vec<Finding>> {
    let document = &spec.document;
    let mut findings = spec.findings.clone();
    findings.extend(lint::findings(document, spec.rules));
    let mut findings = accepted(findings, spec.rules)?;
    let (client, validator) = match (client::outputs(document), validator::outputs(document)) {
        (Ok(client), Ok(validator)) => (client, validator),
        (client, validator) => {
            findings.extend(client.err().into_iter().chain(validator.err()).flatten());
            return Err(findings);
        }
    };
    // A schema that is wrong in itself would be repeated by each of its examples, so they come last.
    findings.extend(lint::illustrations(document, &spec.samples, spec.rules));
    let warnings = accepted(findings, spec.rules)?;
    Ok(Outputs { client, validator, warnings })
}

/// Findings that do not refuse a document; those that do are errors.
fn accepted(mut findings: Vec<Finding>, rules: Rules) -> Result<Vec<Finding>, Vec<Finding>> {
    if !findings.iter().any(|finding| rules.refuse(finding.severity)) {
        return Ok(findings);
    }
    for finding in &mut findings {
        if rules.refuse(finding.severity) {
            finding.severity = Severity::Error;
        }
    }
    Err(findings)
}
