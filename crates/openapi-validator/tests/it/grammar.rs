//! RFC 8259, to the letter.

use openapi_validator::{Flow, Options, Reader, StringRules, any};

use crate::{assert_verdicts, validate, validate_with};

#[test]
fn json_is_accepted_however_it_is_written() {
    let good = [
        "null",
        "true",
        " false\r\n\t",
        "0",
        "-0",
        "-0.0e-0",
        "1E+2",
        "12345678901234567890.12345678901234567890e1234567890",
        r#""""#,
        r#""plain text that is longer than sixteen bytes""#,
        r#""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00""#,
        "\"é\u{2028}😀\u{7f}\"",
        "[]",
        "[ ]",
        "[1,2 , 3]",
        "{}",
        "{ }",
        r#"{"a":1,"b":{"a":[]}}"#,
        r#" { "a" : 1 , "\u0062" : 2 } "#,
    ];
    assert_verdicts(any, &good, &[]);
}

#[test]
fn everything_else_is_rejected() {
    let bad = [
        "",
        " ",
        "nul",
        "nulll",
        "True",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x1",
        "1 2",
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "]",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{,}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "\"",
        "\"a",
        "\"\\",
        "\"\\\"",
        r#""\x41""#,
        r#""\u12""#,
        r#""\u12G4""#,
        r#""\uD800""#,
        r#""\uDC00""#,
        r#""\uD800\u0041""#,
        r#""\uD800x""#,
        "\"\n\"",
        "\"\0\"",
        "\"a\u{1f}\"",
        "\u{feff}null",
        "null\u{a0}",
        "/**/1",
        "[1]]",
        "{}}",
        "\"a\"b",
    ];
    assert_verdicts(any, &[], &bad);
}

#[test]
fn text_that_is_not_utf_8_is_rejected_in_values_and_names() {
    let texts: [&[u8]; 6] = [
        b"\"\xff\"",
        b"\"\xc0\x80\"",
        b"\"abc\xed\xa0\x80\"",
        b"\"\xe2\x82\"",
        b"{\"\xff\":1}",
        b"\xff",
    ];
    for text in texts {
        let report = validate(any, text);
        assert!(!report.is_valid(), "{text:?}");
    }
}

#[test]
fn a_name_may_stand_only_once_in_an_object() {
    let many = |last: &str| {
        let members: Vec<_> = (0..100).map(|index| format!("\"k{index}\":{index}")).collect();
        format!("{{{},\"{last}\":0}}", members.join(","))
    };
    assert_verdicts(
        any,
        &[r#"{"a":{"a":1},"b":{"a":1}}"#, r#"[{"a":1},{"a":1}]"#, &many("k100")],
        &[r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#, &many("k7"), &many("k99")],
    );
}

#[test]
fn every_prefix_of_a_payload_is_rejected_without_a_panic() {
    let payload = r#"{"a":[1.5e3,"\u00e9\uD83D\uDE00é😀",true,null,{"b":{}}],"c":-0}"#;
    for end in 0..payload.len() {
        let report = validate(any, &payload.as_bytes()[..end]);
        assert!(!report.is_valid(), "{end}");
        assert!(!report.to_string().is_empty());
    }
    assert!(validate(any, payload.as_bytes()).is_valid());
}

#[test]
fn what_is_not_json_has_no_type() {
    fn text(reader: &mut Reader<'_>) -> Flow {
        reader.string(&StringRules { at: "/s", ..StringRules::ANY })
    }
    for payload in ["tango", "not json", "nul", "falsy", "-", "01", "1.", "'x'"] {
        let report = validate(text, payload.as_bytes());
        let keywords: Vec<_> = report.findings().map(|finding| finding.keyword()).collect();
        assert_eq!(keywords, ["json"], "{payload}: {report}");
    }
    assert!(validate(text, b"true").to_string().contains("found a boolean"));
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(validate(any, nested(128).as_bytes()).is_valid());
    assert!(!validate(any, nested(129).as_bytes()).is_valid());
    assert!(!validate(any, nested(100_000).as_bytes()).is_valid());
    let options = Options { depth: 2, ..Options::default() };
    assert!(validate_with(any, nested(2).as_bytes(), &options).is_valid());
    assert!(!validate_with(any, nested(3).as_bytes(), &options).is_valid());
    let deepest = Options { depth: u8::MAX, ..Options::default() };
    assert!(validate_with(any, nested(255).as_bytes(), &deepest).is_valid());
}

#[test]
fn lengths_count_code_points_however_they_are_written() {
    fn three(reader: &mut Reader<'_>) -> Flow {
        reader.string(&StringRules { at: "/s", min_length: 3, max_length: 3, ..StringRules::ANY })
    }
    assert_verdicts(
        three,
        &[r#""abc""#, r#""é😀a""#, r#""\u0061\n\uD83D\uDE00""#, r#""\u0000\/é""#],
        &[r#""ab""#, r#""abcd""#, r#""é😀""#, r#""\u0061\n""#, r#""é😀ab""#],
    );
}
