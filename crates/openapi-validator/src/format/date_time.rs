//! Dates and times of RFC 3339.

use super::scan::{digits, literal};

/// Whether a text is a UTC time on one of the first 28 days of a month: what needs no calendar.
#[inline(never)]
pub(super) fn is_usual_date_time(text: &[u8]) -> bool {
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

#[inline]
pub(super) fn date(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
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
pub(super) fn date_time(bytes: &mut impl Iterator<Item = u8>) -> Option<()> {
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
