//! How many calls per second each operation takes.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tango_orders_client::Operation;

/// How late a call may come without putting off the next one.
const TOLERANCE: u128 = Duration::from_millis(1).as_nanos();

/// A limit for each operation: calls are taken evenly spread over the second, none before its time.
#[derive(Debug)]
pub(crate) struct Limiter {
    pub(crate) calls_per_second: u32,
    /// When the next call is taken; one for each operation.
    ///
    /// They are counted in nanoseconds times the limit, in which the time between two calls is a whole
    /// number.
    next: [Mutex<u128>; Operation::ALL.len()],
}

impl Limiter {
    /// A limit of one call per second at least.
    pub(crate) fn new(calls_per_second: u32) -> Self {
        Self { calls_per_second, next: [const { Mutex::new(0) }; Operation::ALL.len()] }
    }

    /// Takes a call, or refuses it because it comes too soon.
    pub(crate) fn take(&self, operation: Operation, elapsed: Duration) -> bool {
        let scale = u128::from(self.calls_per_second.max(1));
        let now = elapsed.as_nanos() * scale;
        let interval = Duration::from_secs(1).as_nanos();
        let next = Operation::ALL.iter().zip(&self.next).find(|(known, _)| **known == operation);
        let Some((_, next)) = next else { return true };
        let mut next = next.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(late) = now.checked_sub(*next) else { return false };
        *next = interval + if late < TOLERANCE * scale { *next } else { now };
        true
    }
}
