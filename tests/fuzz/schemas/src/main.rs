//! Makes random schemas, generates and compiles their validators, and compares their verdicts with
//! those of two witnesses: `cargo run --release -- [--seed N] [--schemas N] [--payloads N]`.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use openapi_codegen::model::Model;
use openapi_codegen::source::Document;
use openapi_codegen::validator;
use schema_fuzz::batch::Settings;
use schema_fuzz::schema::document;

/// The release profile of this package.
const PROFILE: &str = "[profile.release]\nopt-level = 2\ndebug = \"line-tables-only\"\n";

/// This folder.
const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> anyhow::Result<ExitCode> {
    let settings = settings()?;
    let workspace = Path::new(PACKAGE).join("target/generated");
    let is_there = workspace.try_exists().context("look for the folder of the last run")?;
    if is_there {
        fs::remove_dir_all(&workspace).context("remove the folder of the last run")?;
    }
    for number in settings.batches() {
        write_batch(&settings, number, &workspace)?;
    }
    write_runner(&settings, &workspace)?;
    let status = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--package", "runner"])
        .env("CARGO_TARGET_DIR", Path::new(PACKAGE).join("target"))
        .current_dir(&workspace)
        .status()
        .context("run cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the command line asks for.
fn settings() -> anyhow::Result<Settings> {
    let mut settings = Settings { seed: 1, schemas: 2_000, payloads: 2_500 };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("give `{name}` a number"))?;
        let value: u64 = value.parse().with_context(|| format!("read `{value}` as a number"))?;
        let count = || usize::try_from(value).context("count so far");
        match name.as_str() {
            "--seed" => settings.seed = value,
            "--schemas" => settings.schemas = count()?,
            "--payloads" => settings.payloads = count()?,
            _ => bail!("`{name}` is none of `--seed`, `--schemas`, `--payloads`"),
        }
    }
    Ok(settings)
}

/// Writes the crate of one batch.
fn write_batch(settings: &Settings, number: usize, workspace: &Path) -> anyhow::Result<()> {
    let name = format!("batch-{number}");
    let text = document(&settings.components(number)).plain();
    let folder = workspace.join(&name);
    write(&folder.join("openapi.json"), &text)?;
    let (outputs, warnings) = Document::parse("openapi.json", text)
        .and_then(|document| Model::read(&document))
        .and_then(|model| validator::outputs(&model))
        .map_err(|findings| anyhow::anyhow!("{findings:#?}"))
        .with_context(|| format!("generate {name}"))?;
    if !warnings.is_empty() {
        bail!("a rule was left out: {warnings:#?}");
    }
    for output in outputs {
        write(&folder.join("src/generated").join(output.path), &output.contents)?;
    }
    write(&folder.join("src/lib.rs"), include_str!("../templates/batch.rs"))?;
    let manifest = format!(
        "[package]\nname = {name:?}\nedition = \"2024\"\n\n[dependencies]\n\
         openapi-validator = {{ path = \"{PACKAGE}/../../../crates/openapi-validator\" }}\n\
         schema-fuzz = {{ path = {PACKAGE:?} }}\n"
    );
    write(&folder.join("Cargo.toml"), &manifest)
}

/// Writes the program that judges the payloads of all batches.
fn write_runner(settings: &Settings, workspace: &Path) -> anyhow::Result<()> {
    let numbers = settings.batches();
    let dependencies: String = numbers
        .clone()
        .map(|number| format!("batch-{number} = {{ path = \"../batch-{number}\" }}\n"))
        .collect();
    let manifest = format!(
        "[package]\nname = \"runner\"\nedition = \"2024\"\n\n[dependencies]\nanyhow = \"1\"\n\
         schema-fuzz = {{ path = {PACKAGE:?} }}\n{dependencies}"
    );
    let batches: String = numbers.map(|number| format!("batch_{number}::generated(), ")).collect();
    let Settings { seed, schemas, payloads } = settings;
    let main = include_str!("../templates/runner.rs")
        .replace("SETTINGS", &format!("seed: {seed}, schemas: {schemas}, payloads: {payloads}"))
        .replace("BATCHES", &batches);
    write(&workspace.join("runner/Cargo.toml"), &manifest)?;
    write(&workspace.join("runner/src/main.rs"), &main)?;
    // The profile of this package, so that what is compiled of it serves twice; generated code is run
    // for a minute and does not earn more than a little optimisation.
    let profiles: String = settings
        .batches()
        .map(|number| format!("[profile.release.package.batch-{number}]\nopt-level = 1\n\n"))
        .collect();
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\"batch-*\", \"runner\"]\n\n{PROFILE}\n{profiles}"
    );
    write(&workspace.join("Cargo.toml"), &manifest)?;
    // The same versions as here, as far as they occur.
    write(
        &workspace.join("Cargo.lock"),
        &fs::read_to_string(Path::new(PACKAGE).join("Cargo.lock"))?,
    )
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = || format!("write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(shown)?;
    }
    fs::write(path, text).with_context(shown)
}
