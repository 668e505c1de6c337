//! What a run has found so far.

use alloc::vec::Vec;

use crate::finding::{Found, Severity};

#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Whether findings are kept; without, the first error stops the run.
    pub(crate) collect: bool,
    pub(crate) found: Vec<Found>,
    pub(crate) more: usize,
    pub(crate) errors: usize,
    /// Whether there was something below an error.
    pub(crate) remarks: bool,
    /// Whether the JSON itself is broken.
    pub(crate) broken: bool,
    /// Up to here, `found` may have remarks that give way to errors.
    spare: usize,
}

impl Log {
    pub(crate) fn new(collect: bool) -> Self {
        Self { collect, ..Self::default() }
    }

    /// Keeps or counts a finding. Where there is no room, an error takes the place of the latest
    /// remark: hundreds of undocumented members must not hide it.
    pub(crate) fn keep(&mut self, found: Found, limit: usize) {
        /// Payloads with more findings are rare.
        const USUAL: usize = 16;
        if self.found.len() < limit {
            if self.found.is_empty() {
                self.found.reserve(limit.min(USUAL));
            }
            self.found.push(found);
            self.spare = self.found.len();
            return;
        }
        self.more += 1;
        if found.severity != Severity::Error {
            return;
        }
        while let Some(before) = self.spare.checked_sub(1) {
            self.spare = before;
            if let Some(kept) = self.found.get_mut(before)
                && kept.severity != Severity::Error
            {
                *kept = found;
                return;
            }
        }
    }
}
