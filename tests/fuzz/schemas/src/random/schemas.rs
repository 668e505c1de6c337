//! Random schemas, of the whole vocabulary that decides about payloads.

use fastrand::Rng;

use super::texts::{DIVISORS, FORMATS, NAMES, NUMBERS, PATTERNS, TEXTS};
use super::{choose, happens};
use crate::json::Json;
use crate::schema::{Additional, Bound, Components, Kind, Rules, Schema};

/// How deep a schema is nested at most.
const DEPTH: usize = 4;

/// A group of schemas that may refer to each other; at most so many.
pub fn group(random: &mut Rng, number: usize, most: usize) -> Components {
    let count = random.usize(1..=most.clamp(1, 3));
    let names: Vec<String> =
        (0..count).map(|place| format!("S{number}{}", ["a", "b", "c"][place])).collect();
    let schema = |place: usize| {
        let mut maker = Maker { random: &mut *random, names: &names, place, siblings: Vec::new() };
        (names[place].clone(), maker.component())
    };
    (0..count).map(schema).collect()
}

/// Makes one component.
struct Maker<'a> {
    random: &'a mut Rng,
    /// The components of the group.
    names: &'a [String],
    /// The place of the component among them.
    place: usize,
    /// The kinds of the schemas around, which parts of a composition tend to share.
    siblings: Vec<Kind>,
}

impl Maker<'_> {
    fn happens(&mut self, percent: u8) -> bool {
        happens(self.random, percent)
    }

    fn component(&mut self) -> Schema {
        if self.happens(4) && self.place + 1 < self.names.len() {
            return self.reference(true);
        }
        Schema::Rules(Box::new(self.rules(0, true)))
    }

    /// A schema inside of another one; one of the same value must not lead back to the component.
    fn schema(&mut self, depth: usize, is_same_value: bool) -> Schema {
        let has_later = self.place + 1 < self.names.len();
        if (!is_same_value || has_later) && self.happens(20) {
            return self.reference(is_same_value);
        }
        Schema::Rules(Box::new(self.rules(depth, is_same_value)))
    }

    fn reference(&mut self, is_same_value: bool) -> Schema {
        let first = if is_same_value { self.place + 1 } else { 0 };
        Schema::Reference(choose(self.random, &self.names[first..]).clone())
    }

    fn rules(&mut self, depth: usize, is_same_value: bool) -> Rules {
        let mut rules = Rules::default();
        let kind = match self.siblings.last().copied() {
            Some(kind) if self.happens(65) => kind,
            _ => *choose(self.random, &Kind::ALL),
        };
        if self.happens(75) {
            rules.kind = Some(kind);
        }
        rules.nullable = self.happens(12);
        rules.read_only = self.happens(8);
        rules.write_only = !rules.read_only && self.happens(8);
        self.keywords(&mut rules, kind, depth);
        if self.happens(6) {
            // Of another type: they have no effect where `type` is said.
            let other = *choose(self.random, &Kind::ALL);
            self.keywords(&mut rules, other, depth);
        }
        if self.happens(12) {
            let count = self.random.usize(1..4);
            rules.values = Some((0..count).map(|_| self.value(kind, 2)).collect());
        }
        if depth < DEPTH && self.happens(if depth == 0 { 45 } else { 22 }) {
            self.siblings.push(kind);
            self.composition(&mut rules, depth, is_same_value);
            self.siblings.pop();
        }
        rules
    }

    fn composition(&mut self, rules: &mut Rules, depth: usize, is_same_value: bool) {
        let parts = |maker: &mut Self| {
            let count = maker.random.usize(1..4);
            (0..count).map(|_| maker.schema(depth + 1, is_same_value)).collect::<Vec<_>>()
        };
        match self.random.u8(..8) {
            0..=2 => rules.all_of = parts(self),
            3 | 4 => rules.any_of = parts(self),
            5 | 6 => rules.one_of = parts(self),
            _ => rules.not = Some(self.schema(depth + 1, is_same_value)),
        }
        if self.happens(15) {
            rules.any_of = parts(self);
        }
        if self.happens(10) {
            rules.not = Some(self.schema(depth + 1, is_same_value));
        }
        let branches = rules.any_of.iter().chain(&rules.one_of);
        let is_named = branches.clone().all(|branch| matches!(branch, Schema::Reference(_)));
        if is_named && branches.count() > 0 && self.happens(50) {
            rules.discriminator = Some("kind".to_owned());
        }
    }

    fn keywords(&mut self, rules: &mut Rules, kind: Kind, depth: usize) {
        match kind {
            Kind::Boolean => {}
            Kind::Integer | Kind::Number => self.of_numbers(rules, kind),
            Kind::String => self.of_strings(rules),
            Kind::Array => self.of_arrays(rules, depth),
            Kind::Object => self.of_objects(rules, depth),
        }
    }

    fn of_numbers(&mut self, rules: &mut Rules, kind: Kind) {
        let bound = |maker: &mut Self| {
            let number = (*choose(maker.random, &NUMBERS)).to_owned();
            Some(Bound { number, is_exclusive: maker.happens(25) })
        };
        if self.happens(35) {
            rules.minimum = bound(self);
        }
        if self.happens(35) {
            rules.maximum = bound(self);
        }
        if self.happens(20) {
            rules.multiple_of = Some((*choose(self.random, &DIVISORS)).to_owned());
        }
        // A format without its type is a matter of taste.
        if rules.kind == Some(kind) && self.happens(15) {
            let formats =
                if kind == Kind::Integer { ["int32", "int64"] } else { ["float", "double"] };
            rules.format = Some(formats[self.random.usize(..2)]);
        }
    }

    fn of_strings(&mut self, rules: &mut Rules) {
        (rules.min_length, rules.max_length) = self.counts(5);
        if self.happens(25) {
            rules.pattern = Some(choose(self.random, &PATTERNS).0);
        }
        if rules.kind == Some(Kind::String) && self.happens(15) {
            rules.format = Some(choose(self.random, &FORMATS).0);
        }
    }

    fn of_arrays(&mut self, rules: &mut Rules, depth: usize) {
        (rules.min_items, rules.max_items) = self.counts(4);
        rules.unique_items = self.happens(25);
        if depth < DEPTH && self.happens(85) {
            rules.items = Some(self.inside(depth));
        }
        if rules.items.is_none() {
            // OpenAPI wants `items` beside `type: array`.
            rules.items = Some(Schema::Rules(Box::default()));
        }
    }

    fn of_objects(&mut self, rules: &mut Rules, depth: usize) {
        if depth < DEPTH {
            for name in NAMES {
                if self.happens(25) && rules.properties.iter().all(|(known, _)| known != name) {
                    let schema = self.inside(depth);
                    rules.properties.push((name.to_owned(), schema));
                }
            }
        }
        for name in NAMES {
            if self.happens(16) && rules.required.iter().all(|known| known != name) {
                rules.required.push(name.to_owned());
            }
        }
        rules.additional_properties = match self.random.u8(..10) {
            0 => Additional::Allowed,
            1 | 2 => Additional::Forbidden,
            3 if depth < DEPTH => Additional::Schema(self.inside(depth)),
            _ => Additional::Unsaid,
        };
        if self.happens(20) {
            (rules.min_properties, rules.max_properties) = self.counts(4);
        }
    }

    /// The schema of an item or member.
    fn inside(&mut self, depth: usize) -> Schema {
        let siblings = std::mem::take(&mut self.siblings);
        let schema = self.schema(depth + 1, false);
        self.siblings = siblings;
        schema
    }

    fn counts(&mut self, most: usize) -> (Option<usize>, Option<usize>) {
        let least = self.happens(30).then(|| self.random.usize(..most));
        let most = self.happens(30).then(|| self.random.usize(least.unwrap_or(0)..=most + 1));
        (least, most)
    }

    /// A value of `enum`.
    fn value(&mut self, kind: Kind, depth: usize) -> Json {
        if self.happens(5) {
            return Json::Null;
        }
        match kind {
            Kind::Boolean => Json::Bool(self.random.bool()),
            Kind::Integer | Kind::Number => Json::number(choose(self.random, &NUMBERS)),
            Kind::String => Json::text(choose::<&str>(self.random, &TEXTS)),
            _ if depth == 0 => Json::Bool(true),
            Kind::Array => {
                let count = self.random.usize(..3);
                let kind = *choose(self.random, &Kind::ALL);
                Json::Array((0..count).map(|_| self.value(kind, depth - 1)).collect())
            }
            Kind::Object => {
                let count = self.random.usize(..3);
                let mut member = |name: &&str| {
                    let kind = *choose(self.random, &Kind::ALL);
                    ((*name).to_owned(), self.value(kind, depth - 1))
                };
                Json::Object(NAMES.iter().take(count).map(&mut member).collect())
            }
        }
    }
}
