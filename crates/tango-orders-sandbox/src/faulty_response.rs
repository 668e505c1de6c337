//! Responses that go wrong, as a fault asks for.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::error_response::ErrorResponse;
use crate::fault::{self, Breakage, ErrorBodyKind, Fault, RetryAfter, Target};
use crate::token;

/// Tells the connection to end without a response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a fault of the sandbox resets the connection")
    }
}

impl std::error::Error for Reset {}

/// What a fault does to a response once it is rendered.
#[derive(Clone, Debug)]
pub(crate) struct Damage {
    target: Target,
    fault: Fault,
}

/// The response to a call under a fault, with the damage that is yet to be done to it.
pub(crate) fn response(target: Target, fault: &Fault, body: impl FnOnce() -> Response) -> Response {
    let mut response = match (fault.breakage, fault.status) {
        (Some(Breakage::Reset), _) => return reset(),
        (_, Some(status)) => error_response(target, status, fault),
        (_, None) => body(),
    };
    response.extensions_mut().insert(Damage { target, fault: fault.clone() });
    response
}

/// Ends the connection instead of a response.
pub(crate) fn reset() -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Reset);
    response
}

impl Damage {
    /// Does it, to whatever the response is: a success or an error of any kind.
    pub(crate) async fn apply(self, response: Response, is_error_body: bool) -> Response {
        let Self { target, fault } = self;
        let (mut head, body) = response.into_parts();
        // The body is in memory already.
        let mut body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        if !fault.disguise.is_none() && !body.is_empty() {
            let schema = match target {
                _ if is_error_body => fault::schema("ErrorBody"),
                Target::Token => token::schema(),
                Target::Operation(operation) => {
                    fault::success_schema(operation).map_or(&Value::Null, fault::schema)
                }
            };
            // What is no JSON has no members; such faults are refused when they are read.
            body = fault.disguise.apply(schema, &body).unwrap_or(body);
            // The router has said how long it was.
            head.headers.remove(header::CONTENT_LENGTH);
        }
        if let Some(value) =
            fault.content_type.as_ref().and_then(|it| HeaderValue::from_str(it).ok())
        {
            head.headers.insert(header::CONTENT_TYPE, value);
        }
        let is_cut = fault.breakage == Some(Breakage::Truncated);
        let body = if is_cut { Body::new(Truncated::new(&body)) } else { Body::from(body) };
        Response::from_parts(head, body)
    }
}

fn error_response(target: Target, status: StatusCode, fault: &Fault) -> Response {
    let phrase = status.canonical_reason().unwrap_or("Error");
    let retry_after = fault.retry_after.map(|retry_after| match retry_after {
        RetryAfter::Seconds(seconds) => HeaderValue::from(seconds),
        RetryAfter::Date(seconds) => date_in(seconds),
    });
    let mut response = match fault.body.unwrap_or_default() {
        ErrorBodyKind::Json if status == StatusCode::TOO_MANY_REQUESTS => {
            ErrorResponse::too_many_requests(target.id(), 1).into_response()
        }
        ErrorBodyKind::Json => {
            let key = match status.as_u16() {
                401 => "401.501",
                500 => "500.001",
                503 => "503.502",
                403 => "403.001",
                404 => "404.001",
                422 => "422.001",
                502 => "502.001",
                400..500 => "400.001",
                _ => "500.999",
            };
            let message = format!("{phrase}. A fault of the sandbox asked for this.");
            ErrorResponse::whole_request(status, key, message, Vec::new()).into_response()
        }
        ErrorBodyKind::Html => {
            let page = format!(
                "<!doctype html><html><head><title>{0} {phrase}</title></head>\
                 <body><center><h1>{0} {phrase}</h1></center><hr></body></html>\n",
                status.as_u16()
            );
            (status, axum::response::Html(page)).into_response()
        }
        ErrorBodyKind::Empty => status.into_response(),
    };
    if let Some(value) = retry_after {
        // An error is rendered later and keeps its headers.
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

/// The date that is so many seconds ahead, of real time: that is what a caller compares it with.
fn date_in(seconds: u32) -> HeaderValue {
    let moment = Timestamp::now().saturating_add(SignedDuration::from_secs(seconds.into()));
    let date =
        moment.ok().and_then(|it| DateTimePrinter::new().timestamp_to_rfc9110_string(&it).ok());
    date.and_then(|date| HeaderValue::from_str(&date).ok()).unwrap_or(HeaderValue::from(seconds))
}

/// A body that ends after half of its bytes.
struct Truncated {
    /// How many bytes it is said to have.
    length: usize,
    /// What is sent of it.
    half: Bytes,
    was_flushed: bool,
}

impl Truncated {
    fn new(body: &Bytes) -> Self {
        Self { length: body.len(), half: body.slice(..body.len() / 2), was_flushed: false }
    }
}

impl HttpBody for Truncated {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let half = std::mem::take(&mut self.half);
        if !half.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !self.was_flushed {
            // The server writes what it has once the body says that more is yet to come.
            self.was_flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let error = std::io::Error::other("a fault of the sandbox ends the body here");
        Poll::Ready(Some(Err(error)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.length).unwrap_or(u64::MAX))
    }
}
