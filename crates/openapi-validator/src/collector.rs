//! What a run has found so far.

use alloc::vec::Vec;

use crate::finding::{Found, Severity};
use crate::memo::Outcome;
use crate::reader::Stop;

/// What a run is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// Whether there is an error; the first one ends it.
    #[default]
    Verdict,
    /// How many errors there are.
    Count,
    /// What there is to report.
    Collect,
}

#[derive(Debug, Default)]
pub(crate) struct Collector {
    pub(crate) mode: Mode,
    pub(crate) found: Vec<Found>,
    pub(crate) more: usize,
    pub(crate) errors: usize,
    /// Whether there was something below an error.
    pub(crate) remarks: bool,
    /// Whether names of the payload's members do not tell what is secret.
    pub(crate) conceals: bool,
    /// Why the run ended before its end.
    pub(crate) stopped: Option<Stop>,
    /// How many of the latest of `found` are no remarks that could give way to errors.
    settled: usize,
}

impl Collector {
    pub(crate) fn new(mode: Mode) -> Self {
        Self { mode, ..Self::default() }
    }

    /// Starts counts of their own; returns what was counted before.
    pub(crate) fn begin(&mut self) -> (usize, bool) {
        (core::mem::take(&mut self.errors), core::mem::take(&mut self.remarks))
    }

    /// The counts since [`Collector::begin`], which are added to those before.
    pub(crate) fn end(&mut self, before: (usize, bool), end: usize) -> Outcome {
        let outcome = Outcome { errors: self.errors, remarks: self.remarks, end };
        self.restore(before);
        self.add(outcome);
        outcome
    }

    /// Goes on from the counts before [`Collector::begin`].
    pub(crate) fn restore(&mut self, (errors, remarks): (usize, bool)) {
        (self.errors, self.remarks) = (errors, remarks);
    }

    /// Adds the counts of a value that is not read again.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        // What is shared may be counted exponentially often.
        self.errors = self.errors.saturating_add(outcome.errors);
        self.remarks |= outcome.remarks;
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
