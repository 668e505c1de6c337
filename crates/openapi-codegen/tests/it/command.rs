use std::fs;

use annotate_snippets::Renderer;
use openapi_codegen::command::{self, Options, Outcome, Targets};
use openapi_codegen::rule::Rules;

#[test]
fn findings_are_reported_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("openapi.yaml");
    fs::write(&document, "openapi: 3.0.3\n").unwrap();
    let name = "openapi.yaml".to_owned();
    let out_folder = folder.path().join("out");
    let options = Options {
        document,
        name,
        rules: Rules::Generator,
        targets: Targets::under(&out_folder),
        check: false,
        command: String::new(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = command::run(&options, &Renderer::plain(), &mut out, &mut err).unwrap();
    assert_eq!(outcome, Outcome::Findings);
    assert!(out.is_empty());
    assert!(String::from_utf8(err).unwrap().contains("needs the key `info`"));
    assert!(!out_folder.exists());
}
