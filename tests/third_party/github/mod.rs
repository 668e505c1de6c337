//! An excerpt of GitHub's own description: schemas and examples that nobody here wrote.
//!
//! `generated/` is made by `cargo run -p openapi-codegen --example validator -- tests/third_party/github/openapi.json
//! tests/third_party/github/generated`; a test compares.

mod generated;

use std::path::Path;
use std::sync::LazyLock;

use generated::operations::Operation;
use insta::assert_snapshot;
use openapi_codegen::model::Model;
use openapi_codegen::source::{Document, Node};
use openapi_codegen::{json_schema, validator};
use openapi_validator::{Options, Response, Severity};
use serde_json::Value;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    Document::parse("tests/third_party/github/openapi.json", include_str!("openapi.json"))
        .expect("it is JSON")
});

/// An example that the document gives for a response.
struct Example {
    operation: Operation,
    status: String,
    /// The schema of the response's body.
    schema: &'static Node,
    payload: Value,
}

/// The node itself, or what it refers to.
fn follow(node: &'static Node) -> &'static Node {
    match node.get("$ref").and_then(Node::as_str) {
        Some(reference) => follow(DOCUMENT.resolve(reference).expect("it leads somewhere")),
        None => node,
    }
}

fn examples() -> Vec<Example> {
    let mut all = Vec::new();
    for (_, item) in DOCUMENT.root.get("paths").map_or(&[][..], Node::members) {
        for (_, node) in item.members() {
            let id = node.get("operationId").and_then(Node::as_str);
            let operation = Operation::ALL.iter().find(|known| Some(known.id()) == id);
            let operation = *operation.expect("every operation is generated");
            for (status, response) in node.get("responses").map_or(&[][..], Node::members) {
                let json = follow(response).pointer("/content/application~1json");
                let Some((schema, body)) = json.and_then(|json| Some((json.get("schema")?, json)))
                else {
                    continue;
                };
                for (_, example) in body.get("examples").map_or(&[][..], Node::members) {
                    let payload = follow(example).get("value").expect("it has a value").to_json();
                    let status = status.name.clone();
                    all.push(Example { operation, status, schema, payload });
                }
            }
        }
    }
    all
}

/// The errors that the generated validator finds.
fn judge(example: &Example, payload: &str) -> Vec<String> {
    let status = example.status.parse().expect("the status is a number");
    let Response::Schema(validator) = example.operation.response(status) else {
        panic!("{} {status} has a schema", example.operation.id())
    };
    let document = &generated::source_map::SOURCE_MAP;
    let options = Options::default();
    let report = openapi_validator::validate(document, validator, payload.as_bytes(), &options);
    let errors = report.findings().filter(|finding| finding.severity() == Severity::Error);
    errors.map(|finding| format!("{} {}", finding.pointer(), finding.keyword())).collect()
}

/// The jsonschema crate's validator of the same schema.
fn witness(schema: &Node) -> jsonschema::Validator {
    let mut bundle = json_schema::bundle(&DOCUMENT);
    bundle["allOf"] = vec![json_schema::convert(schema)].into();
    json_schema::options().build(&bundle).expect("the schema is sound")
}

/// The payload with each of its values replaced or left out once.
fn mutants(payload: &Value) -> Vec<Value> {
    let mut mutants = vec![payload.clone()];
    let others = [Value::Null, true.into(), 7.into(), "text".into(), Vec::<Value>::new().into()];
    for pointer in pointers(payload, String::new()) {
        for other in &others {
            let mut mutant = payload.clone();
            *mutant.pointer_mut(&pointer).expect("the value is there") = other.clone();
            mutants.push(mutant);
        }
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut mutant = payload.clone();
        if let Some(Value::Object(members)) = mutant.pointer_mut(parent)
            && members.remove(name).is_some()
        {
            mutants.push(mutant);
        }
    }
    mutants
}

fn pointers(value: &Value, at: String) -> Vec<String> {
    let children: Vec<String> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| pointers(item, format!("{at}/{index}")))
            .collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| pointers(value, format!("{at}/{name}")))
            .collect(),
        _ => Vec::new(),
    };
    [vec![at], children].concat()
}

#[test]
fn the_documents_own_examples_have_the_verdict_of_the_jsonschema_crate() {
    let verdicts = examples().into_iter().map(|example| {
        let errors = judge(&example, &example.payload.to_string());
        let agrees = witness(example.schema).is_valid(&example.payload) == errors.is_empty();
        assert!(agrees, "{} {}: {errors:?}", example.operation.id(), example.status);
        let verdict = if errors.is_empty() { "valid".to_owned() } else { errors.join(", ") };
        format!("{} {}: {verdict}", example.operation.id(), example.status)
    });
    assert_snapshot!(verdicts.collect::<Vec<_>>().join("\n"));
}

#[test]
fn mutants_of_the_examples_have_the_verdict_of_the_jsonschema_crate() {
    let (mut all, mut valid) = (0, 0);
    for example in examples() {
        let witness = witness(example.schema);
        for mutant in mutants(&example.payload) {
            let errors = judge(&example, &mutant.to_string());
            let (id, accepted) = (example.operation.id(), errors.is_empty());
            assert_eq!(accepted, witness.is_valid(&mutant), "{id} {errors:?} {mutant}");
            all += 1;
            valid += usize::from(accepted);
        }
    }
    assert!(all > 1000 && valid > all / 10, "{valid} of {all} are valid");
}

#[test]
fn the_code_is_made_from_the_excerpt() {
    let model = Model::read(&DOCUMENT).expect("the document is supported");
    let (outputs, _) = validator::outputs(&model).expect("the document is supported");
    assert!(model.schemas.len() > 50, "the excerpt is not a toy");
    for output in &outputs {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("third_party/github/generated")
            .join(&output.path);
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(found == output.contents, "{} is not fresh, see mod.rs", path.display());
    }
}
