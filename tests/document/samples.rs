//! Every sample holds against everything that is derived from the document.

use std::collections::{BTreeMap, BTreeSet};

use openapi_codegen::json_schema;
use openapi_codegen::samples::Sample;
use openapi_codegen::source::escape;
use serde_json::value::RawValue;
use tango_orders_validator::validate;

use super::response_schemas::response_schemas;
use crate::{DECODED, SPEC, decoded_by, schema_named};

const NULL: &str = "null is as good as absent, and is written as absent";
const EMPTY: &str = "an empty list is as good as absent, and is written as absent";
const WORD: &str = "a word in place of a list is read as an empty list";

/// What a round trip through the client's types changes: sample, member, and why.
const DIFFERENCES: &[(&str, &str, &str)] = &[
    ("get_async_order.200.no_failed_items.json", "/lineItems", WORD),
    ("get_async_order.200.no_failed_items.json", "/orderErrors", EMPTY),
    ("get_async_order.200.realistic.json", "/lineItems/0/lineItemErrors", EMPTY),
    ("get_async_order.200.realistic.json", "/lineItems/0/recipient/address", NULL),
    ("get_async_order.200.realistic.json", "/lineItems/2/lineItemErrors", EMPTY),
    ("get_async_order.200.realistic.json", "/lineItems/2/recipient/address/streetLine2", NULL),
    ("get_async_order.200.realistic.json", "/lineItems/3/lineItemErrors", EMPTY),
    ("get_async_order.200.realistic.json", "/lineItems/6/lineItemErrors", EMPTY),
    ("get_order.200.promo_link.json", "/recipient/address", NULL),
    ("get_order.200.version_1.json", "/denomination", NULL),
    ("list_orders.200.realistic.json", "/orders/1/recipient/address", NULL),
    ("list_orders.200.realistic.json", "/orders/3/denomination", NULL),
    ("ErrorBody.field_errors.json", "/errors/2/invalidValue", NULL),
];

#[test]
fn every_response_schema_has_a_type() {
    let mut schemas = response_schemas(&SPEC.document);
    assert!(!schemas.is_empty());
    schemas.retain(|schema| !DECODED.iter().any(|decoded| decoded.schema == *schema));
    assert!(schemas.is_empty(), "add these to DECODED in tests/conformance.rs: {schemas:?}");
}

#[test]
fn every_file_in_the_folder_of_samples_is_a_sample_or_explained() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/samples");
    let provenance = std::fs::read_to_string(folder.join("README.md")).unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "README.md" {
            assert!(provenance.contains(&format!("`{name}`")), "README.md says nothing of {name}");
        }
    }
}

#[test]
fn every_sample_satisfies_the_documents_schema() {
    let bundle = json_schema::bundle(&SPEC.document);
    let validators = json_schema::validators(&bundle).unwrap();
    each_sample(|sample, schema| {
        let validator = &validators[&json_schema::definition(schema)];
        let errors: Vec<String> =
            validator.iter_errors(&sample.value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    });
}

#[test]
fn every_sample_satisfies_the_schema_of_the_clients_type() {
    each_sample(|sample, _| {
        let schema = (decoded_by(sample).json_schema)();
        let validator = json_schema::options().build(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&sample.value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    });
}

#[test]
fn every_sample_satisfies_the_generated_validator() {
    each_sample(|sample, schema| {
        let report = validate(schema_named(schema), sample.text.as_bytes());
        assert!(report.is_valid(), "{report}");
    });
}

#[test]
fn every_sample_survives_a_round_trip_but_for_the_listed_differences() {
    let mut found = BTreeSet::new();
    each_sample(|sample, _| {
        let written = (decoded_by(sample).round_trip)(&sample.text).unwrap();
        let (before, after) = (leaves(&sample.text), leaves(&written));
        let pointers: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for pointer in pointers {
            if before.get(pointer) != after.get(pointer) {
                found.insert((sample.name.clone(), pointer.clone()));
            }
        }
    });
    let listed: BTreeSet<_> = DIFFERENCES
        .iter()
        .map(|(sample, pointer, _)| ((*sample).to_owned(), (*pointer).to_owned()))
        .collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    let outdated: Vec<_> = listed.difference(&found).collect();
    assert!(
        unlisted.is_empty() && outdated.is_empty(),
        "unlisted: {unlisted:#?}\noutdated: {outdated:#?}"
    );
}

fn each_sample(mut check: impl FnMut(&Sample, &str)) {
    assert!(!SPEC.samples.is_empty());
    for sample in &SPEC.samples {
        let schema = sample.schema(&SPEC.document).unwrap();
        println!("{} against {schema}", sample.name);
        check(sample, schema);
    }
}

/// The scalars and the empty containers of a payload, by JSON Pointer: numbers digit for digit,
/// timestamps as moments.
fn leaves(text: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    collect(text, "", &mut found);
    found
}

fn collect(text: &str, pointer: &str, found: &mut BTreeMap<String, String>) {
    let before = found.len();
    match text.trim().as_bytes() {
        [b'{', ..] => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).unwrap();
            for (name, value) in members {
                collect(value.get(), &format!("{pointer}/{}", escape(&name)), found);
            }
        }
        [b'[', ..] => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            for (index, value) in items.into_iter().enumerate() {
                collect(value.get(), &format!("{pointer}/{index}"), found);
            }
        }
        [b'"', ..] => {
            let value: String = serde_json::from_str(text).unwrap();
            // A moment may be written with other zeros at the end of its fraction.
            let moment = value.parse::<jiff::Timestamp>().map(|moment| moment.to_string());
            found.insert(pointer.to_owned(), format!("{:?}", moment.unwrap_or(value)));
        }
        _ => {
            found.insert(pointer.to_owned(), text.trim().to_owned());
        }
    }
    if found.len() == before {
        found.insert(pointer.to_owned(), "empty".to_owned());
    }
}
