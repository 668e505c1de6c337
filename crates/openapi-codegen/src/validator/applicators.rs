//! Schemas made of schemas: `allOf`, `anyOf`, `oneOf`, `not`.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::composition::says_something;
use super::module::{Module, at, has_parts, join};
use super::types::types_tokens;
use crate::model::{Discriminator, Model, Schema};
use crate::naming::on_one_line;

impl<'d> Module<'_, 'd> {
    /// The check of a schema with all that it is made of, as rules and an expression.
    pub(super) fn all_of(&mut self, schema: &'d Schema, scope: &str) -> (TokenStream, TokenStream) {
        let own = (self.needs_own_pass(schema) || !has_parts(schema)).then(|| {
            let doc = format!("{}, without what surrounds it", at(schema));
            self.add(&join(scope, "itself"), &doc, |module| {
                module.own(schema, scope, &TokenStream::new())
            })
        });
        let parts = self.parts(schema, scope);
        match (&own, parts.as_slice()) {
            (Some(only), []) => return (quote!(), quote!(#only(reader))),
            (None, [only]) => return (quote!(), quote!(#only(reader))),
            _ => {}
        }
        let own = own.map_or_else(|| quote!(None), |own| quote!(Some(#own)));
        let (read_only, write_only) = self.emitter.marked_members(schema);
        let (read_only, write_only) = (read_only.iter(), write_only.iter());
        self.import("AllOf");
        let rules = quote! {
            const PARTS: AllOf = AllOf {
                own: #own,
                parts: &[#(#parts),*],
                read_only: &[#(#read_only),*],
                write_only: &[#(#write_only),*],
            };
        };
        (rules, quote!(reader.all_of(&PARTS)))
    }

    /// The functions of the schemas that a schema is made of.
    fn parts(&mut self, schema: &'d Schema, scope: &str) -> Vec<TokenStream> {
        let mut parts = Vec::new();
        for (index, part) in schema.all_of.iter().enumerate() {
            parts.push(self.validator(part, &join(scope, &format!("all of {index}"))));
        }
        for (keyword, branches) in [("anyOf", &schema.any_of), ("oneOf", &schema.one_of)] {
            let Some(branches) = branches else { continue };
            let doc = format!("`#{}/{keyword}`", on_one_line(&schema.pointer));
            let name = self.add(&join(scope, keyword), &doc, |module| {
                module.choice(schema, keyword, branches, scope, &TokenStream::new())
            });
            parts.push(quote!(#name));
        }
        if let Some(not) = &schema.not {
            let at = &schema.pointer;
            let doc = format!("`#{}/not`", on_one_line(at));
            let name = self.add(&join(scope, "not"), &doc, |module| {
                let validator = module.validator(not, &join(scope, "what it is not"));
                quote!(reader.not(#at, #validator))
            });
            parts.push(quote!(#name));
        }
        parts
    }

    /// The statements that choose between the branches of `anyOf` or `oneOf`.
    pub(super) fn choice(
        &mut self,
        schema: &'d Schema,
        keyword: &str,
        branches: &'d [Schema],
        scope: &str,
        before: &TokenStream,
    ) -> TokenStream {
        let at = &schema.pointer;
        let mut entries = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let types = types_tokens(&self.emitter.types(branch, &mut BTreeSet::new()));
            let validator = self.validator(branch, &join(scope, &format!("{keyword} {index}")));
            entries.push(quote!(Branch { types: #types, validator: #validator }));
        }
        let discriminator = match &schema.discriminator {
            None => quote!(None),
            Some(discriminator) => {
                self.import("Discriminator");
                let property_name = &discriminator.property_name;
                let mapping = mapping(self.emitter.view, discriminator, branches).into_iter();
                let mapping = mapping.map(|(value, index)| {
                    let index = Literal::usize_unsuffixed(index);
                    quote!((#value, #index))
                });
                quote!(Some(Discriminator {
                    property_name: #property_name,
                    mapping: &[#(#mapping),*],
                }))
            }
        };
        for name in ["Alternatives", "Branch", "Types"] {
            self.import(name);
        }
        let method = if keyword == "oneOf" { quote!(one_of) } else { quote!(any_of) };
        quote! {
            const BRANCHES: Alternatives = Alternatives {
                at: #at,
                branches: &[#(#entries),*],
                discriminator: #discriminator,
            };
            #before
            reader.#method(&BRANCHES)
        }
    }

    /// Whether a schema has to be checked apart from the schemas that it is made of.
    pub(super) fn needs_own_pass(&self, schema: &Schema) -> bool {
        says_something(schema)
            || (schema.all_of.len() > 1 && self.emitter.documented_elsewhere(schema).is_some())
    }
}

/// The `anyOf` or `oneOf` of a schema that is made of nothing else.
pub(super) fn only_chooses(schema: &Schema) -> Option<(&'static str, &[Schema])> {
    if !schema.all_of.is_empty() || schema.not.is_some() {
        return None;
    }
    match (&schema.any_of, &schema.one_of) {
        (Some(branches), None) => Some(("anyOf", branches)),
        (None, Some(branches)) => Some(("oneOf", branches)),
        _ => None,
    }
}

/// The values of a discriminator, each with the index of its branch.
fn mapping(
    model: &Model,
    discriminator: &Discriminator,
    branches: &[Schema],
) -> Vec<(String, usize)> {
    let mut mapping = Vec::new();
    for (value, target) in &discriminator.mapping {
        let target = model.mapped(target).map(|target| target.pointer.as_str());
        let index = branches
            .iter()
            .position(|branch| target.is_some() && branch.reference.as_deref() == target);
        mapping.extend(index.map(|index| (value.clone(), index)));
    }
    for (index, branch) in branches.iter().enumerate() {
        let name = branch.reference.as_deref().and_then(|pointer| pointer.rsplit('/').next());
        if let Some(name) = name
            && !mapping.iter().any(|(value, _)| value == name)
        {
            mapping.push((name.to_owned(), index));
        }
    }
    mapping
}
