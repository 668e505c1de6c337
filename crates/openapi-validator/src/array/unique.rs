//! `uniqueItems`: items are told apart by a hash; those with the same hash are compared in full.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use crate::equality::{ArrayHash, compare};

/// An item: its hash, and where it stands.
type Item = (u128, usize, usize);

/// The items of an array.
pub(super) struct Items {
    items: Vec<Item>,
    hash: ArrayHash,
}

impl Items {
    pub(super) fn new() -> Self {
        Self { items: Vec::new(), hash: ArrayHash::EMPTY }
    }

    pub(super) fn insert(&mut self, hash: u128, range: Range<usize>) {
        self.hash.add(hash);
        self.items.push((hash, range.start, range.end));
    }

    /// The hash of the whole array.
    pub(super) fn hash(&self) -> u128 {
        self.hash.finish()
    }

    /// The offsets of the items that equal an earlier one.
    pub(super) fn duplicates(mut self, bytes: &[u8]) -> Vec<usize> {
        self.items.sort_unstable_by(|a, b| order(bytes, a, b).then(a.1.cmp(&b.1)));
        let pairs = self.items.iter().zip(self.items.iter().skip(1));
        let mut duplicates: Vec<_> =
            pairs.filter(|(a, b)| order(bytes, a, b).is_eq()).map(|(_, b)| b.1).collect();
        duplicates.sort_unstable();
        duplicates
    }
}

/// Values with different hashes are different; others are compared.
fn order(bytes: &[u8], a: &Item, b: &Item) -> Ordering {
    let value = |item: &Item| bytes.get(item.1..item.2).unwrap_or_default();
    a.0.cmp(&b.0).then_with(|| compare(value(a), value(b)))
}
