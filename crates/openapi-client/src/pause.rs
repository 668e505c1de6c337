//! How long to wait before the next request: what a server asks for, and what is never too short.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use jiff::fmt::{rfc2822, strtime};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use crate::timeouts::LONGEST;

/// How long to wait after 429 at the least: most limits are per second, and a server that says zero, or
/// a moment that is past, says no more than that it does not know.
pub(crate) const RATE_PAUSE: Duration = Duration::from_secs(1);

/// How long to wait from now, by RFC 9110, section 10.2.3; nothing if the header is absent or is of no
/// known form. Of several headers, the longest counts, and a fraction of a second, which the form does
/// not have, counts as well. More than a year is a mistake or an attack, and counts as a year.
///
/// A date is compared with the response's own `Date`, so that the clock of this machine does not
/// matter; without one, with that clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let texts = headers.get_all(RETRY_AFTER).iter().filter_map(|text| text.to_str().ok());
    texts.filter_map(|text| wait(text.trim(), headers)).max()
}

fn wait(text: &str, headers: &HeaderMap) -> Option<Duration> {
    if text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        let seconds: f64 = text.parse().ok()?;
        // Whatever does not fit is longer than anybody waits.
        return Some(
            Duration::try_from_secs_f64(seconds).map_or(LONGEST, |wait| wait.min(LONGEST)),
        );
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

/// A random number, at least 0 and less than 1; good enough for spreading requests.
pub(crate) fn random() -> f64 {
    // The standard library seeds it anew each time.
    let bits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}
