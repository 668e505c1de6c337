//! How many retries there may be.

use std::mem;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many retries the clones of a client may still make, in tenths.
///
/// Each change is a single atomic operation, so there is no order of them in which one is lost.
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
        self.add(1);
    }

    /// Takes a retry, if there is one left.
    pub(super) fn withdraw(&self) -> Option<Withdrawal<'_>> {
        let take = |tenths: u32| tenths.checked_sub(Self::RETRY);
        let taken = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.is_ok().then(|| Withdrawal { budget: self })
    }

    fn add(&self, tenths: u32) {
        let add = |left: u32| Some(left.saturating_add(tenths).min(Self::FULL));
        // The closure always returns a value, so the update cannot fail.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

/// A retry that was taken, and is given back unless it is made: a call may be dropped before.
#[derive(Debug)]
pub(super) struct Withdrawal<'b> {
    budget: &'b Budget,
}

impl Withdrawal<'_> {
    /// The retry is made.
    pub(super) fn spend(self) {
        mem::forget(self);
    }
}

impl Drop for Withdrawal<'_> {
    fn drop(&mut self) {
        self.budget.add(Budget::RETRY);
    }
}
