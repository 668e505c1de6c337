//! `cargo xtask codegen`: document in, two generated folders out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use annotate_snippets::Renderer;
use anyhow::Context;

use crate::document::{Document, Node};
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
    pub rules: Rules,
    pub targets: Targets,
    /// Compare only.
    pub check: bool,
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

/// A document with its samples, free of findings.
#[derive(Debug)]
pub struct Spec {
    pub document: Document,
    pub samples: Vec<Sample>,
}

impl Spec {
    /// Loads and checks a document and the samples beside it.
    pub fn load(path: &Path, rules: Rules) -> Result<Self, Vec<Finding>> {
        let document = Document::load(path)?;
        let samples = samples::load(path)?;
        let findings = lint::findings(&document, &samples, rules);
        if findings.is_empty() { Ok(Self { document, samples }) } else { Err(findings) }
    }
}

/// The two generated modules, each file relative to its module's folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Outputs {
    pub client: Vec<Output>,
    pub validator: Vec<Output>,
}

/// The whole of code generation, without touching the disk.
pub fn outputs(spec: &Spec) -> Result<Outputs, Vec<Finding>> {
    match (client::outputs(&spec.document), validator::outputs(&spec.document)) {
        (Ok(client), Ok(validator)) => Ok(Outputs { client, validator }),
        (client, validator) => {
            Err(client.err().into_iter().chain(validator.err()).flatten().collect())
        }
    }
}

/// Runs the command: what it did goes to `out`, what is wrong goes to `err`.
pub fn run(
    options: &Options,
    renderer: &Renderer,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let generated = Spec::load(&options.document, options.rules)
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
        return check(&changes, out, err);
    }
    output::write(&changes).context("update the generated files; nothing was changed")?;
    for change in changes.iter().filter(|change| change.state != State::Unchanged) {
        let done = if change.state == State::Orphaned { "removed" } else { "wrote" };
        writeln!(out, "{done:<8} {}", change.path.display())?;
    }
    let unchanged = changes.iter().filter(|change| change.state == State::Unchanged).count();
    let touched = changes.len() - unchanged;
    writeln!(
        out,
        "done     {touched} files written or removed, {unchanged} unchanged, {} ms",
        start.elapsed().as_millis()
    )?;
    Ok(Outcome::Fresh)
}

fn check(
    changes: &[Change<'_>],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    let differing: Vec<_> =
        changes.iter().filter(|change| change.state != State::Unchanged).collect();
    if differing.is_empty() {
        writeln!(out, "fresh    {} generated files", changes.len())?;
        return Ok(Outcome::Fresh);
    }
    for change in &differing {
        writeln!(err, "{:<8} {}", change.state.name(), change.path.display())?;
    }
    if differing.iter().any(|change| change.state == State::Foreign) {
        writeln!(
            err,
            "foreign files were not written by codegen; move them out of the generated folder"
        )?;
    }
    writeln!(err, "run `cargo xtask codegen` and commit what it writes")?;
    Ok(Outcome::NeedsUpdate)
}

fn summary(spec: &Spec) -> String {
    let root = &spec.document.root;
    let operations = root
        .get("paths")
        .into_iter()
        .flat_map(Node::members)
        .flat_map(|(_, item)| item.members())
        .filter(|(_, operation)| operation.get("operationId").is_some())
        .count();
    let schemas = root.pointer("/components/schemas").map_or(0, |schemas| schemas.members().len());
    format!(
        "checked  {}: {operations} operations, {schemas} schemas, {} samples",
        spec.document.source.path,
        spec.samples.len()
    )
}
