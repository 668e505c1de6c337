//! What findings say, and what they never say.

use insta::assert_snapshot;
use openapi_validator::{
    Additional, ArrayRules, Bound, Flow, NumberRules, Options, Reader, Severity, StringRules,
    Suggestion, any, object,
};

use crate::{validate, validate_with};

fn order(reader: &mut Reader<'_>) -> Flow {
    object! {
        reader, ObjectRules { at: "/order", additional: Additional::Undocumented };
        required "referenceOrderID" => reference_order_id,
        optional "status" => status,
        required "amount" => amount,
        optional "lines" => lines,
    }
}

fn reference_order_id(reader: &mut Reader<'_>) -> Flow {
    reader.string(&StringRules {
        at: "/order/properties/referenceOrderID",
        min_length: 1,
        ..StringRules::ANY
    })
}

fn status(reader: &mut Reader<'_>) -> Flow {
    reader.deprecated("/order/properties/status")?;
    reader.string(&StringRules {
        at: "/order/properties/status",
        known: &["COMPLETE", "FAILED"],
        ..StringRules::ANY
    })
}

fn amount(reader: &mut Reader<'_>) -> Flow {
    reader.number(&NumberRules {
        at: "/order/properties/amount",
        minimum: Some(Bound { value: "0", exclusive: false }),
        ..NumberRules::ANY
    })
}

fn lines(reader: &mut Reader<'_>) -> Flow {
    reader.array(&ArrayRules { at: "/order/properties/lines", ..ArrayRules::ANY }, order)
}

#[test]
fn a_message_lists_few_values() {
    #[track_caller]
    fn listed(validator: fn(&mut Reader<'_>) -> Flow, expected: &str) {
        let report = validate(validator, b"\"?\"");
        assert_eq!(report.findings().next().expect("it is found").message(), expected);
    }
    const NINE: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const EIGHT: &[&str] = &["1", "2", "3", "4", "5", "6", "7", "8"];
    const LONG: &str =
        "a value that is quite long, so that not even two of them are shown in one message";
    const RULES: StringRules = StringRules::ANY;
    let all = "`1`, `2`, `3`, `4`, `5`, `6`, `7`";
    listed(
        |reader| reader.string(&StringRules { values: EIGHT, ..RULES }),
        &format!("expected {all} or `8`"),
    );
    let more = format!("expected {all} or one of 2 more");
    listed(|reader| reader.string(&StringRules { values: NINE, ..RULES }), &more);
    let unlike = "this value is not documented, unlike";
    listed(
        |reader| reader.string(&StringRules { known: EIGHT, ..RULES }),
        &format!("{unlike} {all} and `8`"),
    );
    listed(
        |reader| reader.string(&StringRules { known: NINE, ..RULES }),
        &format!("{unlike} {all} and 2 more"),
    );
    listed(
        |reader| reader.string(&StringRules { known: &[LONG], ..RULES }),
        &format!("{unlike} `{LONG}`"),
    );
    let more = format!("{unlike} `{LONG}` and 1 more");
    listed(|reader| reader.string(&StringRules { known: &[LONG, LONG], ..RULES }), &more);
}

#[test]
fn a_report_reads_well() {
    let payload = r#"{
  "referenceOrderId": "RA1",
  "status": "complete",
  "lines": [
    {"referenceOrderID": "é😀", "amount": -0.5, "status": "DONE"},
    {"referenceOrderID": "", "amount": "12", "lines": null}
  ],
  "331XHT75": {"content-type 1": 1}
}"#;
    assert_snapshot!(validate(order, payload.as_bytes()));
    let notes = Options { notes: true, ..Options::default() };
    let report =
        validate_with(order, br#"{"referenceOrderID":"a","amount":1,"status":"x"}"#, &notes);
    assert_snapshot!(report);
    assert_eq!(report.findings().next().map(|finding| finding.severity()), Some(Severity::Note));
}

#[test]
fn broken_json_is_told_with_its_place() {
    let payloads = [
        "",
        "{\"amount\":1,}",
        "{\"amount\":01}",
        "{\"amount\":1 \"status\":2}",
        "{\"lines\":[{\"amount\":1},{\"amount\":}]}",
        "{\"status\":\"\\x\u{1}\\uD800\"}",
        "{\"status\":\"abc",
        "{\"amount\":1}\n  ]",
        "{\"amount\":1,\"am\\u006funt\":2,\"x\":1,\"x\":2}",
    ];
    let reports: Vec<String> = payloads
        .iter()
        .map(|payload| format!("{payload:?}\n{}", validate(order, payload.as_bytes())))
        .collect();
    assert_snapshot!(reports.join("\n"));
}

#[test]
fn pointers_show_names_but_no_secrets() {
    let table = [
        (r#"{"lines":[1]}"#, "/lines/0"),
        (r#"{"extra":1}"#, "/extra"),
        (r#"{"streetLine2":1}"#, "/streetLine2"),
        (r#"{"331XHT75":1}"#, "/***"),
        (r#"{"X331HT75":1}"#, "/***"),
        (r#"{"a b":1}"#, "/***"),
        (r#"{"":1}"#, "/***"),
        (r#"{"content-type 1":1}"#, "/content-type 1"),
        (r#"{"content-typ\u0065 1":1}"#, "/content-type 1"),
    ];
    for (payload, expected) in table {
        let report = validate(order, payload.as_bytes());
        let pointers: Vec<String> =
            report.findings().map(|finding| finding.pointer().to_owned()).collect();
        assert!(pointers.iter().any(|pointer| pointer == expected), "{payload} {pointers:?}");
    }
}

#[test]
fn a_suggestion_is_near() {
    let suggestion = |name: &str| {
        let payload = format!("{{\"{name}\":1}}");
        let report = validate(order, payload.as_bytes());
        report.findings().find_map(|finding| match finding.suggestion() {
            Some(Suggestion::Instead(name)) => Some(*name),
            _ => None,
        })
    };
    assert_eq!(suggestion("referenceOrderId"), Some("referenceOrderID"));
    assert_eq!(suggestion("refrenceOrderIDs"), Some("referenceOrderID"));
    assert_eq!(suggestion("Status"), Some("status"));
    assert_eq!(suggestion("statuses"), Some("status"));
    assert_eq!(suggestion("\\u0061mounts"), Some("amount"));
    assert_eq!(suggestion("referenceOrder"), Some("referenceOrderID"));
    assert_eq!(suggestion("staut"), None);
    assert_eq!(suggestion("statsu"), Some("status"));
    assert_eq!(suggestion("ilnes"), Some("lines"));
    assert_eq!(suggestion("unrelated"), None);
    assert_eq!(suggestion("li"), None);
    assert_eq!(suggestion(&"x".repeat(1000)), None);
}

#[test]
fn values_of_the_wrong_type_are_told_how_to_write_them() {
    let table = [
        (r#"{"amount":"-1.5e3"}"#, Some("write the number without quotes")),
        (r#"{"amount":"0x1"}"#, None),
        (r#"{"amount":" 1"}"#, None),
        (r#"{"amount":"true"}"#, None),
        (r#"{"amount":true}"#, None),
        (r#"{"status":7}"#, Some("write it in quotes")),
        (r#"{"status":false}"#, Some("write it in quotes")),
        (r#"{"status":null}"#, None),
        (r#"{"status":{}}"#, None),
    ];
    for (payload, expected) in table {
        let report = validate(order, payload.as_bytes());
        let finding = report.findings().find(|finding| finding.keyword() == "type");
        let suggestion = finding.and_then(|finding| Some(finding.suggestion()?.to_string()));
        assert_eq!(suggestion.as_deref(), expected, "{payload}");
    }
}

#[test]
fn a_missing_member_is_sought_among_the_misspelt_ones_of_its_own_object() {
    let report = |payload: &str| validate(order, payload.as_bytes()).to_string();
    let misspelt = "is it misspelt as `ammount`?";
    assert!(report(r#"{"lines":[],"ammount":1}"#).contains(misspelt));
    let elsewhere = r#"{"referenceOrderID":"a","lines":[{"amount":1,"ammount":1}]}"#;
    assert!(!report(elsewhere).contains(misspelt));
    let far = format!("{{\"x\":\"{}\",\"ammount\":1}}", "y".repeat(1 << 17));
    assert!(!report(&far).contains(misspelt));
}

#[test]
fn values_are_quoted_on_request_only_and_only_where_that_is_safe() {
    let table = [
        (r#"{"amount":-12.50}"#, Some("-12.50")),
        (r#"{"status":"DO\u004eE"}"#, Some(r#""DO\u004eE""#)),
        (r#"{"lines":[7]}"#, Some("7")),
        (r#"{"lines":[[7]]}"#, None),
        ("{\"status\":\"\u{9b}31m\u{202e}\"}", Some("\"\u{fffd}31m\u{fffd}\"")),
        (r#"{"status":"x","status":"#, None),
        (r#"{"extra":1}"#, None),
        (r#"{"lines":[{"pin":{"amount":-1}}]}"#, None),
    ];
    for (payload, expected) in table {
        let report = validate(order, payload.as_bytes());
        assert!(report.findings().all(|finding| finding.value().is_none()), "{payload}");
        let report = report.with_values();
        let value = report.findings().find_map(|finding| finding.value().map(String::from));
        assert_eq!(value.as_deref(), expected, "{payload}\n{report}");
    }
}

#[test]
fn findings_are_bounded_and_the_rest_is_counted() {
    let payload =
        format!("{{\"referenceOrderID\":\"a\",\"amount\":1,\"lines\":[{}1]}}", "1,".repeat(999));
    let report = validate(order, payload.as_bytes());
    assert_eq!((report.findings().len(), report.more()), (100, 900));
    assert!(report.to_string().ends_with("and 900 more\n"));
    let none = Options { findings: 0, ..Options::default() };
    let report = validate_with(order, payload.as_bytes(), &none);
    assert_eq!((report.findings().len(), report.more(), report.is_valid()), (0, 1000, false));
}

#[test]
fn drift_does_not_crowd_errors_out() {
    let item = r#"{"referenceOrderID":"a","amount":1,"x":1,"y":1}"#;
    let bad = r#"{"referenceOrderID":"a","amount":"1"}"#;
    let items = [vec![item; 60], vec![bad; 3], vec![item; 60], vec![bad; 2]].concat();
    let payload =
        format!("{{\"referenceOrderID\":\"a\",\"amount\":1,\"lines\":[{}]}}", items.join(","));
    let report = validate(order, payload.as_bytes());
    let errors: Vec<String> = report
        .findings()
        .filter(|finding| finding.severity() == Severity::Error)
        .map(|finding| finding.pointer().to_owned())
        .collect();
    let expected = [60, 61, 62, 123, 124].map(|item| format!("/lines/{item}/amount"));
    assert_eq!(errors, expected);
    assert_eq!((report.findings().len(), report.more(), report.errors()), (100, 145, 5));
    let offsets: Vec<usize> = report.findings().map(|finding| finding.offset()).collect();
    assert!(offsets.is_sorted());
}

#[test]
fn places_count_lines_and_characters() {
    let payload = "{\n\t\"é😀\": [\r\n  true,\n \"\\x\" ] }";
    let report = validate(any, payload.as_bytes());
    let places: Vec<_> = report
        .findings()
        .map(|finding| (finding.line(), finding.column(), finding.offset()))
        .collect();
    assert_eq!(places, [(4, 3, payload.find('\\').unwrap_or_default())]);
}
