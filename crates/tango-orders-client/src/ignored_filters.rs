//! Line items that a filter should have kept away.

use openapi_client::Breach;

use crate::breach;
use crate::generated::enums::{DeliveryStatus, LineItemStatus};
use crate::generated::requests::GetAsyncOrder;
use crate::generated::types::{AsyncOrder, LineItem};

/// Finds a line item that the request did not ask for.
///
/// A server that knows a filter by another name is likely to ignore it in silence, and then every
/// line item would pass for one that was asked for, or for one that failed. Only what is certain
/// counts: a line item that does not say which reference or state it has is let through.
pub(crate) fn inspect(request: &GetAsyncOrder, page: &AsyncOrder) -> Result<(), Breach> {
    let GetAsyncOrder { external_line_item_reference_ids, reference_line_item_ids, .. } = request;
    let is_asked_for = |item: &LineItem| {
        let reference = Some(&item.reference_line_item_id);
        is_among(reference, reference_line_item_ids.as_ref())
            && is_among(
                item.external_ref_line_item_id.as_ref(),
                external_line_item_reference_ids.as_ref(),
            )
    };
    if !page.line_items.iter().all(is_asked_for) {
        return Err(breach::EXCLUDED_LINE_ITEM);
    }
    if request.failed_only == Some(true) && page.line_items.iter().any(has_not_failed) {
        return Err(breach::LINE_ITEM_NOT_FAILED);
    }
    Ok(())
}

/// Whether a reference is one of those that were asked for, if any were and the line item says which it
/// has. No page says whether the server minds the case.
fn is_among(id: Option<&String>, asked: Option<&Vec<String>>) -> bool {
    let (Some(id), Some(asked)) = (id, asked) else { return true };
    asked.iter().any(|asked| asked.trim().eq_ignore_ascii_case(id.trim()))
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
