//! One run: reads a document, generates, and writes or compares the files.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use annotate_snippets::Renderer;

use crate::client::Client;
use crate::output::{self, Change, Folder, Output, State};
use crate::package::{About, Package};
use crate::rule::{Product, Rules};
use crate::source;
use crate::spec::{Outputs, Spec, outputs};

/// Where generated code goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// Modules of crates that exist, each in a folder of its own.
    Modules { client: PathBuf, validator: PathBuf },
    /// Complete crates.
    Crates(Package),
}

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    pub document: PathBuf,
    /// What generated code calls the document.
    pub name: String,
    pub rules: Rules,
    pub target: Target,
    /// What to generate.
    pub products: Vec<Product>,
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
    /// The document has findings; what they concern was not written.
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
    let spec = match Spec::load(&options.document, &options.name, options.rules)? {
        Ok(spec) => spec,
        Err(findings) => {
            write!(err, "{}", source::render(&findings, renderer))?;
            return Ok(Outcome::Findings);
        }
    };
    let Outputs { client, validator, findings } = outputs(&spec, &options.products);
    let (written, withheld): (Vec<Product>, Vec<Product>) =
        options.products.iter().partition(|product| match product {
            Product::Client => client.is_some(),
            Product::Validator => validator.is_some(),
        });
    let consequence = match written[..] {
        [] => "nothing was written".to_owned(),
        _ => format!("no {} was written", names(&withheld)),
    };
    write!(err, "{}", source::render_with(&findings, &consequence, renderer))?;
    if written.is_empty() {
        return Ok(Outcome::Findings);
    }
    let folders = options.target.folders(&spec, client, validator);
    let changes = output::compare(&folders)?;
    writeln!(out, "{}", summary(&spec))?;
    let outcome = update(options, &changes, start, out, err)?;
    Ok(if withheld.is_empty() { outcome } else { Outcome::Findings })
}

fn names(products: &[Product]) -> String {
    products.iter().map(|product| product.name()).collect::<Vec<_>>().join(" and no ")
}

impl Target {
    /// What is to be on disk.
    fn folders(
        &self,
        spec: &Spec,
        client: Option<Client>,
        validator: Option<Vec<Output>>,
    ) -> Vec<Folder> {
        match self {
            Self::Modules { client: client_folder, validator: validator_folder } => {
                let client = client.map(|client| (client_folder, client.outputs));
                let validator = validator.map(|outputs| (validator_folder, outputs));
                let folders = client.into_iter().chain(validator);
                folders.map(|(path, outputs)| Folder::whole(path.clone(), outputs)).collect()
            }
            Self::Crates(package) => {
                package.folders(&About::new(&spec.document), client, validator)
            }
        }
    }
}

/// Compares with the disk, or writes.
fn update(
    options: &Options,
    changes: &[Change<'_>],
    start: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<Outcome> {
    if options.check {
        return check(changes, &options.command, out, err);
    }
    output::write(changes)?;
    let is_same = |change: &&Change<'_>| matches!(change.state, State::Unchanged | State::Kept);
    for change in changes.iter().filter(|change| !is_same(change)) {
        let done = if change.state == State::Orphaned { "removed" } else { "wrote" };
        writeln!(out, "{done:<8} {}", change.path.display())?;
    }
    let unchanged = changes.iter().filter(is_same).count();
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
    let differing: Vec<_> = changes
        .iter()
        .filter(|change| !matches!(change.state, State::Unchanged | State::Kept))
        .collect();
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
