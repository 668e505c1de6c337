//! Numbers and lists of requests have constructors that check what the document says of them.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, Type};

use crate::client::syntax::last_ident;
use crate::client::view::{Bound, NamedType};

/// The one way to make a value of a type.
pub(super) fn constructor(name: &Ident, inner: &Type, named: &NamedType) -> TokenStream {
    let checks = named.bounds.iter().map(|bound| check(bound, inner));
    quote! {
        impl TryFrom<#inner> for #name {
            type Error = error::ConversionError;

            fn try_from(value: #inner) -> Result<Self, error::ConversionError> {
                #(#checks)*
                Ok(Self(value))
            }
        }
    }
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
