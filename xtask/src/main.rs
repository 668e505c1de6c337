//! The maintainers' commands: `cargo xtask --help` lists them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;

mod ci;
mod codegen;
mod survey;

use codegen::Foreign;

/// Maintains the crates that are generated from openapi/tango-orders.yaml.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Arguments {
    /// Check the document and its samples, then generate the client and the validator.
    ///
    /// Files that are already right are left alone, the others are replaced all or none.
    /// Exit codes: 0 done or fresh, 1 findings in the document (what they do not concern is written),
    /// 2 the command could not run, 4 (with --check) generated files need an update.
    Codegen {
        /// Compare only: write nothing, name the files that are stale, missing or orphaned.
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        foreign: Foreign,
    },
    /// Run the generator on every document of a folder and of the folders within, and count verdicts.
    ///
    /// Exit codes: 0 done, 1 the generator panicked on a document or wrote what does not compile.
    Survey {
        /// Where the documents are: all files that end in .yaml, .yml or .json.
        folder: PathBuf,
        /// Print a line for each document, with tabs between its columns, instead of the summary.
        #[arg(long)]
        documents: bool,
        /// Write what is generated into one crate in this folder, and compile it.
        #[arg(long, value_name = "DIR")]
        compile: Option<PathBuf>,
        /// Run another generator beside, whose command ends with the path of a document and succeeds if
        /// it can generate from that.
        #[arg(long, value_name = "COMMAND")]
        peer: Option<String>,
    },
    /// Run what CI runs: format, lints, generated code, tests, documentation, dependencies, crates of
    /// the client.
    Ci,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: failed to {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments {
        Arguments::Codegen { check, foreign } => {
            if let Some(code) = foreign.run(check)? {
                return Ok(code);
            }
            enter_workspace()?;
            codegen::workspace(check)
        }
        Arguments::Survey { folder, documents, compile, peer } => {
            survey::run(&folder, documents, compile, peer.as_deref())
        }
        Arguments::Ci => {
            enter_workspace()?;
            ci::run()
        }
    }
}

/// Paths are shown and recorded relative to the workspace, wherever the command was called.
fn enter_workspace() -> anyhow::Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::env::set_current_dir(workspace).context("enter the workspace")
}
