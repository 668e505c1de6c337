//! What `get_order` shows of an async order.

use std::collections::BTreeMap;

use tango_orders_client::types::{
    AsyncOrder, AsyncOrderEntity, Charge, FailedLineItem, FailedLineItemError, LineItem, Order,
    OrderStatus,
};

/// How many line items are listed as failed, and how many references as shared, at the most.
const LISTED: usize = 100;

/// An async order seen as an order, if it has an identifier to look it up by.
///
/// What both operations show is the same in both: state, money, who placed it and for whom. The reward
/// is the first line item; `asyncOrderEntity` tells of the line items that failed, the first hundred of
/// them, each with its item of the catalogue if that is known, and of the first hundred references that
/// line items share.
pub(crate) fn order_of(
    order: AsyncOrder,
    first: Option<LineItem>,
    failed: impl IntoIterator<Item = (LineItem, Option<String>)>,
    shared: impl IntoIterator<Item = (String, u32)>,
) -> Option<Order> {
    let mut entity = AsyncOrderEntity::default();
    entity.external_ref_id = Some(order.external_ref_id.clone());
    entity.status = Some(validation(&order.order_status).to_owned());
    entity.total_line_items = Some(order.total_line_items);
    entity.created_at = Some(order.created_at);
    entity.failed_line_items = failed.into_iter().take(LISTED).map(failed_item).collect();
    let shared = shared.into_iter().take(LISTED);
    entity.duplicate_line_item_ref_ids =
        shared.map(|(reference, count)| (reference, i64::from(count).into())).collect();

    let mut charge = Charge::default();
    if let Some(charged) = order.amount_charged {
        charge.currency_code = charged.currency_code;
        charge.value = charged.value;
        charge.total = charged.total;
    }
    let id = order.reference_order_id?;
    let mut shown = Order::new(id, charge, order.order_status.clone(), order.created_at);
    shown.order_status = Some(order.order_status);
    shown.external_ref_id = Some(order.external_ref_id);
    shown.customer_identifier = order.customer_identifier;
    shown.account_identifier = order.account_identifier;
    shown.sender = order.sender;
    shown.campaign = order.campaign;
    shown.purchase_order_number = order.purchase_order_number;
    shown.notes = order.notes;
    shown.async_order_entity = Some(entity);
    if let Some(item) = first {
        shown.reference_line_item_id = Some(item.reference_line_item_id);
        shown.line_item_status = Some(item.line_item_status);
        shown.recipient = item.recipient;
        shown.reward_name = item.reward_name;
        shown.delivery_method = item.delivery_method;
    }
    Some(shown)
}

/// The state of the request in the words of the vendor's notices about async orders, which has fewer.
fn validation(status: &OrderStatus) -> &str {
    match status {
        OrderStatus::Complete => "SUCCESSFUL",
        OrderStatus::Partial => "PARTIALFAILED",
        OrderStatus::Failed => "FAILED",
        OrderStatus::Cancelled | OrderStatus::Deleted => status.as_str(),
        _ => "RETRYING",
    }
}

fn failed_item((item, utid): (LineItem, Option<String>)) -> FailedLineItem {
    let mut failed = FailedLineItem::default();
    failed.utid = utid;
    failed.line_item_id = Some(item.reference_line_item_id);
    failed.external_ref_line_item_id = item.external_ref_line_item_id;
    let errors = item.line_item_errors.into_iter().map(|error| {
        let mut told = FailedLineItemError::default();
        let digits = error.error_code.as_ref().map(|code| code.replace('.', ""));
        let value = digits.and_then(|digits| digits.parse::<i32>().ok());
        told.error_code_value = value.map(|value| i64::from(value).into());
        told.field = error.error_code.as_deref().and_then(field_of).map(str::to_owned);
        told.error_code_name = error.error_code;
        told.message = error.error_message;
        told
    });
    failed.errors = errors.collect();
    failed
}

/// The member of the request that an error is about.
fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "422.009" => Some("recipient.email"),
        "404.033" => Some("utid"),
        _ => None,
    }
}

/// The references that more than one of these line items has, each with how many.
pub(crate) fn shared<'i>(items: impl IntoIterator<Item = &'i LineItem>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for reference in items.into_iter().filter_map(|item| item.external_ref_line_item_id.as_ref()) {
        *counts.entry(reference.clone()).or_insert(0_u32) += 1;
    }
    counts.retain(|_, count| *count > 1);
    counts
}
