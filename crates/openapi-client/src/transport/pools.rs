//! Connections of the client's own, kept apart by runtime.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Request, Response};
use tokio::runtime::{Handle, Id};

use super::{BoxFuture, Transport, TransportError};
use crate::base_url::BaseUrl;
use crate::setup_error::SetupError;

/// How many runtimes keep their connections; with more, those that were idle longest connect anew.
const MOST: usize = 8;

/// Sends requests by a pool of connections for each runtime.
///
/// A connection is driven by the runtime on which it was made. In one pool for all, a request could get a
/// connection of a runtime that stands still, and be lost with it.
pub(crate) struct Pools {
    base_url: BaseUrl,
    connect: Duration,
    /// Those that were used last come last; one of no runtime yet is for the first that comes.
    by_runtime: Mutex<VecDeque<(Option<Id>, reqwest::Client)>>,
}

impl Pools {
    pub(crate) fn new(first: reqwest::Client, base_url: BaseUrl, connect: Duration) -> Self {
        Self { base_url, connect, by_runtime: Mutex::new([(None, first)].into()) }
    }

    /// The pool of the runtime that drives the caller.
    fn pool(&self) -> Result<reqwest::Client, SetupError> {
        let runtime = Handle::try_current().map(|handle| handle.id()).ok();
        let mut pools = self.by_runtime.lock().unwrap_or_else(PoisonError::into_inner);
        let found = pools.iter().position(|(owner, _)| owner.is_none() || *owner == runtime);
        let pool = match found.and_then(|index| pools.remove(index)) {
            Some((_, pool)) => pool,
            None => self.base_url.http_client(self.connect)?,
        };
        pools.push_back((runtime, pool.clone()));
        if pools.len() > MOST {
            pools.pop_front();
        }
        Ok(pool)
    }
}

impl Transport for Pools {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match self.pool() {
            Ok(pool) => Box::pin(super::execute(pool, request)),
            Err(error) => Box::pin(std::future::ready(Err(TransportError::connect(error)))),
        }
    }
}
