//! Line items of an async order, page after page.

mod token;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;

pub use self::token::{ParseResumeTokenError, ResumeToken};
use self::walk::{Place, Walk};
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
    /// After which place, and which line item of its page, to resume.
    place: Place,
}

/// The line items of an async order, page after page; made by [`GetAsyncOrder::line_items`].
///
/// Line items come in the order of the server, or in the exact opposite one. Whatever is said of
/// [`Pages`] holds here as well.
#[must_use = "a stream does nothing until it is polled"]
pub struct LineItems {
    walk: Walk,
    place: Place,
    /// What is left of the page that is being handed out, and the place after it.
    page: Option<(vec::IntoIter<LineItem>, Place)>,
}

impl GetAsyncOrder {
    /// All pages from the request's position on.
    pub fn pages(self) -> Pages {
        let walk = Walk::new(self);
        Pages { place: walk.start(), walk }
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
        let walk = Walk::new(self);
        LineItems { place: walk.start(), walk, page: None }
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
            self.place = token.place.clone();
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
            self.walk.token(self.place.clone())
        }
    };
}

impl Pages {
    settings!();

    /// The next page; none after the last one or after an error.
    ///
    /// It may be dropped at any time without losing a page.
    pub async fn next(&mut self) -> Option<Result<AsyncOrder, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl LineItems {
    settings!();

    /// The next line item; none after the last one or after an error.
    ///
    /// It may be dropped at any time without losing a line item.
    pub async fn next(&mut self) -> Option<Result<LineItem, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
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
            this.place = page.after;
            Ok(page.order)
        }))
    }
}

impl Stream for LineItems {
    type Item = Result<LineItem, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some((items, after)) = &mut this.page {
                this.walk.poll_ahead(context);
                match items.next() {
                    Some(item) => {
                        match items.len() {
                            0 => this.place = after.clone(),
                            _ => this.place.pass(&item),
                        }
                        return Poll::Ready(Some(Ok(item)));
                    }
                    None => this.page = None,
                }
            }
            match std::task::ready!(this.walk.poll_page(context)) {
                Some(Ok(page)) => {
                    let after = page.after;
                    // An empty page is past as soon as it is there.
                    this.place =
                        if page.order.line_items.is_empty() { after.clone() } else { page.place };
                    this.page = Some((page.order.line_items.into_iter(), after));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
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
