//! Complete crates of strangers' documents: they compile without a warning, and one is called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use annotate_snippets::Renderer;
use insta::assert_snapshot;
use openapi_codegen::command::{self, Options, Outcome, Target};
use openapi_codegen::package::Package;
use openapi_codegen::rule::{Product, Rules};
use serde_json::Value;

/// Documents of this folder.
const OWN: [&str; 3] = ["alternatives.yaml", "names.yaml", "pet_store.yaml"];

/// Documents that the crate `openapiv3`, which is a dependency of the generator, ships with its source.
const SHIPPED: [&str; 9] = [
    "api-with-examples.yaml",
    "azure_advisor.yaml",
    "callback-example.yaml",
    "forge.yaml",
    "link-example.yaml",
    "petstore-expanded.yaml",
    "polygon.json",
    "swagger_generator.json",
    "xkcd.json",
];

/// Where the crates are, as a workspace of their own.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("complete_crates")
}

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo(folder: &Path) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).arg("--offline");
    cargo
}

/// The folder of the documents that `openapiv3` ships.
fn shipped() -> PathBuf {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(rustc.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Only what this platform needs has been downloaded.
    let arguments = ["metadata", "--format-version=1", "--filter-platform", host];
    let output = cargo(&top()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "openapiv3").unwrap();
    Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("fixtures")
}

/// Writes both crates of a document; both are asked for, whatever the document holds.
fn generate(document: PathBuf) {
    let stem = document.file_stem().unwrap().to_string_lossy().replace('_', "-");
    let package = Package {
        folder: workspace(),
        name: stem,
        runtime: Some(top().join("crates").canonicalize().unwrap()),
    };
    let options = Options {
        name: document.file_name().unwrap().to_string_lossy().into_owned(),
        document,
        rules: Rules::Generator,
        target: Target::Crates(package),
        products: Product::ALL.to_vec(),
        check: false,
        command: String::new(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = command::run(&options, &Renderer::plain(), &mut out, &mut err).unwrap();
    assert_eq!(outcome, Outcome::Fresh, "{}", String::from_utf8_lossy(&err));
}

#[test]
fn complete_crates_compile_without_a_warning_and_can_be_called() {
    let folder = workspace();
    let here = top().join("tests/third_party/complete_crates");
    fs::create_dir_all(folder.join("caller/src/bin")).unwrap();
    let (own, shipped) = (OWN.map(|name| here.join(name)), shipped());
    for document in own.into_iter().chain(SHIPPED.map(|name| shipped.join(name))) {
        generate(document);
    }
    fs::write(
        folder.join("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n\n\
         [profile.dev]\ndebug = false\n",
    )
    .unwrap();
    fs::write(
        folder.join("caller/Cargo.toml"),
        "[package]\nname = \"caller\"\nedition = \"2024\"\n\n[dependencies]\n\
         alternatives-client = { path = \"../alternatives-client\" }\n\
         pet-store-client = { path = \"../pet-store-client\", features = [\"validate\"] }\n\
         tokio = { version = \"1\", features = [\"macros\", \"rt\", \"time\", \"net\"] }\n",
    )
    .unwrap();
    fs::copy(here.join("caller.rs"), folder.join("caller/src/main.rs")).unwrap();
    fs::copy(here.join("alternatives.rs"), folder.join("caller/src/bin/alternatives.rs")).unwrap();
    // The versions that were downloaded for this workspace.
    fs::copy(top().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    // The caller runs without features that it did not ask for.
    for what in [["--workspace", "--all-features"], ["--package", "caller"]] {
        let mut build = cargo(&folder);
        build.args(["build", "--quiet"]).args(what);
        build.env("CARGO_TARGET_DIR", folder.join("target")).env("RUSTFLAGS", "--deny=warnings");
        let output = build.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    for program in ["caller", "alternatives"] {
        let output = Command::new(folder.join("target/debug").join(program)).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_snapshot!(program, String::from_utf8(output.stdout).unwrap());
    }
}
