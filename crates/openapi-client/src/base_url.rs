//! Where the API is.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use reqwest::{Url, redirect};

use crate::setup_error::{InvalidValue, SetupError};

/// A base URL that may be called: HTTPS, or plain HTTP on this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Normalised, without a slash at the end.
    text: Cow<'static, str>,
    is_plain: bool,
}

impl BaseUrl {
    /// A base URL that is known when the program is compiled, for a constant.
    ///
    /// # Panics
    ///
    /// It does not begin with `https://`, or it ends with a slash; in a constant, that is an error of
    /// the compiler. A URL that is not in its normal form, such as one with capital letters in its
    /// host, makes every request invalid.
    pub const fn from_static(url: &'static str) -> Self {
        assert!(
            matches!(url.as_bytes(), [b'h', b't', b't', b'p', b's', b':', b'/', b'/', .., last] if *last != b'/'),
            "the URL does not begin with https:// or ends with a slash"
        );
        Self { text: Cow::Borrowed(url), is_plain: false }
    }

    /// Reads a URL such as `https://api.example.com/v2` or `http://127.0.0.1:8080/v2`.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the URL is none, is neither HTTPS nor on this machine, or carries a
    /// password, a query or a fragment.
    pub fn parse(url: &str) -> Result<Self, SetupError> {
        Self::of("base url", url).map_err(SetupError::from)
    }

    /// Reads a URL of plain HTTP to another machine, such as `http://sandbox:8080/v2` in a network of
    /// containers.
    ///
    /// Credentials and responses, secrets included, travel in clear: anybody on the way can read and
    /// change them. Use it where nobody else is, with credentials that are worth nothing.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the URL is none, is not plain HTTP, or carries a password, a query or a
    /// fragment.
    pub fn danger_plain_http(url: &str) -> Result<Self, SetupError> {
        let url = Self::read("base url", url, true)?;
        if url.is_plain {
            return Ok(url);
        }
        Err(InvalidValue::new("base url", "is not plain http").into())
    }

    /// Checks a URL that secrets are sent to.
    pub(crate) fn of(parameter: &'static str, text: &str) -> Result<Self, InvalidValue> {
        Self::read(parameter, text, false)
    }

    fn read(
        parameter: &'static str,
        text: &str,
        is_danger_accepted: bool,
    ) -> Result<Self, InvalidValue> {
        let refuse = |rule: &'static str| Err(InvalidValue::new(parameter, rule));
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
            "http" if is_loopback || is_danger_accepted => true,
            _ => return refuse("is neither https nor on this machine"),
        };
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned().into(), is_plain })
    }

    /// The URL without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// An HTTP client that sends secrets to this server and nowhere else.
    pub(crate) fn http_client(&self, connect: Duration) -> Result<reqwest::Client, SetupError> {
        let mut http = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            // The client does it, with the feature of that name.
            .no_gzip()
            .https_only(!self.is_plain)
            .connect_timeout(connect);
        if self.is_plain {
            // A proxy would take plain HTTP off this machine.
            http = http.no_proxy();
        }
        http.build().map_err(|error| SetupError::Tls(error.into()))
    }
}

impl FromStr for BaseUrl {
    type Err = SetupError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Self::parse(url)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}
