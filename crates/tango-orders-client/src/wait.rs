//! Waiting for an async order to be done.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use openapi_client::{BoxFuture, InvalidValue, Request, Response};
use tokio::time::{self, Instant};

use crate::error::Error;
use crate::generated::enums::{LineItemStatus, OrderStatus};
use crate::generated::requests::GetAsyncOrder;
use crate::generated::types::AsyncOrder;
use crate::pages::{LineItems, Pages};

/// Less than a second between two requests would go past the limit of the server.
const SHORTEST: Duration = Duration::from_secs(1);

/// Asks for an async order again and again until it is done; made by [`GetAsyncOrder::wait`].
///
/// Done means `COMPLETE`, `PARTIAL`, `FAILED`, `CANCELLED` or `DELETED`: nothing more is going to
/// happen. `PENDING`, `QUEUED`, `ON_HOLD`, `PENDING_MR`, `PENDING_KYB` and `PENDING_PAYMENT` are not,
/// and neither is a status that the document does not know: to take one for the end would report an
/// order as settled that is not, while to take one for a delay costs no more than the time of the
/// schedule. [`Wait::on_progress`] sees it meanwhile.
///
/// Errors that may pass ([`Error::is_transient`]) do not end the wait; all others do.
///
/// Awaiting it brings the page that tells that the order is done. [`Wait::line_items`] and
/// [`Wait::pages`] go on from there, and do not ask for that page again.
///
/// # Errors
///
/// [`Error::Timeout`] of the phase [`TimeoutPhase::Wait`](crate::TimeoutPhase::Wait) if the order is not
/// done in time, with what is known of the last response; the error of the last request if that one
/// failed; otherwise any other [`Error`] of the request.
#[must_use = "nobody waits until it is awaited"]
pub struct Wait {
    request: GetAsyncOrder,
    schedule: Schedule,
    on_progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(&Progress<'_>) + Send>;

/// How often to ask, and for how long.
///
/// The vendor says that an order may take a business day. Tango allows one request per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The pause after the first request; 5 s by default.
    pub first: Duration,
    /// The longest pause; 5 min by default. Each pause is half as long again as the one before it.
    pub longest: Duration,
    /// After how long to give up; 74 h by default: a business day that begins on a Friday ends on the
    /// Monday.
    pub give_up_after: Duration,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(5),
            longest: Duration::from_secs(5 * 60),
            give_up_after: Duration::from_secs(74 * 60 * 60),
        }
    }
}

impl Schedule {
    fn after(&self, pause: Duration) -> Duration {
        pause.saturating_add(pause / 2).min(self.longest)
    }

    fn check(&self) -> Result<(), InvalidValue> {
        let rule = "is shorter than a second";
        if self.first < SHORTEST {
            return Err(InvalidValue::new("first pause of the schedule", rule));
        }
        if self.longest < SHORTEST {
            return Err(InvalidValue::new("longest pause of the schedule", rule));
        }
        Ok(())
    }
}

/// How a wait is going.
///
/// `Display` tells status, counts and times in one line, such as `PENDING after 3 requests in 12s, asking
/// again in 11s; of 250 line items, this page has 98 COMPLETE, 2 FAILED`. Neither it nor `Debug` tells
/// anything of a person.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress<'p> {
    /// What the last request brought; an error here is one that may pass.
    pub latest: Result<&'p AsyncOrder, &'p Error>,
    /// How many requests were made.
    pub requests: u32,
    /// Since when.
    pub waited: Duration,
    /// How long until the next request; none after the last one.
    pub pause: Option<Duration>,
}

impl fmt::Display for Progress<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.latest {
            Ok(order) => order.order_status.fmt(formatter)?,
            Err(error) => error.fmt(formatter)?,
        }
        let times = if self.requests == 1 { "request" } else { "requests" };
        let seconds = self.waited.as_secs();
        write!(formatter, " after {} {times} in {seconds}s", self.requests)?;
        if let Some(pause) = self.pause {
            write!(formatter, ", asking again in {}s", pause.as_secs())?;
        }
        let Ok(order) = self.latest else { return Ok(()) };
        let mut counts = BTreeMap::<_, usize>::new();
        for item in &order.line_items {
            *counts.entry(item.line_item_status.as_str()).or_default() += 1;
        }
        let counts: Vec<_> = counts
            .into_iter()
            .map(|(status, count)| format!("{count} {}", LineItemStatus::from(status)))
            .collect();
        let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
        let total = i64::from(order.total_line_items);
        write!(formatter, "; of {total} line items, this page has {counts}")
    }
}

impl GetAsyncOrder {
    /// Waits until the order is done, and returns the page that the request asks for.
    ///
    /// ```no_run
    /// # use tango_orders_client::{AuditClient, Error, Schedule};
    /// # async fn audit(client: &AuditClient) -> Result<(), Error> {
    /// let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    /// let done = order.wait(Schedule::default()).on_progress(|progress| println!("{progress}"));
    /// println!("{}", done.await?.order_status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait(self, schedule: Schedule) -> Wait {
        Wait { request: self, schedule, on_progress: None }
    }
}

impl Wait {
    /// Is called after each request, before the pause.
    pub fn on_progress(mut self, call: impl FnMut(&Progress<'_>) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Waits until the order is done, and streams its line items from the last page on that came: the
    /// server is not asked for it twice.
    ///
    /// ```no_run
    /// # use tango_orders_client::{AuditClient, Error, Schedule};
    /// # async fn audit(client: &AuditClient) -> Result<(), Error> {
    /// let order = client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
    /// let mut items = order.max_results(500).wait(Schedule::default()).line_items().await?;
    /// while let Some(item) = items.next().await.transpose()? {
    ///     println!("{}: {}", item.reference_line_item_id, item.line_item_status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the wait.
    pub async fn line_items(self) -> Result<LineItems, Error> {
        let request = self.request.clone();
        Ok(LineItems::from(request, self.run().await?))
    }

    /// The same, page after page.
    ///
    /// # Errors
    ///
    /// Those of the wait.
    pub async fn pages(self) -> Result<Pages, Error> {
        let request = self.request.clone();
        Ok(Pages::from(request, self.run().await?))
    }

    async fn run(mut self) -> Result<Response<AsyncOrder>, Error> {
        self.schedule.check()?;
        let start = Instant::now();
        let mut next = self.schedule.first.min(self.schedule.longest);
        let mut requests = 0_u32;
        loop {
            let latest = self.request.send(false).await;
            requests = requests.saturating_add(1);
            let waited = start.elapsed();
            let is_settled = match &latest {
                Ok(page) => is_done(&page.value().order_status),
                Err(error) => !error.is_transient(),
            };
            let left = self.schedule.give_up_after.saturating_sub(waited);
            let asked = latest.as_ref().err().and_then(Error::retry_after).unwrap_or_default();
            // The last request is made when the time is up.
            let pause = (!is_settled && left >= SHORTEST).then(|| next.max(asked).min(left));
            if let Some(call) = &mut self.on_progress {
                let latest = latest.as_ref().map(Response::value);
                call(&Progress { latest, requests, waited, pause });
            }
            match (pause, latest) {
                (Some(pause), _) => time::sleep(pause).await,
                (None, latest) if is_settled => return latest,
                (None, Err(error)) => return Err(error),
                (None, Ok(page)) => {
                    return Err(Error::wait(self.schedule.give_up_after, requests, page.head()));
                }
            }
            next = self.schedule.after(next);
        }
    }
}

impl IntoFuture for Wait {
    type Output = Result<AsyncOrder, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.run().await.map(Response::into_value) })
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Wait")
            .field("request", &self.request)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

fn is_done(status: &OrderStatus) -> bool {
    use OrderStatus::{Cancelled, Complete, Deleted, Failed, Partial};
    matches!(status, Complete | Partial | Failed | Cancelled | Deleted)
}
