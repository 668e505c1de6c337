//! Tidies progenitor's client: what is never called goes, equal match arms become one.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Attribute, ExprMatch, ImplItem, Item, ItemImpl, LitInt, Meta, Pat, Path, parse_quote,
};

use super::types::{CrateOnly, Schemas, identifiers, same};

/// Names of progenitor-client that generated code may use.
const RUNTIME: [&str; 7] = [
    "encode_path",
    "ByteStream",
    "ClientHooks",
    "ClientInfo",
    "Error",
    "OperationInfo",
    "ResponseValue",
];

pub(super) fn render(items: Vec<Item>, schemas: &Schemas) -> TokenStream {
    let items: Vec<Item> = items
        .into_iter()
        // Names are imported below, a module `prelude` has nobody to serve.
        .filter(|item| !matches!(item, Item::Use(_) | Item::Mod(_)))
        .map(|mut item| {
            match &mut item {
                Item::Struct(client) => client.attrs.retain(|attribute| !is_debug(attribute)),
                Item::Impl(client) => drop_constructor(client),
                _ => {}
            }
            Tidy { schemas }.visit_item_mut(&mut item);
            CrateOnly.visit_item_mut(&mut item);
            item
        })
        .collect();
    let code = quote!(#(#items)*);
    let used = identifiers(code.clone());
    let runtime =
        RUNTIME.iter().filter(|name| used.contains(**name)).map(|name| format_ident!("{name}"));
    // A trait is used through its method.
    let form = used.contains("form_urlencoded").then(|| {
        quote!(
            use progenitor_client::RequestBuilderExt;
        )
    });
    let modules: Vec<_> = ["bodies", "types"]
        .into_iter()
        .filter(|name| used.contains(*name))
        .map(|name| format_ident!("{name}"))
        .collect();
    let modules = (!modules.is_empty()).then(|| quote!(use super::{#(#modules),*};));
    quote! {
        //! Sends the operations of the document.

        use progenitor_client::{#(#runtime),*};
        #form

        #modules

        #code
    }
}

/// A client's `Debug` prints the headers that it sends by default.
fn is_debug(attribute: &Attribute) -> bool {
    attribute.path().is_ident("derive") && attribute.to_token_stream().to_string().contains("Debug")
}

/// The constructor that makes a `reqwest::Client` of its own follows redirects, and panics.
fn drop_constructor(client: &mut ItemImpl) {
    client.items.retain(|item| match item {
        // An operation may have the name, too.
        ImplItem::Fn(method) => method.sig.ident != "new" || method.sig.receiver().is_some(),
        _ => true,
    });
}

struct Tidy<'s> {
    schemas: &'s Schemas,
}

impl VisitMut for Tidy<'_> {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("allow") => {
                !list.tokens.to_string().contains("clippy")
            }
            _ => true,
        });
    }

    fn visit_expr_match_mut(&mut self, expression: &mut ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expression);
        let mut arms: Vec<Arm> = Vec::new();
        for arm in std::mem::take(&mut expression.arms) {
            match arms.last_mut() {
                Some(last) if same(&last.body, &arm.body) && !matches!(arm.pat, Pat::Wild(_)) => {
                    let (before, pattern) = (&last.pat, &arm.pat);
                    let either: Pat = parse_quote!(#before | #pattern);
                    last.pat = either;
                }
                _ => arms.push(arm),
            }
        }
        expression.arms = arms;
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let name = path.segments.last().map(|segment| segment.ident.to_string());
        if let Some(module) = path.segments.first_mut()
            && module.ident == "types"
            && let Some(name) = name
        {
            module.ident = format_ident!("{}", self.schemas.module(&name));
        }
    }

    fn visit_lit_int_mut(&mut self, literal: &mut LitInt) {
        *literal = LitInt::new(literal.base10_digits(), literal.span());
    }
}
