//! A valid payload needs no allocation, however it is written.

use std::path::Path;

use allocation_counter::{AllocationInfo, measure};
use openapi_codegen::rule::Rules;
use openapi_codegen::spec::Spec;
use tango_orders_validator::{Schema, is_valid, validate};
use validator_bench::sets;

/// Asserts that both ways to validate accept a payload without allocating.
fn check(name: &str, schema: Schema, payload: &[u8]) {
    let none = AllocationInfo::default();
    let mut verdict = false;
    let allocations = measure(|| verdict = is_valid(schema, payload));
    assert!(verdict, "{name} is valid");
    assert_eq!(allocations, none, "is_valid on {name}");
    if validate(schema, payload).is_empty() {
        let allocations = measure(|| verdict = validate(schema, payload).is_valid());
        assert_eq!(allocations, none, "validate on {name}");
    } else {
        assert!(DRIFTING.contains(&name), "{name} has findings");
    }
}

/// Valid, with values that the document does not know: findings are kept in a list.
const DRIFTING: [&str; 2] = ["get_async_order.200.skeleton.json", "get_order.200.skeleton.json"];

#[test]
fn samples_need_no_allocation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/tango-orders.yaml");
    let spec =
        Spec::load(&path, "tango-orders.yaml", Rules::House).expect("the document can be read");
    let spec = spec.expect("the document is well-formed");
    assert!(!spec.samples.is_empty());
    for sample in &spec.samples {
        let schema = sample.schema(&spec.document).and_then(Schema::from_name);
        check(&sample.name, schema.expect("it has a schema"), sample.text.as_bytes());
    }
}

#[test]
fn generated_documents_need_no_allocation() {
    for set in sets().iter().filter(|set| set.is_valid && !set.name.contains("unknown")) {
        for document in set.documents() {
            check(set.name, set.schema(), &document);
        }
    }
}

/// Undocumented members are drift: the verdict still needs no allocation, the findings do.
#[test]
fn a_verdict_on_undocumented_members_needs_no_allocation() {
    for set in sets().iter().filter(|set| set.name.contains("unknown")) {
        for document in set.documents() {
            let allocations = measure(|| assert!(is_valid(set.schema(), &document)));
            assert_eq!(allocations, AllocationInfo::default());
        }
    }
}
