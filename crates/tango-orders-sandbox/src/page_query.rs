//! The query of a request for a page of line items.

use std::collections::BTreeSet;

use utoipa::{IntoParams, ToSchema};

use crate::async_order::AnyAsyncOrder;
use crate::cursor::ListId;
use crate::data::{mix, text_seed};
use crate::fault::Fault;

/// What a request asks of the line items.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery<'q> {
    /// Asks for the page before the one that returned this cursor; not together with `nextCursor`.
    #[param(rename = "prevCursor", value_type = Option<String>, nullable = false)]
    pub(crate) previous_cursor: Option<&'q str>,
    /// Asks for the page after the one that returned this cursor; not together with `prevCursor`.
    #[param(rename = "nextCursor", value_type = Option<String>, nullable = false)]
    pub(crate) next_cursor: Option<&'q str>,
    /// The most line items that the page may hold.
    #[param(
        rename = "maxResults",
        value_type = Option<i32>,
        nullable = false,
        minimum = 1,
        maximum = 500,
        default = 100
    )]
    pub(crate) max_results: Option<u32>,
    /// Only line items with one of these references of the caller's, 50 at the most; not together
    /// with `referenceLineItemIds`.
    #[param(
        rename = "externalLineItemReferenceIds",
        value_type = Option<Vec<ExternalLineItemReferenceId>>,
        nullable = false,
        inline,
        style = Form,
        explode,
        max_items = 50
    )]
    pub(crate) external_references: Vec<&'q str>,
    /// Only line items with one of these identifiers of Tango's, 50 at the most; not together with
    /// `externalLineItemReferenceIds`.
    #[param(
        rename = "referenceLineItemIds",
        value_type = Option<Vec<String>>,
        nullable = false,
        style = Form,
        explode,
        max_items = 50
    )]
    pub(crate) references: Vec<&'q str>,
    /// True for line items that failed, and no others.
    #[param(rename = "failedOnly", value_type = Option<bool>, nullable = false, default = false)]
    pub(crate) failed_only: bool,
    /// Whether the next cursor leads to the same page, which a fault asks for.
    #[param(ignore)]
    pub(crate) repeat_cursor: bool,
}

/// The caller's own reference of a line item, 0 to 100 characters.
#[derive(ToSchema)]
#[schema(max_length = 100)]
#[allow(dead_code, reason = "only its schema is used")]
struct ExternalLineItemReferenceId(String);

impl<'q> PageQuery<'q> {
    /// Reads parameters that the validator has let pass.
    pub(crate) fn read(parameters: &[(&str, &'q str)], fault: &Fault) -> Self {
        let mut query = Self { repeat_cursor: fault.repeat_cursor, ..Self::default() };
        for (name, value) in parameters {
            match *name {
                // A number may be written as `1e2`, which is whole as well.
                "maxResults" => query.max_results = whole(value),
                "failedOnly" => query.failed_only = *value == "true",
                "nextCursor" => query.next_cursor = Some(value),
                "prevCursor" => query.previous_cursor = Some(value),
                "externalLineItemReferenceIds" | "referenceLineItemIds" if fault.ignore_filters => {
                }
                "externalLineItemReferenceIds" => query.external_references.push(value),
                "referenceLineItemIds" => query.references.push(value),
                _ => {}
            }
        }
        query
    }

    pub(crate) fn is_filtered(&self) -> bool {
        !self.external_references.is_empty() || !self.references.is_empty()
    }

    /// Which list is asked for; a cursor of one list is no place in another.
    pub(crate) fn list(&self, seed: u64, order: &AnyAsyncOrder) -> ListId {
        let mut id = mix(order.seed(seed), u64::from(self.failed_only));
        for (kind, values) in [(1, &self.external_references), (2, &self.references)] {
            let values: BTreeSet<&str> = values.iter().copied().collect();
            id = values.into_iter().fold(id, |id, value| mix(text_seed(id, value), kind));
        }
        ListId(id)
    }
}

fn whole(value: &str) -> Option<u32> {
    let parsed = value.parse::<u32>().ok();
    parsed.or_else(|| serde_json::from_str::<f64>(value).ok()?.to_string().parse().ok())
}
