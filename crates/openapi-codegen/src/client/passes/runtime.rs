//! Lets generated code take other crates from its runtime, so that it depends on nothing else.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, File, ItemEnum, ItemStruct, parse_quote};

/// The crates that the runtime hands on.
const CRATES: [&str; 6] =
    ["progenitor_client", "reqwest", "schemars", "serde", "serde_json", "utoipa"];

/// Words after which a path may begin.
const KEYWORDS: [&str; 8] = ["as", "dyn", "for", "impl", "in", "mut", "return", "use"];

/// Puts the runtime's crates in place of those that code names.
pub(in super::super) fn hand_on(code: TokenStream) -> syn::Result<TokenStream> {
    let mut file: File = syn::parse2(code)?;
    Derives.visit_file_mut(&mut file);
    let code = file.into_token_stream();
    let utoipa = code.to_string().contains(":: utoipa ::").then(|| {
        // Its macros know no other way to name it.
        let import: syn::Item = parse_quote!(
            #[cfg(feature = "utoipa")]
            use ::openapi_client::utoipa;
        );
        import
    });
    let mut file: File = syn::parse2(renamed(code))?;
    file.items.splice(0..0, utoipa);
    Ok(file.into_token_stream())
}

fn renamed(code: TokenStream) -> TokenStream {
    let mut renamed: Vec<TokenTree> = Vec::new();
    for token in code {
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), self::renamed(group.stream()));
                inner.set_span(group.span());
                renamed.push(TokenTree::Group(inner));
            }
            TokenTree::Ident(name)
                if begins_path(&renamed) && CRATES.iter().any(|known| name == known) =>
            {
                renamed.extend(quote!(openapi_client::#name));
            }
            TokenTree::Literal(literal) => renamed.push(TokenTree::Literal(renamed_text(literal))),
            other => renamed.push(other),
        }
    }
    renamed.into_iter().collect()
}

/// serde takes the paths of functions as text.
fn renamed_text(literal: Literal) -> Literal {
    let text = literal.to_string();
    let path = text.strip_prefix("\"::").and_then(|path| path.strip_suffix('"'));
    let is_of_crate =
        |path: &&str| CRATES.iter().any(|known| path.starts_with(&format!("{known}::")));
    match path.filter(is_of_crate) {
        Some(path) => Literal::string(&format!("::openapi_client::{path}")),
        None => literal,
    }
}

/// Whether the next word is the name of a crate: two colons, and no path before them.
fn begins_path(before: &[TokenTree]) -> bool {
    let is = |token: &TokenTree, sign| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    let [rest @ .., first, second] = before else { return false };
    let follows_path = match rest {
        // A lifetime is two tokens.
        [.., quote, TokenTree::Ident(_)] if is(quote, '\'') => false,
        [.., TokenTree::Ident(word)] => !KEYWORDS.iter().any(|keyword| word == keyword),
        // An arrow is two tokens, too.
        [.., dash, last] => is(last, '>') && !is(dash, '-'),
        [last] => is(last, '>'),
        [] => false,
    };
    is(first, ':') && is(second, ':') && !follows_path
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
