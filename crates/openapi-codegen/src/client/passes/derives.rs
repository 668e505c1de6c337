//! What types derive: responses can always be read, and written without their secrets; describing them is
//! a feature.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Attribute, Item, parse_quote};

use super::super::code::{Code, mentioned};
use super::super::syntax::{attributes, defined_name, edit_derives, has_derive, identifiers};
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    let incomparable = incomparable(&code.types.items, &code.names);
    for item in &mut code.types.items {
        let name = defined_name(item).unwrap_or_default();
        if let Some(attributes) = attributes(item) {
            edit_derives(attributes, |derives| {
                if !incomparable.contains(&name) && !has_derive(derives, "PartialEq") {
                    derives.push(parse_quote!(PartialEq));
                }
            });
            gate(attributes);
        }
    }
}

/// The types whose members cannot all be compared: secrets are not, so that nobody compares them in a
/// time that tells how far they agree.
fn incomparable(items: &[Item], names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut open = Vec::new();
    for item in items {
        let Some(name) = defined_name(item) else { continue };
        for held in mentioned(item.to_token_stream(), names) {
            holders.entry(held).or_default().push(name.clone());
        }
        if identifiers(item.to_token_stream()).contains("Secret") {
            open.push(name);
        }
    }
    while let Some(name) = open.pop() {
        if found.insert(name.clone()) {
            open.extend(holders.get(&name).into_iter().flatten().cloned());
        }
    }
    found
}

fn gate(attributes: &mut Vec<Attribute>) {
    let schemars = parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]);
    let utoipa = parse_quote!(#[cfg_attr(feature = "utoipa", derive(::utoipa::ToSchema))]);
    let gates = [schemars, utoipa];
    let after_derive = attributes
        .iter()
        .position(|attribute| attribute.path().is_ident("derive"))
        .map_or(0, |position| position + 1);
    attributes.splice(after_derive..after_derive, gates);
}
