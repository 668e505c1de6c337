//! The text of a JSON string, read in place: nothing is copied, escapes are decoded on the way.

use core::cmp::Ordering;

/// A string's text between its quotes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonString<'p> {
    /// The offset of the first byte after the opening quote.
    pub(crate) start: usize,
    pub(crate) raw: &'p [u8],
    pub(crate) form: Form,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// ASCII without escapes: a byte is a character.
    Ascii,
    /// UTF-8 without escapes.
    Unicode,
    /// With escapes, and sound.
    Escaped,
    /// Reported already; its content means nothing.
    Broken,
}

impl<'p> JsonString<'p> {
    /// The length in code points.
    pub(crate) fn length(&self) -> u64 {
        let length = match self.form {
            Form::Ascii => self.raw.len(),
            Form::Unicode => code_points(self.raw.iter().copied()),
            Form::Escaped | Form::Broken => code_points(self.decoded()),
        };
        u64::try_from(length).unwrap_or(u64::MAX)
    }

    #[inline]
    pub(crate) fn is(&self, value: &str) -> bool {
        match self.form {
            Form::Escaped => self.decodes_to(value),
            _ => self.raw == value.as_bytes(),
        }
    }

    #[cold]
    #[inline(never)]
    fn decodes_to(&self, value: &str) -> bool {
        self.decoded().eq(value.bytes())
    }

    /// Inlined, so that constant values are told apart by their length first.
    #[inline]
    pub(crate) fn is_one_of(&self, values: &[&str]) -> bool {
        values.iter().any(|value| self.is(value))
    }

    /// The bytes of the text in UTF-8, with escapes decoded.
    pub(crate) fn decoded(&self) -> Decoded<'p> {
        Decoded::new(self.raw)
    }
}

fn code_points(bytes: impl Iterator<Item = u8>) -> usize {
    bytes.filter(|byte| byte & 0xC0 != 0x80).count()
}

/// Compares two names as they are after decoding.
#[inline]
pub(crate) fn compare(a: &[u8], b: &[u8]) -> Ordering {
    if a.contains(&b'\\') || b.contains(&b'\\') {
        Decoded::new(a).cmp(Decoded::new(b))
    } else {
        a.cmp(b)
    }
}

/// Iterates over the bytes of a sound string in UTF-8, decoding its escapes.
#[derive(Clone, Debug)]
pub(crate) struct Decoded<'p> {
    raw: &'p [u8],
    /// The bytes of a decoded escape that are still to come, the next one lowest.
    pending: u32,
}

impl<'p> Decoded<'p> {
    pub(crate) fn new(raw: &'p [u8]) -> Self {
        Self { raw, pending: 0 }
    }
}

impl Iterator for Decoded<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        if self.pending != 0 {
            let [byte, ..] = self.pending.to_le_bytes();
            self.pending >>= 8;
            return Some(byte);
        }
        let (&first, rest) = self.raw.split_first()?;
        if first != b'\\' {
            self.raw = rest;
            return Some(first);
        }
        let (length, _) = escape(self.raw);
        let escaped = self.raw.get(..length).unwrap_or_default();
        self.raw = self.raw.get(length..).unwrap_or_default();
        let character = match escaped {
            [_, b'b', ..] => '\u{8}',
            [_, b'f', ..] => '\u{c}',
            [_, b'n', ..] => '\n',
            [_, b'r', ..] => '\r',
            [_, b't', ..] => '\t',
            [_, b'u', unit @ ..] => unicode_escape(unit),
            [_, byte, ..] => char::from(*byte),
            _ => char::REPLACEMENT_CHARACTER,
        };
        let mut buffer = [0; 4];
        let first = *character.encode_utf8(&mut buffer).as_bytes().first()?;
        // Only U+0000 has a zero byte in UTF-8, and it has no further bytes.
        self.pending = u32::from_le_bytes(buffer) >> 8;
        Some(first)
    }
}

fn unicode_escape(unit: &[u8]) -> char {
    let high = hexadecimal(unit).unwrap_or(0xFFFD);
    let low = unit.get(6..).and_then(hexadecimal);
    let code = match (high, low) {
        (0xD800..=0xDBFF, Some(low @ 0xDC00..=0xDFFF)) => {
            0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        }
        _ => high,
    };
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// The value of the first four hexadecimal digits.
fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits
        .get(..4)?
        .iter()
        .try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}

/// The length of the escape at the start of `bytes`, and what is wrong with it.
pub(crate) fn escape(bytes: &[u8]) -> (usize, Option<&'static str>) {
    const LONE: Option<&str> = Some("a surrogate stands alone");
    match bytes {
        [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => (2, None),
        [_, b'u', unit @ ..] => match hexadecimal(unit) {
            None => (2, Some("`\\u` needs four hexadecimal digits")),
            Some(0xD800..=0xDBFF) => match unit.get(4..) {
                Some([b'\\', b'u', low @ ..]) => match hexadecimal(low) {
                    Some(0xDC00..=0xDFFF) => (12, None),
                    _ => (6, LONE),
                },
                _ => (6, LONE),
            },
            Some(0xDC00..=0xDFFF) => (6, LONE),
            Some(_) => (6, None),
        },
        _ => (1, Some("JSON has no such escape")),
    }
}

/// Splits a string without escapes, in ASCII, from what comes after it; none for any other, and none
/// for one that ends with the payload.
#[inline]
pub(crate) fn plain(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = after_plain(bytes)?;
    let text = bytes.get(1..)?;
    Some((text.get(..text.len().wrapping_sub(rest.len() + 1))?, rest))
}

/// What comes after a string without escapes, in ASCII; see [`plain`].
#[inline]
pub(crate) fn after_plain(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.len() <= STEP {
        return None;
    }
    let [b'"', ahead @ ..] = bytes else { return None };
    let mut ahead = ahead;
    loop {
        let (chunk, next) = ahead.split_first_chunk()?;
        if let Some(place) = special(chunk) {
            let [b'"', rest @ ..] = ahead.get(place..)? else { return None };
            return Some(rest);
        }
        ahead = next;
    }
}

/// The first byte from `pos` on that is a quote, a backslash, a control character or not ASCII.
#[inline]
pub(crate) fn plain_end(bytes: &[u8], mut pos: usize) -> usize {
    let mut ahead = bytes.get(pos..).unwrap_or_default();
    while let Some((chunk, rest)) = ahead.split_first_chunk() {
        if let Some(place) = special(chunk) {
            return pos + place;
        }
        pos += STEP;
        ahead = rest;
    }
    let is_special = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\' | 0x80..);
    pos + ahead.iter().position(is_special).unwrap_or(ahead.len())
}

/// What comes after the spaces at the start of a line.
#[inline]
pub(crate) fn unindented(bytes: &[u8]) -> &[u8] {
    const SPACES: u64 = u64::from_le_bytes([b' '; 8]);
    let mut rest = bytes;
    while let Some((chunk, after)) = rest.split_first_chunk() {
        let others = u64::from_le_bytes(*chunk) ^ SPACES;
        if others != 0 {
            return rest.get((others.trailing_zeros() / 8) as usize..).unwrap_or_default();
        }
        rest = after;
    }
    rest
}

/// How many bytes are looked at together.
const STEP: usize = 16;

/// The first quote, backslash, control character or byte that is not ASCII.
#[cfg(target_feature = "sse2")]
#[inline]
#[expect(unsafe_code, reason = "a whole payload takes a seventh fewer instructions this way")]
fn special(chunk: &[u8; STEP]) -> Option<usize> {
    #[cfg(target_arch = "x86")]
    use core::arch::x86 as arch;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64 as arch;
    // SAFETY: this is compiled only for processors that have SSE2, and the load reads the 16 bytes
    // of the chunk, wherever it is aligned to.
    let flags = unsafe {
        let bytes = arch::_mm_loadu_si128(chunk.as_ptr().cast());
        let quote = arch::_mm_cmpeq_epi8(bytes, arch::_mm_set1_epi8(0x22));
        let backslash = arch::_mm_cmpeq_epi8(bytes, arch::_mm_set1_epi8(0x5C));
        // With a sign, what is not ASCII is less than zero.
        let other = arch::_mm_cmplt_epi8(bytes, arch::_mm_set1_epi8(0x20));
        arch::_mm_movemask_epi8(arch::_mm_or_si128(arch::_mm_or_si128(quote, backslash), other))
    };
    // The compiler does not know that there are 16 flags.
    (flags != 0).then(|| flags.trailing_zeros() as usize % STEP)
}

/// The first quote, backslash, control character or byte that is not ASCII.
#[cfg(not(target_feature = "sse2"))]
#[inline]
fn special(chunk: &[u8; STEP]) -> Option<usize> {
    let (words, _) = chunk.as_chunks();
    let flags = words.iter().map(|word| swar_special(*word));
    let (index, flags) = flags.enumerate().find(|(_, flags)| *flags != 0)?;
    Some(index * 8 + (flags.trailing_zeros() / 8) as usize)
}

/// Flags quotes, backslashes, control characters and what is not ASCII, each by the highest bit of
/// its byte. The lowest flag is exact, higher ones may be due to a borrow.
#[cfg(not(target_feature = "sse2"))]
#[inline]
fn swar_special(chunk: [u8; 8]) -> u64 {
    const ONES: u64 = u64::MAX / 0xFF;
    let word = u64::from_le_bytes(chunk);
    // With its second bit flipped, the quote (0x22) comes directly after the control characters,
    // and what was there comes behind it.
    let quote_or_control = (word ^ (ONES * 0x02)).wrapping_sub(ONES * 0x21);
    let backslash = (word ^ (ONES * 0x5C)).wrapping_sub(ONES);
    // A byte that is not ASCII flags itself through `word`; the other two terms are exact for bytes
    // below 0x80.
    (quote_or_control | backslash | word) & (ONES * 0x80)
}
