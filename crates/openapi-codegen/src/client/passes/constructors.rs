//! Responses can be built by tests and servers, and still grow: each has a constructor that takes what
//! the document requires, or a default if it requires nothing.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Fields, Item, ItemStruct, parse_quote};

use super::super::code::Code;
use super::super::syntax::{edit_derives, has_derive, is_impl_of, last_ident, wire_name};
use super::super::view::{NamedType, TolerantView};

pub(super) fn run(code: &mut Code, view: &TolerantView) {
    let mut built = Vec::new();
    let has_default = with_default(&code.types.items);
    for mut item in std::mem::take(&mut code.types.items) {
        let mut constructor = None;
        if let Item::Struct(item) = &mut item
            && matches!(item.fields, Fields::Named(_))
        {
            let named = view.types.iter().find(|named| item.ident == named.name.as_str());
            // Consumers read it; a member that is added later must not break them.
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            constructor = self::constructor(item, named);
            if constructor.is_none() && !has_default.contains(&item.ident.to_string()) {
                edit_derives(&mut item.attrs, |derives| {
                    if !has_derive(derives, "Default") {
                        derives.push(parse_quote!(Default));
                    }
                });
            }
        }
        built.push(item);
        built.extend(constructor);
    }
    code.types.items = built;
}

/// The types that implement `Default` by hand.
fn with_default(items: &[Item]) -> BTreeSet<String> {
    let implemented = items.iter().filter_map(|item| match item {
        Item::Impl(item) if is_impl_of(item, "Default") => last_ident(&item.self_ty),
        _ => None,
    });
    implemented.map(ToString::to_string).collect()
}

fn is_required(field: &Field, named: Option<&NamedType>) -> bool {
    match named {
        Some(named) => named.required.contains(&wire_name(field)),
        None => last_ident(&field.ty)
            .is_none_or(|ident| !["Option", "List", "Map"].contains(&ident.to_string().as_str())),
    }
}

fn constructor(item: &ItemStruct, named: Option<&NamedType>) -> Option<Item> {
    let required: Vec<_> = item.fields.iter().filter(|field| is_required(field, named)).collect();
    if required.is_empty() {
        return None;
    }
    let arguments = required.iter().map(|field| {
        let (ident, ty) = (&field.ident, &field.ty);
        quote!(#ident: #ty)
    });
    let values = item.fields.iter().map(|field| -> TokenStream {
        let ident = &field.ident;
        let is_given = required.iter().any(|required| required.ident == *ident);
        if is_given { quote!(#ident) } else { quote!(#ident: Default::default()) }
    });
    let name = &item.ident;
    Some(parse_quote! {
        impl #name {
            /// One that has nothing but what the document requires.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        }
    })
}
