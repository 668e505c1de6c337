//! Alternatives, and what tells them apart.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::names::part;
use super::shape::{branches, describe};
use super::{Json, Reached, View, component_reference};
use crate::model::Schema;

/// A type that is one of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Union {
    pub discriminator: Option<Discriminator>,
    pub fallback: Fallback,
    /// What the alternatives are called, if not like their types.
    pub names: Vec<String>,
    /// Whether a value may be several of them at once.
    pub may_combine: bool,
}

impl Union {
    /// The indices of the alternatives, of which there are so many, that only their shapes tell apart.
    pub fn untold(&self, count: usize) -> Vec<usize> {
        if self.fallback == Fallback::Last {
            return Vec::new();
        }
        let values = self.discriminator.iter().flat_map(|discriminator| &discriminator.values);
        let told: BTreeSet<usize> = values.map(|(_, index)| *index).collect();
        (0..count).filter(|index| !told.contains(index)).collect()
    }
}

/// The member whose value says which alternative an object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator {
    /// The name of the member.
    pub property: String,
    /// Its values, each with the index of the alternative that it means.
    pub values: Vec<(String, usize)>,
}

/// What a response is that is none of the alternatives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// Any value.
    #[default]
    Any,
    /// The last alternative, which has what all have in common.
    Last,
}

impl View<'_> {
    /// A schema without `allOf` that is a choice, as a type of this name.
    pub(super) fn union(&mut self, name: &str, schema: &Schema, is_response: bool) {
        let mut alternatives = Vec::new();
        for (index, branch) in branches(schema).iter().enumerate() {
            let place = match built_from(branch).filter(|_| branch.reference.is_none()) {
                Some(pointer) => part(name, component_name(pointer)),
                None => part(name, &format!("variant{index}")),
            };
            alternatives.push(if is_response {
                self.loose(branch, &place).drop_null()
            } else {
                without_null(self.strict(branch, &place))
            });
        }
        let union = Union {
            discriminator: self.discriminator(schema),
            fallback: Fallback::Any,
            names: Vec::new(),
            may_combine: schema.any_of.is_some(),
        };
        self.add_union(name, schema, is_response, &alternatives, union);
    }

    /// A schema that others are built on, as a type that is any of them, or else what they have in
    /// common.
    pub(super) fn kinds(&mut self, name: &str, schema: &Schema, is_response: bool) {
        let model = self.model;
        let pointer = schema.pointer.as_str();
        let Some(discriminator) = model.base_discriminator(pointer) else { return };
        let mut alternatives = Vec::new();
        let mut values = Vec::new();
        let mut names = Vec::new();
        for kind in model.built_on(pointer) {
            if let Some(reference) = self.base_reference(kind, is_response) {
                names.extend(self.names.response(kind));
                for (value, target) in &discriminator.mapping {
                    if model.mapped(target).is_some_and(|target| target.pointer == kind) {
                        values.push((value.clone(), alternatives.len()));
                    }
                }
                values.push((component_name(kind).to_owned(), alternatives.len()));
                alternatives.push(reference);
            }
        }
        // `mapping` has the last word on a value.
        let of = |value: &str| discriminator.mapping.iter().find(|(known, _)| known == value);
        values.retain(|(value, index)| {
            let Some((_, target)) = of(value) else { return true };
            let target = model.mapped(target).map(|target| target.pointer.as_str());
            target == model.built_on(pointer).get(*index).copied()
        });
        values.dedup();
        if let Some(own) = self.base_reference(pointer, is_response) {
            names.push("Base".to_owned());
            alternatives.push(own);
        }
        let property = discriminator.property_name.clone();
        let union = Union {
            discriminator: Some(Discriminator { property, values }),
            fallback: Fallback::Last,
            names,
            may_combine: false,
        };
        self.add_union(name, schema, is_response, &alternatives, union);
    }

    fn add_union(
        &mut self,
        name: &str,
        schema: &Schema,
        is_response: bool,
        alternatives: &[Value],
        union: Union,
    ) {
        let mut json = Map::new();
        json.insert("oneOf".to_owned(), json!(alternatives));
        describe(&mut json, schema);
        let bare =
            Schema { pointer: schema.pointer.clone(), span: schema.span, ..Schema::default() };
        self.add(name, &bare, is_response, json, Some(union));
    }

    /// The type that has the members of a component, not that of what may stand in its place.
    fn base_reference(&mut self, pointer: &str, is_response: bool) -> Option<Value> {
        let name = if is_response {
            self.names.response(pointer)?
        } else {
            self.names.request(pointer)?
        };
        let reached = if self.model.base_discriminator(pointer).is_some() {
            if is_response {
                Reached::ResponseBase(pointer.to_owned())
            } else {
                Reached::RequestBase(pointer.to_owned())
            }
        } else if is_response {
            Reached::Response(pointer.to_owned())
        } else {
            Reached::Request(pointer.to_owned())
        };
        let is_base = matches!(reached, Reached::ResponseBase(_) | Reached::RequestBase(_));
        let name = if is_base { self.names.base(name) } else { name };
        self.reach(reached);
        Some(component_reference(&name))
    }

    /// The values of a discriminator, with the indices of what they mean.
    ///
    /// A value is the name of a component, or what `mapping` has for one (OpenAPI 3.0.3, section 4.7.25).
    fn discriminator(&self, of: &Schema) -> Option<Discriminator> {
        let discriminator = of.discriminator.as_ref()?;
        let mut values = Vec::new();
        for (index, branch) in branches(of).iter().enumerate() {
            let Some(pointer) = built_from(branch) else { continue };
            let mapped = discriminator.mapping.iter().filter(|(_, target)| {
                self.model.mapped(target).is_some_and(|target| target.pointer == pointer)
            });
            values.extend(mapped.map(|(value, _)| (value.clone(), index)));
            let component = component_name(pointer);
            // `mapping` has the last word on a value.
            if !discriminator.mapping.iter().any(|(value, _)| value == component) {
                values.push((component.to_owned(), index));
            }
        }
        Some(Discriminator { property: discriminator.property_name.clone(), values })
    }
}

/// The component that an alternative is, be it with what holds beside the choice.
fn built_from(branch: &Schema) -> Option<&str> {
    let of = || branch.all_of.last().filter(|_| branch.pointer.is_empty());
    branch.reference.as_deref().or_else(|| of().and_then(built_from))
}

fn component_name(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

/// Null is no alternative: where the type is used, null is allowed.
fn without_null(mut schema: Value) -> Value {
    let Value::Object(members) = &mut schema else { return schema };
    members.remove("nullable");
    let json: &Json = members;
    match json.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([reference]) if json.len() == 1 => reference.clone(),
        _ => schema,
    }
}
