//! The names that an object documents.

use crate::json_string::{Form, JsonString};

/// The names of `properties`, with a table that finds them.
#[derive(Clone, Copy, Debug)]
pub struct Properties {
    names: &'static [&'static str],
    /// The place of a name in `names` by its hash.
    slots: [u8; SLOTS],
    factor: u32,
    /// Whether each name has a slot of its own.
    is_perfect: bool,
}

const SLOTS: usize = 256;

impl Properties {
    /// Looks for a table, at compile time.
    pub const fn new(names: &'static [&'static str]) -> Self {
        const ATTEMPTS: u32 = 500;
        // The golden ratio of 32 bits, and what follows it.
        const FIRST: u32 = 0x9E37_79B1;
        const STEP: u32 = 0x61C8_8646;
        let mut attempt = 0;
        let mut factor = FIRST;
        let mut table = Self { names, slots: [u8::MAX; SLOTS], factor, is_perfect: false };
        while attempt < ATTEMPTS && !table.is_perfect && names.len() < SLOTS {
            table = Self::with_factor(names, factor);
            attempt += 1;
            factor = factor.wrapping_add(STEP);
        }
        table
    }

    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "at compile time, and there are fewer names than slots"
    )]
    const fn with_factor(names: &'static [&'static str], factor: u32) -> Self {
        let mut slots = [u8::MAX; SLOTS];
        let mut index = 0;
        while index < names.len() {
            let slot = slot(names[index].as_bytes(), factor);
            if slots[slot] != u8::MAX {
                return Self { names, slots, factor, is_perfect: false };
            }
            slots[slot] = index as u8;
            index += 1;
        }
        Self { names, slots, factor, is_perfect: true }
    }

    pub(crate) const fn names(&self) -> &'static [&'static str] {
        self.names
    }

    /// The place of a name.
    #[inline]
    pub(super) fn find(&self, name: &JsonString<'_>) -> Option<usize> {
        let is = |known: &&str| name.is(known);
        if !self.is_perfect || name.form == Form::Escaped {
            return self.names.iter().position(is);
        }
        let index = usize::from(*self.slots.get(slot(name.raw, self.factor))?);
        self.names.get(index).filter(|known| known.as_bytes() == name.raw).map(|_| index)
    }
}

/// A number below [`SLOTS`] that depends on three characters of a name and its length.
#[inline]
const fn slot(name: &[u8], factor: u32) -> usize {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return 0 };
    let (_, behind) = name.split_at(name.len() / 2);
    let Some(middle) = behind.first() else { return 0 };
    let [length, ..] = name.len().to_le_bytes();
    let word = u32::from_le_bytes([*first, *middle, *last, length]);
    let [.., hash] = word.wrapping_mul(factor).to_le_bytes();
    hash as usize
}
