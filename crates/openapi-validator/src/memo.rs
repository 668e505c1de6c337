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

use crate::applicators::CompositionId;
use crate::collector::Mode;
use crate::options::Direction;
use crate::reader::Validator;

/// All that an outcome depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) offset: usize,
    pub(crate) validator: Validator,
    pub(crate) mode: Mode,
    pub(crate) direction: Direction,
    pub(crate) composition: Option<CompositionId>,
    pub(crate) forbidding: u64,
}

impl Key {
    /// Two functions may share an address only if they do the same.
    fn parts(&self) -> (usize, usize, Mode, Direction, Option<CompositionId>, u64) {
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

/// What a run remembers. Most payloads need nothing of it, which must cost nothing.
#[derive(Debug, Default)]
pub(crate) struct Memo(Option<Box<Remembered>>);

#[derive(Debug, Default)]
struct Remembered {
    outcomes: BTreeMap<Key, Outcome>,
    /// The hash and the end of an array, by its offset.
    hashes: BTreeMap<usize, (u128, usize)>,
}

impl Memo {
    pub(crate) fn outcome(&self, key: &Key) -> Option<Outcome> {
        self.0.as_ref()?.outcomes.get(key).copied()
    }

    pub(crate) fn insert_outcome(&mut self, key: Key, outcome: Outcome) {
        self.0.get_or_insert_default().outcomes.insert(key, outcome);
    }

    pub(crate) fn forget_outcomes(&mut self) {
        if let Some(remembered) = &mut self.0 {
            remembered.outcomes.clear();
        }
    }

    /// The hash and the end of an array that was read before.
    pub(crate) fn hash(&self, offset: usize) -> Option<(u128, usize)> {
        self.0.as_ref()?.hashes.get(&offset).copied()
    }

    pub(crate) fn insert_hash(&mut self, offset: usize, hash: u128, end: usize) {
        self.0.get_or_insert_default().hashes.insert(offset, (hash, end));
    }

    pub(crate) fn forget_hashes(&mut self) {
        if let Some(remembered) = &mut self.0 {
            remembered.hashes.clear();
        }
    }
}
