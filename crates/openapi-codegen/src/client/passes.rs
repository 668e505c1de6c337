//! What is done to the code of progenitor and typify, one pass a file.

mod checked_bodies;
mod constructors;
mod derives;
mod described;
mod discriminators;
mod documented_order;
mod imported_enums;
mod lengths;
mod lists;
mod modules;
pub(super) mod runtime;
mod sent_values;
mod short_names;
pub(super) mod wire_names;

use super::code::Code;
use super::view::TolerantView;

type Pass = fn(&mut Code, &TolerantView);

/// The passes over sorted code, in their order.
const PASSES: [(&str, Pass); 12] = [
    ("lists of responses read null and words", lists::run),
    ("bodies are only written, and checked", checked_bodies::run),
    ("what is sent may be any JSON value", sent_values::run),
    ("discriminators decide", discriminators::run),
    ("what is derived, and under which feature", derives::run),
    ("members and types stand in the document's order", documented_order::run),
    ("responses can be built", constructors::run),
    ("a length of one is singular", lengths::run),
    ("modules of typify go where they are used", modules::run),
    ("names are short", short_names::run),
    ("open enums are imported", imported_enums::run),
    ("utoipa is told how to see the runtime's types", described::run),
];

/// Runs all passes.
pub(super) fn run(code: &mut Code, view: &TolerantView) {
    for (_, pass) in PASSES {
        pass(code, view);
    }
}
