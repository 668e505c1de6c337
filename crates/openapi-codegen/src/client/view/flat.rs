//! Schemas without `allOf`: what all parts say together, as one schema.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::View;
use super::merge::{self, Conflict};
use crate::model::{Model, Schema, Type};

/// A schema without `allOf`.
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it was made")]
pub(super) enum Flat<'s> {
    /// It says no more than the component with this JSON Pointer.
    Alias(String),
    Whole(Cow<'s, Schema>),
}

/// How many alternatives may come of choices that hold together.
const MOST_ALTERNATIVES: usize = 256;

impl<'m> View<'m> {
    /// What a schema says, `allOf` and choices of one alternative resolved.
    ///
    /// A choice that holds beside members becomes a choice between objects with all members. Where the
    /// parts contradict each other, there is a warning, and any value will do.
    pub(super) fn flat<'s>(&mut self, schema: &'s Schema) -> Flat<'s>
    where
        'm: 's,
    {
        let model = self.model;
        let parts = model.whole(schema);
        if parts.len() == 1 && !is_mixed(self.model, schema) && !has_null(self.model, schema) {
            return Flat::Whole(Cow::Borrowed(schema));
        }
        let mut parts = parts;
        // What a schema adds to others comes after what they have.
        parts.rotate_left(1);
        let saying: Vec<&Schema> =
            parts.iter().copied().filter(|part| says_shape(model, part)).collect();
        if let [only] = saying[..]
            && !std::ptr::eq(only, schema)
            && self.model.index(&only.pointer).is_some()
            && !self.is_kind(schema)
        {
            return Flat::Alias(only.pointer.clone());
        }
        match merge::merge(self.model, schema, &parts) {
            Ok(merged) => self.settled(merged),
            Err(conflict) => {
                self.warn(schema, &conflict);
                Flat::Whole(Cow::Owned(Schema {
                    pointer: schema.pointer.clone(),
                    span: schema.span,
                    description: schema.description.clone(),
                    ..Schema::default()
                }))
            }
        }
    }

    /// What remains of a choice with one alternative is that alternative.
    fn settled<'s>(&mut self, merged: (Schema, Vec<Choice>)) -> Flat<'s>
    where
        'm: 's,
    {
        let mut whole = self.distributed(merged);
        if self.model.only_alternative(&whole).is_none() {
            return Flat::Whole(Cow::Owned(whole));
        }
        whole.all_of = whole.one_of.take().unwrap_or_default();
        match self.flat(&whole) {
            Flat::Alias(pointer) => Flat::Alias(pointer),
            Flat::Whole(whole) => Flat::Whole(Cow::Owned(whole.into_owned())),
        }
    }

    /// Whether a component stands for itself although it says no more than what it is built on, since a
    /// discriminator tells it from that.
    fn is_kind(&self, schema: &Schema) -> bool {
        self.model.index(&schema.pointer).is_some()
            && schema.all_of.iter().any(|part| {
                let base = part.reference.as_deref();
                base.is_some_and(|base| self.model.base_discriminator(base).is_some())
            })
    }

    /// Makes one choice of a schema that has members beside choices, or several choices.
    fn distributed(&mut self, (mut merged, choices): (Schema, Vec<Choice>)) -> Schema {
        let mut choices: Vec<Choice> =
            choices.into_iter().filter(|choice| tells_shapes(self.model, choice)).collect();
        let has_members = merged.properties.as_ref().is_some_and(|members| !members.is_empty())
            || matches!(
                merged.additional_properties,
                Some(crate::model::AdditionalProperties::Schema(_))
            )
            || merged.values.is_some()
            || !merged.required.is_empty() && merged.kind.is_none_or(|kind| kind == Type::Object);
        let count = choices.iter().map(|choice| choice.branches.len()).product::<usize>();
        if choices.is_empty() {
            return merged;
        }
        if count > MOST_ALTERNATIVES && (choices.len() > 1 || has_members) {
            self.warn(&merged, &Conflict("they allow too many combinations".to_owned()));
            return Schema {
                description: merged.description,
                pointer: merged.pointer,
                span: merged.span,
                ..Schema::default()
            };
        }
        let first = choices.remove(0);
        merged.discriminator = first.discriminator;
        let branches = if choices.is_empty() && !has_members {
            first.branches
        } else {
            let base = Schema {
                all_of: choices.into_iter().map(Choice::into_schema).collect(),
                nullable: false,
                discriminator: None,
                description: None,
                deprecated: false,
                ..merged.clone()
            };
            let with = |branch: Schema| Schema {
                pointer: String::new(),
                span: branch.span,
                description: branch.description.clone(),
                all_of: vec![base.clone(), branch],
                ..Schema::default()
            };
            first.branches.into_iter().map(with).collect()
        };
        Schema {
            pointer: merged.pointer,
            span: merged.span,
            description: merged.description,
            nullable: merged.nullable,
            deprecated: merged.deprecated,
            discriminator: merged.discriminator,
            one_of: Some(branches),
            ..Schema::default()
        }
    }
}

/// A choice that holds beside whatever else a schema says.
pub(super) struct Choice {
    pub branches: Vec<Schema>,
    pub discriminator: Option<crate::model::Discriminator>,
}

impl Choice {
    fn into_schema(self) -> Schema {
        Schema {
            one_of: Some(self.branches),
            discriminator: self.discriminator,
            ..Schema::default()
        }
    }
}

/// Whether a schema has members beside a choice, or two choices.
fn is_mixed(model: &Model, schema: &Schema) -> bool {
    let has_members = schema.properties.is_some()
        || schema.additional_properties.is_some()
        || !schema.required.is_empty()
        || schema.values.is_some();
    schema.is_choice()
        && (has_members || schema.one_of.is_some() && schema.any_of.is_some() || {
            !schema.alternatives().any(|branch| tells_shape(model, branch))
        })
}

/// Whether an alternative of a choice is null.
fn has_null(model: &Model, schema: &Schema) -> bool {
    schema.alternatives().any(|branch| model.is_null(branch))
}

/// Whether the alternatives of a choice are more than rules for a value that others describe.
fn tells_shapes(model: &Model, choice: &Choice) -> bool {
    choice.branches.iter().any(|branch| tells_shape(model, branch))
}

fn tells_shape(model: &Model, branch: &Schema) -> bool {
    model.whole(branch).into_iter().any(|part| {
        part.kind.is_some_and(|kind| kind != Type::Object)
            || part.properties.as_ref().is_some_and(|members| !members.is_empty())
            || part.additional_properties.is_some()
            || part.values.is_some()
            || part.items.is_some()
            || part.is_choice()
            || part.reference.is_some()
            || model.index(&part.pointer).is_some()
    })
}

/// Whether a part says what a value looks like, more than its type.
fn says_shape(model: &Model, part: &Schema) -> bool {
    part.properties.is_some()
        || !part.required.is_empty()
        || part.additional_properties.is_some()
        || part.values.is_some()
        || !part.known_values.is_empty()
        || part.items.is_some()
        || part.format.is_some()
        || part.pattern.is_some()
        || part.is_choice() && model.only_alternative(part).is_none()
        || part.not.is_some()
        || part.min_length.is_some()
        || part.max_length.is_some()
        || part.minimum.is_some()
        || part.maximum.is_some()
        || part.multiple_of.is_some()
        || part.min_items.is_some()
        || part.max_items.is_some()
        || part.unique_items
        || part.min_properties.is_some()
        || part.max_properties.is_some()
        || !part.forbidden_properties.is_empty()
        || part.kind.is_some_and(|kind| kind != Type::Object)
            && part.all_of.is_empty()
            && !part.is_choice()
}

/// The members of all parts by their names, in order; where several parts have one, all that they say of
/// it holds.
pub(super) fn members(parts: &[&Schema]) -> Option<Vec<(String, Schema)>> {
    let mut members: Vec<(String, Schema)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let mut is_object = false;
    for part in parts {
        is_object |= part.properties.is_some();
        for (name, member) in part.properties.iter().flatten() {
            if let Some(&place) = places.get(name.as_str()) {
                let known = &mut members[place].1;
                if !known.is_same(member) {
                    *known = both(known, member);
                }
            } else {
                places.insert(name, members.len());
                members.push((name.clone(), member.clone()));
            }
        }
    }
    is_object.then_some(members)
}

/// A schema that says what two say.
pub(super) fn both(one: &Schema, other: &Schema) -> Schema {
    let text = |schema: &Schema| schema.description.clone();
    Schema {
        pointer: other.pointer.clone(),
        span: other.span,
        description: text(other).or_else(|| text(one)),
        deprecated: one.deprecated || other.deprecated,
        all_of: vec![one.clone(), other.clone()],
        ..Schema::default()
    }
}

/// Names without repetition, in order.
pub(super) fn united<'s>(lists: impl Iterator<Item = &'s Vec<String>>) -> Vec<String> {
    let mut known = BTreeSet::new();
    lists.flatten().filter(|name| known.insert(name.as_str())).cloned().collect()
}
