//! Places in the document move with every edit of it, so nothing that is compared quotes them.

use crate::DOCUMENT;
use serde_json::Value;

/// What stands for a place in what is compared.
const PLACE: &str = "{place}";

/// The text with `yaml:{place}` where it names a line and a column of the document.
pub fn without_places(text: &str) -> String {
    let named = format!("{DOCUMENT}:");
    let mut parts = text.split(&named);
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match after_place(part) {
            Some(rest) => without.push_str(&format!("yaml:{PLACE}{rest}")),
            None => without.push_str(&format!("{named}{part}")),
        }
    }
    without
}

/// What follows a line, a colon and a column.
fn after_place(text: &str) -> Option<&str> {
    let after_number = |text: &str| {
        let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < text.len()).then_some(text.len() - rest.len())
    };
    let rest = text.get(after_number(text)?..)?.strip_prefix(':')?;
    rest.get(after_number(rest)?..)
}

/// The same for a report in JSON: ours, and SARIF.
pub fn without_places_in(report: &mut Value) {
    match report {
        Value::Array(items) => items.iter_mut().for_each(without_places_in),
        Value::Object(members) => {
            let is_in_document = members.get("artifactLocation").is_some_and(|artifact| {
                artifact.get("uri").and_then(Value::as_str) == Some(DOCUMENT)
            });
            for (name, value) in members {
                let is_place = match name.as_str() {
                    "ruleLine" | "ruleColumn" => true,
                    "region" => is_in_document,
                    _ => false,
                };
                if is_place {
                    *value = PLACE.into();
                } else {
                    without_places_in(value);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn only_places_in_the_document_are_left_out() {
    let text = format!("a\n {DOCUMENT}:12:7 #/b, {DOCUMENT}:12 and c.yaml:1:2, {DOCUMENT}:3:4:");
    let expected = format!("a\n yaml:{{place}} #/b, {DOCUMENT}:12 and c.yaml:1:2, yaml:{{place}}:");
    assert_eq!(without_places(&text), expected);
}
