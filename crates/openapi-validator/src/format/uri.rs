//! URIs of RFC 3986.

use core::net::Ipv6Addr;

use super::scan::{ascii, literal};

/// RFC 3986, appendix A.
pub(super) fn uri(bytes: impl Iterator<Item = u8> + Clone) -> Option<()> {
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
