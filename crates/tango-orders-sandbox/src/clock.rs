//! The sandbox's own time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// When the sandbox's time starts: 2026-01-15T09:30:00Z.
///
/// It is the same for every start, so that the same seed gives the same bytes.
pub(crate) const START: Timestamp = Timestamp::constant(1_768_469_400, 0);

/// Where the sandbox's time comes from.
///
/// It starts at 2026-01-15T09:30:00Z, and [`AsyncOrderPlan::takes`](crate::AsyncOrderPlan::takes),
/// lifetimes of cursors and error bodies follow it.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    Running { started: Instant, scale: f64, head_start: Duration },
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// Time that runs so many times as fast as real time; 1 is real time, 0 stands still.
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
                milliseconds.fetch_add(by, Ordering::Relaxed);
            }
        }
    }

    /// How much of the sandbox's time has passed since its start, in whole milliseconds.
    pub fn elapsed(&self) -> Duration {
        let elapsed = match &self.0 {
            Source::Running { started, scale, head_start } => {
                let scaled = started.elapsed().as_secs_f64() * scale;
                let scaled = Duration::try_from_secs_f64(scaled).unwrap_or(Duration::ZERO);
                head_start.saturating_add(scaled)
            }
            Source::Manual(milliseconds) => {
                Duration::from_millis(milliseconds.load(Ordering::Relaxed))
            }
        };
        Duration::from_millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX))
    }

    /// The sandbox's time.
    pub fn now(&self) -> Timestamp {
        let elapsed = jiff::SignedDuration::try_from(self.elapsed()).ok();
        elapsed.and_then(|elapsed| START.checked_add(elapsed).ok()).unwrap_or(Timestamp::MAX)
    }
}
