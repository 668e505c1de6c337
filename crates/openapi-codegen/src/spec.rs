//! The pure core: a document and its samples in, generated files or findings out.

use std::path::Path;

use crate::client::{self, Client};
use crate::lint;
use crate::model::Model;
use crate::output::Output;
use crate::rule::{Product, Rules, Severity};
use crate::samples::{self, Sample};
use crate::source::{Document, Finding};
use crate::validator;

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
        // The house keeps its document in one file.
        let document = document.and_then(|document| match rules {
            Rules::House => Ok(document),
            Rules::Generator | Rules::Strict => document.with_files(path),
        });
        Ok(match document {
            Ok(document) => Ok(Self { document, samples, findings, rules }),
            Err(found) => {
                findings.extend(found);
                Err(findings)
            }
        })
    }
}

/// What a run generates, each file relative to its module's folder.
#[derive(Debug, Default)]
pub struct Outputs {
    /// None if it was not asked for, or if a finding withholds it.
    pub client: Option<Client>,
    /// As above.
    pub validator: Option<Vec<Output>>,
    /// What is wrong, or was taken otherwise than it was probably meant.
    pub findings: Vec<Finding>,
}

/// Checks a document and generates products from it, without touching the disk.
///
/// A finding that concerns one product withholds that one only.
pub fn outputs(spec: &Spec, products: &[Product]) -> Outputs {
    let Spec { document, rules, .. } = spec;
    let mut findings = spec.findings.clone();
    findings.extend(lint::findings(document, *rules));
    findings.retain(|finding| products.iter().any(|&product| finding.rule.concerns(product)));
    let accepted: Vec<Product> = products
        .iter()
        .copied()
        .filter(|&product| is_accepted(&findings, *rules, product))
        .collect();
    let mut outputs = Outputs::default();
    if !accepted.is_empty() {
        match Model::read(document) {
            Ok(model) => {
                if accepted.contains(&Product::Client) {
                    outputs.client = kept(client::generate(&model), *rules, &mut findings);
                }
                if accepted.contains(&Product::Validator) {
                    outputs.validator = kept(validator::outputs(&model), *rules, &mut findings);
                }
            }
            Err(found) => findings.extend(found),
        }
    }
    // A schema that is wrong in itself would be repeated by each of its examples, so they come last.
    if outputs.client.is_some() || outputs.validator.is_some() {
        let illustrations = lint::illustrations(document, &spec.samples, *rules);
        if illustrations.iter().any(|finding| rules.refuse(finding.severity)) {
            (outputs.client, outputs.validator) = (None, None);
        }
        findings.extend(illustrations);
    }
    for finding in &mut findings {
        if rules.refuse(finding.severity) {
            finding.severity = Severity::Error;
        }
    }
    outputs.findings = findings;
    outputs
}

/// What was generated, unless there are errors, or warnings that the rules take for errors.
fn kept<T>(
    generated: Result<(T, Vec<Finding>), Vec<Finding>>,
    rules: Rules,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    match generated {
        Ok((product, warnings)) => {
            let is_refused = warnings.iter().any(|finding| rules.refuse(finding.severity));
            findings.extend(warnings);
            (!is_refused).then_some(product)
        }
        Err(found) => {
            findings.extend(found);
            None
        }
    }
}

/// Whether no finding withholds a product.
fn is_accepted(findings: &[Finding], rules: Rules, product: Product) -> bool {
    let withholds =
        |finding: &Finding| finding.rule.concerns(product) && rules.refuse(finding.severity);
    !findings.iter().any(withholds)
}
