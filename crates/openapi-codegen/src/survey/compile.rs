//! One crate that holds what was generated from many documents, to see whether all of it compiles.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::rule::Product;
use crate::spec::Outputs;

/// Where the crate is written.
#[derive(Clone, Debug)]
pub struct Bench {
    /// The folder of the crate.
    pub folder: PathBuf,
    /// The folder in which `openapi-client` and `openapi-validator` are.
    pub runtime: PathBuf,
}

/// A module: the number of its document, and what it is.
type Unit = (usize, Product);

/// How many errors of each code the compiler has in a module.
type Errors = BTreeMap<String, usize>;

impl Bench {
    /// Writes the modules of one document.
    pub(super) fn write(&self, number: usize, outputs: &Outputs) -> anyhow::Result<()> {
        let client = outputs.client.as_ref();
        let products = [
            (Product::Client, client.map(|client| &client.outputs)),
            (Product::Validator, outputs.validator.as_ref()),
        ];
        for (product, files) in products {
            let module = self.folder.join("src").join(module((number, product)));
            for file in files.into_iter().flatten() {
                write(&module.join("generated").join(&file.path), &file.contents)?;
            }
            let mut text = "pub mod generated;\n".to_owned();
            let bodies = client.filter(|_| product == Product::Client);
            for path in bodies.map_or(&[][..], |client| &client.error_bodies) {
                text.push_str(&format!(
                    "impl openapi_client::ErrorBody for generated::{path} {{}}\n"
                ));
            }
            if files.is_some() {
                write(&module.join("mod.rs"), &text)?;
            }
        }
        Ok(())
    }

    /// Compiles modules, each with its size in bytes, and tells the errors of each.
    ///
    /// An error of one phase of the compiler hides those of later ones, so modules with errors are
    /// left out and the others compiled again, until there are none. The compiler holds so many modules
    /// at a time as it has memory for.
    pub(super) fn check(&self, units: &[(Unit, usize)]) -> anyhow::Result<BTreeMap<Unit, Errors>> {
        /// About 2 GB of memory for the compiler.
        const MOST: usize = 12 << 20;
        self.write_manifest()?;
        let mut all: BTreeMap<Unit, Errors> = BTreeMap::new();
        let mut rest = units;
        while !rest.is_empty() {
            let mut size = 0;
            let fits = rest.iter().take_while(|(_, bytes)| {
                size += bytes;
                size <= MOST
            });
            let (batch, later) = rest.split_at(fits.count().max(1));
            rest = later;
            let batch: Vec<Unit> = batch.iter().map(|(unit, _)| *unit).collect();
            let broken = self.check_batch(&batch)?;
            all.extend(batch.into_iter().map(|unit| (unit, Errors::new())));
            all.extend(broken);
        }
        Ok(all)
    }

    fn check_batch(&self, units: &[Unit]) -> anyhow::Result<BTreeMap<Unit, Errors>> {
        let mut broken: BTreeMap<Unit, Errors> = BTreeMap::new();
        loop {
            let mut modules = String::new();
            for unit in units.iter().filter(|unit| !broken.contains_key(*unit)) {
                modules.push_str(&format!("pub mod {};\n", module(*unit)));
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

    fn write_manifest(&self) -> anyhow::Result<()> {
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
        write(&self.folder.join("Cargo.toml"), &manifest)
    }
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let shown = || format!("write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(shown)?;
    }
    fs::write(path, text).with_context(shown)
}

/// The name of a module.
fn module((number, product): Unit) -> String {
    format!("d{number}_{}", product.name())
}

/// How many errors of the compiler are in each module.
fn errors(messages: &str) -> BTreeMap<Unit, Errors> {
    let mut counts = BTreeMap::<Unit, Errors>::new();
    for line in messages.lines() {
        let Some((place, error)) = line.split_once(": error") else { continue };
        let Some((name, _)) = place.strip_prefix("src/").and_then(|rest| rest.split_once('/'))
        else {
            continue;
        };
        let unit = Product::ALL.into_iter().find_map(|product| {
            let number = name.strip_prefix('d')?.strip_suffix(product.name())?;
            Some((number.strip_suffix('_')?.parse().ok()?, product))
        });
        let Some(unit) = unit else { continue };
        let code = error.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let code = code.map_or("syntax", |(code, _)| code).to_owned();
        *counts.entry(unit).or_default().entry(code).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_belong_to_the_module_of_their_file() {
        let messages = "src/d12_client/generated/types.rs:1:9: error[E0412]: cannot find type\n\
                        src/d12_client/generated/mod.rs:7:1: error: expected item\n\
                        src/d3_validator/generated/mod.rs:1:1: warning: unused\n\
                        src/d12_validator/mod.rs:2:6: error[E0433]: failed to resolve\n\
                        error: could not compile `survey` (lib) due to 3 previous errors\n";
        let count = |code: &str| (code.to_owned(), 1);
        let expected = [
            ((12, Product::Client), Errors::from([count("E0412"), count("syntax")])),
            ((12, Product::Validator), Errors::from([count("E0433")])),
        ];
        assert_eq!(errors(messages), BTreeMap::from(expected));
    }
}
