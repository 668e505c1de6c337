//! Which types hold which.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::view::{NamedType, TolerantView};
use super::expressions::target;

/// What types mention, and what follows from it.
pub(super) struct Graph<'v> {
    mentions: BTreeMap<&'v str, BTreeSet<&'v str>>,
    /// What holds another type directly and would, without a box, hold itself.
    boxed: BTreeSet<(&'v str, &'v str)>,
    /// The types whose members cannot all be compared: secrets are not, so that nobody compares them
    /// in a time that tells how far they agree.
    incomparable: BTreeSet<&'v str>,
}

impl<'v> Graph<'v> {
    pub(super) fn new(view: &'v TolerantView) -> Self {
        let mut mentions = BTreeMap::new();
        let mut holds: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut secret = Vec::new();
        for NamedType { name, schema, .. } in &view.types {
            let mut found = Found::default();
            found.collect(schema, true);
            if found.has_secret {
                secret.push(name.as_str());
            }
            mentions.insert(name.as_str(), found.mentions);
            holds.insert(name.as_str(), found.holds);
        }
        let incomparable = reach_back(&mentions, secret);
        let names = view.types.iter().map(|named| named.name.as_str());
        Self { boxed: circles(names, &holds), mentions, incomparable }
    }

    pub(super) fn mentions(&self, name: &str) -> impl Iterator<Item = &&'v str> {
        self.mentions.get(name).into_iter().flatten()
    }

    pub(super) fn is_boxed(&self, holder: &str, held: &str) -> bool {
        self.boxed.contains(&(holder, held))
    }

    pub(super) fn is_incomparable(&self, name: &str) -> bool {
        self.incomparable.contains(name)
    }
}

#[derive(Default)]
struct Found<'v> {
    mentions: BTreeSet<&'v str>,
    /// Those of them that stand in the type itself, not on the heap.
    holds: Vec<&'v str>,
    has_secret: bool,
}

impl<'v> Found<'v> {
    fn collect(&mut self, schema: &'v Value, is_inside: bool) {
        if let Some(name) = target(schema) {
            self.mentions.insert(name);
            if is_inside {
                self.holds.push(name);
            }
            return;
        }
        let Some(schema) = schema.as_object() else { return };
        self.has_secret |= schema.get("format").and_then(Value::as_str) == Some("password");
        let members = schema.get("properties").and_then(Value::as_object);
        members.into_iter().flatten().for_each(|(_, member)| self.collect(member, is_inside));
        let alternatives = schema.get("oneOf").and_then(Value::as_array);
        alternatives.into_iter().flatten().for_each(|it| self.collect(it, is_inside));
        for key in ["items", "additionalProperties"] {
            schema.get(key).into_iter().for_each(|inner| self.collect(inner, false));
        }
    }
}

/// All types that lead to some.
fn reach_back<'v>(
    mentions: &BTreeMap<&'v str, BTreeSet<&'v str>>,
    mut open: Vec<&'v str>,
) -> BTreeSet<&'v str> {
    let mut holders: BTreeMap<&str, Vec<&'v str>> = BTreeMap::new();
    for (holder, held) in mentions {
        for name in held {
            holders.entry(name).or_default().push(holder);
        }
    }
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(holders.get(name).into_iter().flatten());
        }
    }
    found
}

/// One pair of holder and held for each circle of types that hold each other.
fn circles<'v>(
    names: impl Iterator<Item = &'v str>,
    holds: &BTreeMap<&'v str, Vec<&'v str>>,
) -> BTreeSet<(&'v str, &'v str)> {
    let mut closing = BTreeSet::new();
    let mut done = BTreeSet::new();
    for name in names {
        // Each type on the way, with how many of those that it holds have been looked at.
        let mut way: Vec<(&str, usize)> = vec![(name, 0)];
        let mut on_way = BTreeSet::from([name]);
        while let Some((holder, next)) = way.last_mut() {
            let holder = *holder;
            let held = holds.get(holder).and_then(|held| held.get(*next)).copied();
            *next += 1;
            match held {
                Some(held) if on_way.contains(held) => drop(closing.insert((holder, held))),
                Some(held) if !done.contains(held) => {
                    on_way.insert(held);
                    way.push((held, 0));
                }
                Some(_) => {}
                None => {
                    done.insert(holder);
                    on_way.remove(holder);
                    way.pop();
                }
            }
        }
    }
    closing
}
