//! Types and their members in the order in which the document lists them; typify sorts by name.
//!
//! A response that is written again has the vendor's order, and whoever reads a type finds together
//! what belongs together.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::{Field, Fields, Item};

use super::super::code::{Code, File, mentioned, owner};
use super::super::syntax::{defined_name, wire_name};
use super::super::view::{NamedType, TolerantView};

pub(super) fn run(code: &mut Code, view: &TolerantView) {
    let names = code.names.clone();
    for file in code.files() {
        sort_types(file, &names, view);
        for item in &mut file.items {
            let name = defined_name(item);
            if let Some(named) = view.types.iter().find(|named| Some(&named.name) == name.as_ref())
            {
                sort_members(item, named);
            }
        }
    }
}

/// Members that the document does not list stay behind those that it does.
fn sort_members(item: &mut Item, named: &NamedType) {
    let Item::Struct(item) = item else { return };
    let Fields::Named(fields) = &mut item.fields else { return };
    let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
    sorted.sort_by_cached_key(|field| {
        let name = wire_name(field);
        named.members.iter().position(|known| *known == name).unwrap_or(named.members.len())
    });
    fields.named = sorted.into_iter().collect();
}

/// A type that has no place in the document follows the first that mentions it.
fn sort_types(file: &mut File, names: &BTreeSet<String>, view: &TolerantView) {
    let mut items: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for item in std::mem::take(&mut file.items) {
        items.entry(owner(&item, names).unwrap_or_default()).or_default().push(item);
    }
    let placed: BTreeSet<&str> = view.types.iter().map(|named| named.name.as_str()).collect();
    let documented = view.types.iter().map(|named| named.name.clone());
    let rest: Vec<String> = items.keys().cloned().collect();
    for name in documented.chain(rest) {
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            let Some(found) = items.remove(&name) else { continue };
            let mentions = found.iter().flat_map(|item| mentioned(item.to_token_stream(), names));
            let mut mentions: Vec<String> =
                mentions.filter(|name| !placed.contains(name.as_str())).collect();
            mentions.reverse();
            open.extend(mentions);
            file.items.extend(found);
        }
    }
}
