//! One page of an async order's line items.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::StatusCode;
use jiff::Timestamp;
use tango_orders_client::types::Pagination;

use crate::async_order::{AnyAsyncOrder, Selection};
use crate::cursor::{Cursor, ListId};
use crate::data::Progress;
use crate::error_response::ErrorResponse;
use crate::none_failed::NoneFailed;
use crate::page_query::PageQuery;
use crate::seal::Seal;

/// How many line items a page holds if the request does not say.
pub(crate) const DEFAULT_MAX_RESULTS: u32 = 100;

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
    period: u64,
    seal: &'o Seal,
}

/// What determines the bytes of a page, beside its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    list: ListId,
    progress: Progress,
    period: u64,
    max_results: u32,
    start: u32,
    end: u32,
}

/// What of the surroundings a page depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'s> {
    pub(crate) seal: &'s Seal,
    pub(crate) now: Timestamp,
    /// How much of the sandbox's time has passed.
    pub(crate) elapsed: Duration,
    /// How long a cursor can be used, in the sandbox's time.
    pub(crate) cursor_lifetime: Option<Duration>,
}

impl<'o> Page<'o> {
    pub(crate) fn resolve(
        order: &'o AnyAsyncOrder,
        query: &PageQuery<'_>,
        context: Context<'o>,
    ) -> Result<Self, ErrorResponse> {
        let progress = order.progress(context.now);
        let list = query.list(context.seal, order);
        let selection = order.select(query, progress);
        let count = match &selection {
            Selection::All => order.total(),
            Selection::Failed => order.failed_among(progress),
            Selection::Chosen(chosen) => u32::try_from(chosen.len()).unwrap_or(u32::MAX),
        };
        let period = match context.cursor_lifetime {
            Some(_) => context.elapsed.as_secs(),
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
            seal: context.seal,
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
            let cursor = Cursor { list: self.list, position, made: self.period };
            // An empty list has no places, unless a fault claims so.
            (self.count > 0 || self.repeat_cursor).then(|| cursor.encode(self.seal))
        };
        let mut pagination = Pagination::new(
            self.start > 0,
            self.repeat_cursor || self.end < self.count,
            i64::from(self.max_results).into(),
            i64::from(self.end - self.start).into(),
        );
        pagination.prev_cursor = cursor(self.start).map(Into::into);
        pagination.next_cursor =
            cursor(if self.repeat_cursor { self.start } else { self.end }).map(Into::into);
        pagination
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
    period: u64,
    context: Context<'_>,
) -> Result<u32, ErrorResponse> {
    let error = |status, key, message| Err(ErrorResponse::field(status, name, key, message, text));
    let Some(cursor) = Cursor::decode(context.seal, text) else {
        let message = "The cursor is none that a response gave out.";
        return error(StatusCode::BAD_REQUEST, "400.001", message);
    };
    if cursor.list != list {
        let message = "The cursor belongs to another order or to other filters.";
        return error(StatusCode::UNPROCESSABLE_ENTITY, "422.001", message);
    }
    let age = Duration::from_secs(period.saturating_sub(cursor.made));
    if context.cursor_lifetime.is_some_and(|lifetime| age > lifetime) {
        let message = "The cursor has expired. Start from the first page.";
        return error(StatusCode::UNPROCESSABLE_ENTITY, "422.001", message);
    }
    Ok(cursor.position)
}
