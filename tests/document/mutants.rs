//! Payloads made from the samples by breaking, or just not breaking, one rule at a time.
//!
//! What each one's verdict must be is derived here from the document's own schema objects, apart
//! from both validators that are then asked.

use std::collections::BTreeSet;

use openapi_codegen::source::escape;
use serde_json::{Map, Value, json};

/// A payload that differs from a sample in one place.
pub struct Mutant {
    /// The sample it was made from.
    pub sample: String,
    /// What was done.
    pub rule: &'static str,
    /// Where it was done, as a JSON Pointer.
    pub pointer: String,
    /// The payload, in a spelling of its own: `1.0` is not `1` everywhere.
    pub text: String,
    /// Whether the schema still holds.
    pub valid: bool,
}

/// Makes every mutant of one payload.
pub fn mutants(document: &Value, schema: &str, sample: &str, payload: &Value) -> Vec<Mutant> {
    let schema = &document["components"]["schemas"][schema];
    let forbidden: Vec<&str> = list(schema.as_object().unwrap(), "x-forbidden-properties")
        .filter_map(Value::as_str)
        .collect();
    let mut maker = Maker { document, sample, payload, forbidden: &forbidden, mutants: Vec::new() };
    maker.visit(schema, payload, "");
    maker.mutants
}

struct Maker<'m> {
    document: &'m Value,
    sample: &'m str,
    payload: &'m Value,
    forbidden: &'m [&'m str],
    mutants: Vec<Mutant>,
}

/// One of each JSON type, none of them special.
fn one_of_each() -> [Value; 6] {
    [Value::Null, json!(true), json!(7), json!("text"), json!([]), json!({})]
}

impl<'m> Maker<'m> {
    fn visit(&mut self, schema: &'m Value, value: &'m Value, pointer: &str) {
        let alternatives = self.alternatives(schema);
        self.types(&alternatives, value, pointer);
        let Some(rules) = alternatives.iter().find(|rules| accepts_type(rules, value)) else {
            return;
        };
        match value {
            Value::Object(members) => self.object(rules, members, pointer),
            Value::Array(items) => self.array(rules, items, pointer),
            Value::String(_) => self.string(rules, pointer),
            Value::Number(_) => self.number(rules, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// The ways in which a schema can be satisfied, each as the schema objects that apply together.
    fn alternatives(&self, schema: &'m Value) -> Vec<Vec<&'m Map<String, Value>>> {
        let Value::Object(object) = schema else { panic!("{schema} is not a schema") };
        if let Some(reference) = object.get("$ref") {
            let pointer = reference.as_str().unwrap().trim_start_matches('#');
            return self.alternatives(self.document.pointer(pointer).unwrap());
        }
        let mut alternatives = vec![vec![object]];
        for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            alternatives = self.combine(&alternatives, &self.alternatives(part));
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = object.get(keyword).and_then(Value::as_array) {
                let branches: Vec<_> =
                    branches.iter().flat_map(|branch| self.alternatives(branch)).collect();
                alternatives = self.combine(&alternatives, &branches);
            }
        }
        alternatives
    }

    #[expect(clippy::unused_self, reason = "it reads better beside its caller")]
    fn combine(
        &self,
        left: &[Vec<&'m Map<String, Value>>],
        right: &[Vec<&'m Map<String, Value>>],
    ) -> Vec<Vec<&'m Map<String, Value>>> {
        left.iter()
            .flat_map(|left| right.iter().map(|right| [left.clone(), right.clone()].concat()))
            .collect()
    }

    fn add(&mut self, rule: &'static str, pointer: &str, replacement: Option<Value>, valid: bool) {
        let mut payload = self.payload.clone();
        match replacement {
            Some(value) => *payload.pointer_mut(pointer).unwrap() = value,
            None => remove(&mut payload, pointer),
        }
        self.push(rule, pointer, payload.to_string(), valid);
    }

    /// Puts a number that a JSON value would not keep as it is written.
    fn spell(&mut self, rule: &'static str, pointer: &str, number: &str, valid: bool) {
        const PLACE: &str = "the number's place";
        let mut payload = self.payload.clone();
        *payload.pointer_mut(pointer).unwrap() = json!(PLACE);
        let text = payload.to_string().replace(&json!(PLACE).to_string(), number);
        self.push(rule, pointer, text, valid);
    }

    fn push(&mut self, rule: &'static str, pointer: &str, text: String, valid: bool) {
        let (sample, pointer) = (self.sample.to_owned(), pointer.to_owned());
        self.mutants.push(Mutant { sample, rule, pointer, text, valid });
    }

    fn types(
        &mut self,
        alternatives: &[Vec<&'m Map<String, Value>>],
        value: &Value,
        pointer: &str,
    ) {
        for other in one_of_each() {
            if std::mem::discriminant(&other) != std::mem::discriminant(value) {
                let valid = alternatives.iter().any(|rules| accepts(rules, &other));
                self.add("another type", pointer, Some(other), valid);
            }
        }
        if value.is_number() && alternatives.iter().any(|rules| has_type(rules, "integer")) {
            self.add("a fraction for an integer", pointer, Some(json!(1.5)), false);
        }
    }

    fn object(
        &mut self,
        rules: &[&'m Map<String, Value>],
        members: &'m Map<String, Value>,
        pointer: &str,
    ) {
        let required: BTreeSet<&str> = rules
            .iter()
            .flat_map(|rule| list(rule, "required"))
            .filter_map(Value::as_str)
            .collect();
        for (name, value) in members {
            let inner = format!("{pointer}/{}", escape(name));
            if required.contains(name.as_str()) {
                self.add("a required member dropped", &inner, None, false);
            } else {
                self.add("an optional member dropped", &inner, None, true);
            }
            let declared = rules.iter().find_map(|rule| rule.get("properties")?.get(name));
            let schema =
                declared.or_else(|| rules.iter().find_map(|rule| rule.get("additionalProperties")));
            if let Some(schema) = schema.filter(|schema| schema.is_object()) {
                self.visit(schema, value, &inner);
            }
        }
        if !rules.iter().any(|rule| rule.contains_key("additionalProperties")) {
            let mut with = members.clone();
            with.insert("undocumentedMember".into(), json!({ "any": [1, "thing"] }));
            self.add("an undocumented member", pointer, Some(Value::Object(with)), true);
        }
        self.forbidden(members, pointer);
    }

    /// A promise of the whole payload's schema holds for every object in it.
    fn forbidden(&mut self, members: &Map<String, Value>, pointer: &str) {
        for name in self.forbidden {
            let mut with = members.clone();
            with.insert((*name).into(), json!("FAKE-CODE-0001"));
            self.add("a forbidden member", pointer, Some(Value::Object(with)), false);
            let mut within = members.clone();
            within.insert("undocumentedMember".into(), json!([{ *name: null }]));
            self.add(
                "a forbidden member in an undocumented one",
                pointer,
                Some(Value::Object(within)),
                false,
            );
        }
    }

    fn array(&mut self, rules: &[&'m Map<String, Value>], items: &'m [Value], pointer: &str) {
        for rule in rules {
            if let Some(most) = rule.get("maxItems").and_then(Value::as_u64) {
                let item = items.first().cloned().unwrap_or_else(|| json!({}));
                let many = |count: u64| Value::Array((0..count).map(|_| item.clone()).collect());
                if !items.is_empty() {
                    self.add("as many items as may be", pointer, Some(many(most)), true);
                }
                self.add("one item too many", pointer, Some(many(most + 1)), false);
            }
            if let Some(schema) = rule.get("items") {
                for (index, item) in items.iter().enumerate() {
                    self.visit(schema, item, &format!("{pointer}/{index}"));
                }
            }
        }
    }

    fn string(&mut self, rules: &[&Map<String, Value>], pointer: &str) {
        let mut add = |rule, text: &str| {
            let valid = accepts(rules, &json!(text));
            self.add(rule, pointer, Some(json!(text)), valid);
        };
        for rule in rules {
            for exempt in list(rule, "x-exempt-values").filter_map(Value::as_str) {
                add("an exempt value", exempt);
            }
            if rule.contains_key("enum") {
                add("a value outside the enum", "OTHER");
                list(rule, "enum")
                    .filter_map(Value::as_str)
                    .for_each(|value| add("each value of the enum", value));
            }
            if rule.contains_key("x-extensible-enum") {
                add("an unknown value of an open enum", "BRAND_NEW");
            }
            if let Some(pattern) = rule.get("pattern").and_then(Value::as_str) {
                for text in texts_for_pattern(pattern) {
                    add("a pattern", text);
                }
            }
            if let Some(most) = rule.get("maxLength").and_then(Value::as_u64) {
                let most = usize::try_from(most).unwrap();
                add("as long as may be", &"é".repeat(most));
                add("one character too long", &"é".repeat(most + 1));
            }
            if let Some(least) = rule.get("minLength").and_then(Value::as_u64) {
                let least = usize::try_from(least).unwrap();
                add("as short as may be", &"é".repeat(least));
                if least > 0 {
                    add("one character too short", &"é".repeat(least - 1));
                }
            }
            match rule.get("format").and_then(Value::as_str) {
                Some("date-time") => {
                    TIMESTAMPS
                        .iter()
                        .chain(NO_TIMESTAMPS)
                        .for_each(|text| add("a timestamp", text));
                }
                Some("email") => MAIL_ADDRESSES.iter().for_each(|text| add("a mail address", text)),
                _ => {}
            }
        }
        add("an escaped character", "\u{7f}\"\\/\u{1F600}");
    }

    fn number(&mut self, rules: &[&Map<String, Value>], pointer: &str) {
        if has_type(rules, "integer") {
            for (spelling, value) in [("1.0", 1), ("1e2", 100), ("20E-1", 2), ("-0", 0)] {
                let valid = accepts(rules, &json!(value));
                self.spell("another spelling of an integer", pointer, spelling, valid);
            }
        }
        for rule in rules {
            for (keyword, step) in [("minimum", -1), ("maximum", 1)] {
                if let Some(bound) = rule.get(keyword).and_then(Value::as_i64) {
                    self.add("a bound", pointer, Some(json!(bound)), true);
                    self.add("beyond a bound", pointer, Some(json!(bound + step)), false);
                }
            }
            match rule.get("format").and_then(Value::as_str) {
                Some("int32") => {
                    let most = i64::from(i32::MAX);
                    let bounded = rule.contains_key("maximum");
                    self.add("the largest of the format", pointer, Some(json!(most)), !bounded);
                    self.add("beyond the format", pointer, Some(json!(most + 1)), false);
                }
                Some("decimal") => {
                    for number in ["10.00", "-0.0", "1E+2", "12345678901234567.89", "1e10000"] {
                        self.spell("any spelling of a decimal", pointer, number, true);
                    }
                    for number in [json!(0), json!(-1), json!(0.25), json!(1_000_000), json!(1e3)] {
                        self.add("any decimal", pointer, Some(number), true);
                    }
                }
                _ => {}
            }
        }
    }
}

const TIMESTAMPS: &[&str] = &[
    "2026-01-15T09:30:00Z",
    "2026-01-15T09:30:00.8Z",
    "2026-01-15T09:30:00.123456789Z",
    "2026-01-15T09:30:00+01:00",
    "2024-02-29T00:00:00Z",
    "2026-01-15t09:30:00z",
    "2026-01-15T09:30:00-00:00",
    "2026-01-15T09:30:00.1234567891234567891234Z",
    "2016-12-31T23:59:60Z",
    "2017-01-01T00:59:60.99+01:00",
    "0000-01-01T00:00:00+23:59",
    "9999-12-30T22:00:01Z",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.9999999999-23:59",
];

const NO_TIMESTAMPS: &[&str] = &[
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-15",
    "2026-01-15 09:30:00",
    "2026-01-15T25:00:00Z",
    "2026-01-15T09:30:00",
    "yesterday",
    "",
];

const MAIL_ADDRESSES: &[&str] = &[
    "ada@example.com",
    "ada.b+c@mail.example.com",
    "ada",
    "ada@",
    "@example.com",
    "a b@example.com",
    "",
];

/// Texts that satisfy or break the patterns that the document has; a new pattern needs new ones.
fn texts_for_pattern(pattern: &str) -> &'static [&'static str] {
    match pattern {
        "^[A-Z]{3}$" => &["USD", "usd", "US", "USDD", "U5D", "", "string", " USD", "USD\n", "ÄÖÜ"],
        "^[A-Z]{2}$" => &["US", "us", "U", "USA", "U5", "", "string", "US\n"],
        "^[uU][0-9]+$" => &["U0", "u123456789", "U", "0", "V1", "U1a", "", "string", "U1\n", "U١"],
        "^[pP][0-9]+$" => &["P0", "p123456789", "P", "0", "V1", "P1a", "", "string", "P1\n"],
        "^[eE][0-9]{6}$" => {
            &["E000000", "e123456", "E12345", "E1234567", "E", "", "string", "E12345a"]
        }
        other => panic!("tests/document/mutants.rs has no texts for the pattern {other}"),
    }
}

/// Whether a scalar, or an empty array or object, satisfies all rules of one alternative.
fn accepts(rules: &[&Map<String, Value>], value: &Value) -> bool {
    accepts_type(rules, value) && rules.iter().all(|rule| accepts_by_rule(rule, value))
}

fn accepts_by_rule(rule: &Map<String, Value>, value: &Value) -> bool {
    match value {
        Value::String(text) => {
            if list(rule, "x-exempt-values").any(|exempt| exempt == value) {
                return true;
            }
            let length = text.chars().count() as u64;
            let pattern = rule.get("pattern").and_then(Value::as_str);
            (!rule.contains_key("enum") || list(rule, "enum").any(|known| known == value))
                && rule.get("minLength").and_then(Value::as_u64).is_none_or(|least| length >= least)
                && rule.get("maxLength").and_then(Value::as_u64).is_none_or(|most| length <= most)
                && pattern.is_none_or(|pattern| matches_pattern(pattern, text))
                && match rule.get("format").and_then(Value::as_str) {
                    Some("date-time") => TIMESTAMPS.contains(&text.as_str()),
                    Some("email") => MAIL_ADDRESSES[..2].contains(&text.as_str()),
                    _ => true,
                }
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let bound = |keyword: &str| rule.get(keyword).and_then(Value::as_f64);
            bound("minimum").is_none_or(|least| number >= least)
                && bound("maximum").is_none_or(|most| number <= most)
        }
        Value::Array(_) => rule.get("minItems").is_none(),
        Value::Object(_) => list(rule, "required").next().is_none(),
        Value::Null | Value::Bool(_) => true,
    }
}

/// The patterns in plain Rust, so that no regex engine is its own judge.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let letter_then_digits = |letter: char, count: Option<usize>| {
        let mut characters = text.chars();
        characters.next().is_some_and(|first| first.eq_ignore_ascii_case(&letter))
            && !characters.as_str().is_empty()
            && characters.as_str().bytes().all(|byte| byte.is_ascii_digit())
            && count.is_none_or(|count| text.len() == count + 1)
    };
    let capitals =
        |count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_uppercase());
    match pattern {
        "^[A-Z]{3}$" => capitals(3),
        "^[A-Z]{2}$" => capitals(2),
        "^[uU][0-9]+$" => letter_then_digits('u', None),
        "^[pP][0-9]+$" => letter_then_digits('p', None),
        "^[eE][0-9]{6}$" => letter_then_digits('e', Some(6)),
        other => panic!("tests/document/mutants.rs does not know the pattern {other}"),
    }
}

fn accepts_type(rules: &[&Map<String, Value>], value: &Value) -> bool {
    rules.iter().all(|rule| {
        let Some(kind) = rule.get("type").and_then(Value::as_str) else { return true };
        let nullable = rule.get("nullable") == Some(&Value::Bool(true));
        match value {
            Value::Null => nullable,
            Value::Bool(_) => kind == "boolean",
            Value::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
            Value::String(_) => kind == "string",
            Value::Array(_) => kind == "array",
            Value::Object(_) => kind == "object",
        }
    })
}

fn has_type(rules: &[&Map<String, Value>], kind: &str) -> bool {
    rules.iter().any(|rule| rule.get("type").and_then(Value::as_str) == Some(kind))
}

fn list<'r>(rule: &'r Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'r Value> {
    rule.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

fn remove(payload: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let name = name.replace("~1", "/").replace("~0", "~");
    payload.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(&name).unwrap();
}
