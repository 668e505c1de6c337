//! Tests of the runtime with rules written by hand, as generated code would have them.

mod every_keyword;
mod findings;
mod formats;
mod grammar;
mod numbers;
mod objects;
mod requests;

use openapi_validator::{
    ForbiddenProperties, Options, Properties, Report, Section, SourceMap, Validator,
};

/// A document with a few places; the others are looked up at their nearest parent.
static SOURCE_MAP: SourceMap = SourceMap {
    source: "openapi.yaml",
    sections: &[Section {
        at: "/order",
        line: 3,
        places: &[
            ("", 0, 5),
            ("/properties/amount", 6, 9),
            ("/properties/amount/minimum", 8, 11),
            ("/properties/content-type 1", 17, 9),
            ("/properties/lines", 19, 9),
            ("/properties/pin", 20, 9),
            ("/properties/referenceOrderID", 22, 9),
            ("/properties/status", 24, 9),
            ("/required", 1, 7),
        ],
    }],
    secrets: &["/order/properties/pin"],
    forbidden: &[ForbiddenProperties { at: "/safe", names: Properties::new(&["code", "pin"]) }],
};

/// Judges a payload in both modes, which must agree.
fn validate(validator: Validator, payload: &[u8]) -> Report<'_> {
    validate_with(validator, payload, &Options::default())
}

fn validate_with<'p>(validator: Validator, payload: &'p [u8], options: &Options) -> Report<'p> {
    let report = openapi_validator::validate(&SOURCE_MAP, validator, payload, options);
    let verdict = openapi_validator::is_valid(&SOURCE_MAP, validator, payload, options);
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
