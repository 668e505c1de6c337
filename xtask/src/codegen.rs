//! `cargo xtask codegen`: from which document, and into which crates.

use std::io::{IsTerminal, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use annotate_snippets::Renderer;
use openapi_codegen::command::{self, Options, Targets};
use openapi_codegen::rule::Rules;

/// The document that this project keeps, relative to the workspace.
const DOCUMENT: &str = "openapi/tango-orders.yaml";

/// Generates the crates of this workspace.
pub(crate) fn workspace(check: bool) -> anyhow::Result<ExitCode> {
    run(&Options {
        document: DOCUMENT.into(),
        name: DOCUMENT.to_owned(),
        rules: Rules::House,
        targets: Targets {
            client: "crates/tango-orders-client/src/generated".into(),
            validator: "crates/tango-orders-validator/src/generated".into(),
        },
        check,
        command: "cargo xtask codegen".to_owned(),
    })
}

/// Generates from a document of the user's, into a folder of the user's.
pub(crate) fn foreign(
    document: PathBuf,
    out: &Path,
    strict: bool,
    check: bool,
) -> anyhow::Result<ExitCode> {
    run(&Options {
        name: document.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        rules: if strict { Rules::Strict } else { Rules::Generator },
        targets: Targets::under(out),
        check,
        command: format!(
            "cargo xtask codegen --spec {} --out {}",
            document.display(),
            out.display()
        ),
        document,
    })
}

fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let renderer = if stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    let outcome = command::run(options, &renderer, &mut stdout(), &mut stderr())?;
    Ok(ExitCode::from(outcome as u8))
}
