//! Cursors: opaque marks of a place in the list of line items.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::seal::Seal;

/// Which list a cursor is a place of: that of one order, under one filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ListId(pub(crate) [u8; LIST]);

/// A place in a list of line items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    pub(crate) list: ListId,
    /// How many line items of the list come before.
    pub(crate) position: u32,
    /// When it was made, in whole seconds of the sandbox's time; 34,000 years fit in.
    pub(crate) made: u64,
}

/// How many bytes tell the list.
const LIST: usize = 5;
/// How many bytes tell the place in it.
const PLACE: usize = 9;
/// How many bytes seal both: 80 bits, the least that RFC 2104 allows.
const SEAL: usize = 10;

impl Cursor {
    /// As it is sent: 32 characters, which tell nothing and which no caller can make up.
    pub(crate) fn encode(self, seal: &Seal) -> String {
        let Self { list: ListId(list), position, made } = self;
        let mut place = [0; PLACE];
        let parts =
            position.to_be_bytes().into_iter().chain(made.to_be_bytes().into_iter().skip(3));
        for (to, byte) in place.iter_mut().zip(parts) {
            *to = byte;
        }
        let sealed: [u8; SEAL] = seal.of("cursor", [&list[..], &place]);
        hide(seal, sealed, &mut place);
        URL_SAFE_NO_PAD.encode([&list[..], &place, &sealed].concat())
    }

    /// What was sent, if this sandbox has made it.
    pub(crate) fn decode(seal: &Seal, text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (list, rest) = bytes.split_first_chunk::<LIST>()?;
        let (place, sealed) = rest.split_first_chunk::<PLACE>()?;
        let sealed: [u8; SEAL] = sealed.try_into().ok()?;
        let mut place = *place;
        hide(seal, sealed, &mut place);
        if !seal.is_of("cursor", [&list[..], &place], &sealed) {
            return None;
        }
        let (position, made) = place.split_first_chunk()?;
        let made = made.iter().fold(0, |made, byte| made << 8 | u64::from(*byte));
        Some(Self { list: ListId(*list), position: u32::from_be_bytes(*position), made })
    }
}

/// Hides a place that can be read, and shows one that is hidden.
fn hide(seal: &Seal, sealed: [u8; SEAL], place: &mut [u8; PLACE]) {
    let mask: [u8; PLACE] = seal.of("place", [&sealed[..]]);
    for (byte, mask) in place.iter_mut().zip(mask) {
        *byte ^= mask;
    }
}
