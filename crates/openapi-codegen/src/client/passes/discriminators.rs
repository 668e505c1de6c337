//! A response that a discriminator tells apart is read as what it says, not as the first type that fits.

use quote::{format_ident, quote};
use syn::{Fields, Item, ItemEnum, parse_quote};

use super::super::code::Code;
use super::super::syntax::last_ident;
use super::super::view::{Discriminator, TolerantView};

pub(super) fn run(code: &mut Code, view: &TolerantView) {
    let mut read = Vec::new();
    for mut item in std::mem::take(&mut code.types.items) {
        let mut reader = None;
        if let Item::Enum(item) = &mut item {
            let named = view.types.iter().find(|named| item.ident == named.name.as_str());
            let discriminator = named.and_then(|named| named.discriminator.as_ref());
            reader = discriminator.and_then(|discriminator| self::reader(item, discriminator));
        }
        read.push(item);
        read.extend(reader);
    }
    code.types.items = read;
}

/// Adds the variant for what the document does not know, and returns the implementation that reads.
fn reader(item: &mut ItemEnum, discriminator: &Discriminator) -> Option<Item> {
    let arms: Vec<_> = item
        .variants
        .iter()
        .filter_map(|variant| {
            let Fields::Unnamed(fields) = &variant.fields else { return None };
            let holds = last_ident(&fields.unnamed.first()?.ty)?.to_string();
            let values = discriminator.values.iter().filter(|(_, target)| *target == holds);
            let values: Vec<&String> = values.map(|(value, _)| value).collect();
            let name = &variant.ident;
            (!values.is_empty()).then(
                || quote!(Some(#(#values)|*) => ::serde_json::from_value(value).map(Self::#name),),
            )
        })
        .collect();
    if arms.is_empty() {
        return None;
    }
    // What it is made of says nothing of what it is.
    item.attrs.push(parse_quote!(#[serde(try_from = "::serde_json::Value")]));
    item.attrs.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(!try_from))]));
    let is_taken = |name: &str| item.variants.iter().any(|variant| variant.ident == name);
    let unknown = format_ident!("{}", if is_taken("Unknown") { "UnknownKind" } else { "Unknown" });
    item.variants.push(parse_quote! {
        /// A kind that the document does not know, or none.
        #unknown(::openapi_client::AnyValue)
    });
    let (name, property) = (&item.ident, &discriminator.property);
    Some(parse_quote! {
        impl ::std::convert::TryFrom<::serde_json::Value> for #name {
            type Error = ::serde_json::Error;

            fn try_from(value: ::serde_json::Value) -> ::std::result::Result<Self, Self::Error> {
                match value.get(#property).and_then(::serde_json::Value::as_str) {
                    #(#arms)*
                    _ => ::serde_json::from_value(value).map(Self::#unknown),
                }
            }
        }
    })
}
