//! The attempts of a call, until one settles it.

use std::time::Duration;

use reqwest::header::USER_AGENT;
#[cfg(feature = "gzip")]
use reqwest::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::{Request, StatusCode, Url};
use tokio::time::{self, Instant};
use tracing::Instrument;
use tracing::field::Empty;

use super::budget::Withdrawal;
use super::retry::{Retry, Seen};
use super::{Call, Received, Shared};
use crate::error::{Error, TimeoutPhase};
use crate::pause::random;
use crate::setup_error::InvalidValue;
use crate::values::Secret;

impl Call {
    /// Makes attempts until one settles it.
    pub(super) async fn run(&self, request: &Request) -> Result<Received, Error<()>> {
        let Shared { timeouts, budget, .. } = &*self.connection.0;
        let retry = if self.operation.is_idempotent { self.retry() } else { Retry::none() };
        let deadline = Instant::now() + timeouts.operation;
        let mut made = 0;
        let mut withdrawal: Option<Withdrawal<'_>> = None;
        // The last response: whatever goes wrong later, the caller is told of it.
        let mut last = None;
        let mut is_token_replaced = false;
        loop {
            let prepared = self.prepare(request, made, deadline).await;
            let (copy, token) = prepared.map_err(|error| error.or_response(last.clone()))?;
            // A call that is dropped before it sends anything neither pays nor earns.
            match withdrawal.take() {
                Some(withdrawal) => withdrawal.spend(),
                None if made == 0 => budget.deposit(),
                None => {}
            }
            made += 1;
            let outcome = self.attempt(copy, request.url(), made, deadline).await;
            let outcome = outcome.map_err(|error| error.or_response(last.take()));
            let (seen, response) = match &outcome {
                Ok(received) => (Seen::from(&received.head), Some(&received.head)),
                Err(error) => (Seen::from(error), error.response()),
            };
            if !is_token_replaced && seen.is_of(StatusCode::UNAUTHORIZED) {
                is_token_replaced = self.replace(token, deadline).await;
                if is_token_replaced {
                    last = response.cloned().map(Box::new);
                    continue;
                }
            }
            let Some(pause) = retry.pause(made, &seen, random()) else {
                return outcome;
            };
            if pause >= deadline.saturating_duration_since(Instant::now()) {
                return outcome;
            }
            withdrawal = budget.withdraw();
            if withdrawal.is_none() {
                return outcome;
            }
            last = response.cloned().map(Box::new);
            drop(outcome);
            self.wait(made, pause).await;
        }
    }

    fn retry(&self) -> Retry {
        self.connection.0.retry
    }

    async fn wait(&self, made: u32, pause: Duration) {
        tracing::debug!(
            operation = self.operation.id,
            attempt = made,
            pause_ms = pause.as_millis(),
            "trying again"
        );
        time::sleep(pause).await;
    }

    /// All that comes before an attempt: the token first, because it may take long, and then the turn,
    /// which is good for now. Returns the request to send, and the token that it carries if it comes of
    /// a source.
    async fn prepare(
        &self,
        request: &Request,
        made: u32,
        deadline: Instant,
    ) -> Result<(Request, Option<Secret>), Error<()>> {
        let Shared { credentials, pace, user_agent, .. } = &*self.connection.0;
        let mut copy = request
            .try_clone()
            .ok_or_else(|| InvalidValue::new("request", "has a body that can be sent once only"))?;
        // Room for those below, at once.
        copy.headers_mut().reserve(3);
        copy.headers_mut().insert(USER_AGENT, user_agent.clone());
        #[cfg(feature = "gzip")]
        copy.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let token = time::timeout_at(deadline, credentials.authorize(copy.headers_mut()))
            .await
            .map_err(|_| self.too_late(made))?
            .map_err(|source| Error::Token { response: None, source })?;
        if let Some(pace) = pace
            && !pace.turn(deadline).await
        {
            return Err(self.too_late(made));
        }
        Ok((copy, token))
    }

    /// Sends the request as attempt number `attempt`.
    async fn attempt(
        &self,
        request: Request,
        asked: &Url,
        attempt: u32,
        deadline: Instant,
    ) -> Result<Received, Error<()>> {
        let span = tracing::debug_span!(
            "openapi_client.attempt",
            operation = self.operation.id,
            url.template = self.operation.path,
            attempt,
            status = Empty,
            request_id = Empty,
            bytes = Empty,
        );
        let outcome = self.transfer(request, asked, attempt, deadline, &span);
        let outcome = outcome.instrument(span.clone()).await;
        if let Ok(received) = &outcome {
            span.record("bytes", received.body.len());
        }
        span.in_scope(|| match &outcome {
            Ok(_) => tracing::debug!("response"),
            Err(error) => tracing::debug!(%error, "no response"),
        });
        outcome
    }

    /// Whether there is another token in place of one that the server refuses. The request was not
    /// carried out, so that it may be sent again whatever its method is.
    async fn replace(&self, token: Option<Secret>, deadline: Instant) -> bool {
        let Some(token) = token.filter(|_| self.retry().retries > 0) else { return false };
        let replaced = self.connection.0.credentials.replace(&token);
        time::timeout_at(deadline, replaced).await.unwrap_or(false)
    }

    fn too_late(&self, attempts: u32) -> Error<()> {
        let limit = self.connection.0.timeouts.operation;
        Error::Timeout { phase: TimeoutPhase::Operation, limit, attempts, response: None }
    }
}
