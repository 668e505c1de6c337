//! Numbers that depend on a seed and on nothing else.
//!
//! `SplitMix64` (Steele, Lea and Flood, 2014) is written out here because no crate promises the same
//! values from one version to the next, and the same seed has to give the same bytes.

/// The fractional part of the golden ratio, the increment that `SplitMix64` uses.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Scrambles a number; different numbers give different results.
fn scramble(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The seed of a part that has this number, from the seed of the whole.
pub(crate) fn mix(seed: u64, number: u64) -> u64 {
    scramble(seed.wrapping_add(GOLDEN).wrapping_add(scramble(number.wrapping_add(GOLDEN))))
}

/// The seed of a part that has this name, from the seed of the whole.
pub(crate) fn text_seed(seed: u64, name: &str) -> u64 {
    let length = u64::try_from(name.len()).unwrap_or(u64::MAX);
    name.bytes().fold(mix(seed, length), |seed, byte| mix(seed, u64::from(byte)))
}

/// A sequence of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        scramble(self.0)
    }

    /// A number from 0 up to, and without, this one; 0 if this one is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.number()) * u128::from(end);
        // The upper half is less than `end`.
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// One of these, or the default if there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let length = u64::try_from(items.len()).unwrap_or_default();
        let index = usize::try_from(self.below(length)).unwrap_or_default();
        items.get(index).copied().unwrap_or_default()
    }

    /// So many capital letters and digits, without those that look alike.
    pub(crate) fn code(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        (0..length).map(|_| char::from(self.pick(ALPHABET))).collect()
    }
}
