//! The query of a request for a page of line items.

use std::collections::BTreeSet;

use crate::async_order::AnyAsyncOrder;
use crate::cursor::ListId;
use crate::endpoint::whole;
use crate::fault::Fault;
use crate::pagination::DEFAULT_MAX_RESULTS;
use crate::parameter::Parameter;
use crate::seal::Seal;

/// What a request asks of the line items.
#[derive(Debug, Default)]
pub(crate) struct PageQuery<'q> {
    pub(crate) previous_cursor: Option<&'q str>,
    pub(crate) next_cursor: Option<&'q str>,
    pub(crate) max_results: Option<u32>,
    pub(crate) external_references: Vec<&'q str>,
    pub(crate) references: Vec<&'q str>,
    pub(crate) failed_only: bool,
    /// Whether the next cursor leads to the same page, which a fault asks for.
    pub(crate) repeat_cursor: bool,
}

impl PageQuery<'_> {
    /// The parameters, as the sandbox describes them.
    pub(crate) fn parameters() -> Vec<Parameter> {
        vec![
            Parameter::text("prevCursor").words(
                "Asks for the page before the one that returned this cursor; not together with \
                 `nextCursor`.",
            ),
            Parameter::text("nextCursor").words(
                "Asks for the page after the one that returned this cursor; not together with \
                 `prevCursor`.",
            ),
            Parameter::integer("maxResults")
                .words("The most line items that the page may hold.")
                .default(DEFAULT_MAX_RESULTS),
            Parameter::texts("externalLineItemReferenceIds").words(
                "Only line items with one of these references of the caller's, 50 at the most; not \
                 together with `referenceLineItemIds`.",
            ),
            Parameter::texts("referenceLineItemIds").words(
                "Only line items with one of these identifiers of Tango's, 50 at the most; not \
                 together with `externalLineItemReferenceIds`.",
            ),
            Parameter::boolean("failedOnly")
                .words("True for line items that failed, and no others.")
                .default(false),
        ]
    }
}

impl<'q> PageQuery<'q> {
    /// Reads parameters that the validator has let pass.
    pub(crate) fn read(parameters: &[(&str, &'q str)], fault: &Fault) -> Self {
        let mut query = Self { repeat_cursor: fault.repeat_cursor, ..Self::default() };
        for (name, value) in parameters {
            match *name {
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
    pub(crate) fn list(&self, seal: &Seal, order: &AnyAsyncOrder) -> ListId {
        let (customer, account, reference) = order.key();
        let kind = if self.failed_only { "failed" } else { "all" };
        let head = [customer, account, reference, kind];
        // The order in which values are sent is nothing.
        let filters = [("external", &self.external_references), ("own", &self.references)];
        let filters = filters.map(|(name, values)| {
            let values: BTreeSet<&str> = values.iter().copied().collect();
            std::iter::once(name).chain(values)
        });
        let parts = head.into_iter().chain(filters.into_iter().flatten()).map(str::as_bytes);
        ListId(seal.of("list", parts))
    }
}
