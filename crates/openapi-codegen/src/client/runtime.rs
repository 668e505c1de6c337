//! Lets generated code take other crates from its runtime, so that it depends on nothing else.

use std::collections::BTreeSet;

use proc_macro2::{Group, Ident, Literal, TokenStream, TokenTree};
use quote::{format_ident, quote};

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
pub(super) fn hand_on(code: TokenStream) -> TokenStream {
    let mut used = BTreeSet::new();
    let code = renamed(derives_told(code), &mut used);
    let (gated, plain): (Vec<_>, Vec<_>) = CRATES
        .iter()
        .filter(|(name, _)| used.contains(name))
        .partition(|(_, feature)| feature.is_some());
    let plain: Vec<Ident> = plain.iter().map(|(name, _)| format_ident!("{name}")).collect();
    let plain = (!plain.is_empty()).then(|| quote!(use ::openapi_client::{#(#plain),*};));
    let gated = gated.iter().map(|(name, feature)| {
        let name = format_ident!("{name}");
        quote!(#[cfg(feature = #feature)] use ::openapi_client::#name;)
    });
    let (of_file, items) = split_file(code);
    quote!(#of_file #plain #(#gated)* #items)
}

/// What a file says of itself, and its items.
fn split_file(code: TokenStream) -> (TokenStream, TokenStream) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let is = |index: usize, sign| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let mut end = 0;
    while is(end, '#') && is(end + 1, '!') {
        end += 3;
    }
    let items = tokens.iter().skip(end).cloned().collect();
    (tokens.iter().take(end).cloned().collect(), items)
}

/// Tells derive macros where their crates are.
fn derives_told(code: TokenStream) -> TokenStream {
    let mut told = TokenStream::new();
    // The attributes since the last item.
    let mut attributes = String::new();
    let mut tokens = code.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_pound = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        if is_pound && let Some(TokenTree::Group(attribute)) = tokens.peek() {
            let name = attribute.stream().into_iter().next().map(|name| name.to_string());
            if matches!(name.as_deref(), Some("derive" | "cfg_attr")) {
                attributes.push_str(&attribute.to_string());
            }
            told.extend([token]);
            told.extend(tokens.next());
            continue;
        }
        if !attributes.is_empty() {
            let mentions = |name: &str| attributes.contains(&format!(":: {name} ::"));
            if mentions("serde") {
                told.extend(quote!(#[serde(crate = "::openapi_client::serde")]));
            }
            if mentions("schemars") {
                told.extend(quote!(
                    #[cfg_attr(feature = "schemars", schemars(crate = "::openapi_client::schemars"))]
                ));
            }
            attributes.clear();
        }
        told.extend([token]);
    }
    told
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

#[cfg(test)]
mod tests {
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
        assert_eq!(hand_on(code).to_string(), expected.to_string());
    }
}
