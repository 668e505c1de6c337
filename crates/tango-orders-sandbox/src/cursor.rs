//! Cursors: opaque marks of a place in the list of line items.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::data::mix;

/// Which list a cursor is a place of: that of one order, under one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ListId(pub(crate) u64);

/// A place in a list of line items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) list: ListId,
    /// How many line items of the list come before.
    pub(crate) position: u32,
    /// When it was made: the number of the period of the sandbox's time.
    pub(crate) period: u32,
}

const LENGTH: usize = 24;

impl Cursor {
    /// As it is sent; sealed with the seed, so that no caller can make one up.
    pub(crate) fn encode(self, seed: u64) -> String {
        let place = u64::from(self.position) << 32 | u64::from(self.period);
        let seal = self.seal(seed);
        let mut bytes = [0; LENGTH];
        let words = [self.list.0, place ^ seal, seal];
        for (to, word) in bytes.chunks_exact_mut(8).zip(words) {
            to.copy_from_slice(&word.to_be_bytes());
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What was sent, if this sandbox has made it.
    pub(crate) fn decode(seed: u64, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let bytes: [u8; LENGTH] = bytes.try_into().ok()?;
        let mut words = bytes.chunks_exact(8).filter_map(|word| word.try_into().ok());
        let [list, place, seal] = [(); 3].map(|()| words.next().map_or(0, u64::from_be_bytes));
        let place = place ^ seal;
        let position = u32::try_from(place >> 32).ok()?;
        let period = u32::try_from(place & u64::from(u32::MAX)).ok()?;
        let cursor = Self { list: ListId(list), position, period };
        (cursor.seal(seed) == seal).then_some(cursor)
    }

    fn seal(self, seed: u64) -> u64 {
        let place = mix(u64::from(self.position), u64::from(self.period));
        mix(mix(mix(seed, self.list.0), place), 1)
    }
}
