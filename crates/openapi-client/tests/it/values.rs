use openapi_client::{AnyValue, Integer, List, Map, Timestamp, WordsForEmpty};
use serde_json::{Value, json};

use crate::api::State;

/// The words of some document.
enum NoItems {}

impl WordsForEmpty for NoItems {
    const WORDS: &'static [&'static str] = &["NONE", "NULL"];
}

#[test]
fn null_and_the_words_of_the_document_are_an_empty_list() {
    for json in ["[]", "null", "\"NONE\"", "\"NULL\""] {
        let list: List<u8, NoItems> = serde_json::from_str(json).unwrap();
        assert!(list.is_empty(), "{json}");
        let list: Result<List<u8>, _> = serde_json::from_str(json);
        assert_eq!(list.is_ok(), !json.starts_with('"'), "{json}");
    }
    let list: List<u8> = serde_json::from_str("[1,2]").unwrap();
    assert_eq!(*list, [1, 2]);
    assert_eq!(serde_json::to_value(&list).unwrap(), json!([1, 2]));
    let list: List<u8, NoItems> = serde_json::from_value(json!("NONE")).unwrap();
    assert!(list.is_empty());
}

#[test]
fn a_list_takes_nothing_else_for_empty() {
    for json in
        ["\"ERROR-CANARY\"", "\"none\"", "\"\"", "0", "false", "{}", "[null]", "[\"CANARY\"]", "[1"]
    {
        assert!(serde_json::from_str::<List<u8, NoItems>>(json).is_err(), "{json}");
    }
    let error = serde_json::from_str::<List<u8, NoItems>>("\"ERROR-CANARY\"").unwrap_err();
    assert!(!error.to_string().contains("CANARY"), "{error}");
}

#[test]
fn a_list_is_used_like_a_slice() {
    let list: List<i32> = (1..=3).collect();
    assert_eq!(list.len(), 3);
    assert_eq!(list.first(), Some(&1));
    assert_eq!((&list).into_iter().sum::<i32>(), 6);
    assert_eq!(list.clone().into_iter().max(), Some(3));
    assert_eq!(List::from(vec![1, 2, 3]), list);
    assert_eq!(list.into_vec(), [1, 2, 3]);
    assert!(List::<i32>::default().is_empty());
}

#[test]
fn null_in_a_map_is_absence() {
    for (json, length) in [("null", 0), ("{}", 0), (r#"{"a":1,"b":null}"#, 1)] {
        let map: Map<String, u8> = serde_json::from_str(json).unwrap();
        assert_eq!(map.len(), length, "{json}");
    }
    assert!(serde_json::from_str::<Map<String, u8>>("[]").is_err());
}

#[test]
fn known_values_have_a_variant_and_unknown_ones_are_kept() {
    for state in State::KNOWN {
        assert!(state.is_known());
        let text = serde_json::to_string(state).unwrap();
        assert_eq!(&serde_json::from_str::<State>(&text).unwrap(), state);
        assert_eq!(&state.to_string().parse::<State>().unwrap(), state);
    }
    assert_eq!(State::from("NEW"), State::New);
    for unknown in ["NEW_IN_2027", "done", ""] {
        let state: State = serde_json::from_value(json!(unknown)).unwrap();
        assert!(!state.is_known());
        assert_eq!(state, State::Unknown(unknown.to_owned()));
        assert_eq!(serde_json::to_value(&state).unwrap(), json!(unknown));
    }
}

#[test]
fn any_value_holds_any_json() {
    for value in [Value::Null, json!(1.5), json!("x"), json!([1]), json!({ "a": null })] {
        let decoded: AnyValue = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(decoded.expose_value(), &value);
    }
}

#[test]
fn a_whole_number_is_read_however_it_is_written() {
    for (json, value) in [
        ("0", 0),
        ("-0", 0),
        ("-0.0", 0),
        ("1.0", 1),
        ("1e2", 100),
        ("20E-1", 2),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
    ] {
        let integer: Integer = serde_json::from_str(json).unwrap();
        assert_eq!(integer, value, "{json}");
        let integer: Integer = serde_json::from_value(json!(value)).unwrap();
        assert_eq!(i64::from(integer), value);
    }
    for json in ["1.5", "1e-1", "1e300", "9223372036854775808", "\"1\"", "null", "[]"] {
        assert!(serde_json::from_str::<Integer>(json).is_err(), "{json}");
    }
    let map: Map<String, Integer> = serde_json::from_str(r#"{"a":2.0}"#).unwrap();
    assert_eq!(map["a"], 2);
}

#[test]
fn a_moment_is_read_however_far_or_fine_it_is() {
    for (text, moment) in [
        ("2026-01-15T09:30:00Z", "2026-01-15T09:30:00Z"),
        ("2026-01-15T09:30:00.1234567899+01:00", "2026-01-15T08:30:00.123456789Z"),
        ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00Z"),
        ("9999-12-30T22:00:01Z", "9999-12-30T22:00:00.999999999Z"),
        ("9999-12-31T23:59:59.99999999999-12:00", "9999-12-30T22:00:00.999999999Z"),
        ("9999-12-31T00:00:00+23:00", "9999-12-30T01:00:00Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
    ] {
        let decoded: Timestamp = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(decoded.to_string(), moment, "{text}");
        assert_eq!(serde_json::to_value(decoded).unwrap(), json!(moment));
    }
    for text in [
        "CANARY",
        "",
        "9999-12-31",
        "9999-12-31T23:59:59",
        "9999-12-32T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "2026-01-15T09:30:00.Z",
        "2026-02-29T09:30:00.0000000000Z",
    ] {
        let error = serde_json::from_value::<Timestamp>(json!(text)).unwrap_err();
        assert_eq!(error.to_string(), "not a moment as RFC 3339 writes it", "{text}");
    }
}

#[test]
fn what_a_terminal_would_obey_is_escaped_in_an_unknown_value() {
    let cases = [
        ("DONE", "DONE"),
        ("NEW_IN_2027", "NEW_IN_2027"),
        ("caf\u{e9} 'x' \"y\" \\", "caf\u{e9} 'x' \"y\" \\"),
        ("\u{1b}[31mred\r\n", "\\u{1b}[31mred\\r\\n"),
        ("\0\u{7f}\u{9b}", "\\0\\u{7f}\\u{9b}"),
        // It would show what follows from right to left.
        ("a\u{202e}b", "a\\u{202e}b"),
    ];
    for (value, shown) in cases {
        let state = State::from(value);
        assert_eq!(state.to_string(), shown);
        assert_eq!(state.as_str(), value);
    }
    assert_eq!(format!("{:>6}|{:<6}|", State::Done, State::from("\n")), "  DONE|\\n    |");
}
