//! Keeps bodies within the crate: what is public of requests is their builders.

use syn::visit_mut::VisitMut;
use syn::{Visibility, parse_quote};

use super::super::code::Code;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    code.bodies.items.iter_mut().for_each(|item| CrateOnly.visit_item_mut(item));
}

/// Makes what is public visible in the crate only.
pub(in super::super) struct CrateOnly;

impl VisitMut for CrateOnly {
    fn visit_visibility_mut(&mut self, visibility: &mut Visibility) {
        if matches!(visibility, Visibility::Public(_)) {
            *visibility = parse_quote!(pub(crate));
        }
    }
}
