//! What several formats read.

pub(super) fn digits(bytes: &mut impl Iterator<Item = u8>, count: u32) -> Option<u32> {
    (0..count).try_fold(0, |value, _| {
        let digit = bytes.next()?.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u32::from(digit))
    })
}

pub(super) fn literal(bytes: &mut impl Iterator<Item = u8>, expected: u8) -> Option<()> {
    (bytes.next()? == expected).then_some(())
}

/// Asks about a short ASCII text; a longer one, or one that is not ASCII, is refused.
pub(super) fn ascii<const N: usize>(
    bytes: impl Iterator<Item = u8>,
    accepts: impl FnOnce(&str) -> bool,
) -> bool {
    let mut buffer = [0; N];
    let mut length = 0;
    for byte in bytes {
        let Some(slot) = buffer.get_mut(length) else { return false };
        *slot = byte;
        length += 1;
    }
    buffer
        .get(..length)
        .filter(|text| text.is_ascii())
        .and_then(|text| core::str::from_utf8(text).ok())
        .is_some_and(accepts)
}
