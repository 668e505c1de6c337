//! One call: its attempts, what they bring, and what the caller gets of it.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Request, ResponseBuilderExt, StatusCode, Url};
use tokio::time::{self, Instant};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::body::{self, BodyError};
use crate::builder::Core;
use crate::depth;
use crate::error::{Breach, DecodeError, Error, TimeoutPhase};
use crate::generated;
use crate::generated::types::ErrorBody;
use crate::observer;
use crate::reply::{RawBody, Reply, Response};
use crate::retry::{self, Seen};
use crate::route;

/// An operation of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetAsyncOrder,
    GetOrder,
}

impl Operation {
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::GetAsyncOrder => "get_async_order",
            Self::GetOrder => "get_order",
        }
    }

    /// The path as the document writes it, which is all that is logged of a URL.
    pub(crate) fn template(self) -> &'static str {
        match self {
            Self::GetAsyncOrder => {
                "/asyncOrders/customers/{customerIdentifier}/accounts/{accountIdentifier}/{externalRefID}"
            }
            Self::GetOrder => "/orders/{referenceOrderID}",
        }
    }

    /// Whether a reply obeys the document; the observer is told how it does not.
    #[cfg(feature = "validate")]
    fn obeys(self, status: StatusCode, body: &[u8], observer: &dyn observer::Observer) -> bool {
        use tango_orders_validator::{Operation, Options, validate_response_with};
        let operation = match self {
            Self::GetAsyncOrder => Operation::GetAsyncOrder,
            Self::GetOrder => Operation::GetOrder,
        };
        let options = Options { depth: depth::MAX_DEPTH, ..Options::default() };
        let report = validate_response_with(operation, status.as_u16(), body, &options);
        // The document has nothing to hold other replies against.
        let Ok(report) = report else { return false };
        if !report.is_empty() {
            observer.findings(self.id(), &report);
        }
        report.is_valid()
    }
}

/// One call of an operation.
pub(crate) struct Call {
    pub(crate) client: generated::Client,
}

/// What one call has seen of the server; progenitor hands it to the hooks below.
///
/// progenitor forgets the status of a reply that it cannot read, knows neither time-outs nor
/// limits, and keeps the bytes of a reply in its errors. So the hooks read replies to the end, note
/// here what there is to know, and hand it bytes to decode.
pub(crate) struct Exchange {
    core: Arc<Core>,
    operation: Operation,
    outcome: Mutex<Option<Result<Received, Error>>>,
}

/// A reply, read to its end.
struct Received {
    reply: Reply,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    pub(crate) fn new(core: &Arc<Core>, operation: Operation) -> Self {
        let outcome = Mutex::default();
        let exchange = Exchange { core: Arc::clone(core), operation, outcome };
        let client =
            generated::Client::new_with_client(core.base_url.as_str(), core.http.clone(), exchange);
        Self { client }
    }

    /// Runs the call, and turns progenitor's result into ours. What cannot be read ends here.
    pub(crate) async fn finish<T>(
        &self,
        call: impl Future<Output = Result<ResponseValue<T>, progenitor_client::Error<ErrorBody>>>,
        keep_body: bool,
    ) -> Result<Response<T>, Error> {
        use progenitor_client::Error as Failure;
        let exchange = &self.client.inner;
        let result = match &exchange.core.observer {
            Some(observer) => {
                observer::observed(observer.as_ref(), exchange.operation.id(), call).await
            }
            None => call.await,
        };
        let outcome = exchange.outcome.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(outcome) = outcome else {
            return Err(Error::invalid("request", "cannot be built", ""));
        };
        let Received { reply, headers, body } = outcome?;
        Err(match result {
            Ok(value) => {
                // Copied, because it may be a part of a larger buffer of the connection.
                let body = keep_body.then(|| RawBody(Bytes::copy_from_slice(&body)));
                return Ok(Response { value: value.into_inner(), reply, headers, body });
            }
            Err(Failure::ErrorResponse(error)) => refused(reply, error.into_inner()),
            Err(Failure::InvalidResponsePayload(_, error)) if reply.status().is_success() => {
                Error::Decode { reply: Box::new(reply), source: DecodeError::from(&error) }
            }
            // A status that the document does not list for the operation; the error body is known all
            // the same.
            Err(Failure::UnexpectedResponse(_)) if is_error(reply.status()) => {
                match serde_json::from_slice(&body) {
                    Ok(body) => refused(reply, body),
                    Err(_) => Error::Unexpected { reply: Box::new(reply) },
                }
            }
            Err(_) => Error::Unexpected { reply: Box::new(reply) },
        })
    }
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

fn refused(reply: Reply, body: ErrorBody) -> Error {
    let reply = reply.or_request_id(body.request_id.as_deref());
    Error::Api { reply: Box::new(reply), body: Box::new(body) }
}

impl ClientHooks<Exchange> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let Exchange { core, operation, .. } = &self.inner;
        if !route::is_of(request.url(), core.base_url.as_str(), operation.template()) {
            return Err(progenitor_client::Error::Custom(String::new()));
        }
        // progenitor adds it to every request; the server knows no such header.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(
        &self,
        request: Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let outcome = self.inner.run(&request).await;
        // Without a URL, one would be parsed for each reply.
        let mut reply = http::Response::builder().url(request.url().clone());
        let mut body = Bytes::new();
        if let Ok(received) = &outcome {
            reply = reply.status(received.reply.status());
            body = received.body.clone();
        }
        let reply = reply.body(body).unwrap_or_default();
        // If there is none, `Call::finish` does not look at what progenitor makes of this.
        *self.inner.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        Ok(reply.into())
    }
}

impl Exchange {
    /// Makes attempts until one settles it.
    async fn run(&self, request: &Request) -> Result<Received, Error> {
        let Core { timeouts, retry, budget, .. } = &*self.core;
        let deadline = Instant::now() + timeouts.operation;
        budget.deposit();
        let mut made = 0;
        loop {
            let outcome = self.attempt(request, made, deadline).await;
            made += 1;
            let seen = match &outcome {
                Ok(received) => Seen::from(&received.reply),
                Err(error) => Seen::from(error),
            };
            let Some(pause) = retry.pause(made, &seen, retry::random()) else { return outcome };
            if pause >= deadline.saturating_duration_since(Instant::now()) || !budget.withdraw() {
                return outcome;
            }
            tracing::debug!(
                operation = self.operation.id(),
                attempt = made,
                pause_ms = pause.as_millis(),
                "trying again"
            );
            time::sleep(pause).await;
        }
    }

    /// Sends the request once; `made` attempts came before.
    async fn attempt(
        &self,
        request: &Request,
        made: u32,
        deadline: Instant,
    ) -> Result<Received, Error> {
        let late = |_| self.too_late(made);
        if let Some(pace) = &self.core.pace {
            let turn = pace.reserve(deadline).ok_or_else(|| self.too_late(made))?;
            time::sleep_until(turn).await;
        }
        let authorization = self.core.credentials.authorization();
        let authorization = time::timeout_at(deadline, authorization).await.map_err(late)??;
        let mut copy = request.try_clone().ok_or_else(|| {
            Error::invalid("request", "has a body that can be sent once only", "")
        })?;
        copy.headers_mut().insert(AUTHORIZATION, authorization);
        let span = tracing::debug_span!(
            "tango_orders.attempt",
            operation = self.operation.id(),
            url.template = self.operation.template(),
            attempt = made + 1,
            status = Empty,
            request_id = Empty,
            bytes = Empty,
        );
        let outcome = self.transfer(copy, request.url(), made + 1, deadline, &span);
        let outcome = outcome.instrument(span.clone()).await;
        if let Ok(received) = &outcome {
            span.record("bytes", received.body.len());
        }
        span.in_scope(|| match &outcome {
            Ok(_) => tracing::debug!("reply"),
            Err(error) => tracing::debug!(%error, "no reply"),
        });
        outcome
    }

    /// Sends the request as attempt number `attempt`, and reads the reply to its end.
    async fn transfer(
        &self,
        request: Request,
        asked: &Url,
        attempt: u32,
        deadline: Instant,
        span: &Span,
    ) -> Result<Received, Error> {
        let Core { timeouts, transport, body_limit, .. } = &*self.core;
        let own = Instant::now() + timeouts.attempt;
        let (end, phase, limit) = if own < deadline {
            (own, TimeoutPhase::Attempt, timeouts.attempt)
        } else {
            (deadline, TimeoutPhase::Operation, timeouts.operation)
        };
        let timeout = |phase, limit, reply: Option<&Reply>| {
            let reply = reply.cloned().map(Box::new);
            Error::Timeout { phase, limit, attempts: attempt, reply }
        };
        let response = time::timeout_at(end, transport.send(request)).await;
        let response = response.map_err(|_| timeout(phase, limit, None))?;
        let mut response = response.map_err(|source| {
            if source.is_connect_timeout() {
                timeout(TimeoutPhase::Connect, timeouts.connect, None)
            } else {
                Error::Transport { attempts: attempt, reply: None, source }
            }
        })?;

        let status = response.status();
        let reply = Reply::new(status, response.headers(), attempt);
        span.record("status", status.as_u16());
        span.record("request_id", reply.request_id());
        // A transport that makes its replies up need not give them a URL.
        let moved = response.url() != asked && !is_made_up(response.url());
        if moved || status.is_redirection() {
            let reply = Some(Box::new(reply));
            return Err(Error::Contract { breach: Breach::Redirection, reply });
        }
        let headers = mem::take(response.headers_mut());
        // Whatever obeys the document is not nested too deep: an observer costs no second look.
        #[cfg(feature = "validate")]
        let obeys = |body: &[u8]| {
            let observer = self.core.observer.as_deref();
            observer.is_some_and(|observer| self.operation.obeys(status, body, observer))
        };
        #[cfg(not(feature = "validate"))]
        let obeys = |_: &[u8]| false;
        let body = match body::read(response, *body_limit, end, timeouts.stall).await {
            Ok(body) if !obeys(&body) && depth::is_too_deep(&body) => Err(BodyError::TooDeep),
            body => body,
        };
        let boxed = || Some(Box::new(reply.clone()));
        match body {
            Ok(body) => Ok(Received { reply, headers, body }),
            // An error whose body is no good is an error of that status all the same.
            Err(_) if !status.is_success() => Ok(Received { reply, headers, body: Bytes::new() }),
            Err(BodyError::TooLarge) => {
                let breach = Breach::TooLarge { limit: *body_limit };
                Err(Error::Contract { breach, reply: boxed() })
            }
            Err(BodyError::TooDeep) => {
                Err(Error::Decode { reply: Box::new(reply), source: DecodeError::TOO_DEEP })
            }
            Err(BodyError::Stalled) => {
                Err(timeout(TimeoutPhase::Stall, timeouts.stall, Some(&reply)))
            }
            Err(BodyError::TimedOut) => Err(timeout(phase, limit, Some(&reply))),
            Err(BodyError::Lost(source)) => {
                Err(Error::Transport { attempts: attempt, reply: boxed(), source })
            }
        }
    }

    fn too_late(&self, attempts: u32) -> Error {
        let limit: Duration = self.core.timeouts.operation;
        Error::Timeout { phase: TimeoutPhase::Operation, limit, attempts, reply: None }
    }
}

/// Whether a URL is what reqwest gives to a reply that was made from parts.
fn is_made_up(url: &Url) -> bool {
    url.host_str() == Some("no.url.provided.local")
}
