//! Messages about lengths of one, which typify counts like all others.

use syn::LitStr;
use syn::visit_mut::VisitMut;

use super::super::code::Code;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    code.bodies.items.iter_mut().for_each(|item| Singular.visit_item_mut(item));
}

struct Singular;

impl VisitMut for Singular {
    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        let singular = match text.value().as_str() {
            "shorter than 1 characters" => "empty",
            "longer than 1 characters" => "longer than 1 character",
            _ => return,
        };
        *text = LitStr::new(singular, text.span());
    }
}
