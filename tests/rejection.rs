//! Both validators reject what must be rejected, and accept what must be accepted.

use std::collections::BTreeMap;

use serde_json::Value;
use tango_orders_validator::{is_valid, validate};
use xtask::json_schema;

use crate::mutants::{Mutant, mutants};
use crate::{SPEC, schema_named};

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
            let text = mutant.payload.to_string();
            let generated = is_valid(schema_named(schema), text.as_bytes());
            let jsonschema = witness.is_valid(&mutant.payload);
            if generated != mutant.valid || jsonschema != mutant.valid {
                wrong.push(complaint(&mutant, generated, jsonschema));
            }
            let report = validate(schema_named(schema), text.as_bytes());
            assert_eq!(
                report.is_valid(),
                generated,
                "{}",
                complaint(&mutant, generated, jsonschema)
            );
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

fn complaint(mutant: &Mutant, generated: bool, jsonschema: bool) -> String {
    let said = |valid| if valid { "valid" } else { "invalid" };
    format!(
        "{} {}: {} must be {}, the generated validator says {}, jsonschema says {}: {}",
        mutant.sample,
        mutant.pointer,
        mutant.rule,
        said(mutant.valid),
        said(generated),
        said(jsonschema),
        mutant.payload.pointer(&mutant.pointer).map_or_else(String::new, |value| value
            .to_string()
            .chars()
            .take(120)
            .collect()),
    )
}
