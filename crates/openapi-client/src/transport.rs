//! What sends one request.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;

use reqwest::{Request, Response};

/// A future on the heap, as traits return it.
pub type BoxFuture<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// Sends one request and returns as soon as the headers of its response are there.
///
/// `reqwest::Client` is the one that is used; another one serves for middleware, or for tests that need
/// no network. Time-outs, retries and the limit of the body are the client's, whatever sends.
///
/// The request carries the credentials: do not log it.
pub trait Transport: Send + Sync + 'static {
    /// Sends the request.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

impl Transport for reqwest::Client {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = self.execute(request);
        Box::pin(async move { response.await.map_err(TransportError::from) })
    }
}

/// Why a request or its response was lost; without the URL.
#[derive(Debug)]
pub struct TransportError {
    kind: Kind,
    source: Box<dyn StdError + Send + Sync>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// No connection came about.
    Connect,
    /// No connection came about in time.
    ConnectTimeout,
    /// The request could not even be sent.
    Request,
    /// The connection broke, or the peer does not speak HTTP.
    Lost,
}

impl TransportError {
    /// No connection came about: nothing was sent.
    ///
    /// What `source` prints is printed with the error, so it must not have the URL.
    pub fn connect(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Connect, source: source.into() }
    }

    /// A connection broke before the response was complete.
    ///
    /// What `source` prints is printed with the error, so it must not have the URL.
    pub fn lost(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Lost, source: source.into() }
    }

    /// Whether no connection came about, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        matches!(self.kind, Kind::Connect | Kind::ConnectTimeout)
    }

    pub(crate) fn is_connect_timeout(&self) -> bool {
        self.kind == Kind::ConnectTimeout
    }

    /// Whether another attempt may go better.
    pub(crate) fn is_transient(&self) -> bool {
        self.kind != Kind::Request
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let kind = match (error.is_connect(), error.is_timeout(), error.is_builder()) {
            (true, true, _) => Kind::ConnectTimeout,
            (true, false, _) => Kind::Connect,
            (_, _, true) => Kind::Request,
            _ => Kind::Lost,
        };
        Self { kind, source: Box::new(error.without_url()) }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            Kind::Connect => "no connection came about",
            Kind::ConnectTimeout => "no connection came about in time",
            Kind::Request => "the request cannot be sent",
            Kind::Lost => "the connection broke before the response was complete",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.as_ref())
    }
}
