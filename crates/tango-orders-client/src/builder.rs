//! How a client is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;

use crate::client::{AuditClient, Client, SupportClient};
use crate::credentials::Credentials;
use crate::environment::{BaseUrl, Environment, LONGEST, Timeouts};
use crate::error::Error;
use crate::observer::Observer;
use crate::retry::{Budget, Pace, Retry};
use crate::transport::Transport;

/// The most bytes of a reply: 8 MiB, where a page of 500 line items has about 300 kB.
const BODY_LIMIT: usize = 8 << 20;

/// Sets up a client; made by [`Client::builder`].
///
/// Environment and credentials have to be chosen, everything else has a default.
#[derive(Default)]
#[must_use = "a builder does nothing until it builds a client"]
pub struct ClientBuilder {
    environment: Option<Environment>,
    credentials: Option<Credentials>,
    timeouts: Timeouts,
    retry: Retry,
    pace: Option<Duration>,
    body_limit: Option<usize>,
    http: Option<reqwest::Client>,
    transport: Option<Arc<dyn Transport>>,
    observer: Option<Arc<dyn Observer>>,
}

/// What clones of a client share.
pub(crate) struct Core {
    pub(crate) base_url: BaseUrl,
    pub(crate) credentials: Credentials,
    pub(crate) timeouts: Timeouts,
    pub(crate) retry: Retry,
    pub(crate) budget: Budget,
    pub(crate) pace: Option<Pace>,
    pub(crate) body_limit: usize,
    /// Builds requests.
    pub(crate) http: reqwest::Client,
    /// Sends them.
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

impl ClientBuilder {
    /// Which of Tango's systems to call.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
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
    /// Tango allows one request per second (*Best practices*): `Duration::from_secs(1)` keeps to it.
    /// By default requests are not held back. The wait counts towards the time-out of the operation:
    /// a call whose turn comes too late ends with [`Error::Timeout`] at once.
    pub fn pace(mut self, interval: Duration) -> Self {
        self.pace = Some(interval);
        self
    }

    /// The most bytes of a reply, after decompression; 8 MiB by default.
    ///
    /// A reply with more ends the call with [`Error::Contract`].
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = Some(bytes);
        self
    }

    /// An HTTP client of one's own, for proxies, certificates, or connections that are shared.
    ///
    /// Without one, the client follows no redirection, sends no `Referer`, speaks HTTPS only except
    /// on this machine, where it goes through no proxy. With one, all of that is up to the caller, and
    /// so is the time-out of a connection:
    ///
    /// - Set `redirect(reqwest::redirect::Policy::none())`: reqwest follows redirections by itself. The
    ///   client finds out afterwards, by the URL of the reply, and returns [`Error::Contract`]; but by
    ///   then the other server knows the identifiers in the URL.
    /// - Set `referer(false)` and `https_only(true)`, and no `default_headers` that are secret.
    /// - Leave `connection_verbose` off: it logs whole requests and replies.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Sends requests in a way of one's own; see [`Transport`].
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Who is told what replies hold that the document does not know.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// A client that can call both operations.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if environment or credentials are missing, a time-out is zero, or
    /// there are more than 5 retries; [`Error::Transport`] if TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        self.core().map(Client::new)
    }

    /// A client that can audit and never sees what redeems a reward.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`].
    pub fn build_audit(self) -> Result<AuditClient, Error> {
        self.core().map(AuditClient::new)
    }

    /// A client that can look orders up, and nothing else.
    ///
    /// # Errors
    ///
    /// Those of [`ClientBuilder::build`].
    pub fn build_support(self) -> Result<SupportClient, Error> {
        self.core().map(SupportClient::new)
    }

    fn core(self) -> Result<Arc<Core>, Error> {
        let missing = |what| Error::invalid(what, "must be chosen", "");
        let environment = self.environment.ok_or_else(|| missing("environment"))?;
        let credentials = self.credentials.ok_or_else(|| missing("credentials"))?;
        let timeouts = self.timeouts.checked()?;
        let retry = self.retry.checked()?;
        let base_url = environment.base_url();
        let http = match self.http {
            Some(http) => http,
            None => http_client(&base_url, timeouts.connect)?,
        };
        Ok(Arc::new(Core {
            base_url,
            credentials,
            timeouts,
            retry,
            budget: Budget::full(),
            pace: self.pace.map(|interval| Pace::new(interval.min(LONGEST))),
            body_limit: self.body_limit.unwrap_or(BODY_LIMIT),
            transport: self.transport.unwrap_or_else(|| Arc::new(http.clone())),
            http,
            observer: self.observer,
        }))
    }
}

/// An HTTP client that sends secrets to one server and nowhere else.
pub(crate) fn http_client(url: &BaseUrl, connect: Duration) -> Result<reqwest::Client, Error> {
    let mut http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .referer(false)
        .https_only(!url.is_plain())
        .connect_timeout(connect);
    if url.is_plain() {
        // A proxy would take plain HTTP off this machine.
        http = http.no_proxy();
    }
    http.build().map_err(|error| Error::Transport {
        attempts: 0,
        reply: None,
        source: error.into(),
    })
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("environment", &self.environment)
            .field("timeouts", &self.timeouts)
            .field("retry", &self.retry)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}
