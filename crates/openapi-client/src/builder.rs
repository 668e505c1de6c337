//! How a client is set up.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::auth::Credentials;
use crate::base_url::BaseUrl;
use crate::call::{Budget, Connection, Inspect, Inspectors, Pace, Request, Retry, Shared};
use crate::observer::Observer;
#[cfg(feature = "validate")]
use crate::observer::Validator;
use crate::setup_error::{InvalidValue, SetupError};
use crate::timeouts::{LONGEST, Timeouts};
use crate::transport::{Pools, Transport};

/// What the client calls itself unless told otherwise.
pub(crate) const USER_AGENT: &str = concat!("openapi-client/", env!("CARGO_PKG_VERSION"));

/// The most bytes of a response: 8 MiB.
const BODY_LIMIT: usize = 8 << 20;

/// Sets up a client of the type `C`.
///
/// Base URL and credentials have to be chosen, everything else has a default.
#[must_use = "a builder does nothing until it builds a client"]
pub struct ClientBuilder<C> {
    base_url: Option<BaseUrl>,
    credentials: Option<Credentials>,
    timeouts: Timeouts,
    retry: Retry,
    pace: Option<Duration>,
    user_agent: Cow<'static, str>,
    body_limit: usize,
    http: Option<reqwest::Client>,
    transport: Option<Arc<dyn Transport>>,
    observer: Option<Arc<dyn Observer>>,
    #[cfg(feature = "validate")]
    validator: Option<Validator>,
    inspectors: Inspectors,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Connection>> ClientBuilder<C> {
    /// Nothing is chosen yet.
    pub fn new() -> Self {
        Self {
            base_url: None,
            credentials: None,
            timeouts: Timeouts::default(),
            retry: Retry::default(),
            pace: None,
            user_agent: Cow::Borrowed(USER_AGENT),
            body_limit: BODY_LIMIT,
            http: None,
            transport: None,
            observer: None,
            #[cfg(feature = "validate")]
            validator: None,
            inspectors: Inspectors::default(),
            client: PhantomData,
        }
    }

    /// Where the API is.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = Some(base_url);
        self
    }

    /// What to authenticate with.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// How long to wait for what; see [`Timeouts::default`].
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// When to repeat a request; see [`Retry::default`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Lets at least this time pass between the starts of two requests, of all clones together.
    ///
    /// Unless the API's own builder says otherwise, requests are not held back; zero never does. The wait
    /// counts towards the time-out of the operation: once the next turn would come too late, a call ends
    /// with [`Error::Timeout`](crate::Error::Timeout).
    /// Calls that are dropped while they wait take no turn.
    pub fn pace(mut self, interval: Duration) -> Self {
        self.pace = Some(interval);
        self
    }

    /// What the client calls itself in the header `User-Agent` (RFC 9110, section 10.1.5): name and version
    /// of a program, such as `audit/1.2`. By default those of the crate that made the builder.
    ///
    /// It counts in place of one that an HTTP client of one's own has.
    pub fn user_agent(mut self, user_agent: impl Into<Cow<'static, str>>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The most bytes of a response, after decompression; 8 MiB by default.
    ///
    /// A response with more ends the call with [`Error::Contract`](crate::Error::Contract).
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// An HTTP client of one's own, for proxies, certificates, or connections that are shared.
    ///
    /// Without one, the client follows no redirection, sends no `Referer`, speaks HTTPS only except
    /// on this machine, where it goes through no proxy. With one, all of that is up to the caller, and
    /// so is the time-out of a connection:
    ///
    /// - Set `redirect(reqwest::redirect::Policy::none())`: reqwest follows redirections by itself. The
    ///   client finds out afterwards, by the URL of the response, and returns [`Error::Contract`](crate::Error::Contract); but by
    ///   then the other server knows the identifiers in the URL.
    /// - Set `referer(false)` and `https_only(true)`, and no `default_headers` that are secret.
    /// - Leave `connection_verbose` off: it logs whole requests and responses.
    /// - Its connections belong to the runtimes on which they were made: if one of several runtimes may
    ///   stand still, give each a client of its own.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Sends requests in a way of one's own; see [`Transport`].
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Who is told what responses hold that the document does not know.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// What tells the observer how responses deviate from the document.
    #[cfg(feature = "validate")]
    pub fn validator(mut self, validator: Validator) -> Self {
        self.validator = Some(validator);
        self
    }

    /// A check that every successful response to requests of this type has to pass, beside those that
    /// were added before. What it finds ends the call with [`Error::Contract`](crate::Error::Contract).
    pub fn inspect<R: Request>(mut self, inspect: Inspect<R>) -> Self {
        self.inspectors.add(inspect);
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if base URL or credentials are missing, a time-out is zero, there are more
    /// than 5 retries, or the user agent has characters that no header can carry; [`SetupError::Tls`] if
    /// TLS cannot be set up.
    pub fn build(self) -> Result<C, SetupError> {
        let missing = |what| InvalidValue::new(what, "must be chosen");
        let base_url = self.base_url.ok_or_else(|| missing("base url"))?;
        let credentials = self.credentials.ok_or_else(|| missing("credentials"))?;
        let timeouts = self.timeouts.checked()?;
        let retry = self.retry.checked()?;
        let pace = self.pace.filter(|interval| !interval.is_zero());
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            InvalidValue::new("user agent", "has characters that no header can carry")
        })?;
        let (http, own): (_, Arc<dyn Transport>) = if let Some(http) = self.http {
            (http.clone(), Arc::new(http))
        } else {
            let http = base_url.http_client(timeouts.connect)?;
            let pools = Pools::new(http.clone(), base_url.clone(), timeouts.connect);
            (http, Arc::new(pools))
        };
        let shared = Shared {
            base_url,
            credentials,
            timeouts,
            retry,
            budget: Budget::full(),
            pace: pace.map(|interval| Pace::new(interval.min(LONGEST))),
            user_agent,
            body_limit: self.body_limit,
            transport: self.transport.unwrap_or(own),
            http,
            observer: self.observer,
            #[cfg(feature = "validate")]
            validator: self.validator,
            inspectors: self.inspectors,
        };
        Ok(Connection(Arc::new(shared)).into())
    }
}

impl<C: From<Connection>> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
