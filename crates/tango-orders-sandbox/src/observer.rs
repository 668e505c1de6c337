//! What the sandbox tells of the requests that it got: on the terminal, and to tests.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::header;
use axum::response::Response;

use crate::fault::{Fault, Target};
use crate::log::Log;
use crate::request_id::RequestId;

/// A request that a sandbox got.
///
/// The value of `Authorization` is replaced. Path and query stand as they were sent, and may hold
/// what the caller put there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// Path and query, as they were sent.
    pub target: String,
    /// The headers, names in lower case, in the order in which they came.
    pub headers: Vec<(String, String)>,
    /// The `operationId`, if the address is that of an operation; `token` for a request for a token.
    pub operation: Option<&'static str>,
    /// The status of the response.
    pub status: u16,
    /// The `X-REQUEST-ID` of the response.
    pub request_id: String,
    /// What went wrong on purpose.
    pub fault: Option<Fault>,
}

/// Which operation a response comes from, and what went wrong with it on purpose.
#[derive(Clone, Debug)]
pub(crate) struct Performed {
    pub(crate) target: Target,
    pub(crate) fault: Option<Fault>,
}

impl RecordedRequest {
    /// The value of a header, if it was sent; its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Logs and records requests.
#[derive(Default)]
pub(crate) struct Observer {
    log: Option<Log>,
    capacity: usize,
    recorded: Mutex<VecDeque<RecordedRequest>>,
}

/// A request before its response is known; nothing if it is neither logged nor recorded.
pub(crate) struct Seen(Option<(RecordedRequest, Instant)>);

impl Observer {
    /// `log` gets a line for each request; the last `capacity` requests are kept.
    pub(crate) fn new(log: Option<Log>, capacity: usize) -> Self {
        Self { log, capacity, recorded: Mutex::default() }
    }

    pub(crate) fn is_interested(&self) -> bool {
        self.log.is_some() || self.capacity > 0
    }

    pub(crate) fn see(&self, request: &Request) -> Seen {
        let record = || RecordedRequest {
            method: request.method().to_string(),
            target: request.uri().to_string(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| {
                    let is_secret = name == header::AUTHORIZATION || name == header::COOKIE;
                    let value = if is_secret {
                        "[redacted]".into()
                    } else {
                        String::from_utf8_lossy(value.as_bytes())
                    };
                    (name.to_string(), value.into_owned())
                })
                .collect(),
            operation: None,
            status: 0,
            request_id: String::new(),
            fault: None,
        };
        Seen(self.is_interested().then(|| (record(), Instant::now())))
    }

    pub(crate) fn tell(&self, seen: Seen, response: &Response, request_id: &RequestId) {
        let Some((mut request, started)) = seen.0 else { return };
        if let Some(Performed { target, fault }) = response.extensions().get() {
            request.operation = Some(target.id());
            request.fault.clone_from(fault);
        }
        request.status = response.status().as_u16();
        request_id.as_str().clone_into(&mut request.request_id);
        if let Some(log) = &self.log {
            log.write(line(&request, response, started.elapsed()));
        }
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded.len() >= self.capacity {
            recorded.pop_front();
        }
        if self.capacity > 0 {
            recorded.push_back(request);
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.iter().cloned().collect()
    }
}

/// One line of the log.
///
/// Of what the caller sent, it has the method only: references are free text, and may be the mail
/// address of a person. A response is found by its request id.
fn line(request: &RecordedRequest, response: &Response, took: Duration) -> String {
    let operation = request.operation.unwrap_or("-");
    let size = response.body().size_hint().exact().unwrap_or_default();
    let took = took.as_secs_f64() * 1000.0;
    let fault = if request.fault.is_some() { " fault" } else { "" };
    let RecordedRequest { method, status, request_id, .. } = request;
    format!("{method} {operation} {status} {took:.2} ms {size} B {request_id}{fault}")
}
