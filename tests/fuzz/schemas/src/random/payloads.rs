//! Random payloads: made to fit a schema, then changed in none, one or a few places.

use fastrand::Rng;

use super::texts::{FORMATS, NAMES, NUMBERS, PATTERNS, SPELLINGS, TEXTS};
use super::{choose, happens};
use crate::json::Json;
use crate::schema::{Additional, Components, Kind, Rules, Schema};

/// How large a payload becomes: recursive schemas have no end, and some branch at each level.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How deep it is at most, or little more.
    depth: usize,
    /// From how many values on it gets no optional ones.
    values: usize,
}

impl Size {
    /// What witnesses can judge.
    pub const SMALL: Self = Self { depth: 9, values: 60 };
    /// As deep as a validator reads.
    pub const DEEP: Self = Self { depth: 110, values: 1_000 };
}

/// A payload near a schema.
pub fn payload(random: &mut Rng, components: &Components, schema: &Schema, size: Size) -> Json {
    let mut payload = Maker { random: &mut *random, components, size, values: 0 }.value(schema, 0);
    let changes = match random.u8(..100) {
        0..=39 => 0,
        40..=79 => 1,
        _ => random.usize(2..5),
    };
    for _ in 0..changes {
        change(random, &mut payload);
    }
    payload
}

struct Maker<'a> {
    random: &'a mut Rng,
    components: &'a Components,
    size: Size,
    /// How many values there are so far.
    values: usize,
}

impl<'a> Maker<'a> {
    fn happens(&mut self, percent: u8) -> bool {
        happens(self.random, percent)
    }

    /// A value that tries to fit a schema.
    fn value(&mut self, schema: &'a Schema, depth: usize) -> Json {
        self.values += 1;
        let is_full = self.values > self.size.values;
        let depth = if is_full { depth.max(self.size.depth) } else { depth };
        let mut parts = Vec::new();
        self.collect(schema, &mut parts);
        self.value_of(&parts, depth)
    }

    /// The schemas that the value shall fit: of a choice, one branch.
    fn collect(&mut self, schema: &'a Schema, parts: &mut Vec<&'a Rules>) {
        let rules = match schema {
            Schema::Reference(name) => return self.collect(&self.components[name], parts),
            Schema::Rules(rules) => rules,
        };
        parts.push(rules);
        rules.all_of.iter().for_each(|part| self.collect(part, parts));
        for branches in [&rules.any_of, &rules.one_of] {
            if !branches.is_empty() {
                let branch = choose(self.random, branches);
                self.collect(branch, parts);
            }
        }
    }

    fn value_of(&mut self, parts: &[&'a Rules], depth: usize) -> Json {
        if parts.iter().all(|rules| rules.nullable) && self.happens(10) {
            return Json::Null;
        }
        let values: Vec<&Json> =
            parts.iter().flat_map(|rules| rules.values.iter().flatten()).collect();
        if !values.is_empty() && self.happens(85) {
            return (*choose(self.random, &values)).clone();
        }
        let kinds: Vec<Kind> = parts.iter().filter_map(|rules| rules.kind).collect();
        let kind = match kinds.first() {
            Some(kind) => *kind,
            None => self.likely_kind(parts),
        };
        match kind {
            Kind::Boolean => Json::Bool(self.random.bool()),
            Kind::Integer | Kind::Number => self.number(parts),
            Kind::String => self.string(parts),
            Kind::Array => self.array(parts, depth),
            Kind::Object => self.object(parts, depth),
        }
    }

    /// A kind about which schemas without `type` say something, or else any.
    fn likely_kind(&mut self, parts: &[&Rules]) -> Kind {
        let speaks_of = |kind: &Kind| {
            parts.iter().any(|rules| match kind {
                Kind::Boolean => false,
                Kind::Integer => rules.multiple_of.is_some(),
                Kind::Number => rules.minimum.is_some() || rules.maximum.is_some(),
                Kind::String => rules.pattern.is_some() || rules.min_length.is_some(),
                Kind::Array => rules.items.is_some(),
                Kind::Object => !rules.properties.is_empty() || !rules.required.is_empty(),
            })
        };
        let likely: Vec<Kind> = Kind::ALL.into_iter().filter(speaks_of).collect();
        let kinds = if likely.is_empty() || self.happens(10) { &Kind::ALL[..] } else { &likely };
        *choose(self.random, kinds)
    }

    fn number(&mut self, parts: &[&Rules]) -> Json {
        let bounds = parts.iter().flat_map(|rules| {
            let bounds = rules.minimum.iter().chain(&rules.maximum).map(|bound| &bound.number);
            bounds.chain(&rules.multiple_of)
        });
        let bounds: Vec<&String> = bounds.collect();
        match self.random.u8(..10) {
            0..=3 if !bounds.is_empty() => {
                let bound = (*choose(self.random, &bounds)).clone();
                nudged(self.random, bound)
            }
            0..=5 => Json::number(self.random.i32(-4..12)),
            6 => Json::number(format!("{}.{}", self.random.i8(-4..12), self.random.u8(..100))),
            7 => Json::number(choose(self.random, &SPELLINGS)),
            _ => Json::number(choose(self.random, &NUMBERS)),
        }
    }

    fn string(&mut self, parts: &[&Rules]) -> Json {
        let pattern = parts.iter().find_map(|rules| rules.pattern);
        let format = parts.iter().find_map(|rules| rules.format);
        let of_pattern = PATTERNS.iter().find(|(known, _)| Some(*known) == pattern);
        let of_format = FORMATS.iter().find(|(known, _)| Some(*known) == format);
        if let Some((_, texts)) = of_pattern.or(of_format)
            && self.happens(80)
        {
            return Json::text(choose::<&str>(self.random, texts));
        }
        if self.happens(30) {
            return Json::text(choose::<&str>(self.random, &TEXTS));
        }
        let limits =
            parts.iter().flat_map(|rules| rules.min_length.iter().chain(&rules.max_length));
        let limits: Vec<usize> = limits.copied().collect();
        let length = match limits.as_slice() {
            [] => self.random.usize(..6),
            limits => (*choose(self.random, limits) + self.random.usize(..3)).saturating_sub(1),
        };
        let characters = ['a', 'b', 'Z', '1', '-', 'é', '😀', '"'];
        Json::String((0..length).map(|_| *choose(self.random, &characters)).collect())
    }

    fn array(&mut self, parts: &[&'a Rules], depth: usize) -> Json {
        let items: Vec<&Schema> = parts.iter().filter_map(|rules| rules.items.as_ref()).collect();
        let least = parts.iter().filter_map(|rules| rules.min_items).max().unwrap_or(0);
        let most = parts.iter().filter_map(|rules| rules.max_items).min().unwrap_or(least + 3);
        if depth >= self.size.depth {
            return Json::Array(Vec::new());
        }
        let count = self.random.usize(least..=most.max(least));
        let mut item = |_| match items.as_slice() {
            [] => Json::Null,
            items => {
                let schema = *choose(self.random, items);
                self.value(schema, depth + 1)
            }
        };
        Json::Array((0..count).map(&mut item).collect())
    }

    fn object(&mut self, parts: &[&'a Rules], depth: usize) -> Json {
        let mut members: Vec<(String, Json)> = Vec::new();
        let required = |name: &str| {
            parts.iter().any(|rules| rules.required.iter().any(|required| required == name))
        };
        for rules in parts {
            for (name, schema) in &rules.properties {
                let percent = match required(name) {
                    true => 96,
                    false if depth >= self.size.depth => 0,
                    false => 55,
                };
                if members.iter().all(|(known, _)| known != name) && self.happens(percent) {
                    let value = if depth < self.size.depth + 3 {
                        self.value(schema, depth + 1)
                    } else {
                        Json::Null
                    };
                    members.push((name.clone(), value));
                }
            }
        }
        for name in NAMES {
            let percent = if required(name) { 94 } else { 3 };
            if members.iter().all(|(known, _)| known != name) && self.happens(percent) {
                let additional =
                    parts.iter().find_map(|rules| match &rules.additional_properties {
                        Additional::Schema(schema) => Some(schema),
                        _ => None,
                    });
                let value = match additional {
                    Some(schema) if depth < self.size.depth => self.value(schema, depth + 1),
                    _ => Json::number(1),
                };
                members.push((name.to_owned(), value));
            }
        }
        if self.happens(30) {
            self.random.shuffle(&mut members);
        }
        Json::Object(members)
    }
}

/// A number near another one.
fn nudged(random: &mut Rng, number: String) -> Json {
    let number = match (number.contains(['e', 'E', '.']), random.u8(..6)) {
        // One digit more, far behind.
        (true, 0) if !number.contains(['e', 'E']) => format!("{number}0000000000000000001"),
        (false, 0) => format!("{number}.0000000000000000000001"),
        (false, 1) => format!("{number}.0"),
        (false, 2) if number.trim_start_matches('-').starts_with('0') => format!("{number}e1"),
        (false, 2) => format!("{number}0e-1"),
        (false, 3) => match number.parse::<i128>() {
            Ok(number) => (number + i128::from(random.i8(-2..3))).to_string(),
            Err(_) => number,
        },
        _ => number,
    };
    Json::Number(number)
}

/// Changes a payload in one place.
fn change(random: &mut Rng, payload: &mut Json) {
    let donor = {
        let mut place = random.usize(..payload.size());
        payload.nth_mut(&mut place).cloned().unwrap_or(Json::Null)
    };
    let mut place = random.usize(..payload.size());
    let Some(value) = payload.nth_mut(&mut place) else { return };
    match value {
        Json::Array(items) if happens(random, 60) => match random.u8(..4) {
            0 => items.push(donor),
            1 if !items.is_empty() => {
                let item = choose(random, items).clone();
                items.push(item);
            }
            2 if !items.is_empty() => {
                items.remove(random.usize(..items.len()));
            }
            _ => random.shuffle(items),
        },
        Json::Object(members) if happens(random, 70) => match random.u8(..6) {
            0 | 1 if !members.is_empty() => {
                members.remove(random.usize(..members.len()));
            }
            2 if !members.is_empty() => {
                let place = random.usize(..members.len());
                members[place].0 = (*choose(random, &NAMES)).to_owned();
            }
            3 if !members.is_empty() && happens(random, 20) => {
                let member = choose(random, members).clone();
                members.push(member);
            }
            _ => {
                let name = (*choose(random, &NAMES)).to_owned();
                if members.iter().all(|(known, _)| *known != name) {
                    members.push((name, donor));
                }
            }
        },
        Json::Number(number) if happens(random, 60) => *value = nudged(random, number.clone()),
        Json::String(text) if happens(random, 60) => match random.u8(..3) {
            0 => text.push(*choose(random, &['a', 'é', '\n', '1'])),
            1 => drop(text.pop()),
            _ => *text = text.to_uppercase(),
        },
        _ => *value = scalar(random, donor),
    }
}

fn scalar(random: &mut Rng, donor: Json) -> Json {
    match random.u8(..8) {
        0 => Json::Null,
        1 => Json::Bool(random.bool()),
        2 => Json::number(choose(random, &NUMBERS)),
        3 => Json::number(choose(random, &SPELLINGS)),
        4 => Json::text(choose::<&str>(random, &TEXTS)),
        5 => Json::Array(vec![donor]),
        6 => Json::Object(vec![((*choose(random, &NAMES)).to_owned(), donor)]),
        _ => donor,
    }
}
