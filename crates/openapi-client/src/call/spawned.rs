//! A call that gets on by itself.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::{Handle, Id};
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::request::Request;
use crate::error::Error;
use crate::response::Response;

/// A call as a task of its own: it gets on while nobody polls it, and ends when this is dropped.
///
/// The task belongs to the runtime on which it was polled last, because another one may stand still:
/// polled on another runtime, it begins anew there. So the operation has to be one that may be
/// repeated.
///
/// # Panics
///
/// It has to be polled within a Tokio runtime.
#[derive(Debug)]
#[must_use = "a call is not made until it is polled"]
pub struct Spawned<R: Request> {
    request: R,
    task: Option<Task<R>>,
}

#[derive(Debug)]
struct Task<R: Request> {
    runtime: Id,
    outcome: JoinHandle<Outcome<R>>,
}

type Outcome<R> = Result<Response<<R as Request>::Value>, Error<<R as Request>::ErrorBody>>;

impl<R: Request> Spawned<R> {
    /// A call that begins when it is polled for the first time.
    pub fn new(request: R) -> Self {
        Self { request, task: None }
    }

    /// The task on the runtime that polls.
    fn task(&mut self) -> &mut Task<R> {
        let runtime = Handle::current();
        if self.task.as_ref().is_some_and(|task| task.runtime != runtime.id()) {
            self.task = None;
        }
        self.task.get_or_insert_with(|| {
            let request = self.request.clone();
            let call = async move { request.send(false).await };
            Task { runtime: runtime.id(), outcome: runtime.spawn(call.in_current_span()) }
        })
    }
}

impl<R: Request + Unpin> Future for Spawned<R> {
    type Output = Outcome<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.task().outcome).poll(context)) {
            Ok(outcome) => Poll::Ready(outcome),
            Err(error) => match error.try_into_panic() {
                Ok(panic) => resume_unwind(panic),
                // The runtime is shutting down, and whatever polls goes down with it.
                Err(_) => Poll::Pending,
            },
        }
    }
}

impl<R: Request> Drop for Task<R> {
    fn drop(&mut self) {
        self.outcome.abort();
    }
}
