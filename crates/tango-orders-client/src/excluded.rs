//! Line items that a filter should have kept away.

use crate::error::Breach;
use crate::generated::enums::{DeliveryStatus, LineItemStatus};
use crate::generated::types::LineItem;
use crate::request::{AsyncOrderRequest, Filter};

/// Finds a line item that the request did not ask for.
///
/// A server that knows a filter by another name is likely to ignore it in silence, and then every
/// line item would pass for one that was asked for, or for one that failed. Only what is certain
/// counts: a line item that does not say which reference or state it has is let through.
pub(crate) fn breach(request: &AsyncOrderRequest, items: &[LineItem]) -> Option<Breach> {
    let is_asked_for = |item: &LineItem| match &request.filter {
        None => true,
        Some(Filter::References(ids)) => is_among(&item.reference_line_item_id, ids),
        Some(Filter::ExternalReferences(ids)) => {
            item.external_ref_line_item_id.as_ref().is_none_or(|id| is_among(id, ids))
        }
    };
    if !items.iter().all(is_asked_for) {
        return Some(Breach::ExcludedLineItem);
    }
    (request.failed_only && items.iter().any(has_not_failed)).then_some(Breach::LineItemNotFailed)
}

/// No page says whether the server minds the case.
fn is_among(id: &str, ids: &[String]) -> bool {
    ids.iter().any(|asked| asked.trim().eq_ignore_ascii_case(id.trim()))
}

/// Whether a line item is on its way or has arrived, without a hint of failure.
///
/// The status page does not say by what `failedOnly` goes. A line item whose delivery failed, or that
/// has errors, may count as failed whatever its own state; so may one that was cancelled, deleted or
/// returned; and an unknown state may mean anything.
fn has_not_failed(item: &LineItem) -> bool {
    use DeliveryStatus::{Delivered, Dispatched, Engaged, Pending, Processing};
    let is_fine =
        matches!(item.line_item_status, LineItemStatus::Complete | LineItemStatus::Pending);
    let arrives = match &item.delivery_status {
        None => true,
        Some(status) => {
            matches!(status, Pending | Processing | Dispatched | Delivered | Engaged)
        }
    };
    is_fine && arrives && item.line_item_errors.is_empty()
}
