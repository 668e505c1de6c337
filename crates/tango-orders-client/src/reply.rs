//! What a reply tells beside the value that it holds.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::retry_after;

/// The longest request id that is believed to be one.
const MAX_REQUEST_ID: usize = 128;

/// What is known of a reply, whatever its body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    status: StatusCode,
    request_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    attempts: u32,
}

impl Reply {
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, attempts: u32) -> Self {
        let request_id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
        let request_id = request_id.filter(|id| is_request_id(id)).map(Box::from);
        Self { status, request_id, retry_after: retry_after::read(headers), attempts }
    }

    /// Takes the request id of an error body if no header had one.
    pub(crate) fn or_request_id(mut self, id: Option<&str>) -> Self {
        if self.request_id.is_none() {
            self.request_id = id.filter(|id| is_request_id(id)).map(Box::from);
        }
        self
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What Tango's support asks for: the header `X-REQUEST-ID`, or `requestId` of an error body.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the server asks to wait before the next request, counted from the reply.
    ///
    /// The header `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date; a date that is
    /// past counts as zero. Tango documents no such header, proxies before it send one.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// How many requests were sent for this call, starting at 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

/// Whether a text may be printed as a request id: something short without blanks.
fn is_request_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= MAX_REQUEST_ID && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A value with what is known of the reply that brought it.
///
/// `Debug` shows neither the value, nor the headers, nor the body.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) reply: Reply,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<RawBody>,
}

impl<T> Response<T> {
    /// What was asked for.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What was asked for, without the rest.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The status of the reply.
    pub fn status(&self) -> StatusCode {
        self.reply.status
    }

    /// What Tango's support asks for: the header `X-REQUEST-ID`.
    pub fn request_id(&self) -> Option<&str> {
        self.reply.request_id()
    }

    /// The headers of the reply.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many requests were sent for this call, starting at 1.
    pub fn attempts(&self) -> u32 {
        self.reply.attempts
    }

    /// The body of the reply, if it was asked for with
    /// [`with_body`](crate::WithResponse::with_body).
    pub fn body(&self) -> Option<&RawBody> {
        self.body.as_ref()
    }
}

impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Response").field("reply", &self.reply).finish_non_exhaustive()
    }
}

/// The bytes of a reply as they came, after decompression; as secret as what they hold.
///
/// `Debug` tells their number and nothing else.
#[derive(Clone)]
pub struct RawBody(pub(crate) Bytes);

impl RawBody {
    /// The bytes themselves, what redeems a reward included.
    pub fn expose_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawBody([redacted], {} bytes)", self.0.len())
    }
}
