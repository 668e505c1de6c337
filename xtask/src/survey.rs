//! `cargo xtask survey`: what the generator makes of the documents of a folder.

use std::path::Path;
use std::process::ExitCode;

use openapi_codegen::survey::{Outcome, survey};

/// Prints the summary, or a line for each document.
pub(crate) fn run(folder: &Path, documents: bool) -> anyhow::Result<ExitCode> {
    let survey = survey(folder)?;
    if documents {
        print!("{}", survey.documents());
    } else {
        print!("{survey}");
    }
    let panicked =
        survey.verdicts.iter().any(|verdict| matches!(verdict.outcome, Outcome::Panicked(_)));
    Ok(if panicked { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
