//! The pages that a stream has been through.

use std::collections::HashSet;

/// How many bits of a hash count, so that tokens stay short.
pub(super) const HASH_BYTES: usize = 6;

/// The pages that a stream has handed out, each by the hash of its first line item.
///
/// The stream remembers all of them. Its token keeps two, so that it does not grow: the last one, and one
/// that is replaced whenever the number of pages has doubled. So a server that leads in a circle is found
/// out however often a stream is stopped and resumed, after three times as many pages as there are before
/// the circle closes at the most (Brent, *An improved Monte Carlo factorization algorithm*, 1980).
#[derive(Clone, Default)]
pub(super) struct Trail {
    pub(super) kept: Kept,
    heads: HashSet<u64>,
}

/// What a token keeps of a trail.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// How many pages with line items were handed out.
    pub(super) pages: u64,
    /// How many pages in a row had no line items.
    pub(super) empty: u64,
    /// The page with the number that is the last power of two.
    pub(super) mark: u64,
    pub(super) latest: u64,
}

impl Trail {
    /// Whether a page was there before.
    pub(super) fn contains(&self, head: u64) -> bool {
        self.heads.contains(&head)
    }

    /// Goes past a page, which is without line items if it has no first one.
    pub(super) fn pass(&mut self, head: Option<u64>) {
        let Kept { pages, empty, mark, latest } = &mut self.kept;
        let Some(head) = head else {
            *empty = empty.saturating_add(1);
            return;
        };
        *empty = 0;
        // The page on which a stream resumes is not another one.
        if *pages == 0 || *latest != head {
            *pages = pages.saturating_add(1);
            *latest = head;
            if pages.is_power_of_two() {
                *mark = head;
            }
        }
        self.heads.insert(head);
    }
}

impl From<Kept> for Trail {
    fn from(kept: Kept) -> Self {
        let heads = if kept.pages == 0 { HashSet::new() } else { [kept.mark, kept.latest].into() };
        Self { kept, heads }
    }
}

/// FNV-1a of 64 bits, of which 48 count; it is the same on every machine, and guards against mistakes,
/// not against attacks.
pub(super) fn hash<'p>(parts: impl IntoIterator<Item = &'p [u8]>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // The length keeps `a`, `bc` and `ab`, `c` apart.
        let length = u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes();
        for byte in length.iter().chain(part) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    (hash ^ hash >> 48) & 0xFFFF_FFFF_FFFF
}
