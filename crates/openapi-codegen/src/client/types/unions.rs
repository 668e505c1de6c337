//! Alternatives.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::Type;

use super::expressions::target;
use super::{Side, Types};
use crate::client::view::{Discriminator, Fallback, NamedType, PRIVATE_TEXT, SENT_SECRET, Union};
use crate::naming::Scope;

/// An alternative.
struct Variant {
    ident: Ident,
    ty: Type,
}

impl Types<'_> {
    pub(super) fn union(&self, side: Side, named: &NamedType, union: &Union) -> TokenStream {
        let alternatives = named.schema.get("oneOf").and_then(Value::as_array);
        let alternatives = alternatives.map_or(&[][..], Vec::as_slice);
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for (index, schema) in alternatives.iter().enumerate() {
            let text = match union.names.get(index) {
                Some(name) => short(&named.name, name),
                None => variant_name(&named.name, schema),
            };
            let ident = scope.take(text);
            variants.push(Variant { ident, ty: self.held(side, &named.name, schema) });
        }
        let is_any = side == Side::Response && union.fallback == Fallback::Any;
        let unknown = is_any.then(|| scope.take("Unknown".to_owned()));
        let declared = variants.iter().map(|Variant { ident, ty }| quote!(#ident(#ty)));
        let other = unknown.as_ref().map(|unknown| {
            quote! {
                /// What the document does not know.
                #unknown(::openapi_client::AnyValue),
            }
        });
        let attributes = self.attributes(side, named, false);
        // What it is read from says nothing of what it is.
        let reading = (side == Side::Response).then(|| {
            quote! {
                #[serde(try_from = "::openapi_client::Undecided")]
                #[cfg_attr(feature = "schemars", schemars(!try_from))]
            }
        });
        let name = format_ident!("{}", named.name);
        let conversions = conversions(&name, &variants);
        let reader = (side == Side::Response)
            .then(|| self.reader(&name, union, alternatives, &variants, unknown.as_ref()));
        let shape = self.shape_of(side, named);
        let described = self.described_by_hand(side, named);
        quote! {
            #attributes
            #[serde(untagged)]
            #reading
            pub enum #name {
                #(#declared,)*
                #other
            }

            #conversions
            #reader
            #shape
            #described
        }
    }

    /// The implementation that reads.
    fn reader(
        &self,
        name: &Ident,
        union: &Union,
        alternatives: &[Value],
        variants: &[Variant],
        unknown: Option<&Ident>,
    ) -> TokenStream {
        let tagged = union.discriminator.as_ref().filter(|it| !it.values.is_empty());
        let tagged = tagged.map(|discriminator| by_tag(discriminator, variants));
        let untold = union.untold(variants.len());
        let last = match (unknown, variants.last()) {
            (Some(unknown), _) => quote!(value.read().map(Self::#unknown)),
            (None, Some(last)) => {
                let ident = &last.ident;
                quote!(value.read().map(Self::#ident))
            }
            (None, None) => return TokenStream::new(),
        };
        let by_shape = (!untold.is_empty()).then(|| {
            let shapes = untold.iter().map(|index| self.shape(&alternatives[*index]));
            let arms = untold.iter().enumerate().map(|(number, index)| {
                let number = proc_macro2::Literal::usize_unsuffixed(number);
                let ident = &variants[*index].ident;
                quote!(#number => value.read().map(Self::#ident))
            });
            let method = if union.may_combine { quote!(combination) } else { quote!(alternatives) };
            quote! {
                const SHAPES: &[::openapi_client::Shape] = &[#(#shapes),*];
                for alternative in value.#method(SHAPES) {
                    let read = match alternative {
                        #(#arms,)*
                        _ => break,
                    };
                    if read.is_ok() {
                        return read;
                    }
                }
            }
        });
        quote! {
            impl ::std::convert::TryFrom<::openapi_client::Undecided> for #name {
                type Error = ::serde_json::Error;

                fn try_from(
                    value: ::openapi_client::Undecided,
                ) -> ::std::result::Result<Self, ::serde_json::Error> {
                    #tagged
                    #by_shape
                    #last
                }
            }
        }
    }
}

fn by_tag(discriminator: &Discriminator, variants: &[Variant]) -> TokenStream {
    let property = &discriminator.property;
    let arms = variants.iter().enumerate().filter_map(|(index, Variant { ident, .. })| {
        let values = discriminator.values.iter().filter(|(_, of)| *of == index);
        let values: Vec<&String> = values.map(|(value, _)| value).collect();
        (!values.is_empty())
            .then(|| quote!(Some(#(#values)|*) => return value.read().map(Self::#ident)))
    });
    quote! {
        match value.member(#property).as_deref() {
            #(#arms,)*
            _ => {}
        }
    }
}

/// Makes an alternative of what only one of them holds.
fn conversions(name: &Ident, variants: &[Variant]) -> TokenStream {
    let texts: Vec<String> =
        variants.iter().map(|variant| variant.ty.to_token_stream().to_string()).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in &texts {
        *counts.entry(text).or_default() += 1;
    }
    let unique = variants.iter().enumerate().filter(|(index, _)| {
        let text = texts[*index].as_str();
        // Text is told apart by what it says, not by what it is.
        text != "String" && counts.get(text) == Some(&1)
    });
    let conversions = unique.map(|(_, Variant { ident, ty })| {
        quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#ident(value)
                }
            }
        }
    });
    conversions.collect()
}

/// A name without that of the union; what is sent is called like what is received.
fn short(union: &str, name: &str) -> String {
    let request = |name| str::strip_suffix(name, "Request").filter(|it| !it.is_empty());
    let (union, name) = match (request(union), request(name)) {
        (Some(union), name_of_response) => (union, name_of_response.unwrap_or(name)),
        (None, _) => (union, name),
    };
    let rest = name.strip_prefix(union).filter(|rest| rest.starts_with(char::is_uppercase));
    rest.unwrap_or(name).to_owned()
}

/// What an alternative is called: by its type.
fn variant_name(union: &str, schema: &Value) -> String {
    if let Some(name) = target(schema) {
        return short(union, name);
    }
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let name = match (text("type"), text("format")) {
        (Some("string"), None | Some(PRIVATE_TEXT | "binary")) => "Text",
        (Some("string"), Some("date-time")) => "Timestamp",
        (Some("string"), Some("password" | SENT_SECRET)) => "Secret",
        (Some("string"), Some(_)) => "Html",
        (Some("boolean"), _) => "Boolean",
        (Some("integer"), _) => "Integer",
        (Some("number"), _) => "Number",
        (Some("array"), _) => "List",
        (Some("object"), _) => "Map",
        _ => "Any",
    };
    name.to_owned()
}
