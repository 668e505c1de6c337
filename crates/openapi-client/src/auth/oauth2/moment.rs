//! Points in time that outlast a suspended machine.

use std::ops::Add;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A point in time by two clocks. The monotonic one may stand still while the machine is suspended, and
/// the one on the wall can be set back: what has passed is the larger of what they say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    monotonic: Instant,
    wall: SystemTime,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self { monotonic: Instant::now(), wall: SystemTime::now() }
    }

    /// How much time has passed from this moment to a later one.
    pub(super) fn until(self, later: Self) -> Duration {
        let monotonic = later.monotonic.saturating_duration_since(self.monotonic);
        monotonic.max(later.wall.duration_since(self.wall).unwrap_or_default())
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self { monotonic: self.monotonic + duration, wall: self.wall + duration }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn time_passes_while_the_machine_is_suspended() {
        let start = Moment::now();
        let resumed = Moment { wall: start.wall + HOUR, ..start };
        assert_eq!(start.until(resumed), HOUR);
    }

    #[test]
    fn a_clock_that_is_set_back_lengthens_nothing() {
        let start = Moment::now();
        let later = Moment { monotonic: start.monotonic + HOUR, wall: start.wall - HOUR };
        assert_eq!(start.until(later), HOUR);
    }
}
