//! How many retries there may be.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many retries the clones of a client may still make, in tenths.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 500;
    const RETRY: u32 = 10;

    pub(crate) fn full() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// A call brings a tenth of a retry.
    pub(super) fn deposit(&self) {
        let add = |tenths: u32| Some((tenths + 1).min(Self::FULL));
        // The closure always returns a value, so the update cannot fail.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Takes a retry, if there is one left.
    pub(super) fn withdraw(&self) -> bool {
        let take = |tenths: u32| tenths.checked_sub(Self::RETRY);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }
}
