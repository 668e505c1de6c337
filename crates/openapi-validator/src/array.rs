//! Arrays.

mod unique;

use unique::Items;

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
    pub fn array(&mut self, rules: &ArrayRules, item: impl FnMut(&mut Self) -> Flow) -> Flow {
        if self.peek() != Some(b'[') && !self.starts(Types::ARRAY, rules.at, rules.nullable)? {
            return Ok(());
        }
        let start = self.pos();
        self.enter()?;
        let count =
            if rules.unique_items { self.unique_items(rules.at, item)? } else { self.items(item)? };
        self.leave();
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

    /// Reads the items of an array, whose opening bracket is next; returns how many there are.
    #[inline]
    fn items(&mut self, mut item: impl FnMut(&mut Self) -> Flow) -> Result<usize, crate::Stop> {
        self.skip(1);
        self.skip_whitespace();
        let mut count = 0;
        if self.peek() == Some(b']') {
            self.skip(1);
            return Ok(count);
        }
        loop {
            item(self)?;
            count += 1;
            self.skip_whitespace();
            match self.peek() {
                Some(b',') => {
                    self.skip(1);
                    self.skip_whitespace();
                }
                Some(b']') => {
                    self.skip(1);
                    return Ok(count);
                }
                _ => self.broken("expected `,` or `]`")?,
            }
        }
    }

    /// Reads the items of an array of which no two may be equal.
    #[inline(never)]
    fn unique_items(
        &mut self,
        at: &'static str,
        mut item: impl FnMut(&mut Self) -> Flow,
    ) -> Result<usize, crate::Stop> {
        /// Shorter arrays are hashed again.
        const SHORT: usize = 64;
        let start = self.pos();
        let mut seen = Items::new();
        self.unique_depth += 1;
        let count = self.items(|reader| {
            let from = reader.mark();
            item(reader)?;
            seen.insert(reader.fingerprint(from), from..reader.pos());
            Ok(())
        })?;
        self.unique_depth -= 1;
        // Inside of another such array it is hashed again, and that one inside of another.
        if self.unique_depth == 0 {
            self.memo.forget_hashes();
        } else if self.pos() - start > SHORT {
            self.memo.insert_hash(start, seen.hash(), self.pos());
        }
        for offset in seen.duplicates(self.bytes) {
            self.error(offset, at, "uniqueItems", Problem::NotUnique)?;
        }
        Ok(count)
    }

    /// The hash of the value from an offset to here.
    fn fingerprint(&self, start: usize) -> u128 {
        let end = self.pos();
        let known = |length: usize| {
            let (hash, array_end) = self.memo.hash(end - length)?;
            Some((hash, end - array_end))
        };
        fingerprint(self.bytes.get(start..end).unwrap_or_default(), &known)
    }
}
