//! Listed orders, page after page and period after period.

use std::collections::HashSet;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use std::vec;

use futures_core::Stream;
use openapi_client::{Response, Spawned, Timestamp};

use crate::breach;
use crate::error::Error;
use crate::generated::requests::ListOrders;
use crate::generated::types::{ListedOrder, OrderList};

/// How many orders a page may have at the most (`elementsPerBlock`).
const PAGE: i64 = 100;

/// How many orders of one search can be reached, says the document of `list_orders`.
const REACHABLE: i64 = 10_000;

/// How long a period may be, says the document of `list_orders`: 100 days.
const LONGEST: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// The keys of a 404 that say that a search finds nothing, says the document of `list_orders`.
const NOTHING: [&str; 3] = ["404.013", "404.014", "404.110"];

/// The orders that a search finds, each page when it is asked for; made by [`ListOrders::orders`] and
/// [`ListOrders::orders_between`].
///
/// The first error ends it. Dropping it drops the request that is under way, if any.
#[must_use = "a stream does nothing until it is polled"]
pub struct Orders {
    request: ListOrders,
    /// The periods that are still to be searched, the next one at the end.
    periods: Vec<Period>,
    /// What is searched at present, and the number of its page.
    current: Option<(Period, i64)>,
    under_way: Option<Spawned<ListOrders>>,
    page: vec::IntoIter<ListedOrder>,
    /// The orders at the end of the period before: they may be at the start of the next one as well.
    seen: HashSet<String>,
}

/// From when until when; nothing if the request says it, or says nothing of it.
type Period = Option<(Timestamp, Timestamp)>;

impl ListOrders {
    /// All orders that the search finds, from the request's page on; 100 a page unless the request
    /// says otherwise.
    ///
    /// The server refuses to go beyond 10,000 orders; [`ListOrders::orders_between`] does.
    ///
    /// ```no_run
    /// # use tango_orders_client::{Error, SupportClient};
    /// # async fn find(client: &SupportClient) -> Result<(), Error> {
    /// let mut orders = client.list_orders().recipient_email("ada@example.com").orders();
    /// while let Some(order) = orders.next().await.transpose()? {
    ///     println!("{}: {}", order.reference_order_id, order.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn orders(self) -> Orders {
        Orders::new(self, vec![None])
    }

    /// All orders that the search finds among those placed from `start` until `end`, however many
    /// there are and however long that is; in place of dates and page that were set before.
    ///
    /// It asks for periods of 100 days at the most, the first one first, and for halves of a period
    /// that has more than 10,000 orders. An order at the end of a period comes once.
    pub fn orders_between(mut self, start: Timestamp, end: Timestamp) -> Orders {
        self.page = None;
        let mut periods = Vec::new();
        let mut from = start;
        while from < end || periods.is_empty() {
            let until = from.checked_add(LONGEST).unwrap_or(*end).min(*end);
            periods.push(Some((from, until.into())));
            from = until.into();
        }
        periods.reverse();
        Orders::new(self, periods)
    }
}

impl Orders {
    fn new(mut request: ListOrders, mut periods: Vec<Period>) -> Self {
        request.elements_per_block.get_or_insert(PAGE);
        let first = request.page.unwrap_or_default();
        let current = periods.pop().map(|period| (period, first));
        let (page, seen) = (Vec::new().into_iter(), HashSet::new());
        Self { request, periods, current, under_way: None, page, seen }
    }

    /// The next order; none after the last one or after an error.
    ///
    /// It may be dropped at any time without losing an order.
    pub async fn next(&mut self) -> Option<Result<ListedOrder, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    fn fetch(&mut self, period: Period, page: i64) {
        let mut request = self.request.clone().page(page);
        if let Some((start, end)) = period {
            request = request.start_date(start.to_string()).end_date(end.to_string());
        }
        self.under_way = Some(Spawned::new(request));
    }

    /// Takes a page in, and finds out what comes after it.
    fn accept(
        &mut self,
        period: Period,
        number: i64,
        response: Response<OrderList>,
    ) -> Result<(), Error> {
        let head = response.head().clone();
        let OrderList { page, orders, .. } = response.into_value();
        if i64::from(page.number) != number {
            return Err(Error::contract(breach::REPEATED_PAGE, &head));
        }
        let total = i64::from(page.total_count);
        let is_too_large = number == 0 && total > REACHABLE;
        if let Some([first, second]) = period.filter(|_| is_too_large).and_then(halves) {
            self.periods.push(Some(second));
            self.current = Some((Some(first), 0));
            return Ok(());
        }
        let size = self.request.elements_per_block.unwrap_or(PAGE);
        let is_last = orders.is_empty() || number.saturating_add(1).saturating_mul(size) >= total;
        let mut orders = orders.into_vec();
        orders.retain(|order| !self.seen.contains(&order.reference_order_id));
        if let Some((_, end)) = period {
            let late = orders.iter().filter(|order| *order.created_at >= *end);
            self.seen.extend(late.map(|order| order.reference_order_id.clone()));
        }
        if is_last {
            self.go_on();
        } else {
            self.current = Some((period, number.saturating_add(1)));
        }
        self.page = orders.into_iter();
        Ok(())
    }

    /// Goes on with the next period, if there is one.
    fn go_on(&mut self) {
        self.current = self.periods.pop().map(|period| (period, 0));
    }
}

/// Whether a server says by an error that no order matches.
fn finds_nothing(error: &Error) -> bool {
    let Error::Api { body, .. } = error else { return false };
    error.status().is_some_and(|status| status == 404)
        && body.i18n_keys().any(|key| NOTHING.contains(&key))
}

/// The halves of a period that is longer than a second.
fn halves((start, end): (Timestamp, Timestamp)) -> Option<[(Timestamp, Timestamp); 2]> {
    let length = Duration::try_from(end.duration_since(*start)).ok()?;
    let middle = start.checked_add(length / 2).ok().filter(|_| length > Duration::from_secs(1))?;
    Some([(start, middle.into()), (middle.into(), end)])
}

impl Stream for Orders {
    type Item = Result<ListedOrder, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(order) = this.page.next() {
                return Poll::Ready(Some(Ok(order)));
            }
            let Some((period, number)) = this.current else { return Poll::Ready(None) };
            let Some(fetch) = &mut this.under_way else {
                this.fetch(period, number);
                continue;
            };
            let response = ready!(Pin::new(fetch).poll(context));
            this.under_way = None;
            let accepted = match response {
                Ok(response) => this.accept(period, number, response),
                Err(error) if finds_nothing(&error) => {
                    this.go_on();
                    Ok(())
                }
                Err(error) => Err(error),
            };
            if let Err(error) = accepted {
                this.current = None;
                return Poll::Ready(Some(Err(error)));
            }
        }
    }
}

impl std::fmt::Debug for Orders {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Orders").field("request", &self.request).finish_non_exhaustive()
    }
}
