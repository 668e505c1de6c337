//! Payloads that the suite does not have, made from those that it has.

use std::collections::BTreeMap;

use openapi_codegen::source::{Node, escape};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::{DOCUMENT, Schema, groups, judge, schema, witness};
use crate::fuzz::differences::{Reason, Text};

/// How many payloads are tried; it takes a second.
const MUTANTS: usize = 100_000;

/// A deterministic source of numbers (xorshift64*), so that a failure comes back.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(number).unwrap_or_default() % bound.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn choose<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.below(items.len())]
    }
}

/// The payloads of the suite by the schema that they were written for, and all values in them.
struct Seeds {
    schemas: Vec<Schema>,
    payloads: Vec<(Schema, Box<RawValue>)>,
    values: Vec<Value>,
    names: Vec<String>,
}

fn seeds() -> Seeds {
    let schemas = groups().iter().filter_map(|(name, _)| schema(name)).collect();
    let mut seeds = Seeds { schemas, payloads: Vec::new(), values: Vec::new(), names: Vec::new() };
    for (name, group) in groups() {
        let Some(schema) = schema(&name) else { continue };
        seeds.collect(&group.schema);
        for test in group.tests {
            if let Ok(value) = serde_json::from_str::<Value>(test.data.get()) {
                seeds.collect(&value);
            }
            seeds.payloads.push((schema, test.data));
        }
    }
    let numbers = ["0.1", "1e2", "-0", "1e-400", "3.0", "12345678901234567890.1", "1e400"];
    let special = [json!(null), json!(true), json!([]), json!({}), json!(""), json!("\u{1F409}")];
    seeds.values.extend(numbers.iter().filter_map(|text| serde_json::from_str(text).ok()));
    seeds.values.extend(special);
    seeds
}

impl Seeds {
    fn collect(&mut self, value: &Value) {
        self.values.push(value.clone());
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Object(members) => {
                self.names.extend(members.keys().cloned());
                members.values().for_each(|member| self.collect(member));
            }
            _ => {}
        }
    }

    /// Changes a value somewhere.
    fn mutate(&self, value: &mut Value, random: &mut Random) {
        match value {
            Value::Array(items) if !items.is_empty() && !random.one_in(4) => {
                let place = random.below(items.len());
                match random.below(5) {
                    0 => drop(items.remove(place)),
                    1 => items.push(items[place].clone()),
                    2 => items.push(random.choose(&self.values).clone()),
                    _ => self.mutate(&mut items[place], random),
                }
            }
            Value::Object(members) if !members.is_empty() && !random.one_in(4) => {
                let keys: Vec<String> = members.keys().cloned().collect();
                let key = random.choose(&keys);
                match random.below(5) {
                    0 => drop(members.remove(key)),
                    1 => self.add(members, random),
                    _ => self.mutate(&mut members[key], random),
                }
            }
            Value::Object(members) if random.one_in(2) => self.add(members, random),
            Value::Array(items) if random.one_in(2) => {
                items.push(random.choose(&self.values).clone());
            }
            Value::String(text) if !random.one_in(3) => edit(text, random),
            Value::Number(number) if !random.one_in(3) => {
                let number = number.as_f64().unwrap_or_default();
                let near = [number + 1.0, number - 1.0, -number, number / 2.0, number * 2.0];
                *value = json!(random.choose(&near));
            }
            _ => *value = random.choose(&self.values).clone(),
        }
    }

    fn add(&self, members: &mut Map<String, Value>, random: &mut Random) {
        let name = random.choose(&self.names).clone();
        members.insert(name, random.choose(&self.values).clone());
    }

    /// A payload that is new, but not far from one that somebody thought of.
    fn mutant(&self, random: &mut Random) -> (Schema, Vec<u8>) {
        let (own, seed) = random.choose(&self.payloads);
        let schema = if random.one_in(3) { *random.choose(&self.schemas) } else { *own };
        let mut bytes = match serde_json::from_str::<Value>(seed.get()) {
            Ok(mut value) if !random.one_in(8) => {
                for _ in 0..random.below(4) {
                    self.mutate(&mut value, random);
                }
                write(&value, random).into_bytes()
            }
            _ => seed.get().as_bytes().to_vec(),
        };
        // The grammar is not left out.
        if random.one_in(8) {
            let place = random.below(bytes.len());
            let byte = *random.choose(b"{}[],:\"\\ 019.eE+-tfnu\t\x00\x7F\x80\xC3\xED\xFF");
            match random.below(3) {
                0 if !bytes.is_empty() => drop(bytes.remove(place)),
                1 if !bytes.is_empty() => bytes[place] = byte,
                _ => bytes.insert(place, byte),
            }
        }
        (schema, bytes)
    }
}

fn edit(text: &mut String, random: &mut Random) {
    let characters: Vec<char> = text.chars().collect();
    let place = random.below(characters.len() + 1);
    let (before, after) = characters.split_at(place);
    let new = random.choose(&['a', 'Z', '0', '-', '.', ':', '@', ' ', '\n', '"', 'é', '\u{1F409}']);
    let after = if random.one_in(2) { after } else { after.get(1..).unwrap_or_default() };
    let new = if random.one_in(3) { None } else { Some(new) };
    *text = before.iter().chain(new).chain(after).collect();
}

/// Writes a value in one of the many ways that mean the same.
fn write(value: &Value, random: &mut Random) -> String {
    let space = |random: &mut Random| *random.choose(&["", "", "", " ", "\n\t", "\r\n"]);
    let list = |open: &str, parts: Vec<String>, close: &str, random: &mut Random| {
        let mut text = open.to_owned();
        for (index, part) in parts.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            text += &format!("{comma}{}{part}{}", space(random), space(random));
        }
        text + close
    };
    match value {
        Value::Array(items) => {
            let parts = items.iter().map(|item| write(item, random)).collect();
            list("[", parts, "]", random)
        }
        Value::Object(members) => {
            let mut parts: Vec<String> = members
                .iter()
                .map(|(name, value)| {
                    let name = quote(name, random);
                    format!("{name}{}:{}{}", space(random), space(random), write(value, random))
                })
                .collect();
            if !parts.is_empty() {
                let middle = random.below(parts.len());
                parts.rotate_left(middle);
            }
            if !parts.is_empty() && random.one_in(40) {
                parts.push(parts[0].clone());
            }
            list("{", parts, "}", random)
        }
        Value::String(text) => quote(text, random),
        other => other.to_string(),
    }
}

/// A string, with an escape here and there that was not needed.
fn quote(text: &str, random: &mut Random) -> String {
    if !random.one_in(6) {
        return Value::from(text).to_string();
    }
    let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}\"", units.collect::<String>())
}

/// The known reason for a difference, if it applies to this payload.
fn reason(schema: Schema, payload: &[u8], accepted: bool) -> Option<Reason> {
    let report = judge(schema, payload);
    let breaks = |keyword: &str| report.findings().any(|finding| finding.keyword() == keyword);
    let parsed = serde_json::from_slice::<Value>(payload).unwrap_or_default();
    let name = parsed.as_str().unwrap_or_default();
    let text = Text::of(payload);
    let format = format!("/components/schemas/{}/format", escape(schema.name()));
    let format = DOCUMENT.root.pointer(&format).and_then(Node::as_str);
    let applies = [
        (Reason::Duplicate, !accepted && breaks("json") && text.has_duplicate(&parsed)),
        (Reason::ExactDecimal, text.has_inexact_number),
        (Reason::DateTime, !accepted && format == Some("date-time") && breaks("format")),
        (Reason::Punycode, accepted && format == Some("hostname") && name.contains("xn--")),
    ];
    applies.into_iter().find(|(_, applies)| *applies).map(|(reason, _)| reason)
}

#[test]
fn mutants_of_the_payloads_have_the_verdict_of_the_jsonschema_crate() {
    let seeds = seeds();
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    let mut valid = 0;
    let mut known = BTreeMap::<Reason, usize>::new();
    let mut unexplained = Vec::new();
    for _ in 0..MUTANTS {
        let (schema, payload) = seeds.mutant(&mut random);
        let accepted = judge(schema, &payload).is_valid();
        valid += usize::from(accepted);
        if accepted == witness(schema, &payload) {
            continue;
        }
        if let Some(reason) = reason(schema, &payload, accepted) {
            *known.entry(reason).or_default() += 1;
        } else {
            let (name, verdict) = (schema.name(), if accepted { "accepts" } else { "rejects" });
            unexplained.push(format!("{name} {verdict} {}", String::from_utf8_lossy(&payload)));
        }
    }
    println!("{MUTANTS} mutants, {valid} valid; explained differences: {known:?}");
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert!((MUTANTS / 5..MUTANTS - MUTANTS / 5).contains(&valid), "one-sided: {valid} are valid");
}
