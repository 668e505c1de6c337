//! Gives members and values their names on the wire back where the view called them otherwise.

use std::collections::BTreeMap;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use syn::LitStr;

/// Puts the document's names in place of those that stand for them in the view.
pub(in super::super) fn restore(
    code: TokenStream,
    renamed: &BTreeMap<String, String>,
) -> TokenStream {
    if renamed.is_empty() {
        return code;
    }
    let tokens = code.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut restored = Group::new(group.delimiter(), restore(group.stream(), renamed));
            restored.set_span(group.span());
            TokenTree::Group(restored)
        }
        TokenTree::Literal(literal) => {
            let text = syn::parse_str::<LitStr>(&literal.to_string()).ok();
            let name = text.and_then(|text| renamed.get(&text.value()));
            TokenTree::Literal(name.map_or(literal, |name| Literal::string(name)))
        }
        other => other,
    });
    tokens.collect()
}
