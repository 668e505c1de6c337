//! Mail addresses of RFC 5321.

use core::net::Ipv6Addr;

use super::hostname::hostname;
use super::scan::ascii;

/// Whether a text is a mail address of the usual kind: words with dots between them, an `@`, and
/// labels with dots between them.
#[inline(never)]
pub(super) fn is_usual_email(text: &[u8]) -> bool {
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

/// RFC 5321, section 4.5.3.1.1.
const LONGEST_LOCAL_PART: usize = 64;

pub(super) fn email(bytes: &(impl Iterator<Item = u8> + Clone)) -> bool {
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
                Some(b' '..=b'~') => {}
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
    /// RFC 5321, section 4.5.3.1.2.
    const LONGEST_DOMAIN: usize = 255;
    ascii::<LONGEST_DOMAIN>(bytes, |text| {
        let Some(literal) = text.strip_suffix(']') else { return false };
        match literal.split_once(':') {
            Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6") => {
                address.parse::<Ipv6Addr>().is_ok()
            }
            Some((tag, content)) => is_tag(tag) && is_content(content),
            None => is_ipv4(literal),
        }
    })
}

/// `Ldh-str`: letters, digits and hyphens, the last one no hyphen.
fn is_tag(tag: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    tag.bytes().all(is_inside) && tag.bytes().last().is_some_and(|last| last != b'-')
}

/// `1*dcontent`
fn is_content(content: &str) -> bool {
    !content.is_empty() && content.bytes().all(|byte| matches!(byte, b'!'..=b'Z' | b'^'..=b'~'))
}

/// Four numbers of one to three digits.
fn is_ipv4(literal: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok()
    };
    literal.split('.').count() == 4 && literal.split('.').all(is_number)
}
