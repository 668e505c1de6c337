//! The attempts of a call, until one settles it.

use reqwest::Request;
use tokio::time::{self, Instant};
use tracing::Instrument;
use tracing::field::Empty;

use super::retry::{self, Retry, Seen};
use super::{Call, Received, Shared};
use crate::error::{Error, TimeoutPhase};
use crate::setup_error::InvalidValue;

impl Call {
    /// Makes attempts until one settles it.
    pub(super) async fn run(&self, request: &Request) -> Result<Received, Error<()>> {
        let Shared { timeouts, retry, budget, .. } = &*self.connection.0;
        let retry = if self.operation.is_idempotent { *retry } else { Retry::none() };
        let deadline = Instant::now() + timeouts.operation;
        budget.deposit();
        let mut made = 0;
        loop {
            let outcome = self.attempt(request, made, deadline).await;
            made += 1;
            let seen = match &outcome {
                Ok(received) => Seen::from(&received.head),
                Err(error) => Seen::from(error),
            };
            let Some(pause) = retry.pause(made, &seen, retry::random()) else { return outcome };
            if pause >= deadline.saturating_duration_since(Instant::now()) || !budget.withdraw() {
                return outcome;
            }
            tracing::debug!(
                operation = self.operation.id,
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
    ) -> Result<Received, Error<()>> {
        let late = |_| self.too_late(made);
        if let Some(pace) = &self.connection.0.pace {
            let turn = pace.reserve(deadline).ok_or_else(|| self.too_late(made))?;
            time::sleep_until(turn).await;
        }
        let mut copy = request
            .try_clone()
            .ok_or_else(|| InvalidValue::new("request", "has a body that can be sent once only"))?;
        let authorized = self.connection.0.credentials.authorize(copy.headers_mut());
        time::timeout_at(deadline, authorized)
            .await
            .map_err(late)?
            .map_err(|source| Error::Token { source })?;
        let span = tracing::debug_span!(
            "openapi_client.attempt",
            operation = self.operation.id,
            url.template = self.operation.path,
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
            Ok(_) => tracing::debug!("response"),
            Err(error) => tracing::debug!(%error, "no response"),
        });
        outcome
    }

    fn too_late(&self, attempts: u32) -> Error<()> {
        let limit = self.connection.0.timeouts.operation;
        Error::Timeout { phase: TimeoutPhase::Operation, limit, attempts, response: None }
    }
}
