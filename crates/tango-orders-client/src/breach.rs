//! What Tango's server must not do, beside what no server may; each comes as
//! [`Error::Contract`](crate::Error::Contract).

use openapi_client::Breach;

/// There is another page, and no cursor leads to it.
pub const MISSING_CURSOR: Breach =
    Breach::Rule("the server says that there is another page and gives no cursor");
/// A cursor leads to a page that was there before.
pub const REPEATED_CURSOR: Breach =
    Breach::Rule("the server leads to a page that was there before");
/// A page starts with the same line item as an earlier one.
pub const REPEATED_PAGE: Breach = Breach::Rule("the server returned a page twice");
/// Far more pages without line items follow each other than the order has line items.
pub const EMPTY_PAGES: Breach = Breach::Rule("the server returns one empty page after another");
/// The line item after which to resume is not on its page any more.
pub const LOST_PLACE: Breach =
    Breach::Rule("the line item after which to resume is not on its page any more");
/// A line item came back that the filter excludes: the server ignores the filter.
pub const EXCLUDED_LINE_ITEM: Breach =
    Breach::Rule("the server returned a line item that the filter excludes");
/// A line item came back that did not fail, although only failed ones were asked for.
pub const LINE_ITEM_NOT_FAILED: Breach = Breach::Rule(
    "the server returned a line item that did not fail, although only failed ones were asked for",
);
