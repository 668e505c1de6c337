//! One crate that holds what was generated from many documents, to see whether all of it compiles.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::spec::Outputs;

/// Where the crate is written.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The folder of the crate.
    pub folder: PathBuf,
    /// The folder in which `openapi-client` and `openapi-validator` are.
    pub runtime: PathBuf,
}

impl Bench {
    /// Writes the modules of one document.
    pub(super) fn write(&self, number: usize, outputs: &Outputs) -> anyhow::Result<()> {
        let module = self.folder.join("src").join(module(number));
        let mut text = String::new();
        let client = outputs.client.as_ref();
        let products = [
            ("client", client.map(|client| &client.outputs)),
            ("validator", outputs.validator.as_ref()),
        ];
        for (name, files) in products {
            let Some(files) = files else { continue };
            text.push_str(&format!("pub mod {name};\n"));
            for file in files {
                write(&module.join(name).join(&file.path), &file.contents)?;
            }
        }
        for path in client.map_or(&[][..], |client| &client.error_bodies) {
            text.push_str(&format!("impl openapi_client::ErrorBody for client::{path} {{}}\n"));
        }
        write(&module.join("mod.rs"), &text)
    }

    /// Compiles the modules of documents, and counts the errors of those in which there are some.
    ///
    /// An error of one phase of the compiler hides those of later ones, so documents with errors are
    /// left out and the others compiled again, until there are none.
    pub(super) fn check(&self, numbers: &[usize]) -> anyhow::Result<BTreeMap<usize, usize>> {
        let runtime = |name: &str| {
            let path = self.runtime.join(name);
            let path = std::path::absolute(&path).unwrap_or(path);
            format!("{name} = {{ path = {:?} }}\n", path.display().to_string())
        };
        // What generated clients pass on to their runtime.
        let features: String = ["html", "schemars", "serialize", "utoipa"]
            .map(|name| format!("{name} = [\"openapi-client/{name}\"]\n"))
            .concat();
        let manifest = format!(
            "[workspace]\n\n[package]\nname = \"survey\"\nedition = \"2024\"\n\n[features]\n{features}\n\
             [dependencies]\n{}{}",
            runtime("openapi-client"),
            runtime("openapi-validator")
        );
        write(&self.folder.join("Cargo.toml"), &manifest)?;
        let mut broken = BTreeMap::new();
        loop {
            let mut modules = String::new();
            for number in numbers.iter().filter(|number| !broken.contains_key(*number)) {
                modules.push_str(&format!("pub mod {};\n", module(*number)));
            }
            write(&self.folder.join("src/lib.rs"), &modules)?;
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let output = Command::new(cargo)
                .args(["check", "--quiet", "--message-format", "short"])
                .current_dir(&self.folder)
                .output()
                .context("run cargo check")?;
            if output.status.success() {
                return Ok(broken);
            }
            let text = String::from_utf8_lossy(&output.stderr);
            let found = errors(&text);
            ensure!(!found.is_empty(), "compile the generated modules: {text}");
            broken.extend(found);
        }
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = || format!("write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(shown)?;
    }
    fs::write(path, text).with_context(shown)
}

/// The module of a document.
fn module(number: usize) -> String {
    format!("d{number}")
}

/// How many errors of the compiler are in the module of each document.
fn errors(messages: &str) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for line in messages.lines().filter(|line| line.contains(": error")) {
        let number = line.strip_prefix("src/d").and_then(|rest| rest.split_once('/'));
        if let Some(number) = number.and_then(|(number, _)| number.parse().ok()) {
            *counts.entry(number).or_default() += 1;
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_belong_to_the_document_of_their_file() {
        let messages = "src/d12/client/types.rs:1:9: error[E0412]: cannot find type\n\
                        src/d12/client/mod.rs:7:1: error: expected item\n\
                        src/d3/validator/mod.rs:1:1: warning: unused\n\
                        src/d4/mod.rs:2:6: error[E0433]: failed to resolve\n\
                        error: could not compile `survey` (lib) due to 3 previous errors\n";
        assert_eq!(errors(messages), BTreeMap::from([(4, 1), (12, 2)]));
    }
}
