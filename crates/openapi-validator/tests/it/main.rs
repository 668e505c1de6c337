//! Tests of the runtime with rules written by hand, as generated code would have them.

mod every_keyword;
mod findings;
mod formats;
mod grammar;
mod numbers;
mod objects;
mod requests;

use openapi_validator::{Document, ForbiddenProperties, Options, Report, Validator};

/// A document with a few places; the others are looked up at their nearest parent.
static DOCUMENT: Document = Document {
    source: "openapi.yaml",
    places: &[
        ("/order", 3, 5),
        ("/order/properties/amount", 9, 9),
        ("/order/properties/amount/minimum", 11, 11),
        ("/order/properties/content-type 1", 20, 9),
        ("/order/required", 4, 7),
    ],
    forbidden: &[ForbiddenProperties { at: "/safe", names: &["code", "pin"] }],
};

/// Judges a payload in both modes, which must agree.
fn validate(validator: Validator, payload: &[u8]) -> Report<'_> {
    validate_with(validator, payload, &Options::default())
}

fn validate_with<'p>(validator: Validator, payload: &'p [u8], options: &Options) -> Report<'p> {
    let report = openapi_validator::validate(&DOCUMENT, validator, payload, options);
    let verdict = openapi_validator::is_valid(&DOCUMENT, validator, payload, options);
    assert_eq!(report.is_valid(), verdict, "{report}");
    report
}

/// Asserts a verdict for each of some payloads.
#[track_caller]
fn assert_verdicts(validator: Validator, good: &[&str], bad: &[&str]) {
    for payload in good {
        let report = validate(validator, payload.as_bytes());
        assert!(report.is_valid(), "{payload} must be valid\n{report}");
    }
    for payload in bad {
        let report = validate(validator, payload.as_bytes());
        assert!(!report.is_valid(), "{payload} must not be valid");
    }
}
