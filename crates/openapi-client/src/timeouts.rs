//! How long to wait for what.

use std::time::Duration;

use crate::setup_error::{InvalidValue, SetupError};

/// The longest time that the client works with: a year.
pub(crate) const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How long to wait for what; more than a year counts as a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included. Not applied to an HTTP client of one's own.
    pub connect: Duration,
    /// For one request and its whole response.
    pub attempt: Duration,
    /// For a call: all attempts, the pauses between them, and the token if one is needed.
    pub operation: Duration,
    /// For the next bytes of a body.
    pub stall: Duration,
}

impl Timeouts {
    /// The same, as long as they can be: a point in time beyond that may not exist.
    pub(crate) fn checked(self) -> Result<Self, SetupError> {
        let Self { connect, attempt, operation, stall } = self;
        if [connect, attempt, operation, stall].iter().any(Duration::is_zero) {
            let rule = "is zero, which leaves no time for anything";
            return Err(InvalidValue::new("time-out", rule).into());
        }
        Ok(Self {
            connect: connect.min(LONGEST),
            attempt: attempt.min(LONGEST),
            operation: operation.min(LONGEST),
            stall: stall.min(LONGEST),
        })
    }
}

impl Default for Timeouts {
    /// 3 seconds for a connection, 15 for an attempt, 45 for the call, 10 for the next bytes.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            attempt: Duration::from_secs(15),
            operation: Duration::from_secs(45),
            stall: Duration::from_secs(10),
        }
    }
}
