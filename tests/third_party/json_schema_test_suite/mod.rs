//! The JSON Schema Test Suite: schemas and payloads that nobody here wrote.
//!
//! Its schemas for draft 4, from which OpenAPI 3.0 took its vocabulary, are mapped to one OpenAPI
//! document, whose generated validators and the jsonschema crate then judge the suite's payloads.

mod generated;
mod mapping;
mod mutation;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use insta::assert_snapshot;
use jsonschema::ValidatorMap;
use openapi_codegen::json_schema;
use openapi_codegen::model::Model;
use openapi_codegen::source::Document;
use openapi_validator::{Options, Report};
use serde_json::Value;

pub use generated::schemas::Schema;
pub use mapping::groups;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/third_party/json_schema_test_suite");

pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("openapi.json");
    Document::parse("tests/third_party/json_schema_test_suite/openapi.json", text)
        .expect("it is JSON")
});

/// The jsonschema crate's validators of the same document.
static WITNESSES: LazyLock<ValidatorMap> = LazyLock::new(|| {
    json_schema::validators(&json_schema::bundle(&DOCUMENT)).expect("the schemas are sound")
});

/// What the suite sees differently from both validators: group, payload, reason.
const DIFFERENCES: &[(&str, &str, &str)] = &[(
    "optional.zeroTerminatedFloats-0",
    "a float is not an integer even without fractional part",
    "1.0 is a whole number, as every later draft of JSON Schema says; draft 4 left it open",
)];

/// The generated validator of a group's schema; none where the schema could not be mapped.
pub fn schema(name: &str) -> Option<Schema> {
    Schema::ALL.iter().copied().find(|schema| schema.name() == name)
}

/// The generated validator's verdict, with its reasons; both of its modes must agree.
pub fn judge(schema: Schema, payload: &[u8]) -> Report<'_> {
    let document = &generated::source_map::SOURCE_MAP;
    let options = Options::default();
    let report = openapi_validator::validate(document, schema.validator(), payload, &options);
    let verdict = openapi_validator::is_valid(document, schema.validator(), payload, &options);
    assert_eq!(report.is_valid(), verdict, "{} {report}", schema.name());
    report
}

/// The jsonschema crate's verdict; broken JSON is invalid.
pub fn witness(schema: Schema, payload: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Value>(payload) else { return false };
    let definition = json_schema::definition(schema.name());
    WITNESSES.get(&definition).expect("the schema is in the bundle").is_valid(&value)
}

/// Compares verdicts with those of the suite, except for the known differences.
#[track_caller]
fn assert_verdicts(verdict: impl Fn(Schema, &[u8]) -> bool) {
    let mut found = Vec::new();
    for (name, group) in groups() {
        let Some(schema) = schema(&name) else { continue };
        for test in group.tests {
            if verdict(schema, test.data.get().as_bytes()) != test.valid {
                found.push((name.clone(), test.description));
            }
        }
    }
    let known = |(group, test, _): &(&str, &str, _)| ((*group).to_owned(), (*test).to_owned());
    let known: Vec<_> = DIFFERENCES.iter().map(known).collect();
    assert_eq!(found, known, "the verdicts differ elsewhere than the table says");
}

#[test]
fn every_case_that_openapi_can_express_has_the_verdict_of_the_suite() {
    assert_verdicts(|schema, payload| judge(schema, payload).is_valid());
}

#[test]
fn the_jsonschema_crate_has_the_same_verdicts() {
    assert_verdicts(witness);
}

#[test]
fn every_case_is_run_or_stands_in_a_table_with_its_reason() {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let (mut run, mut all) = (0, 0);
    for (name, group) in groups() {
        all += group.tests.len();
        match mapping::map(&name, &group.schema) {
            Ok(_) => run += group.tests.len(),
            Err(reason) => reasons.entry(reason).or_default().push(format!(
                "{name}: {} ({} cases)",
                group.description,
                group.tests.len()
            )),
        }
    }
    let table: Vec<String> = reasons
        .iter()
        .map(|(reason, groups)| format!("{reason}\n  {}\n", groups.join("\n  ")))
        .collect();
    let table = table.join("\n");
    let same = run - DIFFERENCES.len();
    assert_snapshot!(format!("{all} cases, {run} run, {same} with the suite's verdict\n\n{table}"));
}

#[test]
fn the_document_and_the_code_are_made_from_the_suite() {
    let committed: Value = serde_json::from_str(&DOCUMENT.source.text).expect("it is JSON");
    assert!(committed == mapping::document(), "openapi.json is not fresh, see generate.rs");
    let (outputs, _) = Model::read(&DOCUMENT)
        .and_then(|model| openapi_codegen::validator::outputs(&model))
        .expect("the document is supported");
    for output in &outputs {
        let path = Path::new(FOLDER).join("generated").join(&output.path);
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == output.contents, "{} is not fresh, see generate.rs", path.display());
    }
}
