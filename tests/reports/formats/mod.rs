//! SARIF and *basic* output obey the schemas that their makers give.

use jsonschema::Validator;
use serde_json::{Value, json};
use tango_orders_validator::{Options, Report, Schema, validate_with};

use crate::SPEC;

fn validator(text: &str, pointer: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(text).expect("the schema is JSON");
    if !pointer.is_empty() {
        schema["anyOf"] = json!([{ "$ref": pointer }]);
    }
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is a schema")
}

fn sarif() -> Validator {
    // In the pattern of the member `language`, which no report has, a `]` has no `[`. ECMA-262 takes
    // that for what it is, jsonschema does not.
    let text = include_str!("sarif-schema-2.1.0.json");
    let corrected = text.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}?$");
    assert_ne!(corrected, text, "the schema was corrected by its maker; take this away");
    validator(&corrected, "")
}

fn basic_output() -> Validator {
    validator(include_str!("output-schema.json"), "#/$defs/basic")
}

/// What is wrong with an output, each with its place.
fn errors(validator: &Validator, output: &str) -> Vec<String> {
    let value = serde_json::from_str(output).expect("the output is JSON");
    let errors = validator.iter_errors(&value);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Payloads from right to beyond repair: samples, each with one token after the other replaced, and cut.
fn payloads() -> Vec<(Schema, String)> {
    let mut payloads = Vec::new();
    for sample in &SPEC.samples {
        let name = sample.schema(&SPEC.document).expect("the sample names a schema");
        let schema = crate::schema_named(name);
        let text = &sample.text;
        payloads.push((schema, text.clone()));
        let syntax = text.char_indices().filter(|(_, letter)| "{}[]:,\"".contains(*letter));
        for (at, _) in syntax.step_by(23) {
            let (before, after) = (&text[..at], &text[at + 1..]);
            payloads.push((schema, before.to_owned()));
            payloads.push((schema, format!("{before}{after}")));
        }
        for value in ["7", "null", "\"\"", "[]", "{ \"~/%\": 0 }", "\"\u{1F512}\""] {
            for (at, _) in text.match_indices(": ").step_by(7) {
                let after =
                    text[at + 2..].find([',', '\n', '}']).map_or("", |end| &text[at + 2 + end..]);
                payloads.push((schema, format!("{}: {value}{after}", &text[..at])));
            }
        }
    }
    payloads
}

/// Calls something with the report on each payload, listed in whole and in part, and with values.
fn for_each_report(mut check: impl FnMut(&Report<'_>, &str)) {
    for (schema, payload) in payloads() {
        for findings in [1, 100] {
            let options = Options { findings, notes: true, ..Options::default() };
            let report = validate_with(schema, payload.as_bytes(), &options);
            check(&report, &payload);
            check(&report.with_values(), &payload);
        }
    }
}

#[test]
fn every_sarif_log_obeys_the_schema_of_sarif() {
    let schema = sarif();
    let mut seen = [0; 3];
    for_each_report(|report, payload| {
        let log = report.to_sarif("responses/of order \u{e9}%.json");
        assert_eq!(errors(&schema, &log), [""; 0], "{payload}\n{log}");
        seen[usize::from(!report.is_valid()) + usize::from(report.more() > 0)] += 1;
    });
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
}

#[test]
fn every_basic_output_obeys_the_schema_of_outputs() {
    let schema = basic_output();
    let mut seen = [0; 3];
    for_each_report(|report, payload| {
        let output = report.to_basic_output();
        assert_eq!(errors(&schema, &output), [""; 0], "{payload}\n{output}");
        seen[usize::from(!report.is_valid()) + usize::from(report.more() > 0)] += 1;
    });
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
}

#[test]
fn any_path_is_a_uri_reference_in_sarif() {
    let schema = sarif();
    let report = validate_with(Schema::Order, b"{\"status\": 1}", &Options::default());
    let names =
        ["", "of order", "\u{e9}", "100%", "a%2", "a%20b", "[1]", "a#1#2", "12:30", "a^b|c", "\0"];
    for folder in ["", "/", "responses/", ".\\", "C:\\responses\\", "//server/share/", "1:2/"] {
        for name in names {
            let log = report.to_sarif(&format!("{folder}{name}.json"));
            assert_eq!(errors(&schema, &log), [""; 0], "{folder}{name}");
        }
    }
    for uri in ["https://[::1]:8080/a?b=[#c", "file:///a%20b.json", "a.json#/b", "urn:a:b"] {
        assert!(report.to_sarif(uri).contains(&format!("\"{uri}\"")), "{uri}");
    }
}

#[test]
fn the_two_schemas_reject_what_is_not_theirs() {
    let options = Options::default();
    let report = validate_with(Schema::Order, b"{\"status\": 1}", &options);
    let changed = [
        (
            sarif(),
            report.to_sarif("order.json"),
            vec![
                ("\"error\"", "\"fatal\""),
                ("\"2.1.0\"", "\"2.1\""),
                ("startLine\":1", "startLine\":0"),
                ("\"order.json\"", "\"an order.json\""),
                ("\"message\"", "\"massage\""),
            ],
        ),
        (
            basic_output(),
            report.to_basic_output(),
            vec![
                ("\"error\"", "\"fatal\""),
                ("\"keywordLocation\"", "\"keyword\""),
                ("\"/status\"", "\"status\""),
                ("\"valid\":false", "\"valid\":0"),
            ],
        ),
    ];
    for (schema, output, changes) in changed {
        assert_eq!(errors(&schema, &output), [""; 0]);
        for (from, to) in changes {
            assert!(output.contains(from), "{from} is not in {output}");
            assert!(!errors(&schema, &output.replacen(from, to, 1)).is_empty(), "{to}");
        }
    }
}
