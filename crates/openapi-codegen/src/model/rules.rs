//! What a value is held to, as a client can check it before it sends anything.

use std::collections::BTreeSet;

use super::{Model, Schema, Type};
use crate::source::{Kind, Node};
use crate::vocabulary::Format;

/// One rule; the value of a parameter, or a named part of a request body, obeys several.
///
/// Patterns are not among them: they would take a regex engine into the client.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// In characters.
    MinLength(u64),
    MaxLength(u64),
    /// Numbers are as the document writes them.
    Minimum {
        number: String,
        is_exclusive: bool,
    },
    Maximum {
        number: String,
        is_exclusive: bool,
    },
    MultipleOf(String),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    /// What every item of a list is held to.
    Items(Vec<Rule>),
}

impl Model {
    /// The type that a schema asks for, be it behind a reference or in `allOf`.
    pub fn kind(&self, schema: &Schema) -> Option<Type> {
        self.whole(schema).iter().find_map(|part| part.kind)
    }

    /// What a value of this schema is held to, in the order of [`Rule`].
    ///
    /// The range of `int32` is a rule as well. Nothing is said about alternatives (`oneOf`, `anyOf`)
    /// and about lists within lists, of which the server knows best.
    pub fn rules(&self, schema: &Schema) -> Vec<Rule> {
        let mut rules = self.own_rules(schema);
        for items in self.whole(schema).iter().filter_map(|part| part.items.as_deref()) {
            let of_items = self.own_rules(items);
            if !of_items.is_empty() {
                rules.push(Rule::Items(of_items));
            }
        }
        rules
    }

    fn own_rules(&self, schema: &Schema) -> Vec<Rule> {
        let mut rules = Vec::new();
        let kind = self.kind(schema);
        for part in self.whole(schema) {
            match kind {
                Some(Type::String) => {
                    rules.extend(part.min_length.filter(|least| *least > 0).map(Rule::MinLength));
                    rules.extend(part.max_length.map(Rule::MaxLength));
                }
                Some(Type::Integer | Type::Number) => {
                    number_rules(part, kind == Some(Type::Integer), &mut rules);
                }
                Some(Type::Array) => {
                    rules.extend(part.min_items.filter(|least| *least > 0).map(Rule::MinItems));
                    rules.extend(part.max_items.map(Rule::MaxItems));
                    rules.extend(part.unique_items.then_some(Rule::UniqueItems));
                }
                _ => {}
            }
        }
        rules
    }

    /// Whether a schema is that of null alone.
    pub fn is_null(&self, schema: &Schema) -> bool {
        let schema = self.resolve(schema);
        let is_null = |values: &Vec<Node>| {
            !values.is_empty() && values.iter().all(|value| matches!(value.kind, Kind::Null))
        };
        schema.kind == Some(Type::Null) || schema.values.as_ref().is_some_and(is_null)
    }

    /// The one alternative of a choice that has no other but null.
    pub fn only_alternative<'m>(&'m self, schema: &'m Schema) -> Option<&'m Schema> {
        if schema.discriminator.is_some() || schema.one_of.is_some() == schema.any_of.is_some() {
            return None;
        }
        let mut alternatives = schema.alternatives().filter(|branch| !self.is_null(branch));
        let only = alternatives.next()?;
        alternatives.next().is_none().then_some(only)
    }

    /// A schema with all that its `allOf` adds, at any depth, references followed. A choice of one is no
    /// choice, and adds what it has.
    pub fn whole<'m>(&'m self, schema: &'m Schema) -> Vec<&'m Schema> {
        let schema = self.resolve(schema);
        let mut parts = vec![schema];
        if schema.all_of.is_empty() && self.only_alternative(schema).is_none() {
            return parts;
        }
        let mut known = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            let schema = self.resolve(schema);
            if known.insert(std::ptr::from_ref(schema)) {
                if known.len() > 1 {
                    parts.push(schema);
                }
                open.extend(self.only_alternative(schema));
                open.extend(schema.all_of.iter().rev());
            }
        }
        parts
    }
}

fn number_rules(schema: &Schema, is_integer: bool, rules: &mut Vec<Rule>) {
    let int32 = is_integer && schema.format == Some(Format::Int32);
    let minimum = schema.minimum.clone().map(|number| (number, schema.exclusive_minimum));
    let minimum = minimum.or_else(|| int32.then(|| (i32::MIN.to_string(), false)));
    let maximum = schema.maximum.clone().map(|number| (number, schema.exclusive_maximum));
    let maximum = maximum.or_else(|| int32.then(|| (i32::MAX.to_string(), false)));
    rules.extend(minimum.map(|(number, is_exclusive)| Rule::Minimum { number, is_exclusive }));
    rules.extend(maximum.map(|(number, is_exclusive)| Rule::Maximum { number, is_exclusive }));
    rules.extend(schema.multiple_of.clone().map(Rule::MultipleOf));
}
