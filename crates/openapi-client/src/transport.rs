//! What sends one request.

mod pools;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::iter;
use std::pin::Pin;

use reqwest::{Request, Response, Url};

pub(crate) use self::pools::Pools;

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
        Box::pin(execute(self.clone(), request))
    }
}

/// Sends a request, and marks a response that comes from the host that reqwest makes up for others.
async fn execute(client: reqwest::Client, request: Request) -> Result<Response, TransportError> {
    let mut response = client.execute(request).await?;
    if is_made_up(response.url()) {
        response.extensions_mut().insert(Redirected);
    }
    Ok(response)
}

/// Marks a response that was really fetched from the host that reqwest makes up.
#[derive(Clone, Copy)]
struct Redirected;

/// Whether a response comes from another URL than the one that was asked.
///
/// A transport of another kind that makes its responses up need not give them a URL; reqwest then makes
/// one up.
pub(crate) fn is_redirected(response: &Response, asked: &Url) -> bool {
    let is_redirected = response.url() != asked && !is_made_up(response.url());
    is_redirected || response.extensions().get::<Redirected>().is_some()
}

fn is_made_up(url: &Url) -> bool {
    url.host_str() == Some("no.url.provided.local")
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
    /// The peer cannot be trusted, or does not speak TLS.
    Tls,
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

    /// TLS failed: a certificate that is not valid for this server, a fatal alert, or a peer that does not
    /// speak TLS. Another attempt would not go better.
    ///
    /// What `source` prints is printed with the error, so it must not have the URL.
    pub fn tls(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Kind::Tls, source: source.into() }
    }

    /// Whether TLS failed.
    pub fn is_tls(&self) -> bool {
        self.kind == Kind::Tls
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
        !matches!(self.kind, Kind::Request | Kind::Tls)
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let kind = match (error.is_connect(), error.is_timeout(), error.is_builder()) {
            (_, _, true) => Kind::Request,
            _ if is_tls(&error) => Kind::Tls,
            (true, true, _) => Kind::ConnectTimeout,
            (true, false, _) => Kind::Connect,
            _ => Kind::Lost,
        };
        Self { kind, source: Box::new(error.without_url()) }
    }
}

/// Whether TLS failed, as rustls tells: by an I/O error for data that is not valid. A connection that
/// breaks has other kinds, and so has what is wrong with HTTP; a body may hold such data, too.
fn is_tls(error: &reqwest::Error) -> bool {
    let is_invalid = |error: &io::Error| error.kind() == io::ErrorKind::InvalidData;
    let mut causes = iter::successors(error.source(), |&cause| inner(cause));
    !error.is_body()
        && !error.is_decode()
        && causes.any(|cause| cause.downcast_ref().is_some_and(is_invalid))
}

/// What an error holds. The source of an I/O error is the source of what it holds.
fn inner<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            Kind::Connect => "no connection came about",
            Kind::ConnectTimeout => "no connection came about in time",
            Kind::Tls => "TLS failed, so that the server cannot be trusted",
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
