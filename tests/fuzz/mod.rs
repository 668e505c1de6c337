//! What the fuzzer has kept holds without it, too.

mod checks;
pub mod differences;
mod reading;

use std::path::{Path, PathBuf};

use crate::document::response_schemas;
use differences::Reason;

/// The files of a target's corpus.
fn corpus(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(folder).expect("the corpus is there");
    entries.map(|entry| entry.expect("the folder can be read").path()).collect()
}

#[test]
fn every_payload_of_the_corpus_passes_the_checks_of_its_fuzz_target() {
    let paths = corpus("validator");
    for path in &paths {
        println!("{}", path.display());
        let mut input = std::fs::read(path).expect("the file can be read");
        input[..1].make_ascii_uppercase();
        checks::check(&input);
    }
    assert!(paths.len() > 100, "only {} inputs", paths.len());
}

#[test]
fn every_document_of_the_corpus_passes_the_checks_of_its_fuzz_target() {
    let paths = corpus("document");
    for path in &paths {
        println!("{}", path.display());
        reading::check(&std::fs::read_to_string(path).expect("the file is text"));
    }
    assert!(!paths.is_empty());
}

#[test]
fn the_checks_know_why_verdicts_differ() {
    let deep = format!(r#"E{{"x":{}{}}}"#, "[".repeat(127), "]".repeat(127));
    let cases = [
        (r#"E{"path":"","httpCode":400}"#, None),
        (r#"E{"path":"","path":""}"#, Some(Reason::Duplicate)),
        (r#"E{"httpCode":400.00000000000000001}"#, Some(Reason::ExactDecimal)),
        (r#"E{"timestamp":"20-1-05-24T09:30:00Z"}"#, Some(Reason::DateTime)),
        (r#"E{"x":1e400}"#, Some(Reason::Range)),
        (&deep, Some(Reason::Depth)),
    ];
    for (input, reason) in cases {
        assert_eq!(checks::check(input.as_bytes()), reason, "{input}");
    }
}
