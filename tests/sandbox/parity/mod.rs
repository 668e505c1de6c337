//! The document that the sandbox makes of its endpoints says what the OpenAPI document says.

mod described;
mod difference;
mod mutants;
mod on_purpose;

use std::sync::{Arc, LazyLock};

use openapi_codegen::source::{Document, Key, Kind, Node, Number, Span};
use serde_json::Value;

use crate::SPEC;
use described::{Described, described};
use difference::{Difference, Located, differences};
use on_purpose::ON_PURPOSE;

static CONTRACT: LazyLock<Described> = LazyLock::new(|| described(&SPEC.document));

/// The sandbox's document, as it is served.
fn sandbox() -> Value {
    serde_json::to_value(tango_orders_sandbox::document()).unwrap()
}

/// How the sandbox's document differs from the contract.
fn compared(sandbox: &Value) -> Vec<Difference> {
    let sandbox = Document { source: Arc::clone(&SPEC.document.source), root: node(sandbox) };
    differences(&CONTRACT, &described(&sandbox))
}

/// A value that was never a text: its parts have pointers and no other places.
fn node(value: &Value) -> Node {
    let span = Span::default();
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(number) => {
            Kind::Number(Number::parse(&number.to_string()).expect("it is JSON"))
        }
        Value::String(text) => Kind::String(text.clone()),
        Value::Array(items) => Kind::Array(items.iter().map(node).collect()),
        Value::Object(members) => {
            let member =
                |(name, value): (&String, _)| (Key { span, name: name.clone() }, node(value));
            Kind::Object(members.iter().map(member).collect())
        }
    };
    Node { span, kind }
}

/// The differences that no row of the table explains.
fn unexplained(differences: &[Difference]) -> Vec<&Difference> {
    let is_on_purpose =
        |difference: &Difference| ON_PURPOSE.iter().any(|row| row.explains(difference));
    differences.iter().filter(|difference| !is_on_purpose(difference)).collect()
}

fn messages(differences: &[&Difference]) -> String {
    let contract = &SPEC.document;
    let located = differences.iter().map(|difference| Located { difference, contract }.to_string());
    located.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_sandbox_says_of_itself_what_the_document_says() {
    let differences = compared(&sandbox());
    let unexplained = unexplained(&differences);
    assert!(
        unexplained.is_empty(),
        "the sandbox and the document drift apart in {} places; correct the endpoint in \
         crates/tango-orders-sandbox/src/endpoint/, or explain the difference in tests/sandbox/parity/on_purpose.rs\n{}",
        unexplained.len(),
        messages(&unexplained)
    );
}

#[test]
fn every_difference_on_purpose_is_still_one() {
    let differences = compared(&sandbox());
    let idle: Vec<String> = ON_PURPOSE
        .iter()
        .filter(|row| !differences.iter().any(|difference| row.explains(difference)))
        .map(|row| format!("{} {} ({})", row.place, row.fact, row.because))
        .collect();
    assert!(idle.is_empty(), "remove these from tests/sandbox/parity/on_purpose.rs: {idle:#?}");
}
