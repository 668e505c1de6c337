//! What the schemas that describe one value say together.

use std::collections::BTreeSet;

use super::module::has_parts;
use super::types::applicable_types;
use super::{Emitter, walk};
use crate::model::{Model, Operation, Schema, Type};
use crate::rule::Rule;
use crate::source::Finding;

/// What a schema and its parts say about an object as a whole.
#[derive(Debug, Default)]
pub(super) struct Together {
    /// The names that parts document.
    names: BTreeSet<String>,
    /// Whether some part speaks about additional properties.
    is_open: bool,
}

impl<'d> Emitter<'d> {
    /// The names that the parts of a schema document, if undocumented members are drift at all:
    /// some part lists properties, and none speaks about others.
    pub(super) fn documented_elsewhere(&self, schema: &Schema) -> Option<BTreeSet<String>> {
        let mut together = Together::default();
        self.collect_documented(schema, &mut together, &mut BTreeSet::new());
        let own: BTreeSet<&String> =
            schema.properties.iter().flatten().map(|(name, _)| name).collect();
        if together.is_open || (together.names.is_empty() && own.is_empty()) {
            return None;
        }
        Some(together.names.into_iter().filter(|name| !own.contains(name)).collect())
    }

    fn collect_documented(
        &self,
        schema: &Schema,
        together: &mut Together,
        seen: &mut BTreeSet<String>,
    ) {
        let schema = self.resolve(schema);
        if !seen.insert(schema.pointer.clone()) {
            return;
        }
        together.is_open |= schema.additional_properties.is_some();
        together.names.extend(schema.properties.iter().flatten().map(|(name, _)| name.clone()));
        let parts = schema
            .all_of
            .iter()
            .chain(schema.any_of.iter().flatten())
            .chain(schema.one_of.iter().flatten());
        for part in parts {
            self.collect_documented(part, together, seen);
        }
    }

    /// Whether a value is `readOnly`, and whether it is `writeOnly`: the schema or a part of it says so.
    pub(super) fn marks(&self, schema: &Schema) -> (bool, bool) {
        let mut marks = (false, false);
        self.visit_parts(schema, &mut |part| {
            marks = (marks.0 || part.read_only, marks.1 || part.write_only);
        });
        marks
    }

    /// The members that a schema or a part of it calls `readOnly`, and those that it calls
    /// `writeOnly`.
    pub(super) fn marked_members(&self, schema: &Schema) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut marked = (BTreeSet::new(), BTreeSet::new());
        self.visit_parts(schema, &mut |part| {
            for (name, property) in part.properties.iter().flatten() {
                let (read_only, write_only) = self.marks(property);
                if read_only {
                    marked.0.insert(name.clone());
                }
                if write_only {
                    marked.1.insert(name.clone());
                }
            }
        });
        marked
    }

    /// Visits a schema and all schemas of `allOf` that must hold with it.
    fn visit_parts(&self, schema: &Schema, visit: &mut impl FnMut(&Schema)) {
        let mut seen = BTreeSet::new();
        let mut open = vec![self.resolve(schema)];
        while let Some(schema) = open.pop() {
            if seen.insert(schema.pointer.as_str()) {
                visit(schema);
                open.extend(schema.all_of.iter().map(|part| self.resolve(part)));
            }
        }
    }

    /// The places of the schemas that may describe one value more than once: what is inside of a
    /// schema that reads a value several times.
    pub(super) fn repeated(&self) -> BTreeSet<&'d str> {
        let mut repeated = BTreeSet::new();
        let mut open: Vec<&'d Schema> = Vec::new();
        for root in roots(self.view) {
            walk(root, &mut |schema| {
                if self.reads_several_times(schema) {
                    open.extend(schema.children());
                }
            });
        }
        while let Some(schema) = open.pop() {
            if !repeated.insert(schema.pointer.as_str()) {
                continue;
            }
            open.extend(schema.children());
            let target = schema.reference.as_ref().and_then(|target| self.view.target(target));
            open.extend(target);
        }
        repeated
    }

    /// Whether a schema reads a value more than once.
    fn reads_several_times(&self, schema: &Schema) -> bool {
        let choices = [&schema.any_of, &schema.one_of].into_iter().flatten();
        let passes = schema.all_of.len() + choices.clone().count();
        schema.not.is_some()
            || passes > 1
            || (passes == 1 && says_something(schema))
            || choices.into_iter().any(|branches| self.overlap(branches))
    }

    /// Whether several branches may accept one JSON type.
    fn overlap(&self, branches: &[Schema]) -> bool {
        let mut seen = BTreeSet::new();
        branches.iter().any(|branch| {
            let types = self.types(branch, &mut BTreeSet::new()).into_iter();
            let types: BTreeSet<Type> =
                types.map(|kind| if kind == Type::Integer { Type::Number } else { kind }).collect();
            types.into_iter().any(|kind| !seen.insert(kind))
        })
    }

    /// Finds the schemas that are made of themselves without a member or item between: what they
    /// say has no meaning, or no end.
    pub(super) fn find_circles(&mut self) {
        let mut reported: BTreeSet<&str> = BTreeSet::new();
        for (name, schema) in &self.view.schemas {
            let circle = self.circle(schema);
            if circle.is_empty() || circle.iter().any(|member| reported.contains(member)) {
                continue;
            }
            reported.extend(circle);
            self.findings.push(Finding::new(
                Rule::CircularReference,
                &self.view.source,
                schema.span,
                format!("`{name}` is made of itself, with no property or item in between"),
                "let what it is made of (`allOf`, `anyOf`, `oneOf`, `not`) not lead back to it",
            ));
        }
    }

    /// The schemas that describe the same value as a schema and lead back to it.
    fn circle(&self, schema: &'d Schema) -> BTreeSet<&'d str> {
        let reached = self.made_of(schema);
        if !reached.contains(schema.pointer.as_str()) {
            return BTreeSet::new();
        }
        let leads_back = |pointer: &&str| {
            let target = self.view.target(pointer);
            target.is_some_and(|target| self.made_of(target).contains(schema.pointer.as_str()))
        };
        reached.into_iter().filter(leads_back).collect()
    }

    /// The schemas with a function of their own that a schema is made of, directly or not.
    fn made_of(&self, schema: &'d Schema) -> BTreeSet<&'d str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            if let Some(target) = &schema.reference {
                if reached.insert(target.as_str()) {
                    open.extend(self.view.target(target));
                }
                continue;
            }
            open.extend(same_value(schema));
        }
        reached
    }
}

/// The schemas that describe the value that a schema describes.
pub(super) fn same_value(schema: &Schema) -> impl Iterator<Item = &Schema> {
    let choices = schema.any_of.iter().chain(&schema.one_of).flatten();
    schema.all_of.iter().chain(choices).chain(schema.not.as_deref())
}

/// All schemas that are no part of another one: components, and those of operations.
pub(super) fn roots(model: &Model) -> impl Iterator<Item = &Schema> {
    let components = model.schemas.iter().map(|(_, schema)| schema);
    components.chain(model.operations.iter().flat_map(Operation::schemas))
}

/// Whether a schema says something itself, beside the schemas that it is made of.
pub(super) fn says_something(schema: &Schema) -> bool {
    schema.kind.is_some() || !applicable_types(schema).is_empty() || schema.values.is_some()
}

/// Whether it takes long to read a value of a schema once more.
pub(super) fn is_costly(schema: &Schema) -> bool {
    let is_container = |kind: &Type| matches!(kind, Type::Object | Type::Array);
    has_parts(schema)
        || match &schema.kind {
            Some(kind) => is_container(kind),
            None => schema.values.is_some() || applicable_types(schema).iter().any(is_container),
        }
}
