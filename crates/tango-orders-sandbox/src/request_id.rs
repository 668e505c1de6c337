//! The identifier that each response has.

/// A UUID of version 4 (RFC 9562, section 5.4), in its text form.
///
/// Written without allocating, because every response has one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId([u8; 36]);

impl RequestId {
    pub(crate) fn new(high: u64, low: u64) -> Self {
        // Version 4 and variant 0b10 stand where the RFC has them.
        let high = high & !0xf000 | 0x4000;
        let low = low >> 2 | 1 << 63;
        let mut nibbles = (0..32).rev().map(|place| {
            let half = if place < 16 { low } else { high };
            let nibble = u8::try_from(half >> (place % 16 * 4) & 0xf).unwrap_or_default();
            if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }
        });
        let mut text = [b'-'; 36];
        for (place, byte) in text.iter_mut().enumerate() {
            if !matches!(place, 8 | 13 | 18 | 23) {
                *byte = nibbles.next().unwrap_or(b'0');
            }
        }
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        // It is ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}
