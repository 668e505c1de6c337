//! Goes from page to page by the cursors of the responses.

use std::collections::HashSet;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use openapi_client::{Breach, InvalidValue, Response, ResponseHead, Spawned};

use super::place::{At, Place};
use super::token::ResumeToken;
use super::trail::{Trail, hash};
use crate::breach;
use crate::error::Error;
use crate::filter::Position;
use crate::generated::requests::GetAsyncOrder;
use crate::generated::types::AsyncOrder;

/// How many pages without line items may follow each other beyond the number of line items. A server
/// that filters page by page returns some.
const EMPTY_PAGES: u64 = 10;

/// A page as it is handed out.
pub(super) struct Page {
    pub(super) order: AsyncOrder,
    /// Where the page stands, with what of it is missing because it was handed out earlier.
    pub(super) place: Place,
    /// Where to go on once the page has been handed out.
    pub(super) after: Place,
    /// What tells it from other pages; nothing if it has no line items.
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
    /// The first page, if somebody else has asked for it already.
    given: Option<Response<AsyncOrder>>,
    /// What has arrived and was not handed out yet.
    arrived: Option<Result<Page, Error>>,
    /// The cursors that were asked for or are about to be, of this direction.
    cursors: HashSet<String>,
    trail: Trail,
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
            given: None,
            arrived: None,
            cursors: HashSet::new(),
            trail: Trail::default(),
            total: None,
        };
        walk.ahead = Ahead::Page(walk.start());
        walk
    }

    /// A walk whose first page is this one.
    pub(super) fn from(request: GetAsyncOrder, page: Response<AsyncOrder>) -> Self {
        Self { given: Some(page), ..Self::new(request) }
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
        self.given = None;
        self.trail = token.trail.clone().into();
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
            None => ResumeToken::new(&self.request, self.backwards, place, self.trail.kept.clone()),
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
                if let Ok(page) = &page {
                    self.trail.pass(page.head);
                }
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
        if let Some(page) = self.given.take() {
            self.arrived = Some(self.accept(place, page));
            return;
        }
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
        if place.past.is_none() && first.is_some_and(|first| self.trail.contains(first)) {
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
        let most = u64::try_from(total).unwrap_or_default().saturating_add(EMPTY_PAGES);
        if first.is_none() && self.trail.kept.empty >= most && matches!(ahead, Ahead::Page(_)) {
            return Err(Error::contract(breach::EMPTY_PAGES, &head));
        }

        if let Some(past) = &mut place.past {
            let rest =
                past.skip(&items).ok_or_else(|| Error::contract(breach::LOST_PLACE, &head))?;
            items.drain(..rest);
            past.count = u64::try_from(rest).unwrap_or(u64::MAX);
        }
        let after = match &ahead {
            Ahead::Page(next) => next.clone(),
            Ahead::Nothing => Place::of(At::End),
            // A stream that resumes here is to meet the breach again.
            Ahead::Breach(..) | Ahead::Refusal => match items.last() {
                Some(last) => place.after(items.len(), &last.reference_line_item_id),
                None => place.clone(),
            },
        };
        self.ahead = ahead;
        order.line_items = items.into();
        Ok(Page { order, place, after, head: first })
    }
}
