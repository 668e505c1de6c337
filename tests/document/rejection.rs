//! Both validators reject what must be rejected, and accept what must be accepted.

use std::collections::BTreeMap;

use openapi_codegen::json_schema;
use serde_json::Value;
use tango_orders_validator::{is_valid, validate};

use super::mutants::{Mutant, mutants};
use crate::{SPEC, decoded_by, schema_named};

#[test]
fn every_mutant_gets_the_verdict_that_the_document_asks_for() {
    let document = SPEC.document.root.to_json();
    let validators = json_schema::validators(&json_schema::bundle(&SPEC.document)).unwrap();
    let mut verdicts: BTreeMap<(&str, bool), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for sample in &SPEC.samples {
        let schema = sample.schema(&SPEC.document).unwrap();
        let witness = &validators[&json_schema::definition(schema)];
        for mutant in mutants(&document, schema, &sample.name, &sample.value) {
            let text = &mutant.text;
            let mut say = |who: &str, valid: bool| {
                if valid != mutant.valid {
                    wrong.push(complaint(&mutant, who, valid));
                }
            };
            say("is_valid", is_valid(schema_named(schema), text.as_bytes()));
            say("validate", validate(schema_named(schema), text.as_bytes()).is_valid());
            // A number beyond a float's range is no `Value`, so there is nothing to ask about.
            if let Ok(payload) = serde_json::from_str::<Value>(text) {
                say("jsonschema", witness.is_valid(&payload));
            }
            // A client reads whatever is valid, and much of what is not.
            if mutant.valid {
                say("the client's type", (decoded_by(sample).round_trip)(text).is_ok());
            }
            *verdicts.entry((mutant.rule, mutant.valid)).or_default() += 1;
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of these:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
    let total: usize = verdicts.values().sum();
    let rejected: usize =
        verdicts.iter().filter(|((_, valid), _)| !valid).map(|(_, count)| count).sum();
    println!("{total} mutants, {rejected} of them to be rejected: {verdicts:#?}");
    assert!(
        rejected >= 200 && total - rejected >= 200,
        "{total} mutants, {rejected} to be rejected"
    );
}

#[test]
fn a_page_of_an_async_order_that_carries_a_credential_is_rejected() {
    let page = &SPEC
        .samples
        .iter()
        .find(|sample| sample.name == "get_async_order.200.realistic.json")
        .unwrap()
        .value;
    let order = &SPEC
        .samples
        .iter()
        .find(|sample| sample.name == "get_order.200.realistic.json")
        .unwrap()
        .value;
    let reward = order["reward"].clone();
    let carriers: [(&str, Value); 5] = [
        ("/reward", reward.clone()),
        ("/lineItems/0/reward", reward.clone()),
        ("/lineItems/0/rewards", serde_json::json!([reward])),
        ("/lineItems/0/credentialList", reward["credentialList"].clone()),
        (
            "/lineItems/0/recipient/extra",
            serde_json::json!({ "deeper": [{ "credentials": reward["credentials"] }] }),
        ),
    ];
    for (pointer, value) in carriers {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut payload = page.clone();
        payload
            .pointer_mut(parent)
            .unwrap()
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), value);
        let text = payload.to_string();
        let report = validate(schema_named("AsyncOrder"), text.as_bytes());
        assert!(!report.is_valid(), "{pointer}");
        let text = report.to_string();
        assert!(!text.contains("FAKE-CODE"), "{text}");
    }
}

fn complaint(mutant: &Mutant, who: &str, valid: bool) -> String {
    let said = |valid| if valid { "valid" } else { "invalid" };
    let Mutant { sample, rule, pointer, text, .. } = mutant;
    let payload = serde_json::from_str::<Value>(text).unwrap_or_default();
    let value = payload.pointer(pointer).map(Value::to_string).unwrap_or_default();
    let value: String = value.chars().take(120).collect();
    let (must, says) = (said(mutant.valid), said(valid));
    format!("{sample} {pointer}: {rule} must be {must}, {who} says {says}: {value}")
}
