//! When to try again, and when to stop.

use std::time::Duration;

use reqwest::StatusCode;

use crate::error::{Error, TimeoutPhase, is_transient};
use crate::pause::RATE_PAUSE;
use crate::response::ResponseHead;
use crate::setup_error::{InvalidValue, SetupError};
use crate::timeouts::LONGEST;

/// More retries make an outage longer and hardly ever a call succeed.
const MOST_RETRIES: u32 = 5;

/// When to repeat a request: after 429, any 5XX, a lost connection, or an attempt that took too long;
/// never after any other status, and only if the operation's method is idempotent (RFC 9110,
/// section 9.2.2), so that repeating it is safe.
///
/// A token that the server refuses by 401 is another matter: if its source has another one
/// ([`TokenSource::invalidate`](crate::TokenSource::invalidate)), the request is sent once more, whatever
/// its method is, because it was not carried out.
///
/// Before retry *n* the client waits a random time between zero and `base` times 2 to the power of
/// *n* − 1, `cap` at the most ("full jitter"). To that it adds what the server asks for by
/// `Retry-After`, and after a 429 a second at the least. It does not wait beyond the time-out of the
/// operation: the error then comes at once, with [`Error::retry_after`].
///
/// Clones of a client share a budget of retries: it starts with 50, each retry takes one, each call
/// brings a tenth. So when everything fails, 10,000 calls make no more than 11,050 requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How many requests may follow the first one, 5 at the most.
    pub retries: u32,
    /// The bound of the first random wait.
    pub base: Duration,
    /// The bound of any random wait.
    pub cap: Duration,
}

impl Retry {
    /// One request for each call.
    pub fn none() -> Self {
        Self { retries: 0, ..Self::default() }
    }

    /// The same, with waits as long as they can be.
    pub(crate) fn checked(self) -> Result<Self, SetupError> {
        if self.retries > MOST_RETRIES {
            return Err(InvalidValue::new("number of retries", "is more than 5").into());
        }
        Ok(Self { base: self.base.min(LONGEST), cap: self.cap.min(LONGEST), ..self })
    }

    /// How long to wait before the next attempt, or nothing if there should be none.
    ///
    /// `made` counts the attempts that were made, `random` is at least 0 and less than 1.
    pub(super) fn pause(&self, made: u32, seen: &Seen, random: f64) -> Option<Duration> {
        if made > self.retries {
            return None;
        }
        let asked = match *seen {
            Seen::Lost => Duration::ZERO,
            Seen::Status { status, retry_after } if is_transient(status) => {
                let least = if status == StatusCode::TOO_MANY_REQUESTS {
                    RATE_PAUSE
                } else {
                    Duration::ZERO
                };
                retry_after.unwrap_or_default().max(least)
            }
            Seen::Status { .. } | Seen::Final => return None,
        };
        let doubled = 2_u32.saturating_pow(made.saturating_sub(1));
        let bound = self.base.saturating_mul(doubled).min(self.cap);
        Some(asked.saturating_add(bound.mul_f64(random)))
    }
}

impl Default for Retry {
    /// 5 retries, with waits of up to 0.5, 1, 2, 4 and 8 seconds.
    fn default() -> Self {
        Self { retries: 5, base: Duration::from_millis(500), cap: Duration::from_secs(8) }
    }
}

/// What became of an attempt, as far as it matters here.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen {
    /// There is a response, whatever its body.
    Status { status: StatusCode, retry_after: Option<Duration> },
    /// There is none, and another attempt may bring one.
    Lost,
    /// Another attempt would bring nothing else.
    Final,
}

impl Seen {
    /// Whether there is a response of this status.
    pub(super) fn is_of(&self, expected: StatusCode) -> bool {
        matches!(self, Self::Status { status, .. } if *status == expected)
    }
}

impl From<&ResponseHead> for Seen {
    fn from(response: &ResponseHead) -> Self {
        Self::Status { status: response.status(), retry_after: response.retry_after() }
    }
}

impl<B> From<&Error<B>> for Seen {
    fn from(error: &Error<B>) -> Self {
        match error {
            Error::Transport { source, .. } if source.is_transient() => Self::Lost,
            Error::Timeout { phase, .. } if *phase != TimeoutPhase::Operation => Self::Lost,
            _ => Self::Final,
        }
    }
}
