//! The JSON types that a schema speaks about.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::string::string_format;
use crate::model::{Schema, Type};
use crate::source::{Kind, Node};
use crate::vocabulary::Format;

impl Emitter<'_> {
    /// The JSON types that a schema may accept.
    pub(super) fn types(&self, schema: &Schema, seen: &mut BTreeSet<String>) -> BTreeSet<Type> {
        let schema = self.resolve(schema);
        if !seen.insert(schema.pointer.clone()) {
            return all_types();
        }
        let mut types = match (schema.kind, &schema.values) {
            (Some(kind), _) => BTreeSet::from([kind]),
            (None, Some(values)) => values.iter().map(type_of).collect(),
            (None, None) => all_types(),
        };
        for part in &schema.all_of {
            types = intersect(&types, &self.types(part, seen));
        }
        for branches in [&schema.any_of, &schema.one_of].into_iter().flatten() {
            let union: BTreeSet<Type> =
                branches.iter().flat_map(|branch| self.types(branch, seen)).collect();
            types = intersect(&types, &union);
        }
        if schema.nullable {
            types.insert(Type::Null);
        }
        seen.remove(&schema.pointer);
        types
    }
}

/// The types that some keyword of a schema without `type` speaks about.
pub(super) fn applicable_types(schema: &Schema) -> BTreeSet<Type> {
    let object = schema.properties.is_some()
        || !schema.required.is_empty()
        || schema.additional_properties.is_some()
        || schema.min_properties.is_some()
        || schema.max_properties.is_some();
    let array = schema.items.is_some()
        || schema.min_items.is_some()
        || schema.max_items.is_some()
        || schema.unique_items;
    let number_format = matches!(
        schema.format,
        Some(Format::Int32 | Format::Int64 | Format::Float | Format::Double)
    );
    let number = schema.minimum.is_some()
        || schema.maximum.is_some()
        || schema.multiple_of.is_some()
        || number_format;
    let string = schema.min_length.is_some()
        || schema.max_length.is_some()
        || schema.pattern.is_some()
        || !schema.known_values.is_empty()
        || schema.format.and_then(string_format).is_some();
    let table = [
        (object, Type::Object),
        (array, Type::Array),
        (number, Type::Number),
        (string, Type::String),
    ];
    table.into_iter().filter(|(applies, _)| *applies).map(|(_, kind)| kind).collect()
}

pub(super) fn all_types() -> BTreeSet<Type> {
    use Type::{Array, Boolean, Null, Number, Object, String};
    BTreeSet::from([Null, Boolean, Number, String, Array, Object])
}

fn intersect(a: &BTreeSet<Type>, b: &BTreeSet<Type>) -> BTreeSet<Type> {
    let mut both: BTreeSet<Type> = a.intersection(b).copied().collect();
    let has = |set: &BTreeSet<Type>, kind| set.contains(&kind);
    if (has(a, Type::Integer) && has(b, Type::Number))
        || (has(b, Type::Integer) && has(a, Type::Number))
    {
        both.insert(Type::Integer);
    }
    both
}

fn type_of(node: &Node) -> Type {
    match node.kind {
        Kind::Null => Type::Null,
        Kind::Bool(_) => Type::Boolean,
        Kind::Number(_) => Type::Number,
        Kind::String(_) => Type::String,
        Kind::Array(_) => Type::Array,
        Kind::Object(_) => Type::Object,
    }
}

pub(super) fn types_tokens(types: &BTreeSet<Type>) -> TokenStream {
    if *types == all_types() {
        return quote!(Types::ALL);
    }
    let mut names = types.iter().map(|kind| match kind {
        Type::Null => quote!(Types::NULL),
        Type::Boolean => quote!(Types::BOOLEAN),
        Type::Integer => quote!(Types::INTEGER),
        Type::Number => quote!(Types::NUMBER),
        Type::String => quote!(Types::STRING),
        Type::Array => quote!(Types::ARRAY),
        Type::Object => quote!(Types::OBJECT),
    });
    let first = names.next().unwrap_or_else(|| quote!(Types::NONE));
    names.fold(first, |all, next| quote!(#all.or(#next)))
}
