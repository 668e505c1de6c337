//! The names of members that are not documented: two of one name in one object are an error.

use alloc::vec::Vec;

use super::members::Object;
use crate::json_string::{Form, JsonString, compare};

/// The bit of a place in a list; none beyond 64, which the emitter prevents.
pub(crate) const fn bit(index: usize) -> u64 {
    if index < 64 { 1 << index } else { 0 }
}

/// Up to this number, a name is compared with each of its object's earlier ones at once.
const PAIRWISE: usize = 32;
/// This many names need no allocation.
const INLINE: usize = 32;

/// The names of undocumented members of all open objects: what duplicates are found with.
///
/// The first few live in place. An object with more than [`PAIRWISE`] undocumented members is
/// sorted once, at its end.
#[derive(Debug)]
pub(crate) struct Names {
    len: usize,
    inline: [(usize, usize); INLINE],
    spilled: Vec<(usize, usize)>,
    /// Whether one of the names was written with an escape, so that equal ones may look different.
    has_escapes: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self { len: 0, inline: [(0, 0); INLINE], spilled: Vec::new(), has_escapes: false }
    }
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    fn iter_from(&self, base: usize) -> impl Iterator<Item = (usize, usize)> {
        let inline = self.inline.get(base..self.len.min(INLINE)).unwrap_or_default();
        let spilled = self.spilled.get(base.saturating_sub(INLINE)..).unwrap_or_default();
        inline.iter().chain(spilled).copied()
    }

    /// Remembers a name; whether its object is known to have it already.
    #[inline]
    pub(super) fn insert(
        &mut self,
        object: &mut Object,
        bytes: &[u8],
        text: &JsonString<'_>,
    ) -> bool {
        let name = (text.start, text.start + text.raw.len());
        let (first, last) = (text.raw.first().unwrap_or(&0), text.raw.last().unwrap_or(&0));
        let look = bit((usize::from(*first) + 5 * usize::from(*last) + 11 * text.raw.len()) % 64);
        self.has_escapes |= text.form == Form::Escaped;
        if object.looks == 0 {
            object.names = self.len;
        }
        // Most names look like no other one.
        let is_duplicate = (object.looks & look != 0 || self.has_escapes)
            && self.len - object.names < PAIRWISE
            && self.iter_from(object.names).any(|known| order(bytes, known, name).is_eq());
        object.looks |= look;
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = name,
            None => self.spilled.push(name),
        }
        self.len += 1;
        is_duplicate
    }

    /// The duplicates that [`Names::insert`] did not look for, if the object has that many names.
    pub(super) fn late_duplicates(&self, base: usize, bytes: &[u8]) -> Option<Vec<(usize, usize)>> {
        if self.len - base <= PAIRWISE {
            return None;
        }
        let early = self.iter_from(base).nth(PAIRWISE).map_or(0, |(start, _)| start);
        let mut names: Vec<_> = self.iter_from(base).collect();
        names.sort_by(|a, b| order(bytes, *a, *b).then(a.cmp(b)));
        let mut duplicates: Vec<_> = names
            .iter()
            .zip(names.iter().skip(1))
            .filter(|(a, b)| b.0 >= early && order(bytes, **a, **b).is_eq())
            .map(|(_, b)| *b)
            .collect();
        duplicates.sort_unstable();
        Some(duplicates)
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = len;
        self.spilled.truncate(len.saturating_sub(INLINE));
    }
}

fn order(bytes: &[u8], a: (usize, usize), b: (usize, usize)) -> core::cmp::Ordering {
    compare(bytes.get(a.0..a.1).unwrap_or_default(), bytes.get(b.0..b.1).unwrap_or_default())
}
