//! The sandbox's own time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// When the sandbox's time starts: 2026-01-15T09:30:00Z.
///
/// It is the same for every start, so that the same seed gives the same bytes.
pub(crate) const START: Timestamp = Timestamp::constant(1_768_469_400, 0);

/// After how much time the sandbox's time stands still: 7,970 years, shortly before the end of the
/// year 9999, which is the last that a timestamp can have.
pub(crate) const LONGEST: Duration = Duration::from_secs(7_970 * 365 * 24 * 60 * 60);

/// How many times as fast as real time the sandbox's time can run.
pub(crate) const FASTEST: f64 = 1e6;

/// Where the sandbox's time comes from.
///
/// It starts at 2026-01-15T09:30:00Z, and [`AsyncOrderPlan::takes`](crate::AsyncOrderPlan::takes),
/// lifetimes of cursors and tokens, the limit of calls and error bodies follow it. After 7,970 years it
/// stands still.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Running { started: Instant, scale: f64, head_start: Duration },
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// Time that runs so many times as fast as real time, a million times at the most; 1 is real time,
    /// 0 stands still.
    ///
    /// A sandbox does not start with any other number.
    pub fn running(scale: f64) -> Self {
        Self(Source::Running { started: Instant::now(), scale, head_start: Duration::ZERO })
    }

    /// Time that moves by [`Clock::advance`] only; clones share it.
    pub fn manual() -> Self {
        Self(Source::Manual(Arc::default()))
    }

    /// Moves time ahead; nothing is lost below a millisecond but that.
    pub fn advance(&mut self, by: Duration) {
        match &mut self.0 {
            Source::Running { head_start, .. } => *head_start = head_start.saturating_add(by),
            Source::Manual(milliseconds) => {
                let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
                // It always stores a new value.
                let _ = milliseconds.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| {
                    Some(now.saturating_add(by))
                });
            }
        }
    }

    /// How much of the sandbox's time has passed since its start, in whole milliseconds.
    pub fn elapsed(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.precisely().as_millis()).unwrap_or(u64::MAX))
    }

    /// How much has passed, as exactly as it is known.
    pub(crate) fn precisely(&self) -> Duration {
        let elapsed = match &self.0 {
            Source::Running { started, scale, head_start } => {
                let scaled = started.elapsed().as_secs_f64() * scale;
                let scaled = Duration::try_from_secs_f64(scaled).unwrap_or(LONGEST);
                head_start.saturating_add(scaled)
            }
            Source::Manual(milliseconds) => {
                Duration::from_millis(milliseconds.load(Ordering::Relaxed))
            }
        };
        elapsed.min(LONGEST)
    }

    /// The sandbox's time.
    pub fn now(&self) -> Timestamp {
        let elapsed = jiff::SignedDuration::try_from(self.elapsed()).ok();
        elapsed.and_then(|elapsed| START.checked_add(elapsed).ok()).unwrap_or(Timestamp::MAX)
    }

    /// How many times as fast as real time it runs; nothing if it is moved by hand.
    pub(crate) fn scale(&self) -> Option<f64> {
        match self.0 {
            Source::Running { scale, .. } => Some(scale),
            Source::Manual(_) => None,
        }
    }
}
