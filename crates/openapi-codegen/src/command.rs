//! One run: reads a document, generates, and writes or compares the files.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use annotate_snippets::Renderer;

use crate::output::{self, Change, Folder, State};
use crate::rule::Rules;
use crate::source;
use crate::spec::{Spec, outputs};

/// Where the generated modules go.
#[derive(Clone, Debug)]
pub struct Targets {
    pub client: PathBuf,
    pub validator: PathBuf,
}

impl Targets {
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
            write!(err, "{}", source::render(&findings, renderer))?;
            return Ok(Outcome::Findings);
        }
    };
    write!(err, "{}", source::render(&outputs.warnings, renderer))?;
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
