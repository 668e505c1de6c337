//! What must hold for any bytes: asked by the fuzz target, and by the test of its corpus.

use std::sync::LazyLock;

use jsonschema::ValidatorMap;
use openapi_codegen::json_schema;
use openapi_codegen::source::Document;
use serde::de::IgnoredAny;
use serde_json::Value;
use tango_orders_validator::{
    Colours, Finding, Options, Report, Schema, Severity, is_valid, validate, validate_with,
};

use super::differences::{Reason, Text};
use super::response_schemas::response_schemas;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../openapi/tango-orders.yaml");
    Document::parse("openapi/tango-orders.yaml", text).expect("it is YAML")
});

/// The jsonschema crate's validators of the document's schemas.
static WITNESSES: LazyLock<ValidatorMap> = LazyLock::new(|| {
    json_schema::validators(&json_schema::bundle(&DOCUMENT)).expect("the schemas are sound")
});

/// The schemas of all responses, those with short names first.
static SCHEMAS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let mut schemas: Vec<&str> = response_schemas(&DOCUMENT).into_iter().collect();
    schemas.sort_by_key(|name| name.len());
    schemas
});

/// The schema of a response that a byte chooses: by the first letter of its name, or by a number.
fn chosen(choice: u8) -> &'static str {
    let starts = |name: &&&str| name.as_bytes().first() == Some(&choice.to_ascii_uppercase());
    let by_letter = SCHEMAS.iter().find(starts);
    by_letter.unwrap_or(&SCHEMAS[usize::from(choice) % SCHEMAS.len()])
}

/// Checks a payload against the schema that the first byte chooses: `O` is `Order`, `A` is
/// `AsyncOrder`, `E` is `ErrorBody`; any other byte is a number. After a small letter, only verdicts
/// are asked for, which is faster.
///
/// Returns why the verdicts differ, if they do.
///
/// # Panics
///
/// Something does not hold.
pub fn check(input: &[u8]) -> Option<Reason> {
    let (choice, payload) = input.split_first()?;
    let name = chosen(*choice);
    let schema = Schema::from_name(name).expect("the validator has every schema");
    let judge = |payload| judge(schema, payload, !choice.is_ascii_lowercase());
    let accepted = judge(payload);
    let parsed = match serde_json::from_slice::<Value>(payload) {
        Ok(parsed) => parsed,
        Err(error) => {
            let reason = unreadable(payload, &error);
            assert!(!accepted || reason.is_some(), "{name} accepts what is not JSON: {error}");
            return reason.filter(|_| accepted);
        }
    };

    // What parsing keeps has the same meaning for both.
    let kept = parsed.to_string();
    let keeps = judge(kept.as_bytes());
    let witness = &WITNESSES[&json_schema::definition(name)];
    let mut reason = None;
    if keeps != witness.is_valid(&parsed) {
        let is_known = !keeps && is_no_timestamp(&validate(schema, kept.as_bytes()), &parsed);
        assert!(is_known, "{name} {} {kept}", if keeps { "accepts" } else { "rejects" });
        reason = Some(Reason::DateTime);
    }

    // And what it loses makes no other difference than these.
    let text = Text::of(payload);
    if text.has_duplicate(&parsed) {
        assert!(!accepted, "{name} accepts a duplicate");
        reason = Some(Reason::Duplicate);
    } else if accepted != keeps {
        assert!(text.has_inexact_number, "{name} has another verdict on {kept}");
        reason = Some(Reason::ExactDecimal);
    }
    reason
}

/// The verdict, which must not depend on how it is asked for; what is written must be well-formed.
fn judge(schema: Schema, payload: &[u8], writes: bool) -> bool {
    let verdict = is_valid(schema, payload);
    let report = validate(schema, payload);
    assert_eq!(report.is_valid(), verdict, "{report}");
    let few = Options { findings: 2, notes: true, ..Options::default() };
    let few = validate_with(schema, payload, &few);
    assert_eq!(few.is_valid(), verdict, "{few}");
    assert!(few.findings().len() <= 2);
    if writes {
        inspect(&report, payload);
        inspect(&few.with_values(), payload);
    }
    verdict
}

/// Writes a report in every form.
fn inspect(report: &Report<'_>, payload: &[u8]) {
    let findings: Vec<Finding> = report.findings().collect();
    assert!(findings.is_sorted_by_key(Finding::offset), "{report}");
    assert!(findings.iter().all(|finding| finding.offset() <= payload.len()), "{report}");
    let errors = findings.iter().filter(|finding| finding.severity() == Severity::Error).count();
    assert!((errors..=errors + report.more()).contains(&report.errors()), "{report}");
    if !findings.is_empty() {
        let _ = (report.to_string(), format!("{report:?}"), format!("{findings:?}"));
        let _ = report.render("payload.json", Colours::Never);
        let outputs = [report.to_json(), report.to_basic_output(), report.to_sarif("payload.json")];
        for output in outputs {
            assert!(serde_json::from_str::<Value>(&output).is_ok(), "no JSON: {output}");
        }
    }
}

/// Why `serde_json` may reject what we accept.
fn unreadable(payload: &[u8], error: &serde_json::Error) -> Option<Reason> {
    // This parser looks at the grammar and at nothing else.
    serde_json::from_slice::<IgnoredAny>(payload).ok()?;
    let error = error.to_string();
    if error.starts_with("number out of range") {
        Some(Reason::Range)
    } else if error.starts_with("recursion limit exceeded") && Text::of(payload).depth <= 128 {
        Some(Reason::Depth)
    } else {
        None
    }
}

/// Whether a report has no other errors than of timestamps without digits in their places.
fn is_no_timestamp(report: &Report<'_>, payload: &Value) -> bool {
    report.more() == 0
        && report.findings().filter(|finding| finding.severity() == Severity::Error).all(
            |finding| {
                let text = payload.pointer(finding.pointer()).and_then(Value::as_str);
                finding.rule() == "/components/schemas/Timestamp/format"
                    && text.is_some_and(|text| !has_digits(text))
            },
        )
}

/// Whether a timestamp has its digits where RFC 3339 wants them.
fn has_digits(text: &str) -> bool {
    let is_digit = |place: usize| text.as_bytes().get(place).is_some_and(u8::is_ascii_digit);
    [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18].into_iter().all(is_digit)
}
