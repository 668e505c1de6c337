//! One attempt: a request goes out, and its response is read to the end.

use std::mem;

use bytes::Bytes;
#[cfg(feature = "validate")]
use openapi_validator::Options;
#[cfg(feature = "validate")]
use reqwest::StatusCode;
use reqwest::header::TRANSFER_ENCODING;
use reqwest::{Request, Response, Url, Version};
use serde::de::IgnoredAny;
use tokio::time::{self, Instant};
use tracing::Span;

use super::{Call, Received, Shared};
use crate::body::{self, BodyError};
use crate::error::{Breach, Error, TimeoutPhase};
use crate::response::ResponseHead;
use crate::transport::{self, TransportError};

impl Call {
    /// Sends the request as attempt number `attempt`, and reads the response to its end.
    pub(super) async fn transfer(
        &self,
        request: Request,
        asked: &Url,
        attempt: u32,
        deadline: Instant,
        span: &Span,
    ) -> Result<Received, Error<()>> {
        let Shared { timeouts, body_limit, .. } = &*self.connection.0;
        let own = Instant::now() + timeouts.attempt;
        let (end, phase, limit) = if own < deadline {
            (own, TimeoutPhase::Attempt, timeouts.attempt)
        } else {
            (deadline, TimeoutPhase::Operation, timeouts.operation)
        };
        let timeout = |phase, limit, head: Option<&ResponseHead>| {
            let response = head.cloned().map(Box::new);
            Error::Timeout { phase, limit, attempts: attempt, response }
        };
        let response = time::timeout_at(end, self.connection.0.transport.send(request)).await;
        let response = response.map_err(|_| timeout(phase, limit, None))?;
        let mut response = response.map_err(|source| {
            if source.is_connect_timeout() {
                timeout(TimeoutPhase::Connect, timeouts.connect, None)
            } else {
                Error::Transport { attempts: attempt, response: None, source }
            }
        })?;

        let status = response.status();
        let head = ResponseHead::new(status, response.headers(), attempt);
        span.record("status", status.as_u16());
        span.record("request_id", head.request_id());
        if transport::is_redirected(&response, asked) || status.is_redirection() {
            return Err(Error::contract(Breach::Redirection, &head));
        }
        let is_open_ended = is_open_ended(&response);
        #[cfg_attr(not(feature = "gzip"), expect(unused_mut, reason = "the feature changes it"))]
        let mut headers = mem::take(response.headers_mut());
        let body = body::read(response, *body_limit, end, timeouts.stall).await;
        #[cfg(feature = "gzip")]
        let body = match body {
            Ok(body) if body::gzip::take_encoding(&mut headers) => {
                body::gzip::inflate(&body, *body_limit)
            }
            body => body,
        };
        let body = match body {
            Ok(body) if is_open_ended && is_cut(&body) => {
                Err(BodyError::Lost(TransportError::lost("the connection ended within the body")))
            }
            body => body,
        };
        match body {
            Ok(body) => {
                #[cfg(feature = "validate")]
                self.validate(status, &body);
                Ok(Received { head, headers, body })
            }
            // An error whose body is no good is an error of that status all the same.
            Err(_) if !status.is_success() => Ok(Received { head, headers, body: Bytes::new() }),
            Err(BodyError::TooLarge) => {
                Err(Error::contract(Breach::TooLarge { limit: *body_limit }, &head))
            }
            Err(BodyError::Stalled) => {
                Err(timeout(TimeoutPhase::Stall, timeouts.stall, Some(&head)))
            }
            Err(BodyError::TimedOut) => Err(timeout(phase, limit, Some(&head))),
            Err(BodyError::Lost(source)) => {
                Err(Error::Transport { attempts: attempt, response: Some(Box::new(head)), source })
            }
        }
    }

    /// Tells the observer how a body deviates from the document.
    #[cfg(feature = "validate")]
    fn validate(&self, status: StatusCode, body: &[u8]) {
        let Shared { observer: Some(observer), validator: Some(validate), .. } =
            &*self.connection.0
        else {
            return;
        };
        // The document has nothing to hold other responses against.
        let report = validate(self.operation, status, body, &Options::default());
        if let Some(report) = report.filter(|report| !report.is_empty()) {
            observer.findings(self.operation.id, &report);
        }
    }
}

/// Whether nothing but the end of the connection tells where the body ends, so that a part of it may pass
/// for the whole (RFC 9112, section 6.3).
fn is_open_ended(response: &Response) -> bool {
    response.version() < Version::HTTP_2
        && response.content_length().is_none()
        && !response.headers().contains_key(TRANSFER_ENCODING)
}

/// Whether JSON ends too early.
fn is_cut(json: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(json).is_err_and(|error| error.is_eof())
}
