//! What clones of a client share.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;

use super::budget::Budget;
use super::pace::Pace;
use super::request::Request;
use super::retry::Retry;
use crate::auth::Credentials;
use crate::base_url::BaseUrl;
use crate::error::Breach;
use crate::observer::Observer;
use crate::timeouts::Timeouts;
use crate::transport::Transport;

/// What clones of a client share: where the API is, credentials, limits, and the budget of retries.
#[derive(Clone)]
pub struct Connection(pub(crate) Arc<Shared>);

/// What a [`Connection`] holds.
pub(crate) struct Shared {
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Retry,
    pub(crate) budget: Budget,
    pub(crate) pace: Option<Pace>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) body_limit: usize,
    /// Builds requests.
    pub(crate) http: reqwest::Client,
    /// Sends them.
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    #[cfg(feature = "validate")]
    pub(crate) validator: Option<crate::observer::Validator>,
    pub(crate) inspectors: Inspectors,
}

/// Checks of successful responses, each of one type of requests.
#[derive(Default)]
pub(crate) struct Inspectors(Vec<Box<dyn Any + Send + Sync>>);

/// What a check looks at, and what it finds.
pub(crate) type Inspect<R> = fn(&R, &<R as Request>::Value) -> Result<(), Breach>;

impl Connection {
    /// Where the API is, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.0.base_url.as_str()
    }

    /// What builds requests.
    pub fn http_client(&self) -> &reqwest::Client {
        &self.0.http
    }
}

impl Inspectors {
    pub(crate) fn add<R: Request>(&mut self, inspect: Inspect<R>) {
        self.0.push(Box::new(inspect));
    }

    /// Runs all checks of this type of requests.
    pub(super) fn run<R: Request>(&self, request: &R, value: &R::Value) -> Result<(), Breach> {
        let of_type = self.0.iter().filter_map(|inspect| inspect.downcast_ref::<Inspect<R>>());
        of_type.into_iter().try_for_each(|inspect| inspect(request, value))
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("base_url", &self.0.base_url)
            .finish_non_exhaustive()
    }
}
