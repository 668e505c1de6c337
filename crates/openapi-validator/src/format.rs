//! The formats of strings.
//!
//! Each function reads bytes one after the other, so that a text with escapes needs no copy.

mod date_time;
mod email;
mod hostname;
mod scan;
mod uri;

use core::net::{Ipv4Addr, Ipv6Addr};

use date_time::{date, date_time, is_usual_date_time};
use email::{email, is_usual_email};
use hostname::hostname;
use scan::{ascii, digits};
use uri::uri;

use crate::json_string::{Decoded, Form, JsonString};

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
    pub(crate) fn accepts(self, text: &JsonString<'_>) -> bool {
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
