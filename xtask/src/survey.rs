//! `cargo xtask survey`: what the generator makes of the documents of a folder.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use openapi_codegen::survey::{Bench, Outcome, Peer, survey};

/// Prints the summary, or a line for each document.
pub(crate) fn run(
    folder: &Path,
    documents: bool,
    compile: Option<PathBuf>,
    peer: Option<&str>,
) -> anyhow::Result<ExitCode> {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let bench = compile.map(|folder| Bench { folder, runtime });
    let peer = peer.map(Peer::new).transpose()?;
    let survey = survey(folder, bench.as_ref(), peer.as_ref())?;
    if documents {
        print!("{}", survey.documents());
    } else {
        print!("{survey}");
    }
    let failed = survey.verdicts.iter().any(|verdict| {
        matches!(verdict.outcome, Outcome::Panicked(_)) || verdict.compile_errors() > 0
    });
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
