//! The formats of strings.
//!
//! Each function reads bytes one after the other, so that a text with escapes needs no copy.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::text::{Decoded, Form, Text};

/// A `format` of strings that is checked.
///
/// `password`, `html` and `binary` are checked by nothing but `type`. Formats that are not listed
/// here are annotations, as the OpenAPI Specification has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `date-time` of RFC 3339: a date that exists, `60` seconds only at 23:59 UTC.
    DateTime,
    /// `full-date` of RFC 3339: a date that exists.
    Date,
    /// `Mailbox` of RFC 5321, section 4.1.2: no display name, ASCII only.
    Email,
    /// `URI` of RFC 3986: with a scheme.
    Uri,
    /// A UUID of RFC 9562 in its written form.
    Uuid,
    /// A host name of RFC 1123, ASCII only.
    Hostname,
    /// `dotted-decimal` of RFC 2673.
    Ipv4,
    /// An address of RFC 4291, section 2.2, without a zone.
    Ipv6,
    /// Base64 of RFC 4648, section 4, with padding.
    Byte,
    /// A decimal number as text: an optional sign, digits, and digits after a point.
    Decimal,
}

impl Format {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::DateTime => "date-time",
            Self::Date => "date",
            Self::Email => "email",
            Self::Uri => "uri",
            Self::Uuid => "uuid",
            Self::Hostname => "hostname",
            Self::Ipv4 => "ipv4",
            Self::Ipv6 => "ipv6",
            Self::Byte => "byte",
            Self::Decimal => "decimal",
        }
    }

    /// Whether a text in ASCII has this format as it is usually written.
    #[inline]
    pub(crate) fn surely_accepts(self, text: &[u8]) -> bool {
        match self {
            Self::DateTime => is_usual_date_time(text),
            Self::Email => is_usual_email(text),
            _ => self.check(text.iter().copied()),
        }
    }

    #[inline]
    pub(crate) fn accepts(self, text: &Text<'_>) -> bool {
        match text.form {
            Form::Ascii | Form::Unicode => self.check(text.raw.iter().copied()),
            Form::Escaped | Form::Broken => self.check(Decoded::new(text.raw)),
        }
    }

    fn check(self, bytes: impl Iterator<Item = u8> + Clone) -> bool {
        let mut bytes = bytes;
        match self {
            Self::DateTime => date_time(&mut bytes).is_some() && bytes.next().is_none(),
            Self::Date => date(&mut bytes).is_some() && bytes.next().is_none(),
            Self::Email => email(&bytes),
            Self::Uri => uri(bytes).is_some(),
            Self::Uuid => uuid(bytes),
            Self::Hostname => hostname(bytes),
            Self::Ipv4 => ascii::<15>(bytes, |text| text.parse::<Ipv4Addr>().is_ok()),
            Self::Ipv6 => ascii::<45>(bytes, |text| text.parse::<Ipv6Addr>().is_ok()),
            Self::Byte => base64(bytes),
            Self::Decimal => decimal(bytes).is_some(),
        }
    }
}

/// Whether a text is a UTC time on one of the first 28 days of a month: what needs no calendar.
#[inline(never)]
fn is_usual_date_time(text: &[u8]) -> bool {
    let Some((seconds, fraction)) = text.split_first_chunk::<19>() else { return false };
    let [_, _, _, _, _, m0, m1, _, d0, d1, _, h0, h1, ..] = seconds;
    let chunk = |start: usize| seconds.get(start..).and_then(<[u8]>::first_chunk);
    let (Some(date), Some(day), Some(time)) = (chunk(0), chunk(8), chunk(11)) else { return false };
    // Two digits compare like their value.
    let is_between = |low: &[u8; 2], pair: [u8; 2], high: &[u8; 2]| {
        (u16::from_be_bytes(*low)..=u16::from_be_bytes(*high)).contains(&u16::from_be_bytes(pair))
    };
    let has_fraction = match fraction {
        [b'Z'] => true,
        [b'.', digits @ .., b'Z'] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    is_up_to(*date, b"9999-19-")
        && is_up_to(*day, b"29T29:59")
        && is_up_to(*time, b"29:59:59")
        && is_between(b"01", [*m0, *m1], b"12")
        && is_between(b"01", [*d0, *d1], b"28")
        && is_between(b"00", [*h0, *h1], b"23")
        && has_fraction
}

/// Whether a text has digits that are at most as large where another one has digits, and else the
/// same characters.
#[inline(always)]
fn is_up_to(text: [u8; 8], limit: &[u8; 8]) -> bool {
    const HIGH: u64 = u64::from_le_bytes([0xF0; 8]);
    let is_digit = |byte: u8| byte.is_ascii_digit();
    let zero = limit.map(|byte| if is_digit(byte) { b'0' } else { byte });
    // What may be added before the value no longer fits into four bits.
    let room = limit.map(|byte| if is_digit(byte) { 0x3F - byte } else { 0x0F });
    let value = u64::from_le_bytes(text) ^ u64::from_le_bytes(zero);
    (value.wrapping_add(u64::from_le_bytes(room)) | value) & HIGH == 0
}

/// Whether a text is a mail address of the usual kind: words with dots between them, an `@`, and
/// labels with dots between them.
#[inline(never)]
fn is_usual_email(text: &[u8]) -> bool {
    let Some(mut others) = other_than_alphanumeric(text) else { return false };
    let mut word = 0;
    let mut domain = 0;
    while others != 0 {
        let place = others.trailing_zeros() as usize;
        others &= others - 1;
        match text.get(place) {
            Some(b'+' | b'-' | b'_') if domain == 0 => {}
            Some(b'.') if place > word => word = place + 1,
            Some(b'@') if place > word && domain == 0 => {
                word = place + 1;
                domain = word;
            }
            _ => return false,
        }
    }
    // So short that no part can be too long.
    domain > 0 && text.len() > word
}

/// The places of characters that are neither letters nor digits, as bits, in a text of ASCII; none
/// for one that is shorter than eight characters or longer than 64.
#[inline]
fn other_than_alphanumeric(text: &[u8]) -> Option<u64> {
    const ONES: u64 = u64::MAX / 0xFF;
    let places = |chunk: &[u8; 8]| {
        let word = u64::from_le_bytes(*chunk);
        let lowercase = word | (ONES * 0x20);
        // The highest bit of each byte that is not below a character.
        let from = |word: u64, first: u8| word + ONES * u64::from(0x80 - first);
        let letters = from(lowercase, b'a') & !from(lowercase, b'z' + 1);
        let digits = from(word, b'0') & !from(word, b'9' + 1);
        let others = !(letters | digits) & (ONES * 0x80);
        // Gathers the bits in the highest byte.
        (others >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
    };
    let last = text.len().checked_sub(8).filter(|last| *last <= 56)?;
    let (chunks, _) = text.as_chunks();
    let start =
        chunks.iter().enumerate().fold(0, |all, (index, chunk)| all | places(chunk) << (8 * index));
    Some(start | places(text.last_chunk()?) << last)
}

fn digits(bytes: &mut impl Iterator<Item = u8>, count: u32) -> Option<u32> {
    (0..count).try_fold(0, |value, _| {
        let digit = bytes.next()?.wrapping_sub(b'0');
        (digit < 10).then(|| value * 10 + u32::from(digit))
    })
}

fn literal(bytes: &mut impl Iterator<Item = u8>, expected: u8) -> Option<()> {
    (bytes.next()? == expected).then_some(())
}

#[inline]
fn date(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    let year = digits(bytes, 4)?;
    literal(bytes, b'-')?;
    let month = digits(bytes, 2)?;
    literal(bytes, b'-')?;
    let day = digits(bytes, 2)?;
    let is_leap_year = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year => 29,
        2 => 28,
        _ => return None,
    };
    (1..=days).contains(&day).then_some(())
}

#[inline]
fn date_time(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    const DAY: u32 = 24 * 60;
    date(bytes)?;
    if !matches!(bytes.next()?, b'T' | b't') {
        return None;
    }
    let hour = digits(bytes, 2)?;
    literal(bytes, b':')?;
    let minute = digits(bytes, 2)?;
    literal(bytes, b':')?;
    let second = digits(bytes, 2)?;
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut next = bytes.next()?;
    if next == b'.' {
        digits(bytes, 1)?;
        next = bytes.next()?;
        while next.is_ascii_digit() {
            next = bytes.next()?;
        }
    }
    let minutes = hour * 60 + minute;
    let utc = match next {
        b'Z' | b'z' => minutes,
        b'+' => minutes + DAY - offset(bytes)?,
        b'-' => minutes + offset(bytes)?,
        _ => return None,
    };
    (second < 60 || utc % DAY == DAY - 1).then_some(())
}

/// An offset from UTC, in minutes.
fn offset(bytes: &mut impl Iterator<Item = u8>) -> Option<u32> {
    let hour = digits(bytes, 2)?;
    literal(bytes, b':')?;
    let minute = digits(bytes, 2)?;
    (hour <= 23 && minute <= 59).then_some(hour * 60 + minute)
}

/// RFC 5321, section 4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;
/// RFC 1035, section 2.3.4.
const LONGEST_LABEL: usize = 63;

fn email(bytes: &(impl Iterator<Item = u8> + Clone)) -> bool {
    let mut domain = bytes.clone();
    let mut length = 0;
    if bytes.clone().next() == Some(b'"') {
        domain.next();
        length += 1;
        loop {
            length += 1;
            match domain.next() {
                Some(b'"') => break,
                Some(b'\\') => {
                    length += 1;
                    if !matches!(domain.next(), Some(b' '..=b'~')) {
                        return false;
                    }
                }
                Some(b'\t' | b' '..=b'~') => {}
                _ => return false,
            }
        }
        if domain.next() != Some(b'@') {
            return false;
        }
    } else {
        let mut is_atom_empty = true;
        loop {
            match domain.next() {
                Some(b'@') => break,
                Some(b'.') if !is_atom_empty => is_atom_empty = true,
                Some(byte) if is_atext(byte) => is_atom_empty = false,
                _ => return false,
            }
            length += 1;
        }
        if is_atom_empty {
            return false;
        }
    }
    length <= LONGEST_LOCAL_PART
        && if domain.clone().next() == Some(b'[') {
            address_literal(domain.skip(1))
        } else {
            hostname(domain)
        }
}

/// RFC 5322, section 3.2.3.
fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?')
        || matches!(byte, b'^'..=b'`' | b'{'..=b'~')
}

/// RFC 5321, section 4.1.3, after the opening bracket.
fn address_literal(bytes: impl Iterator<Item = u8>) -> bool {
    ascii::<52>(bytes, |text| {
        let Some(literal) = text.strip_suffix(']') else { return false };
        match literal.split_at_checked(5) {
            Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => {
                address.parse::<Ipv6Addr>().is_ok()
            }
            _ => literal.parse::<Ipv4Addr>().is_ok(),
        }
    })
}

/// Asks about a short ASCII text; a longer one, or one that is not ASCII, is refused.
fn ascii<const N: usize>(
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

fn hostname(bytes: impl Iterator<Item = u8>) -> bool {
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

/// RFC 3986, appendix A.
fn uri(bytes: impl Iterator<Item = u8> + Clone) -> Option<()> {
    let mut bytes = bytes;
    if !bytes.next()?.is_ascii_alphabetic() {
        return None;
    }
    loop {
        match bytes.next()? {
            b':' => break,
            byte if byte.is_ascii_alphanumeric() || b"+-.".contains(&byte) => {}
            _ => return None,
        }
    }
    let mut ahead = bytes.clone();
    let mut next = if (ahead.next(), ahead.next()) == (Some(b'/'), Some(b'/')) {
        authority(&mut ahead)?;
        bytes = ahead;
        bytes.next()
    } else {
        bytes.next()
    };
    let mut is_fragment = false;
    while let Some(byte) = next {
        match byte {
            b'%' => percent_encoded(&mut bytes)?,
            b'#' if !is_fragment => is_fragment = true,
            b'/' | b'?' | b':' | b'@' => {}
            _ if is_unreserved_or_delimiter(byte) => {}
            _ => return None,
        }
        next = bytes.next();
    }
    Some(())
}

/// Reads `[ userinfo "@" ] host [ ":" port ]` and stops before the path.
fn authority<I: Iterator<Item = u8> + Clone>(bytes: &mut I) -> Option<()> {
    let is_end = |byte: u8| matches!(byte, b'/' | b'?' | b'#');
    if bytes.clone().take_while(|byte| !is_end(*byte)).any(|byte| byte == b'@') {
        loop {
            match bytes.next()? {
                b'@' => break,
                b'%' => percent_encoded(bytes)?,
                b':' => {}
                byte if is_unreserved_or_delimiter(byte) => {}
                _ => return None,
            }
        }
    }
    if bytes.clone().next() == Some(b'[') {
        bytes.next();
        let host = bytes.clone().take_while(|byte| *byte != b']');
        let length = host.clone().count();
        let is_address = ascii::<45>(host.clone(), |text| text.parse::<Ipv6Addr>().is_ok());
        if !is_address && !is_future_address(host) {
            return None;
        }
        bytes.by_ref().take(length).for_each(drop);
        literal(bytes, b']')?;
    } else {
        loop {
            match bytes.clone().next() {
                Some(b'%') => {
                    bytes.next();
                    percent_encoded(bytes)?;
                }
                Some(byte) if is_unreserved_or_delimiter(byte) => drop(bytes.next()),
                _ => break,
            }
        }
    }
    if bytes.clone().next() == Some(b':') {
        bytes.next();
        while bytes.clone().next().is_some_and(|byte| byte.is_ascii_digit()) {
            bytes.next();
        }
    }
    bytes.clone().next().is_none_or(is_end).then_some(())
}

/// `IPvFuture`, between its brackets.
fn is_future_address(bytes: impl Iterator<Item = u8>) -> bool {
    let mut bytes = bytes;
    if !matches!(bytes.next(), Some(b'v' | b'V')) {
        return false;
    }
    let mut version = 0;
    loop {
        match bytes.next() {
            Some(b'.') if version > 0 => break,
            Some(byte) if byte.is_ascii_hexdigit() => version += 1,
            _ => return false,
        }
    }
    let mut rest = bytes.peekable();
    rest.peek().is_some() && rest.all(|byte| byte == b':' || is_unreserved_or_delimiter(byte))
}

fn percent_encoded(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
    let is_sound = bytes.next()?.is_ascii_hexdigit() && bytes.next()?.is_ascii_hexdigit();
    is_sound.then_some(())
}

/// `unreserved` and `sub-delims`.
fn is_unreserved_or_delimiter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)
}

fn uuid(bytes: impl Iterator<Item = u8>) -> bool {
    let mut length = 0;
    for byte in bytes {
        let is_hyphen = matches!(length, 8 | 13 | 18 | 23);
        if length == 36 || is_hyphen != (byte == b'-') || !(is_hyphen || byte.is_ascii_hexdigit()) {
            return false;
        }
        length += 1;
    }
    length == 36
}

fn base64(bytes: impl Iterator<Item = u8>) -> bool {
    let mut length = 0_usize;
    let mut padding = 0;
    for byte in bytes {
        match byte {
            b'=' => padding += 1,
            _ if padding > 0 => return false,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => {}
            _ => return false,
        }
        length += 1;
    }
    padding <= 2 && length.is_multiple_of(4)
}

fn decimal(bytes: impl Iterator<Item = u8>) -> Option<()> {
    let mut bytes = bytes;
    let mut next = bytes.next();
    if let Some(b'-' | b'+') = next {
        next = bytes.next();
    }
    if !next?.is_ascii_digit() {
        return None;
    }
    next = bytes.find(|byte| !byte.is_ascii_digit());
    match next {
        None => return Some(()),
        Some(b'.') => digits(&mut bytes, 1)?,
        Some(_) => return None,
    };
    bytes.all(|byte| byte.is_ascii_digit()).then_some(())
}
