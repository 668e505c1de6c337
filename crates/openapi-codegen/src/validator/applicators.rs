//! Schemas made of schemas: `allOf`, `anyOf`, `oneOf`, `not`.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::module::{Module, join};
use super::naming::on_one_line;
use super::types::{applicable_types, types_tokens};
use crate::model::Schema;
use crate::source::local_pointer;

impl<'d> Module<'_, 'd> {
    /// The schemas that a schema is made of, as statements that read the value once each.
    pub(super) fn parts(&mut self, schema: &'d Schema, scope: &str) -> Vec<TokenStream> {
        let at = &schema.pointer;
        let mut parts = Vec::new();
        let choices = [("anyOf", &schema.any_of), ("oneOf", &schema.one_of)];
        let choices = choices
            .into_iter()
            .filter_map(|(keyword, branches)| Some((keyword, branches.as_ref()?)));
        let is_shared =
            self.needs_own_pass(schema) || schema.all_of.len() + choices.clone().count() > 1;
        for (index, part) in schema.all_of.iter().enumerate() {
            let validator = self.validator(part, &join(scope, &format!("all of {index}")));
            parts.push(if is_shared {
                quote!(reader.part(#validator)?;)
            } else {
                quote!(#validator(reader)?;)
            });
        }
        for (keyword, branches) in choices {
            let doc = format!("`#{}/{keyword}`", on_one_line(at));
            let name = self.add(&join(scope, keyword), &doc, |module| {
                module.choice(schema, keyword, branches, scope, &TokenStream::new())
            });
            parts.push(if is_shared {
                quote!(reader.part(#name)?;)
            } else {
                quote!(#name(reader)?;)
            });
        }
        if let Some(not) = &schema.not {
            let validator = self.validator(not, &join(scope, "not"));
            parts.push(quote!(reader.not(#at, #validator)?;));
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
        let exactly_one = keyword == "oneOf";
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
                let mapping = mapping(discriminator, branches).into_iter().map(|(value, index)| {
                    let index = Literal::usize_unsuffixed(index);
                    quote!((#value, #index))
                });
                quote!(Some(Discriminator {
                    property_name: #property_name,
                    mapping: &[#(#mapping),*],
                }))
            }
        };
        for name in ["Branch", "ChoiceRules", "Types"] {
            self.import(name);
        }
        quote! {
            const RULES: ChoiceRules = ChoiceRules {
                at: #at,
                keyword: #keyword,
                exactly_one: #exactly_one,
                discriminator: #discriminator,
            };
            const BRANCHES: &[Branch] = &[#(#entries),*];
            #before
            reader.choice(&RULES, BRANCHES)
        }
    }

    /// Whether a schema says something itself, beside the schemas that it is made of.
    pub(super) fn needs_own_pass(&self, schema: &Schema) -> bool {
        schema.kind.is_some()
            || !applicable_types(schema).is_empty()
            || schema.values.is_some()
            || (schema.all_of.len() > 1 && self.documented_elsewhere(schema).is_some())
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
    discriminator: &crate::model::Discriminator,
    branches: &[Schema],
) -> Vec<(String, usize)> {
    let mut mapping = Vec::new();
    for (value, target) in &discriminator.mapping {
        let pointer =
            local_pointer(target).unwrap_or_else(|| format!("/components/schemas/{target}"));
        let index =
            branches.iter().position(|branch| branch.reference.as_deref() == Some(&pointer));
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
