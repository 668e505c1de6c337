//! Where everything stands in the document, and what of it is secret.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::composition::{roots, same_value};
use super::module::{has_parts, is_anything};
use super::{Emitter, walk};
use crate::model::{AdditionalProperties, Model, Schema, Type};
use crate::vocabulary::Format;

impl Emitter<'_> {
    pub(super) fn source_map_file(&self) -> TokenStream {
        let source = &self.view.source.name;
        let sections = sections(&self.view.places);
        let secrets = secrets(self.view);
        let forbidden = self.forbidden.iter().map(|schema| {
            let (at, names) = (&schema.pointer, &schema.forbidden_properties);
            quote!(ForbiddenProperties { at: #at, names: Properties::new(&[#(#names),*]) })
        });
        let forbidden: Vec<_> = forbidden.collect();
        let mut imports = Vec::new();
        if !forbidden.is_empty() {
            imports.extend([quote!(ForbiddenProperties), quote!(Properties)]);
        }
        imports.extend([quote!(Section), quote!(SourceMap)]);
        quote! {
            //! Where everything stands in the document that this code was generated from.

            use ::openapi_validator::{#(#imports),*};

            /// The places, and what is secret.
            pub static SOURCE_MAP: SourceMap = SourceMap {
                source: #source,
                sections: SECTIONS,
                secrets: &[#(#secrets),*],
                forbidden: &[#(#forbidden),*],
            };

            /// The components and operations. A place is the rest of a JSON Pointer, the lines
            /// below the first line of its section, and the column.
            static SECTIONS: &[Section] = &[#(#sections),*];
        }
    }
}

/// The places by the component or operation that they belong to: what the first three parts of
/// their JSON Pointers name.
fn sections(places: &BTreeMap<String, (u32, u32)>) -> Vec<TokenStream> {
    let mut sections: BTreeMap<&str, Vec<(&str, u32, u32)>> = BTreeMap::new();
    for (pointer, (line, column)) in places {
        let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(end, _)| end);
        let (at, rest) = pointer.split_at(end);
        sections.entry(at).or_default().push((rest, *line, *column));
    }
    sections
        .into_iter()
        .map(|(at, mut places)| {
            places.sort_unstable();
            let first = places.iter().map(|(_, line, _)| *line).min().unwrap_or_default();
            let places = places.iter().map(|(rest, line, column)| {
                let line = Literal::u32_unsuffixed(line - first);
                let column = Literal::u32_unsuffixed(*column);
                quote!((#rest, #line, #column))
            });
            let line = Literal::u32_unsuffixed(first);
            quote!(Section { at: #at, line: #line, places: &[#(#places),*] })
        })
        .collect()
}

/// The schemas and parameters that are secret or contain a secret, and the properties of which the
/// document does not say what they contain.
///
/// `format: password` says so; markup comes from outside and may contain anything. A secret makes
/// everything secret that describes the same value (`allOf` and its like, and what
/// references lead to), and everything that contains the value.
fn secrets(view: &Model) -> BTreeSet<&str> {
    let mut secrets = BTreeSet::new();
    let mut implied: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for root in roots(view) {
        walk(root, &mut |schema| {
            let at = schema.pointer.as_str();
            if is_secret(schema) {
                secrets.insert(at);
            }
            if let Some(target) = &schema.reference {
                implied.entry(target).or_default().push(at);
                implied.entry(at).or_default().push(target);
            }
            for child in schema.children() {
                implied.entry(&child.pointer).or_default().push(at);
            }
            for part in same_value(schema) {
                implied.entry(at).or_default().push(&part.pointer);
            }
        });
    }
    for parameter in view.operations.iter().flat_map(|operation| &operation.parameters) {
        implied.entry(&parameter.schema.pointer).or_default().push(&parameter.pointer);
    }
    let mut open: Vec<&str> = secrets.iter().copied().collect();
    while let Some(pointer) = open.pop() {
        for next in implied.get(pointer).into_iter().flatten() {
            if secrets.insert(next) {
                open.push(next);
            }
        }
    }
    for root in roots(view) {
        walk(root, &mut |schema| {
            let properties = schema.properties.iter().flatten().map(|(_, property)| property);
            let unknown = properties.filter(|property| is_free(view.resolve(property), view));
            secrets.extend(unknown.map(|property| property.pointer.as_str()));
        });
    }
    secrets
}

fn is_secret(schema: &Schema) -> bool {
    schema.format.is_some_and(Format::is_secret)
}

/// Whether a schema takes values of which it does not say what they contain.
fn is_free(schema: &Schema, view: &Model) -> bool {
    let is_free_object = schema.kind == Some(Type::Object)
        && schema.properties.is_none()
        && !has_parts(schema)
        && !matches!(schema.additional_properties, Some(AdditionalProperties::Schema(_)));
    let is_free_array = schema.kind == Some(Type::Array)
        && schema.items.as_ref().is_none_or(|items| is_anything(view.resolve(items)));
    is_anything(schema) || is_free_object || is_free_array
}

impl<'d> Emitter<'d> {
    /// The places of the schemas that a payload may have to obey as a whole, and that have secrets
    /// under names that are the payload's own, with no name of the document above them.
    pub(super) fn concealing(&self) -> BTreeSet<&'d str> {
        let secrets = secrets(self.view);
        let concealing = roots(self.view).filter(|schema| self.conceals(schema, &secrets));
        concealing.map(|schema| schema.pointer.as_str()).collect()
    }

    fn conceals(&self, schema: &Schema, secrets: &BTreeSet<&str>) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            let schema = self.resolve(schema);
            if !seen.insert(schema.pointer.as_str()) {
                continue;
            }
            open.extend(same_value(schema).chain(schema.items.as_deref()));
            if let Some(AdditionalProperties::Schema(values)) = &schema.additional_properties {
                if secrets.contains(values.pointer.as_str()) {
                    return true;
                }
                open.push(values);
            }
        }
        false
    }
}
