use openapi_codegen::rule::Rule;
use openapi_codegen::source::{Document, Finding, Kind, Span};

use crate::render;

#[test]
fn every_node_knows_its_place() {
    let document =
        Document::parse("a.yaml", "title: é\nlist:\n  - 1.50\n  - \"two\\n\"\n").unwrap();
    let at = |pointer: &str| document.root.pointer(pointer).unwrap().span;
    assert_eq!(at("/title"), Span { start: 7, end: 9, line: 1, column: 8 });
    assert_eq!(at("/list/0"), Span { start: 20, end: 24, line: 3, column: 5 });
    assert_eq!(at("/list/1"), Span { start: 29, end: 36, line: 4, column: 5 });
    assert_eq!(document.root.key("list").unwrap().span.line, 2);
    assert!(document.root.pointer("/list/2").is_none());
}

#[test]
fn json_is_read_like_yaml() {
    let text =
        r#"{"openapi": "3.0.3", "paths": {"/a~b/{c}": {"get": null}}, "n": [1, -2.5, true]}"#;
    let document = Document::parse("a.json", text).unwrap();
    assert_eq!(document.root.to_json(), serde_json::from_str::<serde_json::Value>(text).unwrap());
    assert!(matches!(document.root.pointer("/paths/~1a~0b~1{c}/get").unwrap().kind, Kind::Null));
}

#[test]
fn a_large_document_is_read_to_its_end() {
    let text = format!("[{}0]", "0,".repeat(300_000));
    let document = Document::parse("a.json", text).unwrap();
    assert_eq!(document.root.items().len(), 300_001);
}

#[test]
fn numbers_keep_the_digits_that_the_document_has() {
    let text = "[1.50, 1e400, -1e-400, 18446744073709551616, 0.10000000000000000000000000000001, 0x1F, +5, .5, 012]";
    let document = Document::parse("a.yaml", text).unwrap();
    let written: Vec<&str> = document
        .root
        .items()
        .iter()
        .map(|item| match &item.kind {
            Kind::Number(number) => number.as_str(),
            other => panic!("{other:?} is no number"),
        })
        .collect();
    let expected = [
        "1.50",
        "1e400",
        "-1e-400",
        "18446744073709551616",
        "0.10000000000000000000000000000001",
        // What is no number in JSON is read by YAML's rules.
        "31",
        "5",
        "0.5",
        "12",
    ];
    assert_eq!(written, expected);
    assert!(matches!(&Document::parse("a.yaml", "'1.50'").unwrap().root.kind, Kind::String(_)));
}

#[test]
fn many_aliases_are_read_as_long_as_the_whole_stays_small() {
    let mut text = "shared: &shared {type: string}\n".to_owned();
    for number in 0..5_000 {
        text.push_str(&format!("p{number}: *shared\n"));
    }
    let document = Document::parse("a.yaml", text).unwrap();
    assert_eq!(document.root.members().len(), 5_001);
    assert_eq!(document.root.pointer("/p4999/type").unwrap().as_str(), Some("string"));
}

#[test]
fn a_reference_is_resolved_within_the_document() {
    let document = Document::parse("a.yaml", "components: {schemas: {A: {type: string}}}").unwrap();
    assert!(document.resolve("#/components/schemas/A").is_some());
    assert!(document.resolve("#/components/schemas/%41").is_some(), "a fragment may be encoded");
    assert!(document.resolve("#/components/schemas/B").is_none());
    assert!(document.resolve("#/components/schemas/%4").is_none());
    assert!(document.resolve("other.yaml#/components/schemas/A").is_none());
}

#[test]
fn what_cannot_be_read_is_a_finding_with_its_place() {
    let bomb = {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            text.push_str(&format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", ")));
        }
        text
    };
    let cases = [
        ("two keys of one name", "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n"),
        ("a bracket left open", "a: [b\nc: d\n"),
        ("a tab for an indent", "a:\n\tb: c\n"),
        ("a key that is a list", "? [a, b]\n: c\n"),
        ("a number that JSON has not", "a: .inf\n"),
        ("two documents", "a: 1\n---\nb: 2\n"),
        ("an alias to nothing", "a: *b\n"),
        ("aliases that multiply", &bomb),
        ("lists within lists", &("[".repeat(200) + &"]".repeat(200))),
    ];
    let mut report = String::new();
    for (name, text) in cases {
        let findings = Document::parse("a.yaml", text).map(|document| document.root.to_json());
        let findings = findings.expect_err(name);
        report.push_str(&format!("# {name}\n\n{}\n", render(&findings)));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn errors_come_before_warnings_and_both_are_counted() {
    let document = Document::parse("a.yaml", "a: 1\nb: 2\nc: 3\n").unwrap();
    let key = |name: &str| document.root.key(name).unwrap().span;
    let error = |name| {
        Finding::new(Rule::WrongType, &document.source, key(name), "it is wrong", "change it")
    };
    let warning = |name| {
        Finding::warning(Rule::WrongType, &document.source, key(name), "it is odd", "look at it")
    };
    let report = [
        render(&[warning("a"), error("c"), error("b")]),
        render(&[error("a"), warning("b"), warning("c")]),
        render(&[warning("b"), warning("a")]),
        render(&[]),
    ];
    insta::assert_snapshot!(report.join("\n"));
}
