//! `cargo xtask codegen`: document in, two generated folders out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use annotate_snippets::Renderer;

use crate::document::Document;
use crate::finding::{self, Finding};
use crate::lint::{self, Rules};
use crate::output::{self, Change, Folder, Output, State};
use crate::samples::{self, Sample};
use crate::{client, validator};

/// The document that this project keeps, relative to the workspace.
pub const DOCUMENT: &str = "openapi/tango-orders.yaml";

/// Where the generated modules go.
#[derive(Clone, Debug)]
pub struct Targets {
    pub client: PathBuf,
    pub validator: PathBuf,
}

impl Targets {
    /// The crates of this workspace.
    pub fn workspace() -> Self {
        Self {
            client: "crates/tango-orders-client/src/generated".into(),
            validator: "crates/tango-orders-validator/src/generated".into(),
        }
    }

    /// A folder for each crate under a folder of the user's.
    pub fn under(folder: &Path) -> Self {
        Self { client: folder.join("client"), validator: folder.join("validator") }
    }
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    pub document: PathBuf,
    /// What generated code calls the document.
    pub name: String,
    pub rules: Rules,
    pub targets: Targets,
    /// Compare only.
    pub check: bool,
    /// What to type in order to write, for messages.
    pub command: String,
}

/// How a run ended; the numbers are the command's exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything on disk is what the document says.
    Fresh = 0,
    /// The document has findings; nothing was written.
    Findings = 1,
    /// `--check` found stale, missing, orphaned or foreign files.
    NeedsUpdate = 4,
}

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
    let outputs = match (client::outputs(document), validator::outputs(document)) {
        (Ok(client), Ok(validator)) => Outputs { client, validator },
        (client, validator) => {
            return Err(client.err().into_iter().chain(validator.err()).flatten().collect());
        }
    };
    // A schema that is wrong in itself would be repeated by each of its examples, so they come last.
    let findings = lint::illustrations(document, &spec.samples, spec.rules);
    if findings.is_empty() { Ok(outputs) } else { Err(findings) }
}

/// Runs the command: what it did goes to `out`, what is wrong goes to `err`.
pub fn run(
    options: &Options,
    renderer: &Renderer,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let generated = Spec::load(&options.document, &options.name, options.rules)?
        .and_then(|spec| outputs(&spec).map(|outputs| (spec, outputs)));
    let (spec, outputs) = match generated {
        Ok(generated) => generated,
        Err(findings) => {
            write!(err, "{}", finding::render(&findings, renderer))?;
            return Ok(Outcome::Findings);
        }
    };
    let folders = [
        Folder { path: options.targets.client.clone(), outputs: outputs.client },
        Folder { path: options.targets.validator.clone(), outputs: outputs.validator },
    ];
    let changes = output::compare(&folders)?;
    writeln!(out, "{}", summary(&spec))?;
    if options.check {
        return check(&changes, &options.command, out, err);
    }
    output::write(&changes)?;
    for change in changes.iter().filter(|change| change.state != State::Unchanged) {
        let done = if change.state == State::Orphaned { "removed" } else { "wrote" };
        writeln!(out, "{done:<8} {}", change.path.display())?;
    }
    let unchanged = changes.iter().filter(|change| change.state == State::Unchanged).count();
    writeln!(
        out,
        "done     {} written or removed, {unchanged} unchanged, {} ms",
        count(changes.len() - unchanged, "file"),
        start.elapsed().as_millis()
    )?;
    Ok(Outcome::Fresh)
}

fn check(
    changes: &[Change<'_>],
    command: &str,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let differing: Vec<_> =
        changes.iter().filter(|change| change.state != State::Unchanged).collect();
    if differing.is_empty() {
        writeln!(out, "fresh    {}", count(changes.len(), "generated file"))?;
        return Ok(Outcome::Fresh);
    }
    for change in &differing {
        writeln!(err, "{:<8} {}", change.state.name(), change.path.display())?;
    }
    if differing.iter().any(|change| change.state == State::Foreign) {
        writeln!(
            err,
            "foreign files were not written by codegen: move them out of the generated folder"
        )?;
    }
    if differing.iter().any(|change| change.state != State::Foreign) {
        writeln!(err, "run `{command}` and commit what it writes")?;
    }
    Ok(Outcome::NeedsUpdate)
}

fn summary(spec: &Spec) -> String {
    let schemas = spec.document.root.pointer("/components/schemas");
    format!(
        "checked  {}: {}, {}, {}",
        spec.document.source.path,
        count(spec.document.operations().count(), "operation"),
        count(schemas.map_or(0, |schemas| schemas.members().len()), "schema"),
        count(spec.samples.len(), "sample"),
    )
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
