//! Keeps requests apart.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{self, Instant};

/// Keeps requests of all clones of a client apart by some time.
///
/// Those that wait for their turn hold nothing: a turn is taken when it has come, by the first one that
/// is there. So it does not matter how many of them are dropped, are not polled any more, or belong to
/// a runtime that stands still. Within one runtime they take their turns in the order in which they
/// came, because its timers fire in that order.
#[derive(Debug)]
pub(crate) struct Pace {
    interval: Duration,
    /// When the next turn comes.
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, next: Mutex::new(None) }
    }

    /// Waits for a turn and takes it; returns whether there is one before the deadline.
    pub(super) async fn turn(&self, deadline: Instant) -> bool {
        while let Err(next) = self.take() {
            if next >= deadline {
                return false;
            }
            time::sleep_until(next).await;
        }
        true
    }

    /// Takes a turn that has come, or tells when the next one comes.
    fn take(&self) -> Result<(), Instant> {
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(next) = next.filter(|next| *next > now) {
            return Err(next);
        }
        *next = Some(now + self.interval);
        Ok(())
    }
}
