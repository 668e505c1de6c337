//! What a run has found so far.

use alloc::vec::Vec;

use crate::finding::{Found, Severity};

#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// Whether findings are kept; without, the first error stops the run.
    pub(crate) collect: bool,
    pub(crate) found: Vec<Found>,
    pub(crate) more: usize,
    pub(crate) errors: usize,
    /// Whether there was something below an error.
    pub(crate) remarks: bool,
    /// Whether the JSON itself is broken.
    pub(crate) broken: bool,
    /// How many of the latest of `found` are no remarks that could give way to errors.
    settled: usize,
}

impl Collector {
    pub(crate) fn new(collect: bool) -> Self {
        Self { collect, ..Self::default() }
    }

    /// Keeps or counts a finding.
    #[inline]
    pub(crate) fn keep(&mut self, found: Found, limit: usize) {
        if self.found.len() == self.found.capacity() || self.found.len() >= limit {
            return self.make_room(found, limit);
        }
        self.found.push(found);
    }

    /// Keeps a finding for which memory is needed, or counts it if there are too many. Then, an
    /// error takes the place of the latest remark: hundreds of undocumented members must not hide
    /// it.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, found: Found, limit: usize) {
        /// Payloads with more findings are rare.
        const USUAL: usize = 32;
        if self.found.len() < limit {
            self.found.reserve(limit.min(USUAL));
            self.found.push(found);
            return;
        }
        self.more += 1;
        if found.severity != Severity::Error {
            return;
        }
        while let Some(before) = self.found.len().checked_sub(self.settled + 1) {
            self.settled += 1;
            if let Some(kept) = self.found.get_mut(before)
                && kept.severity != Severity::Error
            {
                *kept = found;
                return;
            }
        }
    }
}
