//! `cargo xtask codegen`: from which document, and into which crates.

use std::io::{IsTerminal, stderr, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use annotate_snippets::Renderer;
use openapi_codegen::command::{self, Options, Target};
use openapi_codegen::package::Package;
use openapi_codegen::rule::{Product, Rules};

/// The document that this project keeps, relative to the workspace.
const DOCUMENT: &str = "openapi/tango-orders.yaml";

/// Generates the crates of this workspace.
pub(crate) fn workspace(check: bool) -> anyhow::Result<ExitCode> {
    run(&Options {
        document: DOCUMENT.into(),
        name: DOCUMENT.to_owned(),
        rules: Rules::House,
        target: Target::Modules {
            client: "crates/tango-orders-client/src/generated".into(),
            validator: "crates/tango-orders-validator/src/generated".into(),
        },
        products: Product::ALL.to_vec(),
        check,
        command: "cargo xtask codegen".to_owned(),
    })
}

/// A document of the user's, and what to make of it.
#[derive(clap::Args)]
pub(crate) struct Foreign {
    /// Generate from this OpenAPI 3.0 document instead; the house rules do not apply to it.
    #[arg(long = "spec", value_name = "FILE", requires = "out")]
    document: Option<PathBuf>,
    /// Where to: modules become DIR/client and DIR/validator, or DIR itself with --only.
    #[arg(long, value_name = "DIR", requires = "document")]
    out: Option<PathBuf>,
    /// Write complete crates instead: DIR/NAME-client and DIR/NAME-validator.
    #[arg(long = "crate", value_name = "NAME", requires = "document", value_parser = crate_name)]
    name: Option<String>,
    /// Where the crates openapi-client and openapi-validator are; from the registry by default.
    #[arg(long, value_name = "DIR", requires = "name")]
    runtime_path: Option<PathBuf>,
    /// Generate one of the two.
    #[arg(long, requires = "document")]
    only: Option<Only>,
    /// Take warnings for errors, as for the document that this project keeps.
    #[arg(long, requires = "document")]
    strict: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Only {
    Client,
    Validator,
}

/// A name to which `-client` can be added.
fn crate_name(text: &str) -> Result<String, String> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(is_word) {
        Ok(text.to_owned())
    } else {
        Err("a crate's name has letters, digits, `-` and `_`, and begins with a letter".to_owned())
    }
}

impl Foreign {
    /// Generates into a folder of the user's, unless no document of the user's is given.
    pub(crate) fn run(self, check: bool) -> anyhow::Result<Option<ExitCode>> {
        let (Some(document), Some(out)) = (self.document, self.out) else { return Ok(None) };
        let products = match self.only {
            None => Product::ALL.to_vec(),
            Some(Only::Client) => vec![Product::Client],
            Some(Only::Validator) => vec![Product::Validator],
        };
        let target = match self.name {
            Some(name) => {
                let runtime = self.runtime_path;
                Target::Crates(Package { folder: out, name, runtime })
            }
            None if self.only.is_some() => Target::Modules { client: out.clone(), validator: out },
            None => {
                Target::Modules { client: out.join("client"), validator: out.join("validator") }
            }
        };
        let arguments = std::env::args().skip(1).filter(|argument| argument != "--check");
        let options = Options {
            name: document.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            rules: if self.strict { Rules::Strict } else { Rules::Generator },
            target,
            products,
            check,
            command: format!("cargo xtask {}", arguments.collect::<Vec<_>>().join(" ")),
            document,
        };
        run(&options).map(Some)
    }
}

fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let renderer = if stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    let outcome = command::run(options, &renderer, &mut stdout(), &mut stderr())?;
    Ok(ExitCode::from(outcome as u8))
}
