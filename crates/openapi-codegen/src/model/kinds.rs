//! Schemas that others are built on by `allOf`, and that a discriminator tells apart.

use std::collections::{BTreeMap, BTreeSet};

use super::{Discriminator, Model, Schema};
use crate::source::{escape, local_pointer};

/// The schemas that are built on each schema, by JSON Pointers, in the order of the document.
#[derive(Clone, Debug, Default)]
pub(super) struct Kinds {
    built_on: BTreeMap<String, Vec<String>>,
    /// Whether any schema that is no choice has a discriminator.
    discriminate: bool,
}

impl Kinds {
    pub(super) fn new(model: &Model) -> Self {
        let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (_, schema) in &model.schemas {
            let mut open: Vec<&Schema> = schema.all_of.iter().collect();
            while let Some(part) = open.pop() {
                if let Some(base) = &part.reference {
                    let built = kinds.entry(base.clone()).or_default();
                    if built.last() != Some(&schema.pointer) {
                        built.push(schema.pointer.clone());
                    }
                }
                open.extend(&part.all_of);
            }
        }
        let mut discriminate = false;
        for (_, schema) in &model.schemas {
            // What `mapping` names is a kind as well, whatever it is built on.
            if !schema.is_choice()
                && let Some(discriminator) = &schema.discriminator
            {
                discriminate = true;
                let built = kinds.entry(schema.pointer.clone()).or_default();
                for (_, target) in &discriminator.mapping {
                    let target = model.mapped(target).map(|target| &target.pointer);
                    if let Some(target) = target.filter(|target| **target != schema.pointer)
                        && !built.contains(target)
                    {
                        built.push(target.clone());
                    }
                }
            }
        }
        Self { built_on: kinds, discriminate }
    }

    pub(super) fn of(&self, pointer: &str) -> &[String] {
        self.built_on.get(pointer).map_or(&[], Vec::as_slice)
    }
}

impl Schema {
    /// Whether it is one of several schemas by `oneOf` or `anyOf`.
    pub fn is_choice(&self) -> bool {
        self.one_of.is_some() || self.any_of.is_some()
    }
}

impl Model {
    /// The schema that a value of a `mapping` means: by a reference, or by the name of a component
    /// (OpenAPI 3.0.3, section 4.7.25).
    pub fn mapped(&self, target: &str) -> Option<&Schema> {
        let pointer = local_pointer(target)
            .unwrap_or_else(|| format!("/components/schemas/{}", escape(target)));
        self.target(&pointer).map(|schema| self.resolve(schema))
    }

    /// The discriminator of a schema that others are built on by `allOf`, be it its own or that of what
    /// it is built on itself.
    pub fn base_discriminator(&self, pointer: &str) -> Option<&Discriminator> {
        if !self.kinds.discriminate || self.kinds.of(pointer).is_empty() {
            return None;
        }
        let parts = self.whole(self.target(pointer)?);
        parts
            .into_iter()
            .filter(|part| !part.is_choice())
            .find_map(|part| part.discriminator.as_ref())
    }

    /// The schemas that are built on a schema by `allOf`, directly or not, in the order of the document.
    pub fn built_on(&self, pointer: &str) -> Vec<&str> {
        let mut found = BTreeSet::new();
        let mut open = vec![pointer];
        while let Some(base) = open.pop() {
            for built in self.kinds.of(base) {
                if built != pointer && found.insert((self.index(built), built.as_str())) {
                    open.push(built);
                }
            }
        }
        found.into_iter().map(|(_, built)| built).collect()
    }
}
