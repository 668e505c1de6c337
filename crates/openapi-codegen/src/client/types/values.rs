//! Closed vocabularies, and values that are held to rules or have a name.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};
use serde_json::Value;

use super::checks;
use super::expressions::target;
use super::{Side, Types, doc};
use crate::client::syntax::same;
use crate::client::view::NamedType;
use crate::naming::Scope;

/// An enum of the values that a request may have.
pub(super) fn vocabulary(named: &NamedType) -> TokenStream {
    let values = named.schema.get("enum").and_then(Value::as_array);
    let mut known = std::collections::BTreeSet::new();
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    let values: Vec<&str> = values.filter(|value| known.insert(*value)).collect();
    let mut scope = Scope::default();
    let idents: Vec<_> = values.iter().map(|value| scope.type_name(value)).collect();
    let variants = values.iter().zip(&idents).map(|(value, ident)| {
        let rename = (ident != value).then(|| quote!(#[serde(rename = #value)]));
        quote!(#rename #ident)
    });
    let (doc, name) = (doc(named), format_ident!("{}", named.name));
    quote! {
        #[doc = #doc]
        #[derive(::serde::Serialize, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum #name {
            #(#variants,)*
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match *self {
                    #(Self::#idents => f.write_str(#values),)*
                }
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = error::ConversionError;

            fn from_str(value: &str) -> Result<Self, error::ConversionError> {
                match value {
                    #(#values => Ok(Self::#idents),)*
                    _ => Err("invalid value".into()),
                }
            }
        }
    }
}

impl Types<'_> {
    /// A value with a name: it is made of what is inside, by a constructor if there are rules.
    pub(super) fn newtype(&self, side: Side, named: &NamedType) -> TokenStream {
        let (doc, name) = (doc(named), format_ident!("{}", named.name));
        let inner = self.held(side, &named.name, &named.schema);
        let is_text = same(&inner, &quote!(String));
        let lengths = lengths(&named.schema);
        let is_checked = !lengths.is_empty() || !named.bounds.is_empty();
        let public = (!is_checked).then(|| quote!(pub));
        let attributes = match side {
            Side::Response => self.attributes(side, named, false),
            Side::Request => {
                let comparable = is_text.then(|| quote!(Eq, Hash, Ord, PartialEq, PartialOrd));
                quote! {
                    #[doc = #doc]
                    #[derive(::serde::Serialize, Clone, Debug, #comparable)]
                }
            }
        };
        let from = (!is_checked).then(|| {
            quote! {
                impl From<#inner> for #name {
                    fn from(value: #inner) -> Self {
                        Self(value)
                    }
                }
            }
        });
        let checked = (!named.bounds.is_empty()).then(|| checks::constructor(&name, &inner, named));
        let printed = (!lengths.is_empty() || self.is_printed(&named.schema)).then(|| {
            quote! {
                impl ::std::fmt::Display for #name {
                    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        ::std::fmt::Display::fmt(&self.0, f)
                    }
                }
            }
        });
        let parsed = is_text.then(|| from_str(&name, &lengths));
        let shape = self.shape_of(side, named);
        let described = self.described_by_hand(side, named);
        quote! {
            #attributes
            #[serde(transparent)]
            pub struct #name(#public #inner);

            #checked

            impl ::std::ops::Deref for #name {
                type Target = #inner;

                fn deref(&self) -> &#inner {
                    &self.0
                }
            }

            #from
            #printed
            #parsed
            #shape
            #described
        }
    }

    /// Whether a value can be printed.
    fn is_printed(&self, schema: &Value) -> bool {
        if let Some(name) = target(schema) {
            let named = self.by_name.get(name);
            return self.enums.contains_key(name)
                || named.is_some_and(|named| {
                    let plain = named.union.is_none() && named.schema.get("properties").is_none();
                    plain && (named.schema.get("enum").is_some() || self.is_printed(&named.schema))
                });
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        match (text("type"), text("format")) {
            (Some("string"), Some("password" | "html" | "private-text")) | (None, _) => false,
            (Some(kind), _) => !matches!(kind, "array" | "object"),
        }
    }
}

/// Refuses text; the message follows "is".
fn lengths(schema: &Value) -> Vec<TokenStream> {
    let size = |key: &str| schema.get(key).and_then(Value::as_u64);
    let characters = |count| if count == 1 { "character" } else { "characters" };
    let check =
        |is_broken: TokenStream, text: String| quote!(if #is_broken { return Err(#text.into()); });
    let longest = size("maxLength").map(|most| {
        let literal = Literal::u64_unsuffixed(most);
        let text = format!("longer than {most} {}", characters(most));
        check(quote!(value.chars().count() > #literal), text)
    });
    let shortest = size("minLength").map(|least| {
        let literal = Literal::u64_unsuffixed(least);
        let text = match least {
            1 => "empty".to_owned(),
            least => format!("shorter than {least} characters"),
        };
        check(quote!(value.chars().count() < #literal), text)
    });
    longest.into_iter().chain(shortest).collect()
}

fn from_str(name: &proc_macro2::Ident, lengths: &[TokenStream]) -> TokenStream {
    let error = if lengths.is_empty() {
        quote!(::std::convert::Infallible)
    } else {
        quote!(error::ConversionError)
    };
    quote! {
        impl ::std::str::FromStr for #name {
            type Err = #error;

            fn from_str(value: &str) -> Result<Self, #error> {
                #(#lengths)*
                Ok(Self(value.to_string()))
            }
        }
    }
}

/// Whether code needs the module of conversion errors.
pub(super) fn mentions_error(code: &TokenStream) -> bool {
    code.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "ConversionError",
        TokenTree::Group(group) => mentions_error(&group.stream()),
        _ => false,
    })
}

pub(super) fn error_module() -> TokenStream {
    quote! {
        /// Error types.
        pub mod error {
            /// Error from a `TryFrom` or `FromStr` implementation.
            pub struct ConversionError(::std::borrow::Cow<'static, str>);

            impl ::std::error::Error for ConversionError {}

            impl ::std::fmt::Display for ConversionError {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> Result<(), ::std::fmt::Error> {
                    ::std::fmt::Display::fmt(&self.0, f)
                }
            }

            impl ::std::fmt::Debug for ConversionError {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> Result<(), ::std::fmt::Error> {
                    ::std::fmt::Debug::fmt(&self.0, f)
                }
            }

            impl From<&'static str> for ConversionError {
                fn from(value: &'static str) -> Self {
                    Self(value.into())
                }
            }

            impl From<String> for ConversionError {
                fn from(value: String) -> Self {
                    Self(value.into())
                }
            }
        }
    }
}
