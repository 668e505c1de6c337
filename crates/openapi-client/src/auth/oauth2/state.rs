//! When to ask for a token, when to use one, and how long a failure stands: what there is to decide,
//! without clocks, threads and sockets.
//!
//! Neither loom nor shuttle looks at this, at the pace or at the budget. They explore in which order
//! threads do what they share, and each of these does one thing at a time: a step of the state or a turn
//! of the pace under one lock that nothing waits in, a change of the budget in one atomic operation. What
//! can go wrong is in the order of these steps, of time and of dropped calls, and model tests play that.

use std::time::Duration;

use super::endpoint::Grant;
use super::moment::Moment;
use crate::auth::credentials::TokenError;
use crate::values::Secret;

/// How long before its end a token is no longer used, at the most.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a failure stands before the endpoint is asked again, at the most unless the endpoint says
/// so; a refusal stands so long.
const STANDS: Duration = Duration::from_secs(60);
/// How long the first of several failures stands that may pass; each one stands twice as long as the one
/// before.
const FIRST: Duration = Duration::from_secs(1);

/// What the clones of a source share; `F` is a request that is under way.
pub(super) struct State<F> {
    token: Option<Token>,
    failure: Option<Failure>,
    flight: Option<F>,
    /// When a token was dropped because the API refused it, and for how long no other one is.
    replaced: Option<(Moment, Duration)>,
}

pub(super) type Outcome = Result<Secret, TokenError>;

/// A request that is under way.
pub(super) trait Flight: Clone {
    /// Whether it comes to an end; one that was lost with its thread does not.
    fn is_alive(&self) -> bool;
}

/// What a caller gets.
pub(super) enum Answer<F> {
    Now(Outcome),
    Later(F),
}

struct Token {
    secret: Secret,
    asked: Moment,
    life: Duration,
}

/// The last request brought no token.
struct Failure {
    error: TokenError,
    since: Moment,
    stands: Duration,
    /// How many failures there were one after the other.
    count: u32,
}

impl<F: Flight> State<F> {
    /// The token that serves, the failure that stands, or the request that all wait for, which starts if
    /// there is none.
    pub(super) fn answer(&mut self, now: Moment, start: impl FnOnce() -> F) -> Answer<F> {
        let failure = self.failure.as_ref().and_then(|failure| failure.standing(now));
        let serving = self.token.as_ref().filter(|token| token.serves(now));
        let Some(token) = serving else {
            return match failure {
                Some(error) => Answer::Now(Err(error)),
                None => Answer::Later(self.flight(start)),
            };
        };
        let secret = token.secret.clone();
        if token.is_stale(now) && failure.is_none() {
            // Nobody waits for it.
            drop(self.flight(start));
        }
        Answer::Now(Ok(secret))
    }

    /// The request that is under way, or one that starts now.
    fn flight(&mut self, start: impl FnOnce() -> F) -> F {
        if let Some(flight) = self.flight.as_ref().filter(|flight| flight.is_alive()) {
            return flight.clone();
        }
        self.flight.insert(start()).clone()
    }

    /// Takes what came of the request that was under way since `asked`.
    pub(super) fn land(
        &mut self,
        asked: Moment,
        now: Moment,
        result: Result<Grant, TokenError>,
    ) -> Outcome {
        self.flight = None;
        match result {
            Ok(Grant { token, life }) => {
                self.token = Some(Token { secret: token.clone(), asked, life });
                self.failure = None;
                Ok(token)
            }
            Err(error) => {
                let count = self.failure.as_ref().map_or(0, |failure| failure.count);
                let failure = Failure::new(error, now, count.saturating_add(1));
                let error = failure.standing(now).unwrap_or_else(|| failure.error.clone());
                self.failure = Some(failure);
                Err(error)
            }
        }
    }

    /// Drops a token that the API refuses, unless one was dropped not long ago.
    pub(super) fn invalidate(&mut self, now: Moment, token: &Secret) {
        let Some(held) = &self.token else { return };
        // Another call may have reported it, and a new one be there.
        if held.secret.expose_secret() != token.expose_secret() {
            return;
        }
        if self.replaced.is_some_and(|(at, rest)| at.until(now) < rest) {
            return;
        }
        self.replaced = Some((now, held.fresh()));
        self.token = None;
    }
}

impl<F> Default for State<F> {
    fn default() -> Self {
        Self { token: None, failure: None, flight: None, replaced: None }
    }
}

impl Token {
    /// Whether to renew it.
    fn is_stale(&self, now: Moment) -> bool {
        self.asked.until(now) >= self.fresh()
    }

    /// How long there is no need to renew it.
    fn fresh(&self) -> Duration {
        self.life / 6 * 5
    }

    /// Whether to use it.
    fn serves(&self, now: Moment) -> bool {
        self.asked.until(now) + MARGIN.min(self.life / 60) < self.life
    }
}

impl Failure {
    fn new(error: TokenError, since: Moment, count: u32) -> Self {
        let doubled = 2_u32.saturating_pow(count.saturating_sub(1));
        let stands =
            if error.is_transient() { FIRST.saturating_mul(doubled).min(STANDS) } else { STANDS };
        let stands = stands.max(error.retry_after().unwrap_or_default());
        Self { error, since, stands, count }
    }

    /// The failure, if it still stands, with the time that it will.
    fn standing(&self, now: Moment) -> Option<TokenError> {
        let left = self.stands.checked_sub(self.since.until(now)).filter(|left| !left.is_zero())?;
        let error = self.error.clone();
        Some(if error.is_transient() { error.with_retry_after(left) } else { error })
    }
}

#[cfg(test)]
#[path = "histories.rs"]
mod histories;
