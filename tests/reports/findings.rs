//! What people and programs read about payloads with typical mistakes.

use insta::assert_snapshot;
use serde_json::Value;
use tango_orders_validator::{
    Colours, Operation, Options, Report, Request, Schema, validate, validate_request, validate_with,
};

use crate::document::places::{without_places, without_places_in};
use crate::{SPEC, schema_named};

/// A mistake: the text of a sample that is replaced, and by what.
type Mistake = (&'static str, &'static str);

const ORDER: &str = "get_order.200.realistic.json";
const PAGE: &str = "get_async_order.200.realistic.json";
const ERROR: &str = "get_async_order.422.field_errors.json";

const ORDER_MISTAKES: [Mistake; 22] = [
    (r#""referenceOrderID": "RA"#, r#""referenceOrderId": "RA"#),
    (r#"  "status": "COMPLETE","#, r#"  "status": "COMPLETED","#),
    (r#"  "status": "COMPLETE","#, r#"  "status": "complete","#),
    (r#"  "status": "COMPLETE","#, r#"  "state": "COMPLETE","#),
    (r#""value": 10.84"#, r#""value": "10.84""#),
    (r#""currencyCode": "EUR""#, r#""currencyCode": "eur""#),
    (r#""sendEmail": true"#, r#""sendEmail": "true""#),
    (
        r#""utid": "U000001",
  "ptid""#,
        r#""utid": 1,
  "ptid""#,
    ),
    ("2026-01-15T09:30:00.8Z", "2026-02-30T09:30:00.8Z"),
    ("2026-01-15T09:30:00.8Z", "2026-01-15 09:30:00"),
    ("ada@example.com", "ada.example.com"),
    (r#""city": "Springfield""#, r#""city": null"#),
    (r#""country": "US""#, r#""country": "USA""#),
    (r#""totalLineItems": 4"#, r#""totalLineItems": 4.5"#),
    (r#""totalLineItems": 4"#, r#""totalLineItems": -1"#),
    (r#""errorCodeValue": 422009"#, r#""errorCodeValue": 4220091234"#),
    (r#""member-0001": 2"#, r#""member-0001": "two""#),
    (r#""value": "FAKE-PIN-0001""#, r#""value": 5550123"#),
    (r#""claimCode": "FAKE-CODE-0001""#, r#""claimCode": 5550123"#),
    (r#""label": "PIN","#, r#""lable": "PIN","#),
    (r#""campaign": "#, r#""rewardCode": "FAKE-CODE-0001", "campaign": "#),
    (r#""campaign": "Winter wellness","#, r#""campaign": "Winter wellness""#),
];

const PAGE_MISTAKES: [Mistake; 8] = [
    (r#""nextPageAvailable": true"#, r#""nextPageAvailable": 1"#),
    (r#""numberOfElements": 7"#, r#""numberOfElements": 501"#),
    (r#""lineItemStatus": "FAILED""#, r#""lineItemStatus": null"#),
    (r#""amount": 10.00"#, r#""reward": {"claimCode": "FAKE-CODE-0001"}, "amount": 10.00"#),
    (r#""lineItems": ["#, r#""lineItems": "NONE", "items": ["#),
    (r#""lineItems": ["#, r#""lineItems": "SOME", "items": ["#),
    (r#""notes": "January round","#, r#""notes": "January round", "notes": "again","#),
    (r#""fee": 0.50"#, r#""fee": .50"#),
];

const ERROR_MISTAKES: [Mistake; 2] =
    [(r#""httpCode": 422"#, r#""httpCode": "422""#), (r#""errors": ["#, r#""errors": [null, "#)];

fn sample(name: &str) -> &'static str {
    &SPEC.samples.iter().find(|sample| sample.name == name).expect("the sample exists").text
}

/// The sample with a mistake in it, once.
fn mistaken(name: &str, (from, to): Mistake) -> String {
    let text = sample(name);
    assert!(text.contains(from), "{name} has no {from}");
    text.replacen(from, to, 1)
}

/// A report as people read it.
fn shown(report: &Report<'_>, name: &str) -> String {
    without_places(&report.render(name, Colours::Never))
}

fn rendered(name: &str, schema: Schema, mistakes: &[Mistake]) -> String {
    let mut text = String::new();
    for mistake in mistakes {
        let payload = mistaken(name, *mistake);
        let report = validate(schema, payload.as_bytes());
        let shown = shown(&report, name);
        text.push_str(&format!("## {} -> {}\n\n{shown}\n", mistake.0, mistake.1));
    }
    text
}

#[test]
fn typical_mistakes_in_an_order_read_well() {
    assert_snapshot!(rendered(ORDER, Schema::Order, &ORDER_MISTAKES));
}

#[test]
fn typical_mistakes_in_a_page_read_well() {
    assert_snapshot!(rendered(PAGE, Schema::AsyncOrder, &PAGE_MISTAKES));
}

#[test]
fn typical_mistakes_in_an_error_read_well() {
    assert_snapshot!(rendered(ERROR, Schema::ErrorBody, &ERROR_MISTAKES));
}

#[test]
fn requests_read_well() {
    let path = [("customerIdentifier", "acme"), ("accountIdentifier", "rewards")];
    let query = [("maxResults", "501"), ("maxresults", "7"), ("failedOnly", "yes")];
    let request = Request { path: &path, query: &query, ..Request::default() };
    let report = validate_request(Operation::GetAsyncOrder, request);
    assert_snapshot!(shown(&report, "request"));
    assert_snapshot!(shown(&report.with_values(), "request"));
}

#[test]
fn a_page_on_one_line_is_shown_in_part() {
    let page: Value = serde_json::from_str(sample(PAGE)).expect("the sample is JSON");
    let mut item = page["lineItems"][1].clone();
    let mut items = vec![item.clone(); 700];
    item["lineItemStatus"] = Value::from(7);
    items[400] = item;
    let mut page = page;
    page["lineItems"] = Value::from(items);
    let text = page.to_string();
    assert!(text.len() > 300_000, "{}", text.len());
    let report = validate(Schema::AsyncOrder, text.as_bytes());
    assert_snapshot!(shown(&report, "page.json"));
    assert_snapshot!(shown(&report.with_values(), "page.json"));
    let cut = &text[..200_000];
    assert_snapshot!(shown(&validate(Schema::AsyncOrder, cut.as_bytes()), "cut"));
}

#[test]
fn values_are_shown_on_request_but_no_secrets() {
    let mistakes = [ORDER_MISTAKES[4], ORDER_MISTAKES[5], ORDER_MISTAKES[10], ORDER_MISTAKES[14]];
    let mut text = sample(ORDER).to_owned();
    for (from, to) in mistakes.into_iter().chain([ORDER_MISTAKES[17], ORDER_MISTAKES[18]]) {
        text = text.replacen(from, to, 1);
    }
    let report = validate(Schema::Order, text.as_bytes()).with_values();
    assert_snapshot!(shown(&report, ORDER));
}

/// Everything that a report can be turned into.
fn everything(report: &Report<'_>) -> String {
    let mut debug: Vec<String> = report.findings().map(|finding| format!("{finding:?}")).collect();
    debug.push(format!("{report:?}{:?}", report.findings()));
    [
        report.to_string(),
        report.render("payload", Colours::Never),
        report.to_json(),
        report.to_basic_output(),
        report.to_sarif("payload"),
        debug.concat(),
    ]
    .concat()
}

/// A payload cut short at every 37th character of its syntax, and without that character.
fn broken_in_many_ways(text: &str) -> impl Iterator<Item = String> {
    let syntax = text.char_indices().filter(|(_, character)| "{}[]:,\"\\".contains(*character));
    syntax
        .step_by(5)
        .flat_map(|(at, _)| [text[..at].to_owned(), [&text[..at], &text[at + 1..]].concat()])
}

/// Puts a marker into every string and number, or into those below `reward`.
fn mark(value: &mut Value, is_marked: bool, only_secrets: bool) {
    match value {
        Value::String(_) | Value::Number(_) if is_marked => *value = Value::from("MARKEDxyz"),
        Value::Array(items) => {
            for item in items {
                mark(item, is_marked, only_secrets);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                let is_secret = only_secrets && name == "reward";
                mark(value, is_marked || is_secret, only_secrets);
            }
        }
        _ => {}
    }
}

#[test]
fn no_report_shows_what_it_must_not_however_broken_the_payload_is() {
    let options = Options { notes: true, ..Options::default() };
    for sample in &SPEC.samples {
        let schema = schema_named(sample.schema(&SPEC.document).expect("it names a schema"));
        for only_secrets in [false, true] {
            let mut payload = sample.value.clone();
            mark(&mut payload, !only_secrets, only_secrets);
            let pretty = serde_json::to_string_pretty(&payload).expect("JSON");
            for text in broken_in_many_ways(&payload.to_string()).chain([pretty]) {
                let mut report = validate_with(schema, text.as_bytes(), &options);
                if only_secrets {
                    report = report.with_values();
                }
                let shown = everything(&report);
                assert!(!shown.contains("MARKED"), "{text}\n{shown}");
                // Bytes that are printed as numbers can be read back.
                assert!(!shown.contains("77, 65, 82, 75, 69, 68"), "{text}\n{shown}");
            }
        }
    }
}

#[test]
fn reports_for_programs_are_what_their_formats_ask_for() {
    let payload = mistaken(ORDER, ORDER_MISTAKES[0]);
    let options = Options { findings: 1, ..Options::default() };
    let report = validate_with(Schema::Order, payload.as_bytes(), &options);
    let drift = mistaken(ORDER, ORDER_MISTAKES[1]);
    let drift = validate(Schema::Order, drift.as_bytes());
    let broken = validate(Schema::Order, b"{\"\\u0000\":\n1");
    let mut text = String::new();
    for report in [&report, &drift, &broken] {
        let sarif = report.to_sarif("responses/of order \u{e9}.json");
        for output in [report.to_json(), report.to_basic_output(), sarif] {
            let mut value: Value = serde_json::from_str(&output).expect("the output is JSON");
            without_places_in(&mut value);
            text.push_str(&format!("{value:#}\n"));
        }
    }
    assert_snapshot!(text);
}

#[test]
fn the_validators_readme_shows_what_is_rendered() {
    let readme = include_str!("../../crates/tango-orders-validator/README.md");
    let (_, body) = readme.split_once("br#\"").expect("the example has a payload");
    let (body, rest) = body.split_once("\"#;").expect("the payload ends");
    let (_, shown) = rest.split_once("```text\n").expect("a finding is shown");
    let (shown, _) = shown.split_once("```").expect("the finding ends");
    let report = validate(Schema::Order, body.as_bytes()).render("response.json", Colours::Never);
    let shown = shown.replace(&format!("{}:…", crate::DOCUMENT), "yaml:{place}");
    assert!(without_places(&report).contains(&shown), "{report}");
}

/// All reports above leave places out; here each of them is looked up in the document.
#[test]
fn every_place_is_where_the_rule_stands() {
    let mut checked = 0;
    let cases = ORDER_MISTAKES.iter().map(|mistake| (ORDER, Schema::Order, mistake));
    let cases = cases.chain(PAGE_MISTAKES.iter().map(|it| (PAGE, Schema::AsyncOrder, it)));
    let cases = cases.chain(ERROR_MISTAKES.iter().map(|it| (ERROR, Schema::ErrorBody, it)));
    for (name, schema, mistake) in cases {
        let payload = mistaken(name, *mistake);
        for finding in validate(schema, payload.as_bytes()).findings() {
            let Some(place) = finding.place() else { continue };
            let (parent, keyword) = finding.rule().rsplit_once('/').expect("a rule");
            let parent = SPEC.document.root.pointer(parent).expect("the rule's schema");
            let span = parent.key(keyword).expect("the rule").span;
            assert_eq!(
                (place.source, place.line, place.column),
                (crate::DOCUMENT, span.line, span.column),
                "{}",
                finding.rule()
            );
            checked += 1;
        }
    }
    assert!(checked > 30, "only {checked} places");
}
