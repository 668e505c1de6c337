//! Lets generated code take other crates from its runtime, so that it depends on nothing else.

use std::collections::BTreeSet;

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, File, ItemEnum, ItemStruct, parse_quote};

/// The crates that the runtime hands on, with the feature that some of them take.
const CRATES: [(&str, Option<&str>); 6] = [
    ("progenitor_client", None),
    ("reqwest", None),
    ("schemars", Some("schemars")),
    ("serde", None),
    ("serde_json", None),
    ("utoipa", Some("utoipa")),
];

/// Puts the runtime's crates in place of those that code names.
pub(in super::super) fn hand_on(code: TokenStream) -> syn::Result<TokenStream> {
    let mut file: File = syn::parse2(code)?;
    Derives.visit_file_mut(&mut file);
    let mut used = BTreeSet::new();
    let mut file: File = syn::parse2(renamed(file.into_token_stream(), &mut used))?;
    let (gated, plain): (Vec<_>, Vec<_>) = CRATES
        .iter()
        .filter(|(name, _)| used.contains(name))
        .partition(|(_, feature)| feature.is_some());
    let plain: Vec<Ident> = plain.iter().map(|(name, _)| format_ident!("{name}")).collect();
    let plain = (!plain.is_empty()).then(|| parse_quote!(use ::openapi_client::{#(#plain),*};));
    let gated = gated.iter().map(|(name, feature)| {
        let name = format_ident!("{name}");
        parse_quote!(#[cfg(feature = #feature)] use ::openapi_client::#name;)
    });
    file.items.splice(0..0, plain.into_iter().chain(gated));
    Ok(file.into_token_stream())
}

fn renamed(code: TokenStream, used: &mut BTreeSet<&str>) -> TokenStream {
    let mut renamed: Vec<TokenTree> = Vec::new();
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self::renamed(group.stream(), used));
                inner.set_span(group.span());
                renamed.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(name) => {
                if begins_path(&renamed)
                    && let Some((known, _)) = CRATES.iter().find(|(known, _)| name == known)
                {
                    used.insert(known);
                    renamed.truncate(renamed.len() - 2);
                }
                renamed.push(TokenTree::Ident(name));
            }
            TokenTree::Literal(literal) => {
                renamed.push(TokenTree::Literal(renamed_text(literal, used)));
            }
            other @ TokenTree::Punct(_) => renamed.push(other),
        }
    }
    renamed.into_iter().collect()
}

/// serde takes the paths of functions as text.
fn renamed_text(literal: Literal, used: &mut BTreeSet<&str>) -> Literal {
    let text = literal.to_string();
    let path = text.strip_prefix("\"::").and_then(|path| path.strip_suffix('"'));
    let first = path.and_then(|path| path.split_once("::")).map(|(first, _)| first);
    match (path, CRATES.iter().find(|(known, _)| first == Some(known))) {
        (Some(path), Some((known, _))) => {
            used.insert(known);
            Literal::string(path)
        }
        _ => literal,
    }
}

/// Whether the next word is the name of a crate: two colons, and no path before them.
fn begins_path(before: &[TokenTree]) -> bool {
    let is = |token: &TokenTree, sign| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    let [rest @ .., first, second] = before else { return false };
    let follows_path = match rest {
        // A lifetime is two tokens.
        [.., quote, TokenTree::Ident(_)] if is(quote, '\'') => false,
        [.., TokenTree::Ident(word)] => is_of_path(&word.to_string()),
        // Arrows are two tokens, too.
        [.., dash, last] => is(last, '>') && !is(dash, '-') && !is(dash, '='),
        [last] => is(last, '>'),
        [] => false,
    };
    is(first, ':') && is(second, ':') && !follows_path
}

/// Whether a word may be a part of a path: no other keyword may.
fn is_of_path(word: &str) -> bool {
    matches!(word, "Self" | "crate" | "self" | "super") || syn::parse_str::<Ident>(word).is_ok()
}

/// Tells derive macros where their crates are.
struct Derives;

impl Derives {
    fn tell(attributes: &mut Vec<Attribute>) {
        let mentions = |name: &str| {
            let path = format!(":: {name} ::");
            attributes
                .iter()
                .any(|attribute| attribute.to_token_stream().to_string().contains(&path))
        };
        let (serde, schemars) = (mentions("serde"), mentions("schemars"));
        if serde {
            attributes.push(parse_quote!(#[serde(crate = "::openapi_client::serde")]));
        }
        if schemars {
            attributes.push(parse_quote!(
                #[cfg_attr(feature = "schemars", schemars(crate = "::openapi_client::schemars"))]
            ));
        }
    }
}

impl VisitMut for Derives {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        Self::tell(&mut item.attrs);
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        Self::tell(&mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn other_crates_are_taken_from_the_runtime() {
        let code = quote! {
            #[derive(::serde::Serialize, Clone)]
            pub struct Notes<'a>(pub ::serde_json::Value, &'a ::serde_json::Value);

            #[cfg_attr(feature = "utoipa", derive(::utoipa::ToSchema))]
            struct Other {
                #[serde(skip_serializing_if = "::serde_json::Map::is_empty")]
                serde: super::serde::Own,
            }

            fn send() -> ::reqwest::Result<crate::reqwest::Own> {}
        };
        let expected = quote! {
            use ::openapi_client::{reqwest, serde, serde_json};
            #[cfg(feature = "utoipa")]
            use ::openapi_client::utoipa;

            #[derive(serde::Serialize, Clone)]
            #[serde(crate = "::openapi_client::serde")]
            pub struct Notes<'a>(pub serde_json::Value, &'a serde_json::Value);

            #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
            struct Other {
                #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
                serde: super::serde::Own,
            }

            fn send() -> reqwest::Result<crate::reqwest::Own> {}
        };
        assert_eq!(hand_on(code).unwrap().to_string(), expected.to_string());
    }
}
