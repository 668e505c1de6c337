//! `JSONTestSuite`: texts that are JSON, that are not, and that parsers disagree about.

use insta::assert_snapshot;
use openapi_validator::{Options, SourceMap, any};
use serde_json::Value;

/// What the grammar accepts and the validator does not: JSON leaves open what a duplicate means, so
/// readers disagree, and the validator says so.
const DUPLICATES: [&str; 2] =
    ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"];

/// A document without places, since no schema is asked.
const NOTHING: SourceMap = SourceMap { source: "", sections: &[], secrets: &[], forbidden: &[] };

/// The bytes that the package lost: it carries U+FFFD in place of each of them.
const LOST: &[(&str, &[u8])] = &[
    ("i_string_UTF-16LE_with_BOM.json", b"\xFF\xFE\xE9"),
    ("i_string_UTF-8_invalid_sequence.json", b"\xFA"),
    ("i_string_UTF8_surrogate_U+D800.json", b"\xED\xA0\x80"),
    ("i_string_invalid_utf-8.json", b"\xFF"),
    ("i_string_iso_latin_1.json", b"\xE9"),
    ("i_string_lone_utf8_continuation_byte.json", b"\x81"),
    ("i_string_not_in_unicode_range.json", b"\xF4\xBF\xBF\xBF"),
    ("i_string_overlong_sequence_2_bytes.json", b"\xC0\xAF"),
    ("i_string_overlong_sequence_6_bytes.json", b"\xFC\x83\xBF\xBF\xBF\xBF"),
    ("i_string_overlong_sequence_6_bytes_null.json", b"\xFC\x80\x80\x80\x80\x80"),
    ("i_string_truncated-utf-8.json", b"\xE0\xFF"),
    ("i_string_utf16BE_no_BOM.json", b"\xE9"),
    ("i_string_utf16LE_no_BOM.json", b"\xE9"),
    ("n_array_a_invalid_utf8.json", b"\xE5"),
    ("n_array_invalid_utf8.json", b"\xFF"),
    ("n_number_invalid-utf-8-in-bigger-int.json", b"\xE5"),
    ("n_number_invalid-utf-8-in-exponent.json", b"\xE5"),
    ("n_number_invalid-utf-8-in-int.json", b"\xE5"),
    ("n_number_real_with_invalid_utf8_after_e.json", b"\xE5"),
    ("n_object_lone_continuation_byte_in_key_and_trailing_comma.json", b"\xB9"),
    ("n_string_invalid-utf-8-in-escape.json", b"\xE5"),
    ("n_string_invalid_utf8_after_escape.json", b"\xE5"),
    ("n_structure_lone-invalid-utf-8.json", b"\xE5"),
    ("n_structure_single_eacute.json", b"\xE9"),
    ("string_1_invalid_codepoint.json", b"\xED\xA0\x80"),
    ("string_2_invalid_codepoints.json", b"\xED\xA0\x80\xED\xA0\x80"),
    ("string_3_invalid_codepoints.json", b"\xED\xA0\x80\xED\xA0\x80\xED\xA0\x80"),
];

/// Half of a byte order mark, of which the package made one U+FFFD.
const INCOMPLETE_MARK: (&str, &[u8]) = ("n_structure_incomplete_UTF8_BOM.json", b"\xEF\xBB{}");

/// The cases of a file, with the bytes that were lost.
fn cases(file: &str) -> Vec<(String, Vec<u8>)> {
    let cases: Vec<(String, String)> = serde_json::from_str(file).expect("the suite is JSON");
    let restored = |(name, text): (String, String)| {
        let bytes = restore(&name, &text);
        (name, bytes)
    };
    cases.into_iter().map(restored).collect()
}

fn restore(name: &str, text: &str) -> Vec<u8> {
    if name == INCOMPLETE_MARK.0 {
        return INCOMPLETE_MARK.1.to_vec();
    }
    let lost = LOST.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, bytes)| bytes);
    let mut lost = lost.iter();
    let mut bytes = Vec::new();
    for character in text.chars() {
        match character {
            '\u{FFFD}' => bytes.push(*lost.next().expect("each lost byte is known")),
            _ => bytes.extend(character.to_string().bytes()),
        }
    }
    assert_eq!(lost.next(), None, "{name} has fewer places than lost bytes");
    bytes
}

fn parsing() -> Vec<(String, Vec<u8>)> {
    let mut cases = cases(include_str!("parsing.json"));
    // Two of the suite's texts are long and simple, so they are made instead of stored.
    let (arrays, both) = ("[".repeat(100_000), "[{\"\":".repeat(50_000) + "\n");
    cases.push(("n_structure_100000_opening_arrays.json".to_owned(), arrays.into_bytes()));
    cases.push(("n_structure_open_array_object.json".to_owned(), both.into_bytes()));
    cases
}

/// The verdict in words, and whether it is one of acceptance.
fn read(payload: &[u8]) -> (bool, String) {
    let options = Options::default();
    let report = openapi_validator::validate(&NOTHING, any, payload, &options);
    let verdict = openapi_validator::is_valid(&NOTHING, any, payload, &options);
    assert_eq!(report.is_valid(), verdict, "{report}");
    let words = report.findings().map(|finding| finding.message()).collect::<Vec<_>>().join("; ");
    (verdict, if words.is_empty() { "accepted".to_owned() } else { words })
}

#[test]
fn what_is_json_is_accepted_and_what_is_not_is_rejected() {
    let cases = parsing();
    assert_eq!(cases.len(), 318, "the suite is complete");
    for (name, payload) in cases {
        let (accepted, words) = read(&payload);
        match name.split('_').next() {
            Some("y") => assert_ne!(accepted, DUPLICATES.contains(&&*name), "{name}: {words}"),
            Some("n") => assert!(!accepted, "{name}"),
            _ => {}
        }
    }
}

#[test]
fn what_parsers_disagree_about_has_a_known_verdict() {
    let free = parsing().into_iter().filter(|(name, _)| name.starts_with("i_"));
    let transformed = cases(include_str!("transform.json"));
    let verdict = |(name, payload): (String, Vec<u8>)| format!("{name}: {}", read(&payload).1);
    let verdicts: Vec<String> = free.chain(transformed).map(verdict).collect();
    assert_snapshot!(verdicts.join("\n"));
}

#[test]
fn serde_json_gives_the_same_verdicts() {
    let mut differences = Vec::new();
    for (name, payload) in parsing().into_iter().chain(cases(include_str!("transform.json"))) {
        let (accepted, words) = read(&payload);
        let parsed = serde_json::from_slice::<Value>(&payload);
        if accepted != parsed.is_ok() {
            let theirs = parsed.map_or_else(|error| error.to_string(), |_| "accepted".to_owned());
            differences.push(format!("{name}: {words}; serde_json: {theirs}"));
        }
    }
    assert_snapshot!(differences.join("\n"));
}
