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

#[cfg(test)]
mod tests {
    // Nothing outside can tell a nanosecond from the next one.
    use super::*;

    /// How many calls are taken in so many seconds, if one comes every so many nanoseconds.
    fn taken(limit: u32, seconds: u64, every: u64) -> Vec<u64> {
        let limiter = Limiter::new(limit);
        let moments = (0..seconds * 1_000_000_000 / every).map(|number| number * every);
        let take = |moment: &u64| limiter.take(Operation::GetOrder, Duration::from_nanos(*moment));
        moments.filter(take).collect()
    }

    #[test]
    fn as_many_calls_pass_as_the_limit_says() {
        for limit in [1, 2, 3, 7, 60, 400, 600, 900, 917, 999, 1000] {
            for every in [50_000, 333_333] {
                let taken = taken(limit, 4, every);
                let count = u32::try_from(taken.len()).unwrap_or_default();
                let expected = limit * 4;
                assert!((expected - 1..=expected + 1).contains(&count), "{limit}: {count}");
                let interval = Duration::from_secs(1) / limit;
                let is_spread = |(one, next): (&u64, &u64)| {
                    Duration::from_nanos(next - one) + Duration::from_millis(1) >= interval
                };
                assert!(taken.iter().zip(taken.iter().skip(1)).all(is_spread), "{limit}");
            }
        }
    }
}
