//! Questions about generated code, and edits of its attributes.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Item, ItemImpl, LitStr, Meta, Path, Token, Type, parse_quote};

/// All identifiers of some code.
pub(super) fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => found.extend(identifiers(group.stream())),
            _ => {}
        }
    }
    found
}

/// Whether two pieces of code are the same but for their places.
pub(super) fn same(left: &impl ToTokens, right: &impl ToTokens) -> bool {
    left.to_token_stream().to_string() == right.to_token_stream().to_string()
}

/// The name of the type that an item defines.
pub(super) fn defined_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

pub(super) fn last_ident(of: &Type) -> Option<&Ident> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

pub(super) fn is_impl_of(item: &ItemImpl, name: &str) -> bool {
    item.trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last())
        .is_some_and(|segment| segment.ident == name)
}

/// The attributes of a struct or an enum.
pub(super) fn attributes(item: &mut Item) -> Option<&mut Vec<Attribute>> {
    match item {
        Item::Struct(item) => Some(&mut item.attrs),
        Item::Enum(item) => Some(&mut item.attrs),
        _ => None,
    }
}

/// The fields of a struct, or those of all variants of an enum.
pub(super) fn fields(item: &mut Item) -> Vec<&mut Field> {
    match item {
        Item::Struct(item) => item.fields.iter_mut().collect(),
        Item::Enum(item) => {
            item.variants.iter_mut().flat_map(|variant| variant.fields.iter_mut()).collect()
        }
        _ => Vec::new(),
    }
}

/// What a field is called in JSON.
pub(super) fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments have no value or none that matters.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident("rename") {
                name = value?.value();
            }
            Ok(())
        });
    }
    name
}

/// Whether a derive is that of serde for a trait.
pub(super) fn is_serde(path: &Path, name: &str) -> bool {
    path.segments.first().is_some_and(|segment| segment.ident == "serde")
        && path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// Whether a trait is among what is derived.
pub(super) fn has_derive(derives: &[Path], name: &str) -> bool {
    derives.iter().any(|derive| derive.segments.last().is_some_and(|last| last.ident == name))
}

/// Edits what is derived.
pub(super) fn edit_derives(attributes: &mut [Attribute], edit: impl Fn(&mut Vec<Path>)) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let parse = Punctuated::<Path, Token![,]>::parse_terminated;
        if let Ok(derives) = attribute.parse_args_with(parse) {
            let mut derives = derives.into_iter().collect();
            edit(&mut derives);
            attribute.meta = parse_quote!(derive(#(#derives),*));
        }
    }
}

/// Edits what serde is told.
pub(super) fn edit_serde(attributes: &mut [Attribute], edit: impl Fn(&mut Vec<Meta>)) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
        if let Ok(arguments) = attribute.parse_args_with(parse) {
            let mut arguments = arguments.into_iter().collect();
            edit(&mut arguments);
            attribute.meta = parse_quote!(serde(#(#arguments),*));
        }
    }
}
