//! What is sent is the caller's own: a value without a type is any JSON value.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{ImplItem, Item, Path, parse_quote};

use super::super::code::Code;
use super::super::syntax::same;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    code.bodies.items.iter_mut().for_each(|item| JsonValues.visit_item_mut(item));
    for item in &mut code.client {
        let Item::Impl(item) = item else { continue };
        for item in &mut item.items {
            if let ImplItem::Fn(method) = item {
                method.sig.inputs.iter_mut().for_each(|input| JsonValues.visit_fn_arg_mut(input));
            }
        }
    }
}

/// Puts `serde_json`'s values in place of the runtime's, which responses are made of.
struct JsonValues;

impl VisitMut for JsonValues {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if same(path, &quote!(::openapi_client::AnyValue)) {
            *path = parse_quote!(::serde_json::Value);
        }
    }
}
