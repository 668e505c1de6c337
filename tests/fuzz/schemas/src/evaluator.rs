//! A second opinion: the verdict on a value, straight from the meaning of the keywords.
//!
//! It is slow and plain on purpose, knows the whole value at once, and computes with exact decimals.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use bigdecimal::{BigDecimal, Zero};
use openapi_validator::Direction;
use regress::Regex;

use crate::formats;
use crate::json::Json;
use crate::random::texts::PATTERNS;
use crate::schema::{Additional, Bound, Components, Kind, Rules, Schema};

/// The patterns of random schemas.
static REGEXES: LazyLock<BTreeMap<&str, Regex>> = LazyLock::new(|| {
    let compile = |pattern| Regex::with_flags(pattern, "u").expect("the pattern is sound");
    PATTERNS.iter().map(|(pattern, _)| (*pattern, compile(pattern))).collect()
});

/// Judges values by the schemas of a document.
#[derive(Clone, Copy, Debug)]
pub struct Evaluator<'a> {
    pub components: &'a Components,
    pub direction: Direction,
}

/// Members that may be missing although they are required.
type Excused = BTreeSet<String>;

impl Evaluator<'_> {
    /// Whether a value is valid.
    pub fn is_valid(&self, schema: &Schema, value: &Json) -> bool {
        !value.has_duplicate() && self.accepts(schema, value, &Excused::new())
    }

    fn resolve<'s>(&'s self, schema: &'s Schema) -> &'s Rules {
        match schema {
            Schema::Rules(rules) => rules,
            Schema::Reference(name) => {
                self.resolve(self.components.get(name).expect("references lead to components"))
            }
        }
    }

    fn accepts(&self, schema: &Schema, value: &Json, excused: &Excused) -> bool {
        let rules = self.resolve(schema);
        if rules.nullable && *value == Json::Null {
            return true;
        }
        // What is said of who sends a member holds for all that describes the same object, but for
        // what it must not be: `not: {required: [a]}` forbids a member, whoever sends it.
        let anyone = Self { direction: Direction::Unspecified, ..*self };
        let excused = &(excused | &self.excused(rules));
        let accepts = |part: &Schema| self.accepts(part, value, excused);
        let is_any = rules.any_of.is_empty() || rules.any_of.iter().any(accepts);
        let is_one = rules.one_of.is_empty()
            || rules.one_of.iter().filter(|part| accepts(part)).count() == 1;
        is_any
            && is_one
            && rules.all_of.iter().all(accepts)
            && !rules.not.as_ref().is_some_and(|not| anyone.accepts(not, value, &Excused::new()))
            && rules.kind.is_none_or(|kind| is_of(kind, value) || has_foreign_values(kind, rules))
            && rules.values.as_ref().is_none_or(|values| values.iter().any(|it| equal(it, value)))
            && match value {
                Json::Null | Json::Bool(_) => true,
                Json::Number(number) => number_obeys(rules, number),
                Json::String(text) => string_obeys(rules, text),
                Json::Array(items) => self.array_obeys(rules, items),
                Json::Object(members) => self.object_obeys(rules, members, excused),
            }
    }

    fn array_obeys(&self, rules: &Rules, items: &[Json]) -> bool {
        let accepts = |item: &Json| {
            rules.items.as_ref().is_none_or(|schema| self.accepts(schema, item, &Excused::new()))
        };
        let is_new =
            |(place, item): (usize, &Json)| !items.iter().take(place).any(|it| equal(it, item));
        is_within(items.len(), rules.min_items, rules.max_items)
            && items.iter().all(accepts)
            && (!rules.unique_items || items.iter().enumerate().all(is_new))
    }

    fn object_obeys(&self, rules: &Rules, members: &[(String, Json)], excused: &Excused) -> bool {
        let is_present = |name: &String| members.iter().any(|(member, _)| member == name);
        let accepts = |(name, value): &(String, Json)| {
            let accepts = |schema| self.accepts(schema, value, &Excused::new());
            match rules.properties.iter().find(|(property, _)| property == name) {
                Some((_, schema)) => accepts(schema),
                None => match &rules.additional_properties {
                    Additional::Unsaid | Additional::Allowed => true,
                    Additional::Forbidden => false,
                    Additional::Schema(schema) => accepts(schema),
                },
            }
        };
        is_within(members.len(), rules.min_properties, rules.max_properties)
            && rules.required.iter().all(|name| is_present(name) || excused.contains(name))
            && members.iter().all(accepts)
    }

    /// The members that a schema, with all of its `allOf`, leaves to the other side to send.
    fn excused(&self, rules: &Rules) -> Excused {
        let mut excused = Excused::new();
        for part in self.all_of(rules) {
            for (name, property) in &part.properties {
                let is_left = |rules: &&Rules| match self.direction {
                    Direction::Unspecified => false,
                    Direction::Request => rules.read_only,
                    Direction::Response => rules.write_only,
                };
                if self.all_of(self.resolve(property)).iter().any(is_left) {
                    excused.insert(name.clone());
                }
            }
        }
        excused
    }

    /// A schema with all of its `allOf`, and theirs.
    fn all_of<'s>(&'s self, rules: &'s Rules) -> Vec<&'s Rules> {
        let mut all = vec![rules];
        for part in &rules.all_of {
            all.extend(self.all_of(self.resolve(part)));
        }
        all
    }
}

/// Whether a list of values has none of its type, which is `string`: the generator then warns, and
/// believes the list.
pub fn has_foreign_values(kind: Kind, rules: &Rules) -> bool {
    let has_text = |values: &Vec<Json>| values.iter().any(|it| matches!(it, Json::String(_)));
    kind == Kind::String && rules.values.as_ref().is_some_and(|values| !has_text(values))
}

fn is_of(kind: Kind, value: &Json) -> bool {
    match (kind, value) {
        (Kind::Integer, Json::Number(number)) => decimal(number).is_integer(),
        (Kind::Boolean, Json::Bool(_))
        | (Kind::Number, Json::Number(_))
        | (Kind::String, Json::String(_))
        | (Kind::Array, Json::Array(_))
        | (Kind::Object, Json::Object(_)) => true,
        _ => false,
    }
}

fn number_obeys(rules: &Rules, number: &str) -> bool {
    let number = decimal(number);
    let bound = |bound: &Option<Bound>, obeys: fn(&BigDecimal, &BigDecimal) -> bool| {
        bound.as_ref().is_none_or(|bound| {
            let limit = decimal(&bound.number);
            obeys(&number, &limit) || (!bound.is_exclusive && number == limit)
        })
    };
    let is_multiple = |of: &String| (&number % decimal(of)).is_zero();
    bound(&rules.minimum, |number, limit| number > limit)
        && bound(&rules.maximum, |number, limit| number < limit)
        && rules.multiple_of.as_ref().is_none_or(is_multiple)
        && rules.format.is_none_or(|format| formats::number_has(format, &number))
}

fn string_obeys(rules: &Rules, text: &str) -> bool {
    let matches = |pattern: &str| REGEXES[pattern].find(text).is_some();
    is_within(text.chars().count(), rules.min_length, rules.max_length)
        && rules.pattern.is_none_or(matches)
        && rules.format.is_none_or(|format| formats::string_has(format, text))
}

fn is_within(count: usize, least: Option<usize>, most: Option<usize>) -> bool {
    least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most)
}

/// Whether two values are the same, however they are written.
pub fn equal(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => decimal(one) == decimal(other),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            let has = |(name, value): &(String, Json)| {
                other.iter().any(|(other, it)| other == name && equal(value, it))
            };
            one.len() == other.len() && one.iter().all(has)
        }
        _ => one == other,
    }
}

fn decimal(number: &str) -> BigDecimal {
    number.parse().expect("numbers are written as JSON wants them")
}
