//! Host names of RFC 1123.

/// RFC 1035, section 2.3.4.
const LONGEST_LABEL: usize = 63;

pub(super) fn hostname(bytes: impl Iterator<Item = u8>) -> bool {
    /// RFC 1035, section 2.3.4, without the root's own label and length bytes.
    const LONGEST: usize = 253;
    let mut label = 0;
    let mut last = b'.';
    for (index, byte) in bytes.enumerate() {
        match byte {
            b'.' if last == b'.' || last == b'-' => return false,
            b'.' => label = 0,
            b'-' if last == b'.' => return false,
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => label += 1,
            _ => return false,
        }
        if label > LONGEST_LABEL || index >= LONGEST {
            return false;
        }
        last = byte;
    }
    last != b'.' && last != b'-'
}
