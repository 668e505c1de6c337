//! What a response tells beside the value that it holds.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use progenitor_client::ResponseValue;

use crate::decode;
use crate::pause;

/// The longest request id that is believed to be one.
const MAX_REQUEST_ID: usize = 128;

/// What is known of a response, whatever its body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHead {
    status: StatusCode,
    request_id: Option<Box<str>>,
    retry_after: Option<Duration>,
    attempts: u32,
}

impl ResponseHead {
    pub(crate) fn new(status: StatusCode, headers: &HeaderMap, attempts: u32) -> Self {
        let request_id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
        let request_id = request_id.filter(|id| is_request_id(id)).map(Box::from);
        Self { status, request_id, retry_after: pause::retry_after(headers), attempts }
    }

    /// Takes the request id of an error body if no header had one.
    pub(crate) fn or_request_id(mut self, id: Option<&str>) -> Self {
        if self.request_id.is_none() {
            self.request_id = id.filter(|id| is_request_id(id)).map(Box::from);
        }
        self
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What the server calls the request: the header `X-Request-ID`, or what the error body says
    /// ([`ErrorBody::request_id`](crate::ErrorBody::request_id)). A support desk asks for it.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// How long the server asks to wait before the next request, counted from the response.
    ///
    /// The header `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date; a date that is
    /// past counts as zero.
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

/// A value with what is known of the response that brought it.
///
/// `Debug` shows neither the value, nor the headers, nor the body.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) head: ResponseHead,
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

    /// Status, request id, attempts.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// What the server calls the request: the header `X-Request-ID`. A support desk asks for it.
    pub fn request_id(&self) -> Option<&str> {
        self.head.request_id()
    }

    /// The headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many requests were sent for this call, starting at 1.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// The body of the response, if it was asked for with
    /// [`with_body`](crate::WithResponse::with_body).
    pub fn body(&self) -> Option<&RawBody> {
        self.body.as_ref()
    }
}

impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Response").field("head", &self.head).finish_non_exhaustive()
    }
}

/// The bytes of a response as they came, after decompression and without a byte order mark; as secret as
/// what they hold.
///
/// `Debug` tells their number and nothing else.
#[derive(Clone)]
pub struct RawBody(pub(crate) Bytes);

impl RawBody {
    /// Takes the bytes of a response for progenitor's client.
    ///
    /// # Errors
    ///
    /// None: the body has been read to its end.
    #[doc(hidden)]
    pub async fn read<E>(
        response: reqwest::Response,
    ) -> Result<ResponseValue<Self>, progenitor_client::Error<E>> {
        let status = response.status();
        let body = response.bytes().await.map_err(progenitor_client::Error::ResponseBodyError)?;
        // The headers are with the call.
        Ok(ResponseValue::new(Self(body), status, HeaderMap::new()))
    }

    /// Decodes a response for progenitor's client.
    ///
    /// # Errors
    ///
    /// The body is not what the document says.
    #[doc(hidden)]
    pub async fn read_json<T: DeserializeOwned, E>(
        response: reqwest::Response,
    ) -> Result<ResponseValue<T>, progenitor_client::Error<E>> {
        Self::decoded(response, |body| body).await
    }

    /// Decodes a response for progenitor's client; one without a body is read like null.
    ///
    /// # Errors
    ///
    /// The body is not what the document says.
    #[doc(hidden)]
    pub async fn read_json_or_null<T: DeserializeOwned, E>(
        response: reqwest::Response,
    ) -> Result<ResponseValue<T>, progenitor_client::Error<E>> {
        Self::decoded(response, |body| if body.is_empty() { b"null" } else { body }).await
    }

    async fn decoded<T: DeserializeOwned, E>(
        response: reqwest::Response,
        json: fn(&[u8]) -> &[u8],
    ) -> Result<ResponseValue<T>, progenitor_client::Error<E>> {
        let status = response.status();
        let body = response.bytes().await.map_err(progenitor_client::Error::ResponseBodyError)?;
        match decode::decode(json(&body)) {
            // The headers are with the call.
            Ok(value) => Ok(ResponseValue::new(value, status, HeaderMap::new())),
            Err(error) => Err(progenitor_client::Error::InvalidResponsePayload(body, error)),
        }
    }

    /// The bytes themselves, secrets included.
    pub fn expose_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RawBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RawBody([redacted], {} bytes)", self.0.len())
    }
}
