//! Where the API is, and how long to wait for it.

use std::fmt;
use std::time::Duration;

use reqwest::Url;

use crate::error::Error;

/// The longest time that the client reckons with: a year.
pub(crate) const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Which of Tango's systems to call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// `https://integration-api.tangocard.com/raas/v2`, for integrating; not for load tests.
    Sandbox,
    /// `https://api.tangocard.com/raas/v2`, where rewards are worth money.
    Production,
    /// Any other, made by [`Environment::at`].
    Other(BaseUrl),
}

/// A base URL that may be called: HTTPS, or plain HTTP on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Normalised, without a slash at the end.
    text: String,
    is_plain: bool,
}

impl Environment {
    /// Any server with this API, such as `http://127.0.0.1:8080/raas/v2`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if the URL is none, is neither HTTPS nor on this machine, or
    /// carries a password, a query or a fragment.
    pub fn at(url: &str) -> Result<Self, Error> {
        BaseUrl::new("base url", url).map(Self::Other)
    }

    pub(crate) fn base_url(&self) -> BaseUrl {
        let known = |text: &str| BaseUrl { text: text.to_owned(), is_plain: false };
        match self {
            Self::Sandbox => known("https://integration-api.tangocard.com/raas/v2"),
            Self::Production => known("https://api.tangocard.com/raas/v2"),
            Self::Other(url) => url.clone(),
        }
    }
}

impl BaseUrl {
    /// Checks a URL that secrets are sent to.
    pub(crate) fn new(parameter: &'static str, text: &str) -> Result<Self, Error> {
        let refuse = |rule: &'static str| Err(Error::invalid(parameter, rule, text));
        let Ok(url) = Url::parse(text) else { return refuse("is not an absolute url") };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("carries credentials, which would be logged with it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("has a query or a fragment");
        }
        let is_loopback = match url.host_str() {
            Some("localhost" | "[::1]") => true,
            Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
            None => return refuse("has no host"),
        };
        let is_plain = match url.scheme() {
            "https" => false,
            "http" if is_loopback => true,
            _ => return refuse("is neither https nor on this machine"),
        };
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned(), is_plain })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is plain HTTP, on this machine.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}

/// How long to wait for what; more than a year counts as a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included. Not applied to an HTTP client of one's own.
    pub connect: Duration,
    /// For one request and its whole reply.
    pub attempt: Duration,
    /// For a call: all attempts, the pauses between them, and the token if one is needed.
    pub operation: Duration,
    /// For the next bytes of a body.
    pub stall: Duration,
}

impl Timeouts {
    /// The same, as long as they can be: a point in time beyond that may not exist.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let Self { connect, attempt, operation, stall } = self;
        if [connect, attempt, operation, stall].iter().any(Duration::is_zero) {
            return Err(Error::invalid(
                "time-out",
                "is zero, which leaves no time for anything",
                "",
            ));
        }
        Ok(Self {
            connect: connect.min(LONGEST),
            attempt: attempt.min(LONGEST),
            operation: operation.min(LONGEST),
            stall: stall.min(LONGEST),
        })
    }
}

impl Default for Timeouts {
    /// 3 seconds for a connection, 15 for an attempt, 45 for the call, 10 for the next bytes.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            attempt: Duration::from_secs(15),
            operation: Duration::from_secs(45),
            stall: Duration::from_secs(10),
        }
    }
}
