//! What schemas made of values, so that no schema reads a value twice in one way.
//!
//! A schema may be made of schemas that contain it, each in a way of its own. Read naively, a value
//! of some depth would then be read in exponentially many ways. But what a schema makes of a value
//! depends on few things, and all of them are in a [`Key`]. Who reads a value with a schema that was
//! there before is told what came of it. Therefore a run takes a time that is linear in the bytes
//! of the payload times the schemas (and a logarithm, for the lookup).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use core::cmp::Ordering;

use crate::collector::Mode;
use crate::reader::{Direction, Validator};

/// All that an outcome depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) offset: usize,
    pub(crate) validator: Validator,
    pub(crate) mode: Mode,
    pub(crate) direction: Direction,
    pub(crate) composition: Option<(usize, bool)>,
    pub(crate) forbidding: u64,
}

impl Key {
    /// Two functions may share an address only if they do the same.
    fn parts(&self) -> (usize, usize, Mode, Direction, Option<(usize, bool)>, u64) {
        let Self { offset, validator, mode, direction, composition, forbidding } = *self;
        (offset, validator as usize, mode, direction, composition, forbidding)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

/// What a schema made of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    /// How many errors it found; in [`Mode::Verdict`], at most one.
    pub(crate) errors: usize,
    /// Whether there was something below an error.
    pub(crate) remarks: bool,
    /// Where the value ends; in [`Mode::Verdict`] only if there was no error.
    pub(crate) end: usize,
}

/// Most payloads need none, which must cost nothing.
#[derive(Debug, Default)]
#[expect(clippy::box_collection, reason = "a run without a memo has only a pointer to drop")]
pub(crate) struct Memo(Option<Box<BTreeMap<Key, Outcome>>>);

impl Memo {
    pub(crate) fn get(&self, key: &Key) -> Option<Outcome> {
        self.0.as_ref()?.get(key).copied()
    }

    pub(crate) fn insert(&mut self, key: Key, outcome: Outcome) {
        self.0.get_or_insert_default().insert(key, outcome);
    }

    pub(crate) fn clear(&mut self) {
        self.0 = None;
    }
}
