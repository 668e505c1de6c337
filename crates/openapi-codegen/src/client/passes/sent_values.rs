//! What is sent is the caller's own: a value without a type is any JSON value.

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Path, parse_quote};

use super::super::code::Code;
use super::super::syntax::same;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    code.bodies.items.iter_mut().for_each(|item| SentValues.visit_item_mut(item));
}

/// Puts JSON values in place of those that are not shown.
pub(in super::super) struct SentValues;

impl VisitMut for SentValues {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if same(path, &quote!(::openapi_client::AnyValue)) {
            *path = parse_quote!(::serde_json::Value);
        }
    }
}
