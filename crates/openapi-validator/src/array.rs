//! Arrays.

use alloc::vec::Vec;

use crate::equality::fingerprint;
use crate::finding::{Problem, Types};
use crate::reader::{Flow, Reader};

/// What an array has to obey.
#[derive(Clone, Copy, Debug)]
pub struct ArrayRules {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// The smallest number of items.
    pub min_items: usize,
    /// The largest number of items.
    pub max_items: usize,
    /// Whether no two items may be equal.
    pub unique_items: bool,
}

impl ArrayRules {
    /// Any array.
    pub const ANY: Self =
        Self { at: "", nullable: false, min_items: 0, max_items: usize::MAX, unique_items: false };
}

impl Reader<'_> {
    /// Reads an array, each item with `item`.
    #[inline]
    pub fn array(&mut self, rules: &ArrayRules, mut item: impl FnMut(&mut Self) -> Flow) -> Flow {
        if self.peek() != Some(b'[') && !self.starts(Types::ARRAY, rules.at, rules.nullable)? {
            return Ok(());
        }
        let start = self.pos();
        self.enter()?;
        self.skip(1);
        self.skip_whitespace();
        let mut count = 0;
        let mut seen = Seen::default();
        if self.peek() == Some(b']') {
            self.skip(1);
        } else {
            loop {
                let from = if rules.unique_items { self.mark() } else { 0 };
                item(self)?;
                count += 1;
                if rules.unique_items {
                    let value = self.bytes.get(from..self.pos()).unwrap_or_default();
                    if seen.insert(fingerprint(value), from) {
                        self.error(from, rules.at, "uniqueItems", Problem::NotUnique)?;
                    }
                }
                self.skip_whitespace();
                match self.peek() {
                    Some(b',') => {
                        self.skip(1);
                        self.skip_whitespace();
                    }
                    Some(b']') => {
                        self.skip(1);
                        break;
                    }
                    _ => self.broken("expected `,` or `]`")?,
                }
            }
        }
        self.leave();
        if rules.unique_items {
            for offset in seen.late_duplicates() {
                self.error(offset, rules.at, "uniqueItems", Problem::NotUnique)?;
            }
        }
        if count < rules.min_items {
            let problem = Problem::TooFewItems { minimum: rules.min_items };
            self.error(start, rules.at, "minItems", problem)?;
        }
        if count > rules.max_items {
            let problem = Problem::TooManyItems { maximum: rules.max_items };
            self.error(start, rules.at, "maxItems", problem)?;
        }
        Ok(())
    }
}

/// This many items are compared at once and need no allocation.
const INLINE: usize = 32;

/// The fingerprints of an array's items, with their offsets.
#[derive(Default)]
struct Seen {
    len: usize,
    inline: [(u128, usize); INLINE],
    spilled: Vec<(u128, usize)>,
}

impl Seen {
    /// Remembers an item; whether it is known to have occurred before.
    fn insert(&mut self, fingerprint: u128, offset: usize) -> bool {
        let Some(slot) = self.inline.get_mut(self.len) else {
            if self.spilled.is_empty() {
                self.spilled.extend(self.inline);
            }
            self.spilled.push((fingerprint, offset));
            return false;
        };
        *slot = (fingerprint, offset);
        let is_duplicate =
            self.inline.iter().take(self.len).any(|(known, _)| *known == fingerprint);
        self.len += 1;
        is_duplicate
    }

    /// The offsets of those duplicates that [`Seen::insert`] did not look for.
    fn late_duplicates(self) -> Vec<usize> {
        let early = self.spilled.get(INLINE).map_or(0, |(_, offset)| *offset);
        let mut items = self.spilled;
        items.sort_unstable();
        let mut duplicates: Vec<_> = items
            .iter()
            .zip(items.iter().skip(1))
            .filter(|(a, b)| a.0 == b.0 && b.1 >= early)
            .map(|(_, b)| b.1)
            .collect();
        duplicates.sort_unstable();
        duplicates
    }
}
