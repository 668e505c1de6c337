//! Generated code for a document that uses every keyword, with good and bad payloads for each.
//!
//! After a change of `openapi.yaml` or of the emitter, generate again, from the top folder:
//! `cargo run -p openapi-codegen --example validator -- crates/openapi-validator/tests/it/every_keyword/openapi.yaml
//! crates/openapi-validator/tests/it/every_keyword/generated`. A test of openapi-codegen compares.

mod depth;
mod generated;
mod operations;

use generated::schemas::Schema;
use generated::source_map::SOURCE_MAP;
use insta::assert_snapshot;
use openapi_validator::{Direction, Options, Report, Severity};

#[track_caller]
fn assert_verdicts(schema: Schema, good: &[&str], bad: &[&str]) {
    for (payloads, expected) in [(good, true), (bad, false)] {
        for payload in payloads {
            let report = validate(schema, payload, Direction::Unspecified);
            assert_eq!(report.is_valid(), expected, "{} {payload}\n{report}", schema.name());
        }
    }
}

fn validate(schema: Schema, payload: &str, direction: Direction) -> Report<'_> {
    let options = Options { direction, notes: true, ..Options::default() };
    let (validator, payload) = (schema.validator(), payload.as_bytes());
    let report = openapi_validator::validate(&SOURCE_MAP, validator, payload, &options);
    let verdict = openapi_validator::is_valid(&SOURCE_MAP, validator, payload, &options);
    assert_eq!(report.is_valid(), verdict, "{report}");
    for finding in report.findings().filter(|finding| finding.keyword() != "json") {
        let place = finding.place().expect("the document has a place for each rule");
        let line = include_str!("openapi.yaml").lines().nth(place.line as usize - 1);
        assert!(line.is_some_and(|line| line.contains(finding.keyword())), "{finding}");
    }
    report
}

/// The rules of what is below an error.
#[track_caller]
fn assert_remarks(schema: Schema, payload: &str, direction: Direction, expected: &[&str]) {
    let report = validate(schema, payload, direction);
    assert!(report.is_valid(), "{report}");
    let remarks: Vec<String> = report
        .findings()
        .filter(|finding| finding.severity() != Severity::Error)
        .map(|finding| format!("{} {}", finding.pointer(), finding.keyword()))
        .collect();
    assert_eq!(remarks, expected, "{payload}");
}

#[test]
fn strings_and_numbers_obey_their_keywords() {
    assert_verdicts(Schema::Anything, &["null", "[1]", "{}"], &["", "[1,]"]);
    assert_verdicts(
        Schema::Code,
        &[r#""AB""#, r#""AB123""#, r#""\u0041B""#, r#""none""#],
        &[r#""A""#, r#""AB1234""#, r#""ab""#, r#""""#, r#""NONE""#, "null", "1"],
    );
    assert_verdicts(
        Schema::Colour,
        &[r#""red""#, r#""blue\"""#],
        &[r#""Red""#, r#""blue""#, "null"],
    );
    assert_verdicts(Schema::OpenColour, &[r#""red""#, r#""pink""#, "null"], &["1", "[]"]);
    assert_verdicts(Schema::Level, &["1", "3.0", "20e-1"], &["0", "4", "1.5", r#""1""#, "null"]);
    assert_verdicts(
        Schema::Mixed,
        &["1", "1.0", r#""one""#, "null", "true", "[1, 2]", r#"{"a":1}"#],
        &["2", r#""two""#, "false", "[2,1]", r#"{"a":2}"#, r#"{"a":1,"b":1}"#, "[]"],
    );
    assert_verdicts(
        Schema::Rate,
        &["0.05", "1", "12345678901234567890.50"],
        &["0", "-1", "0.07", "12345678901234567890.55"],
    );
    assert_verdicts(
        Schema::Short,
        &[r#""ab""#, "10", "[1]", r#"{"a":1}"#, "null", "true"],
        &[r#""abc""#, "11", "[1,2]", r#"{"a":1,"b":2}"#],
    );
}

#[test]
fn arrays_and_objects_obey_their_keywords() {
    assert_verdicts(
        Schema::Set,
        &[r#"["red"]"#, r#"["red","green","blue\""]"#],
        &["[]", r#"["red","red"]"#, r#"["pink"]"#, r#"["red","green","blue\"","red"]"#, "{}"],
    );
    assert_verdicts(Schema::AnyList, &["[]", "[1,null,{}]"], &["{}", "null"]);
    assert_verdicts(
        Schema::Scores,
        &[r#"{"a":1}"#, r#"{"a":1,"b":2}"#],
        &["{}", r#"{"a":"1"}"#, r#"{"a":1,"b":2,"c":3}"#, r#"{"a":1,"\u0061":1}"#],
    );
    assert_verdicts(Schema::Closed, &[r#"{"a":null}"#], &["{}", r#"{"a":1,"b":1}"#, r#"{"A":1}"#]);
    assert_verdicts(
        Schema::Open,
        &[r#"{"a":"","b":1}"#, r#"{"c":1,"b":[],"a":""}"#],
        &[r#"{"a":""}"#, r#"{"b":1}"#, r#"{"a":1,"b":1}"#],
    );
    assert_verdicts(
        Schema::Account,
        &[r#"{"id":1,"password":"x","quoted\"name":true}"#],
        &[r#"{"id":1}"#, r#"{"id":1,"password":"x","quoted\"name":1}"#],
    );
    assert_verdicts(
        Schema::Tree,
        &["{}", r#"{"value":1,"children":[{"children":[{"value":2}]}]}"#],
        &[r#"{"children":[{"children":[{"value":"2"}]}]}"#, r#"{"children":{}}"#],
    );
}

#[test]
fn schemas_are_combined() {
    assert_verdicts(
        Schema::Both,
        &[r#"{"id":1,"name":"x"}"#, r#"{"id":1}"#],
        &["{}", r#"{"id":1,"name":2}"#, r#"{"name":"x"}"#, "1"],
    );
    assert_verdicts(
        Schema::Derived,
        &[r#"{"id":1,"extra":true}"#],
        &[r#"{"id":1}"#, r#"{"extra":true}"#, r#"{"id":"1","extra":true}"#],
    );
    assert_verdicts(
        Schema::Pet,
        &[r#"{"petType":"kitty","lives":9}"#, r#"{"bark":"wuff","petType":"Dog"}"#],
        &[
            "{}",
            r#"{"petType":"kitty","bark":1}"#,
            r#"{"petType":"kitty","lives":9,"bark":"miau"}"#,
            "[]",
        ],
    );
    assert_verdicts(
        Schema::ListOrWord,
        &["[]", r#"["a"]"#, r#""NONE""#, "null"],
        &["[1]", r#""SOME""#, "1", "{}"],
    );
    assert_verdicts(Schema::Several, &[r#""abc""#, r#""a""#, "1"], &[r#""b""#, "null", r#""""#]);
    assert_verdicts(Schema::NotEmpty, &["[1]"], &["[]", "{}"]);
    assert_verdicts(
        Schema::WithTag,
        &[r#"{"a":1}"#, r#"{"b":1,"id":2}"#, r#"{"a":"x","b":1}"#],
        &["{}", r#"{"a":"x"}"#, r#"{"a":1,"id":"2"}"#],
    );
    assert_verdicts(
        Schema::Thing,
        &[
            r#"{"kind":"red","parent":{"kind":"green","parent":null},"first":"2026-01-15"}"#,
            r#"{"kind":"red","note":"password"}"#,
        ],
        &[
            r#"{"kind":"red","parent":{}}"#,
            r#"{"kind":"red","first":"2026-02-30"}"#,
            r#"{"kind":"red","secret":null}"#,
            r#"{"kind":"red","x":[{"y":{"s\u0065cret":1}}]}"#,
            r#"{"kind":"red","account":{"id":1,"password":"x"}}"#,
            r#"{"kind":"red","account":{"password":"x","id":1}}"#,
        ],
    );
    // The rule ends where its schema ends.
    assert_verdicts(Schema::Account, &[r#"{"id":1,"password":"x"}"#], &[]);
}

#[test]
fn an_alias_is_the_schema_that_it_refers_to() {
    assert_verdicts(Schema::Alias, &[r#""AB1""#], &["1", r#""ab""#]);
}

#[test]
fn values_of_the_document_keep_all_their_digits() {
    assert_verdicts(
        Schema::Digits,
        &["12345678901234567891234567890", "1234567890123456789123456789e1", "15", "15.0"],
        &["12345678901234568000000000000", "12345678901234567891234567891", "1.5"],
    );
    assert_verdicts(
        Schema::Listed,
        &[
            r#"{"a":[1,0.12345678901234567891],"b":{"c":null}}"#,
            r#"{ "b": {"\u0063" : null}, "a": [1.0, 12345678901234567891e-20] }"#,
        ],
        &[
            r#"{"a":[1,0.12345678901234567],"b":{"c":null}}"#,
            r#"{"a":[1,0.12345678901234567891],"b":{"c":null,"d":1}}"#,
            r#"{"a":[1,0.12345678901234567891]}"#,
            r#"{"a":[1],"b":{"c":null}}"#,
            r#"{"a":[1,0.12345678901234567891,1],"b":{"c":null}}"#,
            "{}",
            "[]",
        ],
    );
    assert_verdicts(Schema::Vast, &["1e400", "9e399"], &["1.1e400", "1e99999999999999999999"]);
}

#[test]
fn an_excerpt_shows_only_what_the_document_knows_to_be_public() {
    let shown = |schema: Schema, payload: &str| {
        let report = validate_quietly(schema, payload).with_values();
        assert!(!report.is_empty(), "{payload} has something to report");
        format!("{report}{}", report.render("p.json", openapi_validator::Colours::Never))
    };
    for (schema, payload) in [
        // Secrets under no name, or under names that are the payload's own.
        (Schema::Secrets, r#"["SECRET"]"#),
        (Schema::Secrets, r#"["SECRET", "SECRET-SECRET", 1]"#),
        (Schema::Secrets, r#""SECRET""#),
        (Schema::Vault, r#"{"since":[{"text":"SECRET","since":1}]}"#),
        (Schema::Vault, r#"{"id":"SECRET","value":["SECRET"]}"#),
        // What the document does not describe, under names that it has elsewhere.
        (Schema::Free, r#"{"since":"SECRET-1","kind":{"since":"SECRET"}}"#),
        (Schema::Free, r#"{"since":{"value":"SECRET"}}"#),
        (Schema::Free, r#"{"value":{"since":"SECRET"}}"#),
        (Schema::Pet, r#"{"lives":"SECRET"}"#),
    ] {
        let shown = shown(schema, payload).replace("SECRET-1", "");
        assert!(!shown.contains("SECRET"), "{payload}: {shown}");
    }
    assert!(shown(Schema::Free, r#"{"since":"PUBLIC"}"#).contains("PUBLIC"));
    assert!(shown(Schema::Digits, "12").contains("12"));
}

#[test]
fn parts_of_a_schema_say_together_who_sends_a_required_member() {
    let is_valid = |schema, payload, direction| validate(schema, payload, direction).is_valid();
    let (request, response) = (Direction::Request, Direction::Response);
    assert!(is_valid(Schema::Registered, r#"{"password":"x","oldName":"y"}"#, request));
    assert!(!is_valid(Schema::Registered, r#"{"password":"x"}"#, request));
    assert!(!is_valid(Schema::Registered, r#"{"oldName":"y"}"#, request));
    assert!(is_valid(Schema::Registered, r#"{"id":1,"oldName":"y","since":"z"}"#, response));
    assert!(!is_valid(Schema::Registered, r#"{"id":1,"oldName":"y"}"#, response));
    // Also where a composition is a branch of another one, but not from one branch to the next.
    assert!(is_valid(Schema::Member, r#"{"password":"x","oldName":"y"}"#, request));
    assert!(!is_valid(Schema::Member, r#"{"password":"x"}"#, request));
    assert!(!is_valid(Schema::Member, r#"{"guest":true}"#, request));
    assert!(is_valid(Schema::Member, r#"{"guest":true,"since":"z"}"#, request));
    assert!(!is_valid(Schema::Member, r#"{"guest":true,"since":"z"}"#, response));
    // What must not be there is not excused.
    for direction in [request, response] {
        assert!(is_valid(Schema::NotRegistered, "{}", direction));
        assert!(!is_valid(Schema::NotRegistered, r#"{"since":"z"}"#, direction));
    }
}

#[test]
fn remarks_are_made_once_and_in_the_order_of_the_payload() {
    let unspecified = Direction::Unspecified;
    assert_remarks(Schema::OpenColour, r#""pink""#, unspecified, &[" x-extensible-enum"]);
    assert_remarks(Schema::Both, r#"{"id":1,"name":"x"}"#, unspecified, &[]);
    assert_remarks(Schema::Derived, r#"{"id":1,"extra":true}"#, unspecified, &[]);
    assert_remarks(Schema::WithTag, r#"{"a":1,"id":1}"#, unspecified, &[]);
    let pet = r#"{"petType":"kitty","lives":9,"extra":1}"#;
    assert_remarks(Schema::Pet, pet, unspecified, &["/extra properties"]);
    assert_remarks(
        Schema::Tree,
        r#"{"x":1,"children":[{"y":1}]}"#,
        unspecified,
        &["/x properties", "/children/0/y properties"],
    );
    let account = r#"{"id":1,"password":"x","oldName":"y"}"#;
    assert_remarks(Schema::Account, account, unspecified, &["/oldName deprecated"]);
    assert_remarks(
        Schema::Account,
        account,
        Direction::Request,
        &["/id readOnly", "/oldName deprecated"],
    );
    assert_remarks(
        Schema::Account,
        account,
        Direction::Response,
        &["/password writeOnly", "/oldName deprecated"],
    );
    assert_remarks(Schema::Account, r#"{"id":1}"#, Direction::Response, &[]);
    assert_remarks(Schema::Account, r#"{"password":"x"}"#, Direction::Request, &[]);
}

#[test]
fn undocumented_members_of_combined_schemas_are_drift_once() {
    for (schema, payload) in [
        (Schema::Both, r#"{"id":1,"x":1}"#),
        (Schema::Derived, r#"{"x":1,"id":1,"extra":true}"#),
        (Schema::WithTag, r#"{"a":1,"x":1}"#),
    ] {
        let report = validate(schema, payload, Direction::Unspecified);
        let pointers: Vec<String> =
            report.findings().map(|finding| finding.pointer().to_owned()).collect();
        assert_eq!(pointers, ["/x"], "{payload}");
        assert!(report.is_valid());
    }
}

fn validate_quietly(schema: Schema, payload: &str) -> Report<'_> {
    let options = Options::default();
    openapi_validator::validate(&SOURCE_MAP, schema.validator(), payload.as_bytes(), &options)
}

#[test]
fn every_format_is_checked_or_known_to_be_an_annotation() {
    let good = [
        "\"dateTime\":\"2026-01-15T00:00:00Z\"",
        "\"binary\":\"\\u0001\"",
        "\"html\":\"<\"",
        "\"made-up\":\"x\"",
        "\"money\":1.005",
        "\"int64\":9223372036854775807",
    ];
    let bad = [
        "\"dateTime\":\"x\"",
        "\"date\":\"x\"",
        "\"email\":\"x\"",
        "\"uri\":\"x\"",
        "\"uuid\":\"x\"",
        "\"hostname\":\"_\"",
        "\"ipv4\":\"x\"",
        "\"ipv6\":\"x\"",
        "\"byte\":\"x\"",
        "\"decimal\":\"x\"",
        "\"int64\":9223372036854775808",
        "\"float\":1e39",
        "\"double\":1e309",
    ];
    let object = |members: &[&str]| -> Vec<String> {
        members.iter().map(|member| format!("{{{member}}}")).collect()
    };
    let (good, bad) = (object(&good), object(&bad));
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    let bad: Vec<&str> = bad.iter().map(String::as_str).collect();
    assert_verdicts(Schema::Formats, &good, &bad);
}

#[test]
fn reports_of_combined_schemas_read_well() {
    let payloads = [
        (Schema::Pet, r#"{"petType":"kitty","lives":"nine"}"#),
        (Schema::Pet, r#"{"petType":"hound"}"#),
        (Schema::Pet, "[]"),
        (Schema::Several, r#""b""#),
        (Schema::WithTag, r#"{"a":"x"}"#),
        (Schema::Mixed, "2"),
        (Schema::NotEmpty, "[]"),
        (Schema::Derived, r#"{"ID":1}"#),
        (Schema::Thing, r#"{"kind":"Red","parent":{"secret":"331XHT75"}}"#),
        (Schema::Rate, "0"),
        (Schema::Short, r#""abc""#),
        (Schema::Set, r#"["red","red","gren",1]"#),
        (Schema::Scores, "{}"),
    ];
    let reports: Vec<String> = payloads
        .iter()
        .map(|(schema, payload)| {
            format!("{} {payload}\n{}", schema.name(), validate_quietly(*schema, payload))
        })
        .collect();
    assert_snapshot!(reports.join("\n"));
}
