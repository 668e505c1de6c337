//! An async order, generated from a seed or loaded from a payload.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tango_orders_client::Exposed;
use tango_orders_client::types::{Order, OrderStatus, Pagination};

use crate::data::{AsyncOrderData, Progress, async_order_as_order};
use crate::loaded::{LoadedAsyncOrder, LoadedLineItem};
use crate::page_query::PageQuery;

/// The line items that a filter lets pass.
#[derive(Debug)]
pub(crate) enum Selection {
    All,
    Failed,
    Chosen(Vec<u32>),
}

/// An async order, wherever it comes from.
#[derive(Debug)]
pub(crate) enum AnyAsyncOrder {
    Generated(AsyncOrderData),
    Loaded(Arc<LoadedAsyncOrder>),
}

impl AnyAsyncOrder {
    /// Customer, account and reference.
    pub(crate) fn key(&self) -> (&str, &str, &str) {
        match self {
            Self::Generated(data) => {
                let plan = &data.plan;
                (&plan.customer, &plan.account, &plan.reference)
            }
            Self::Loaded(order) => (&order.key.customer, &order.key.account, &order.key.reference),
        }
    }

    /// Tango's identifier of the order; a loaded one need not have any.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Generated(data) => Some(&data.id),
            Self::Loaded(order) => order.order.as_ref().map(|it| it.reference_order_id.as_str()),
        }
    }

    /// What `get_order` shows of it.
    pub(crate) fn order(&self, now: Timestamp) -> Option<Order> {
        match self {
            Self::Generated(data) => async_order_as_order(data, data.progress(now)),
            Self::Loaded(order) => order.order.clone(),
        }
    }

    pub(crate) fn progress(&self, now: Timestamp) -> Progress {
        match self {
            Self::Generated(data) => data.progress(now),
            Self::Loaded(_) => Progress { done: self.total(), finished: true },
        }
    }

    pub(crate) fn total(&self) -> u32 {
        match self {
            Self::Generated(data) => data.total(),
            Self::Loaded(order) => u32::try_from(order.line_items.len()).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn failed_among(&self, progress: Progress) -> u32 {
        match self {
            Self::Generated(data) => data.failed_among(progress.done),
            Self::Loaded(order) => u32::try_from(order.failed.len()).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn place_of_failed(&self, rank: u32) -> u32 {
        match self {
            Self::Generated(data) => data.place_of_failed(rank),
            Self::Loaded(order) => {
                let rank = usize::try_from(rank).unwrap_or(usize::MAX);
                order.failed.get(rank).copied().unwrap_or_default()
            }
        }
    }

    fn has_failed(&self, index: u32, progress: Progress) -> bool {
        match self {
            Self::Generated(data) => data.has_failed(index, progress),
            Self::Loaded(order) => order.failed.binary_search(&index).is_ok(),
        }
    }

    pub(crate) fn select(&self, query: &PageQuery<'_>, progress: Progress) -> Selection {
        if !query.is_filtered() {
            return if query.failed_only { Selection::Failed } else { Selection::All };
        }
        let mut chosen = BTreeSet::new();
        match self {
            Self::Generated(data) => {
                chosen.extend(query.references.iter().filter_map(|id| data.find(id)));
                let external = query.external_references.iter();
                chosen.extend(external.flat_map(|id| data.find_external(id)));
            }
            Self::Loaded(order) => {
                let chooses = |item: &LoadedLineItem| {
                    let external = item.external_reference.as_deref();
                    query.references.contains(&item.reference.as_str())
                        || external.is_some_and(|id| query.external_references.contains(&id))
                };
                let numbered = (0..).zip(&order.line_items);
                chosen.extend(numbered.filter(|(_, item)| chooses(item)).map(|(index, _)| index));
            }
        }
        chosen.retain(|index| !query.failed_only || self.has_failed(*index, progress));
        Selection::Chosen(chosen.into_iter().collect())
    }

    /// The order without line items, as a JSON object.
    pub(crate) fn head(
        &self,
        progress: Progress,
        pagination: Pagination,
    ) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Member<'m> {
            Loaded(&'m RawValue),
            Written(Box<RawValue>),
        }
        match self {
            Self::Generated(data) => {
                serde_json::to_vec(&Exposed::new(&data.order(progress, pagination)))
            }
            Self::Loaded(order) => {
                let mut members: BTreeMap<&str, Member<'_>> = order
                    .members
                    .iter()
                    .map(|(name, value)| (name.as_str(), Member::Loaded(value)))
                    .collect();
                let total = to_raw_value(&self.total())?;
                members.insert("totalLineItems", Member::Written(total));
                members.insert(
                    "pagination",
                    Member::Written(to_raw_value(&Exposed::new(&pagination))?),
                );
                serde_json::to_vec(&members)
            }
        }
    }

    pub(crate) fn write_line_item(
        &self,
        index: u32,
        progress: Progress,
        list: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        match self {
            Self::Generated(data) => {
                serde_json::to_writer(list, &Exposed::new(&data.line_item(index, progress)))
            }
            Self::Loaded(order) => {
                let item =
                    usize::try_from(index).ok().and_then(|index| order.line_items.get(index));
                list.extend(item.map_or("null", |item| item.json.get()).bytes());
                Ok(())
            }
        }
    }

    /// The state of the order.
    pub(crate) fn status(&self, now: Timestamp) -> Option<OrderStatus> {
        match self {
            Self::Generated(data) => Some(data.status(data.progress(now))),
            Self::Loaded(order) => {
                serde_json::from_str(order.members.get("orderStatus")?.get()).ok()
            }
        }
    }
}
