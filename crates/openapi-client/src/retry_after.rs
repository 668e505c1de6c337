//! Reads the header `Retry-After`.

use std::time::Duration;

use jiff::fmt::{rfc2822, strtime};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::timeouts::LONGEST;

/// How long to wait from now, by RFC 9110, section 10.2.3; nothing if the header is absent or is of no
/// known form. More than a year is a mistake or an attack, and counts as a year.
///
/// A date is compared with the response's own `Date`, so that the clock of this machine does not
/// matter; without one, with that clock.
pub(crate) fn read(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?;
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Whatever does not fit is longer than anybody waits.
        return Some(text.parse().map_or(LONGEST, Duration::from_secs).min(LONGEST));
    }
    let until = date(text)?;
    let now = self::text(headers, &DATE).and_then(date).unwrap_or_else(Timestamp::now);
    let wait = until.duration_since(now).max(SignedDuration::ZERO);
    Some(wait.unsigned_abs().min(LONGEST))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Any of the three forms of RFC 9110, section 5.6.7, all in UTC.
fn date(text: &str) -> Option<Timestamp> {
    if let Ok(time) = rfc2822::DateTimeParser::new().parse_timestamp(text) {
        return Some(time);
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"].iter().find_map(|form| {
        let time = strtime::parse(form, text).ok()?.to_datetime().ok()?;
        time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|time| time.timestamp())
    })
}
