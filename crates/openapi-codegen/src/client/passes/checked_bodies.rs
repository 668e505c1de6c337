//! Bodies are made and written, never read; their numbers and lists have constructors that check what
//! the document says of them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, Fields, Item, ItemImpl, Type, Visibility, parse_quote};

use super::super::code::{Code, owner};
use super::super::syntax::{attributes, edit_derives, is_impl_of, is_serde, last_ident};
use super::super::view::{Bound, TolerantView};

pub(super) fn run(code: &mut Code, view: &TolerantView) {
    let bounds: BTreeMap<&str, &[Bound]> =
        view.types.iter().map(|named| (named.name.as_str(), &named.bounds[..])).collect();
    let names = &code.names;
    let mut checked = Vec::new();
    for mut item in std::mem::take(&mut code.bodies.items) {
        let name = owner(&item, names).unwrap_or_default();
        let bounds = bounds.get(name.as_str()).copied().unwrap_or_default();
        if let Item::Impl(item) = &item
            && (is_read(item, &name) || is_unchecked(item, bounds))
        {
            continue;
        }
        if let Some(attributes) = attributes(&mut item) {
            edit_derives(attributes, |derives| {
                derives.retain(|derive| !is_serde(derive, "Deserialize"));
            });
        }
        let constructor = constructor(&mut item, bounds);
        checked.push(item);
        checked.extend(constructor);
    }
    code.bodies.items = checked;
}

/// `FromStr`, or `From` of what is inside, makes a value; nothing takes it apart again.
fn is_read(item: &ItemImpl, name: &str) -> bool {
    let is_of_another = last_ident(&item.self_ty).is_none_or(|ident| ident != name);
    is_of_another || is_impl_of(item, "Deserialize") || is_impl_of(item, "TryFrom")
}

/// Whether this makes a value without looking at it.
fn is_unchecked(item: &ItemImpl, bounds: &[Bound]) -> bool {
    !bounds.is_empty() && (is_impl_of(item, "From") || is_impl_of(item, "FromStr"))
}

/// Closes a type, and returns the one way to make a value of it.
fn constructor(item: &mut Item, bounds: &[Bound]) -> Option<Item> {
    let Item::Struct(item) = item else { return None };
    let Fields::Unnamed(fields) = &mut item.fields else { return None };
    let field = fields.unnamed.first_mut().filter(|_| !bounds.is_empty())?;
    field.vis = Visibility::Inherited;
    let (name, inner) = (&item.ident, &field.ty);
    let checks = bounds.iter().map(|bound| check(bound, inner));
    Some(parse_quote! {
        impl ::std::convert::TryFrom<#inner> for #name {
            type Error = self::error::ConversionError;

            fn try_from(value: #inner) -> Result<Self, self::error::ConversionError> {
                #(#checks)*
                Ok(Self(value))
            }
        }
    })
}

/// Refuses a value; the text follows "is".
fn check(bound: &Bound, inner: &Type) -> TokenStream {
    let (is_broken, text) = match bound {
        Bound::Least { number, is_exclusive: false } => {
            (compare(inner, number, &quote!(<)), format!("less than {number}"))
        }
        Bound::Least { number, is_exclusive: true } => {
            (compare(inner, number, &quote!(<=)), format!("not more than {number}"))
        }
        Bound::Most { number, is_exclusive: false } => {
            (compare(inner, number, &quote!(>)), format!("more than {number}"))
        }
        Bound::Most { number, is_exclusive: true } => {
            (compare(inner, number, &quote!(>=)), format!("not less than {number}"))
        }
        Bound::MultipleOf(number) => {
            let literal = literal(&number.to_string());
            (quote!(value % #literal != 0), format!("not a multiple of {number}"))
        }
        Bound::FewestItems(1) => (quote!(value.is_empty()), "empty".to_owned()),
        Bound::FewestItems(count) => {
            let literal = literal(&count.to_string());
            (quote!(value.len() < #literal), format!("shorter than {count} items"))
        }
        Bound::MostItems(count) => {
            let literal = literal(&count.to_string());
            (quote!(value.len() > #literal), format!("longer than {count} items"))
        }
        Bound::Distinct => {
            // What is equal on the wire is equal; the items themselves need not be comparable.
            let is_broken = quote!({
                let mut seen = ::std::collections::BTreeSet::new();
                !value
                    .iter()
                    .all(|item| ::serde_json::to_string(item).is_ok_and(|text| seen.insert(text)))
            });
            (is_broken, "not free of duplicates".to_owned())
        }
    };
    quote!(if #is_broken { return Err(#text.into()); })
}

fn compare(inner: &Type, number: &str, operator: &TokenStream) -> TokenStream {
    match last_ident(inner).map(ToString::to_string).as_deref() {
        Some("i64") => {
            let literal = literal(number);
            quote!(value #operator #literal)
        }
        Some("f32" | "f64") => {
            let number: f64 = number.parse().unwrap_or_default();
            let literal = literal(&format!("{number:?}"));
            quote!(value #operator #literal)
        }
        _ => quote!(#number.parse().is_ok_and(|bound: #inner| value #operator bound)),
    }
}

fn literal(text: &str) -> Option<Expr> {
    syn::parse_str(text).ok()
}
