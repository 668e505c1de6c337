//! Goes from page to page by the cursors of the responses.

use std::collections::{BTreeSet, HashSet};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use openapi_client::{Breach, InvalidValue, Response, ResponseHead, Spawned};
use serde::{Deserialize, Serialize};

use super::token::{ResumeToken, hash};
use crate::breach;
use crate::error::Error;
use crate::filter::Position;
use crate::generated::requests::GetAsyncOrder;
use crate::generated::types::{AsyncOrder, LineItem};

/// How many pages without line items may follow each other beyond the number of line items. A server
/// that filters page by page returns some.
const EMPTY_PAGES: i64 = 10;

/// A place in the list of line items.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    page: At,
    /// What was handed out of the page already.
    past: Option<Past>,
}

/// A page, by what asks for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum At {
    Start,
    Next(String),
    Previous(String),
    /// There is no further page.
    End,
}

/// The first line items of a page, as the stream goes through it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Past {
    count: usize,
    /// The last of them, by Tango's identifier.
    last: String,
}

/// A page as it is handed out.
pub(super) struct Page {
    pub(super) order: AsyncOrder,
    /// Where the page stands, with what of it is missing because it was handed out earlier.
    pub(super) place: Place,
    /// Where to go on once the page has been handed out.
    pub(super) after: Place,
    head: Option<u64>,
}

pub(super) struct Walk {
    request: GetAsyncOrder,
    backwards: bool,
    pub(super) prefetch: bool,
    /// A token has a direction of its own.
    is_resumed: bool,
    /// A token that belongs to another request.
    refused: Option<ResumeToken>,
    ahead: Ahead,
    under_way: Option<(Place, Spawned<GetAsyncOrder>)>,
    /// What has arrived and was not handed out yet.
    arrived: Option<Result<Page, Error>>,
    /// The cursors that were asked for or are about to be, of this direction.
    cursors: HashSet<String>,
    /// The pages that were handed out, by the hash of their first line items.
    heads: BTreeSet<u64>,
    /// How many pages in a row had no line items.
    empty_pages: i64,
    total: Option<i64>,
}

/// What comes after the page that arrived last.
enum Ahead {
    Page(Place),
    /// What that page says of it cannot be.
    Breach(Breach, ResponseHead),
    Refusal,
    Nothing,
}

impl Place {
    fn of(page: At) -> Self {
        Self { page, past: None }
    }

    /// Goes past one more line item of the same page.
    pub(super) fn pass(&mut self, item: &LineItem) {
        let past = self.past.get_or_insert_default();
        past.count = past.count.saturating_add(1);
        // Reuses the memory of the one before.
        past.last.clone_from(&item.reference_line_item_id);
    }
}

impl Walk {
    pub(super) fn new(request: GetAsyncOrder) -> Self {
        let mut walk = Self {
            request,
            backwards: false,
            prefetch: false,
            is_resumed: false,
            refused: None,
            ahead: Ahead::Nothing,
            under_way: None,
            arrived: None,
            cursors: HashSet::new(),
            heads: BTreeSet::new(),
            empty_pages: 0,
            total: None,
        };
        walk.ahead = Ahead::Page(walk.start());
        walk
    }

    /// Where the request says to start.
    pub(super) fn start(&self) -> Place {
        Place::of(match (&self.request.next_cursor, &self.request.prev_cursor) {
            (Some(cursor), _) => At::Next(cursor.clone()),
            (None, Some(cursor)) => At::Previous(cursor.clone()),
            (None, None) => At::Start,
        })
    }

    pub(super) fn turn_back(&mut self) {
        self.backwards |= !self.is_resumed;
    }

    pub(super) fn resume(&mut self, token: &ResumeToken) {
        self.backwards = token.backwards;
        self.is_resumed = true;
        self.heads.clone_from(&token.heads);
        self.ahead = if !token.is_of(&self.request) {
            self.refused = Some(token.clone());
            Ahead::Refusal
        } else if token.place.page == At::End {
            Ahead::Nothing
        } else {
            Ahead::Page(token.place.clone())
        };
    }

    pub(super) fn token(&self, place: Place) -> ResumeToken {
        match &self.refused {
            Some(token) => token.clone(),
            None => ResumeToken::new(&self.request, self.backwards, place, self.heads.clone()),
        }
    }

    pub(super) fn total(&self) -> Option<i64> {
        self.total
    }

    /// The next page. An error is the end.
    pub(super) fn poll_page(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Page, Error>>> {
        loop {
            if let Some(page) = self.arrived.take() {
                self.heads.extend(page.as_ref().ok().and_then(|page| page.head));
                return Poll::Ready(Some(page));
            }
            if self.under_way.is_none() {
                let error = match mem::replace(&mut self.ahead, Ahead::Nothing) {
                    Ahead::Page(place) => {
                        self.fetch(place);
                        continue;
                    }
                    Ahead::Nothing => return Poll::Ready(None),
                    Ahead::Breach(breach, head) => Error::contract(breach, &head),
                    Ahead::Refusal => {
                        InvalidValue::new("resume token", "belongs to another request").into()
                    }
                };
                return Poll::Ready(Some(Err(error)));
            }
            ready!(self.poll_under_way(context));
        }
    }

    /// Gets on with the page after the one that was handed out last, if that is wanted.
    pub(super) fn poll_ahead(&mut self, context: &mut Context<'_>) {
        if !self.prefetch || self.arrived.is_some() {
            return;
        }
        if self.under_way.is_none() {
            match mem::replace(&mut self.ahead, Ahead::Nothing) {
                Ahead::Page(place) => self.fetch(place),
                other => self.ahead = other,
            }
        }
        // What arrives is handed out when its turn comes.
        let _ = self.poll_under_way(context);
    }

    fn fetch(&mut self, place: Place) {
        let request = self.request.clone();
        let request = match place.page.clone() {
            At::Start | At::End => request,
            At::Next(cursor) => request.at(Position::Next(cursor)),
            At::Previous(cursor) => request.at(Position::Previous(cursor)),
        };
        match (&place.page, self.backwards) {
            (At::Next(cursor), false) | (At::Previous(cursor), true) => {
                self.cursors.insert(cursor.clone());
            }
            // Cursors of the other direction may look alike and lead elsewhere.
            _ => {}
        }
        self.under_way = Some((place, Spawned::new(request)));
    }

    fn poll_under_way(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some((_, fetch)) = &mut self.under_way {
            let response = ready!(Pin::new(fetch).poll(context));
            if let Some((place, _)) = self.under_way.take() {
                self.arrived = Some(response.and_then(|response| self.accept(place, response)));
            }
        }
        Poll::Ready(())
    }

    /// Takes a page in, and finds out what comes after it.
    fn accept(&mut self, mut place: Place, response: Response<AsyncOrder>) -> Result<Page, Error> {
        let head = response.head().clone();
        let mut order = response.into_value();
        let total = order.total_line_items.into();
        self.total.get_or_insert(total);
        let mut items = mem::take(&mut order.line_items).into_vec();
        if self.backwards {
            items.reverse();
        }

        let first = items.first().map(|item| hash([item.reference_line_item_id.as_bytes()]));
        // The page on which to resume was there before.
        if place.past.is_none() && first.is_some_and(|first| self.heads.contains(&first)) {
            return Err(Error::contract(breach::REPEATED_PAGE, &head));
        }
        let pagination = &order.pagination;
        let (has_more, cursor) = if self.backwards {
            (pagination.prev_page_available, &pagination.prev_cursor)
        } else {
            (pagination.next_page_available, &pagination.next_cursor)
        };
        let cursor = cursor.as_ref().map(|cursor| cursor.as_str().to_owned());
        let ahead = match cursor.filter(|cursor| !cursor.is_empty()) {
            _ if !has_more => Ahead::Nothing,
            None => Ahead::Breach(breach::MISSING_CURSOR, head.clone()),
            Some(cursor) if self.cursors.contains(&cursor) => {
                Ahead::Breach(breach::REPEATED_CURSOR, head.clone())
            }
            Some(cursor) if self.backwards => Ahead::Page(Place::of(At::Previous(cursor))),
            Some(cursor) => Ahead::Page(Place::of(At::Next(cursor))),
        };
        self.empty_pages = if items.is_empty() { self.empty_pages.saturating_add(1) } else { 0 };
        if self.empty_pages > total.max(0).saturating_add(EMPTY_PAGES)
            && matches!(ahead, Ahead::Page(_))
        {
            return Err(Error::contract(breach::EMPTY_PAGES, &head));
        }

        if let Some(past) = &mut place.past {
            let rest =
                past.skip(&items).ok_or_else(|| Error::contract(breach::LOST_PLACE, &head))?;
            items.drain(..rest);
            past.count = rest;
        }
        let after = match &ahead {
            Ahead::Page(next) => next.clone(),
            Ahead::Nothing => Place::of(At::End),
            // A stream that resumes here is to meet the breach again.
            Ahead::Breach(..) | Ahead::Refusal => {
                let mut after = place.clone();
                for item in &items {
                    after.pass(item);
                }
                after
            }
        };
        self.ahead = ahead;
        order.line_items = items.into();
        Ok(Page { order, place, after, head: first })
    }
}

impl Past {
    /// How many line items of the page are past; none if the last one of them is not there any more.
    fn skip(&self, items: &[LineItem]) -> Option<usize> {
        let is_last = |item: &LineItem| item.reference_line_item_id == self.last;
        if self.count.checked_sub(1).and_then(|index| items.get(index)).is_some_and(is_last) {
            return Some(self.count);
        }
        items.iter().position(is_last).map(|index| index.saturating_add(1))
    }
}
