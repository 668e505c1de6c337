//! Line items of an async order, page after page.

mod place;
mod token;
mod trail;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;
use openapi_client::Response;

use self::place::Place;
pub use self::token::{ParseResumeTokenError, ResumeToken};
use self::walk::Walk;
use crate::error::Error;
use crate::generated::requests::GetAsyncOrder;
use crate::generated::types::{AsyncOrder, LineItem};

/// The pages of an async order, each when it is asked for; made by [`GetAsyncOrder::pages`].
///
/// It starts at the request's position and follows the cursors of the responses, forwards unless told
/// otherwise. The first error ends it; [`Pages::resume_token`] then tells where to go on.
///
/// What it holds against the server, by [`Error::Contract`]: a next page without a cursor, a cursor or
/// a page that was there before, and empty pages without end.
///
/// The request that is under way is a task: it gets on while the stream is not polled, and ends when
/// the stream is dropped. A stream may move to another runtime, and asks for that page again there.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages {
    walk: Walk,
    /// Where to go on.
    after: Place,
}

/// The line items of an async order, page after page; made by [`GetAsyncOrder::line_items`].
///
/// Line items come in the order of the server, or in the exact opposite one. Whatever is said of
/// [`Pages`] holds here as well.
#[must_use = "a stream does nothing until it is polled"]
pub struct LineItems {
    walk: Walk,
    /// What is left of the page that is being handed out.
    items: vec::IntoIter<LineItem>,
    /// Where that page was when it came.
    page: Place,
    /// How many of its line items were handed out, and the last of them.
    passed: usize,
    last: String,
    /// Where to go on after that page.
    after: Place,
}

impl GetAsyncOrder {
    /// All pages from the request's position on.
    pub fn pages(self) -> Pages {
        Pages::new(Walk::new(self))
    }

    /// All line items from the request's position on.
    ///
    /// ```no_run
    /// # use tango_orders_client::{AuditClient, Error};
    /// # async fn audit(client: &AuditClient) -> Result<(), Error> {
    /// let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    /// let mut failed = order.failed_only(true).max_results(500).line_items();
    /// while let Some(item) = failed.next().await.transpose()? {
    ///     println!("{}", item.reference_line_item_id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn line_items(self) -> LineItems {
        LineItems::new(Walk::new(self))
    }

    /// The line items that an earlier stream did not come to, whose token this is.
    ///
    /// The request has to be the one of that stream: the same order, page size, filter and
    /// `failed_only`. If it is another one, the first item is [`Error::InvalidRequest`].
    pub fn resume(self, token: &ResumeToken) -> LineItems {
        self.line_items().resume(token)
    }
}

macro_rules! settings {
    () => {
        /// Goes to previous pages instead of next ones, and through each page from its end.
        ///
        /// The server gives no cursor for the last page: without a position of the request, there is
        /// nothing before the first page. A stream that resumes keeps the direction of its token.
        pub fn backwards(mut self) -> Self {
            self.walk.turn_back();
            self
        }

        /// Whether to ask for one page ahead while the current one is being looked at.
        ///
        /// It gets on by itself, however long the current one takes.
        pub fn prefetch(mut self, prefetch: bool) -> Self {
            self.walk.prefetch = prefetch;
            self
        }

        /// Goes on where an earlier stream stood, in its direction; see [`GetAsyncOrder::resume`].
        pub fn resume(mut self, token: &ResumeToken) -> Self {
            self.walk.resume(token);
            self.after = token.place.clone();
            self
        }

        /// How many line items the whole order has, whatever the filter; known from the first page
        /// on.
        pub fn total(&self) -> Option<i64> {
            self.walk.total()
        }

        /// Where the stream stands: what resumes with it starts right after what was yielded last.
        ///
        /// After an error, that is where the error struck.
        pub fn resume_token(&self) -> ResumeToken {
            self.walk.token(self.place())
        }
    };
}

impl Pages {
    fn new(walk: Walk) -> Self {
        Self { after: walk.start(), walk }
    }

    /// The pages that begin with this one, to which the request has led already.
    pub(crate) fn from(request: GetAsyncOrder, page: Response<AsyncOrder>) -> Self {
        Self::new(Walk::from(request, page))
    }

    fn place(&self) -> Place {
        self.after.clone()
    }

    settings!();

    /// The next page; none after the last one or after an error.
    ///
    /// It may be dropped at any time without losing a page.
    pub async fn next(&mut self) -> Option<Result<AsyncOrder, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl LineItems {
    fn new(walk: Walk) -> Self {
        let start = walk.start();
        Self {
            items: Vec::new().into_iter(),
            page: start.clone(),
            passed: 0,
            last: String::new(),
            after: start,
            walk,
        }
    }

    /// The line items of this page, to which the request has led already, and of those after it.
    pub(crate) fn from(request: GetAsyncOrder, page: Response<AsyncOrder>) -> Self {
        Self::new(Walk::from(request, page))
    }

    fn place(&self) -> Place {
        match (self.items.len(), self.passed) {
            (0, _) => self.after.clone(),
            (_, 0) => self.page.clone(),
            (_, passed) => self.page.after(passed, &self.last),
        }
    }

    settings!();

    /// The next line item; none after the last one or after an error.
    ///
    /// It may be dropped at any time without losing a line item.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "it is what streams have")]
    pub fn next(&mut self) -> impl Future<Output = Option<Result<LineItem, Error>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context))
    }

    /// Gets the next page, unless there is none.
    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        let Some(page) = std::task::ready!(self.walk.poll_page(context)).transpose()? else {
            return Poll::Ready(Ok(false));
        };
        self.items = page.order.line_items.into_iter();
        (self.page, self.after, self.passed) = (page.place, page.after, 0);
        Poll::Ready(Ok(true))
    }
}

impl Stream for Pages {
    type Item = Result<AsyncOrder, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let page = std::task::ready!(this.walk.poll_page(context));
        this.walk.poll_ahead(context);
        Poll::Ready(page.map(|page| {
            let page = page?;
            this.after = page.after;
            Ok(page.order)
        }))
    }
}

impl Stream for LineItems {
    type Item = Result<LineItem, Error>;

    // A line item is large: what is inlined does not copy it from one result into the next.
    #[inline]
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            if let Some(item) = this.items.next() {
                this.walk.poll_ahead(context);
                this.passed = this.passed.saturating_add(1);
                // Reuses the memory of the one before.
                this.last.clone_from(&item.reference_line_item_id);
                return Poll::Ready(Some(Ok(item)));
            }
            if !std::task::ready!(this.poll_page(context))? {
                return Poll::Ready(None);
            }
        }
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pages").field("total", &self.total()).finish_non_exhaustive()
    }
}

impl fmt::Debug for LineItems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LineItems").field("total", &self.total()).finish_non_exhaustive()
    }
}
