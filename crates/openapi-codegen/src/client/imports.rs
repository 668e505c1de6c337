//! Imports of what generated code uses, and of nothing else.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{format_ident, quote};

/// Code that is to be imported for.
pub(super) struct Imports {
    /// The first words of paths; those that others follow end in `::`.
    heads: BTreeSet<String>,
}

impl Imports {
    pub(super) fn of(code: &TokenStream) -> Self {
        let mut imports = Self { heads: BTreeSet::new() };
        imports.collect(code.clone());
        imports
    }

    fn collect(&mut self, code: TokenStream) {
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        let is = |index: usize, sign| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let is_path = |index: usize| is(index, ':') && is(index + 1, ':');
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.collect(group.stream()),
                TokenTree::Ident(ident) => {
                    let is_part =
                        (index >= 2 && is_path(index - 2)) || (index >= 1 && is(index - 1, '.'));
                    if !is_part {
                        let sign = if is_path(index + 1) { "::" } else { "" };
                        self.heads.insert(format!("{ident}{sign}"));
                    }
                }
                _ => {}
            }
        }
    }

    /// Whether the code mentions an item by its name alone.
    pub(super) fn has_item(&self, name: &str) -> bool {
        self.heads.contains(name) || self.has_module(name)
    }

    fn has_module(&self, name: &str) -> bool {
        self.heads.contains(&format!("{name}::"))
    }

    /// Imports those of these items that the code mentions.
    pub(super) fn items(&self, path: &TokenStream, names: &[&str]) -> Option<TokenStream> {
        import(path, names.iter().filter(|name| self.has_item(name)))
    }

    /// Imports those of these modules that the code mentions.
    pub(super) fn modules(&self, path: &TokenStream, names: &[&str]) -> Option<TokenStream> {
        import(path, names.iter().filter(|name| self.has_module(name)))
    }
}

fn import<'n>(path: &TokenStream, names: impl Iterator<Item = &'n &'n str>) -> Option<TokenStream> {
    let names: Vec<_> = names.map(|name| format_ident!("{name}")).collect();
    (!names.is_empty()).then(|| quote!(use #path::{#(#names),*};))
}
