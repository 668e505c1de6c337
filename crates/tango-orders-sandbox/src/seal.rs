//! What a sandbox hands out and takes back, sealed so that nobody else can make it up.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under a key that is the seed.
///
/// The same seed gives the same seals, and no seal tells the seed. Who knows the seed, which the page
/// for people shows, can make them.
#[derive(Clone, Debug)]
pub(crate) struct Seal(Hmac<Sha256>);

impl Seal {
    pub(crate) fn new(seed: u64) -> Self {
        // A key that is shorter than a block is filled up with zeros.
        let mut key = [0; 64];
        for (to, byte) in key.iter_mut().zip(seed.to_be_bytes()) {
            *to = byte;
        }
        Self(Hmac::new(&key.into()))
    }

    /// The first bytes, 32 at the most, of the seal of these parts, which are for this purpose.
    pub(crate) fn of<'p, const N: usize>(
        &self,
        purpose: &str,
        parts: impl IntoIterator<Item = &'p [u8]>,
    ) -> [u8; N] {
        let mut seal = [0; N];
        for (to, byte) in seal.iter_mut().zip(self.over(purpose, parts).finalize().into_bytes()) {
            *to = byte;
        }
        seal
    }

    /// Whether these are the first bytes of that seal.
    pub(crate) fn is_of<'p>(
        &self,
        purpose: &str,
        parts: impl IntoIterator<Item = &'p [u8]>,
        seal: &[u8],
    ) -> bool {
        self.over(purpose, parts).verify_truncated_left(seal).is_ok()
    }

    fn over<'p>(&self, purpose: &str, parts: impl IntoIterator<Item = &'p [u8]>) -> Hmac<Sha256> {
        // The length keeps `a`, `bc` and `ab`, `c` apart.
        let length = |part: &[u8]| u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes();
        let mut mac = self.0.clone();
        mac.update(&length(purpose.as_bytes()));
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(&length(part));
            mac.update(part);
        }
        mac
    }
}
