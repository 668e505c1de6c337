//! One page of an async order's line items.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use tango_orders_client::types::{OrderStatus, Pagination};
use utoipa::{IntoParams, ToSchema};

use crate::cursor::{Cursor, ListId};
use crate::data::{Progress, mix, text_seed};
use crate::fault::Fault;
use crate::loaded::LoadedAsyncOrder;
use crate::orders::AnyAsyncOrder;
use crate::refusal::Refusal;

/// How many line items a page holds if the request does not say.
pub(crate) const DEFAULT_MAX_RESULTS: u32 = 100;

/// What stands in place of the list if `failedOnly` was asked for and nothing failed.
///
/// The page *Get async orders status* leaves it open: "the response should return 'NONE' or 'NULL'
/// for the lineItems array".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NoneFailed {
    /// The string `NONE`.
    #[default]
    None,
    /// The string `NULL`.
    NullWord,
    /// `null`.
    Null,
    /// A list without items.
    Empty,
    /// The member is left out.
    Absent,
}

impl FromStr for NoneFailed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "NONE" => Self::None,
            "NULL" => Self::NullWord,
            "null" => Self::Null,
            "[]" => Self::Empty,
            "absent" => Self::Absent,
            _ => return Err("expected NONE, NULL, null, [] or absent"),
        })
    }
}

impl NoneFailed {
    fn json(self) -> Option<&'static str> {
        match self {
            Self::None => Some("\"NONE\""),
            Self::NullWord => Some("\"NULL\""),
            Self::Null => Some("null"),
            Self::Empty => Some("[]"),
            Self::Absent => None,
        }
    }
}

/// What a request asks of the line items.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query<'q> {
    /// Asks for the page before the one that returned this cursor; not together with `nextCursor`.
    #[param(rename = "prevCursor", value_type = Option<String>, nullable = false)]
    previous_cursor: Option<&'q str>,
    /// Asks for the page after the one that returned this cursor; not together with `prevCursor`.
    #[param(rename = "nextCursor", value_type = Option<String>, nullable = false)]
    next_cursor: Option<&'q str>,
    /// The most line items that the page may hold.
    #[param(
        rename = "maxResults",
        value_type = Option<i32>,
        nullable = false,
        minimum = 1,
        maximum = 500,
        default = 100
    )]
    max_results: Option<u32>,
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
    external_references: Vec<&'q str>,
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
    references: Vec<&'q str>,
    /// True for line items that failed, and no others.
    #[param(rename = "failedOnly", value_type = Option<bool>, nullable = false, default = false)]
    failed_only: bool,
    /// Whether the next cursor leads to the same page, which a fault asks for.
    #[param(ignore)]
    repeat_cursor: bool,
}

/// The caller's own reference of a line item, 0 to 100 characters.
#[derive(ToSchema)]
#[schema(max_length = 100)]
#[allow(dead_code, reason = "only its schema is used")]
struct ExternalLineItemReferenceId(String);

impl<'q> Query<'q> {
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

    fn is_filtered(&self) -> bool {
        !self.external_references.is_empty() || !self.references.is_empty()
    }

    /// Which list is asked for; a cursor of one list is no place in another.
    fn list(&self, seed: u64, order: &AnyAsyncOrder) -> ListId {
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

/// The line items that a filter lets pass.
enum Selection {
    All,
    Failed,
    Chosen(Vec<u32>),
}

/// A page that is asked for, resolved to the line items that it shows.
pub(crate) struct Page<'o> {
    order: &'o AnyAsyncOrder,
    progress: Progress,
    selection: Selection,
    list: ListId,
    failed_only: bool,
    repeat_cursor: bool,
    max_results: u32,
    start: u32,
    end: u32,
    count: u32,
    period: u32,
    seed: u64,
}

/// What determines the bytes of a page, beside its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    list: ListId,
    progress: Progress,
    period: u32,
    max_results: u32,
    start: u32,
    end: u32,
}

/// What of the surroundings a page depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context {
    pub(crate) seed: u64,
    pub(crate) now: Timestamp,
    /// How much of the sandbox's time has passed.
    pub(crate) elapsed: Duration,
    /// How long a cursor can be used, in the sandbox's time.
    pub(crate) cursor_lifetime: Option<Duration>,
}

impl<'o> Page<'o> {
    pub(crate) fn resolve(
        order: &'o AnyAsyncOrder,
        query: &Query<'_>,
        context: Context,
    ) -> Result<Self, Refusal> {
        let progress = order.progress(context.now);
        let list = query.list(context.seed, order);
        let selection = order.select(query, progress);
        let count = match &selection {
            Selection::All => order.total(),
            Selection::Failed => order.failed_among(progress),
            Selection::Chosen(chosen) => u32::try_from(chosen.len()).unwrap_or(u32::MAX),
        };
        let period = match context.cursor_lifetime {
            Some(_) => u32::try_from(context.elapsed.as_secs()).unwrap_or(u32::MAX),
            None => 0,
        };
        let max_results = query.max_results.unwrap_or(DEFAULT_MAX_RESULTS);
        let read = |name, text: &str| read_cursor(name, text, list, period, context);
        let (start, end) = if let Some(text) = query.next_cursor {
            let start = read("nextCursor", text)?.min(count);
            (start, start.saturating_add(max_results).min(count))
        } else if let Some(text) = query.previous_cursor {
            let end = read("prevCursor", text)?.min(count);
            (end.saturating_sub(max_results), end)
        } else {
            (0, max_results.min(count))
        };
        Ok(Self {
            order,
            progress,
            selection,
            list,
            failed_only: query.failed_only,
            repeat_cursor: query.repeat_cursor,
            max_results,
            start,
            end,
            count,
            period,
            seed: context.seed,
        })
    }

    /// What determines the bytes; none if they are not worth keeping.
    pub(crate) fn key(&self) -> Option<PageKey> {
        let Self { list, progress, period, max_results, start, end, .. } = *self;
        let is_worth_it = !matches!(self.selection, Selection::Chosen(_));
        is_worth_it.then_some(PageKey { list, progress, period, max_results, start, end })
    }

    fn pagination(&self) -> Pagination {
        let cursor = |position| {
            let cursor = Cursor { list: self.list, position, period: self.period };
            (self.start < self.end).then(|| cursor.encode(self.seed))
        };
        Pagination {
            prev_cursor: cursor(self.start).map(Into::into),
            next_cursor: cursor(if self.repeat_cursor { self.start } else { self.end })
                .map(Into::into),
            prev_page_available: self.start > 0,
            next_page_available: self.repeat_cursor || self.end < self.count,
            max_results: i64::from(self.max_results).into(),
            number_of_elements: i64::from(self.end - self.start).into(),
        }
    }

    pub(crate) fn render(&self, none_failed: NoneFailed) -> serde_json::Result<Bytes> {
        let mut body = self.order.head(self.progress, self.pagination())?;
        let items = if self.start < self.end {
            Some(self.line_items()?)
        } else if self.failed_only && self.count == 0 {
            none_failed.json().map(|json| json.as_bytes().to_vec())
        } else {
            None
        };
        if let Some(items) = items {
            // What is written is an object with members, and gets one more.
            body.pop();
            body.extend(b",\"lineItems\":");
            body.extend(items);
            body.push(b'}');
        }
        Ok(Bytes::from(body))
    }

    fn line_items(&self) -> serde_json::Result<Vec<u8>> {
        let mut list = vec![b'['];
        for place in self.start..self.end {
            let index = match &self.selection {
                Selection::All => place,
                Selection::Failed => self.order.place_of_failed(place),
                Selection::Chosen(chosen) => usize::try_from(place)
                    .ok()
                    .and_then(|place| chosen.get(place).copied())
                    .unwrap_or(0),
            };
            if place > self.start {
                list.push(b',');
            }
            self.order.write_line_item(index, self.progress, &mut list)?;
        }
        list.push(b']');
        Ok(list)
    }
}

/// The position that a cursor marks, if it is one of this list and not too old.
fn read_cursor(
    name: &'static str,
    text: &str,
    list: ListId,
    period: u32,
    context: Context,
) -> Result<u32, Refusal> {
    let refuse = |status, key, message| Err(Refusal::field(status, name, key, message, text));
    let Some(cursor) = Cursor::decode(context.seed, text) else {
        let message = "The cursor is none that a reply gave out.";
        return refuse(StatusCode::BAD_REQUEST, "400.001", message);
    };
    if cursor.list != list {
        let message = "The cursor belongs to another order or to other filters.";
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "422.001", message);
    }
    let age = Duration::from_secs(period.saturating_sub(cursor.period).into());
    if context.cursor_lifetime.is_some_and(|lifetime| age > lifetime) {
        let message = "The cursor has expired. Start from the first page.";
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "422.001", message);
    }
    Ok(cursor.position)
}

impl AnyAsyncOrder {
    pub(crate) fn progress(&self, now: Timestamp) -> Progress {
        match self {
            Self::Generated(data) => data.progress(now),
            Self::Loaded(_) => Progress { done: self.total(), finished: true },
        }
    }

    /// The order's own seed.
    fn seed(&self, seed: u64) -> u64 {
        match self {
            Self::Generated(data) => data.seed(),
            Self::Loaded(LoadedAsyncOrder { key, .. }) => {
                let keys = [&key.customer, &key.account, &key.reference];
                keys.into_iter().fold(seed, |seed, key| text_seed(seed, key))
            }
        }
    }

    pub(crate) fn total(&self) -> u32 {
        match self {
            Self::Generated(data) => data.total(),
            Self::Loaded(order) => u32::try_from(order.line_items.len()).unwrap_or(u32::MAX),
        }
    }

    fn failed_among(&self, progress: Progress) -> u32 {
        match self {
            Self::Generated(data) => data.failed_among(progress.done),
            Self::Loaded(order) => u32::try_from(order.failed.len()).unwrap_or(u32::MAX),
        }
    }

    fn place_of_failed(&self, rank: u32) -> u32 {
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

    fn select(&self, query: &Query<'_>, progress: Progress) -> Selection {
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
                let chooses = |item: &crate::loaded::LoadedLineItem| {
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
    fn head(&self, progress: Progress, pagination: Pagination) -> serde_json::Result<Vec<u8>> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Member<'m> {
            Loaded(&'m RawValue),
            Written(Box<RawValue>),
        }
        match self {
            Self::Generated(data) => serde_json::to_vec(&data.order(progress, pagination)),
            Self::Loaded(order) => {
                let mut members: std::collections::BTreeMap<&str, Member<'_>> = order
                    .members
                    .iter()
                    .map(|(name, value)| (name.as_str(), Member::Loaded(value)))
                    .collect();
                let total = to_raw_value(&self.total())?;
                members.insert("totalLineItems", Member::Written(total));
                members.insert("pagination", Member::Written(to_raw_value(&pagination)?));
                serde_json::to_vec(&members)
            }
        }
    }

    fn write_line_item(
        &self,
        index: u32,
        progress: Progress,
        list: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        match self {
            Self::Generated(data) => serde_json::to_writer(list, &data.line_item(index, progress)),
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
