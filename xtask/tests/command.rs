//! The command as a process: its exit codes, and the same bytes whoever runs it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn codegen(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("codegen").args(arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
}

#[test]
fn exit_codes_tell_how_a_run_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::write(path("good.yaml"), include_str!("../../crates/openapi-codegen/tests/it/base.yaml"))
        .unwrap();
    fs::write(path("bad.yaml"), "openapi: 3.1.0\n").unwrap();
    fs::create_dir(path("taken")).unwrap();
    fs::write(path("taken/client"), "a file where a folder should be").unwrap();
    for (name, arguments, code, sentence) in [
        ("nothing generated yet", ["good.yaml", "out", "--check"], 4, "missing"),
        ("the first run", ["good.yaml", "out", ""], 0, "wrote"),
        ("the second run", ["good.yaml", "out", ""], 0, "0 files written"),
        ("a check after that", ["good.yaml", "out", "--check"], 0, "fresh"),
        ("a document with findings", ["bad.yaml", "out", ""], 1, "the document is OpenAPI 3.1.0"),
        ("no document", ["none.yaml", "out", ""], 2, "failed to read"),
        ("a folder that cannot be", ["good.yaml", "taken", ""], 2, "failed to"),
    ] {
        let [document, out, check] = arguments;
        let (document, out) = (path(document), path(out));
        let mut arguments = vec!["--spec", &document, "--out", &out];
        arguments.extend((!check.is_empty()).then_some(check));
        let output = codegen(&arguments);
        assert_eq!(output.status.code(), Some(code), "{name}: {}", told(&output));
        assert!(told(&output).contains(sentence), "{name}: {}", told(&output));
    }
    let output = codegen(&["--spec", "only.yaml"]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
}

#[test]
fn the_committed_crates_are_what_the_document_says() {
    let output = codegen(&["--check"]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn twenty_processes_write_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/tango-orders.yaml");
    let out = folder.path().join("out").display().to_string();
    let mut first = None;
    for _ in 0..20 {
        let output = codegen(&["--spec", document, "--out", &out]);
        assert!(output.status.success(), "{}", told(&output));
        let mut found = BTreeMap::new();
        files(Path::new(&out), &mut found);
        fs::remove_dir_all(&out).unwrap();
        assert!(found.len() > 30);
        assert!(*first.get_or_insert_with(|| found.clone()) == found);
    }
}
