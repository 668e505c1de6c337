//! Misbehaviour: what it is, how it is written, and when it happens.

mod disguise;
mod plan;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::StatusCode;

use crate::data::Draw;
use crate::none_failed::NoneFailed;

pub(crate) use disguise::Disguise;
pub(crate) use plan::{Faults, Limiter};
pub use plan::{Scenario, ScenarioError, Step};

/// One way to misbehave, or several at once.
///
/// It is written as a list with commas, in the header `X-Sandbox-Fault` as well as in options and
/// scenarios. It happens to calls that are let in, not to those without credentials:
///
/// | Item | What happens |
/// | --- | --- |
/// | `none` | nothing, whatever else is set up |
/// | `latency=200ms` | the response comes later; `50ms-2s` is uniform, `~200ms` is exponential with this mean |
/// | `503` | the response has this status, from 400 to 599 |
/// | `body=json`, `body=html`, `body=empty` | what the body of such a response is; JSON if not given |
/// | `retry-after=2`, `retry-after=date+2` | `Retry-After` of such a response, in seconds or as a date |
/// | `reset` | the connection is reset instead of a response |
/// | `truncated` | the connection closes after half of the body |
/// | `content-type=text/html` | the body is declared as something else |
/// | `unknown-members` | each object has a member that the document does not know |
/// | `unknown-values` | each open vocabulary has a value that the document does not know |
/// | `nulls` | each optional member is null |
/// | `ignore-filters` | filters by reference are ignored, as by a server that does not know them |
/// | `repeat-cursor` | `nextCursor` leads to the same page again, for ever |
/// | `none-failed=NULL` | what stands for the list if none failed: `NONE`, `NULL`, `null`, `[]`, `absent` |
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fault {
    pub(crate) latency: Option<Latency>,
    pub(crate) status: Option<StatusCode>,
    pub(crate) body: ErrorBodyKind,
    pub(crate) retry_after: Option<RetryAfter>,
    pub(crate) breakage: Option<Breakage>,
    pub(crate) content_type: Option<String>,
    pub(crate) disguise: Disguise,
    pub(crate) ignore_filters: bool,
    pub(crate) repeat_cursor: bool,
    pub(crate) none_failed: Option<NoneFailed>,
}

/// How long a response takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Latency {
    /// Always as long.
    Constant(Duration),
    /// Anything between two bounds.
    Uniform(Duration, Duration),
    /// Mostly short and sometimes long, with this mean; ten times the mean at the most.
    Exponential(Duration),
}

/// What the body of an error response is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ErrorBodyKind {
    #[default]
    Json,
    Html,
    Empty,
}

/// When to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryAfter {
    Seconds(u32),
    /// The date that is so many seconds ahead.
    Date(u32),
}

/// How a response fails to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breakage {
    Reset,
    Truncated,
}

/// The longest latency.
const LONGEST: Duration = Duration::from_secs(600);

impl Latency {
    /// How long this time.
    pub(crate) fn duration(self, draw: &mut Draw) -> Duration {
        // 53 bits, which is what a float has.
        let share = |draw: &mut Draw| {
            let bits = u32::try_from(draw.number() >> 32).unwrap_or_default();
            (f64::from(bits) + 0.5) / (f64::from(u32::MAX) + 1.0)
        };
        match self {
            Self::Constant(time) => time,
            Self::Uniform(from, to) => from + to.saturating_sub(from).mul_f64(share(draw)),
            Self::Exponential(mean) => mean.mul_f64((-share(draw).ln()).min(10.0)).min(LONGEST),
        }
    }
}

/// A fault is not written as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFaultError {
    item: String,
    expected: &'static str,
}

impl fmt::Display for ParseFaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "read the fault `{}`: {}", self.item, self.expected)
    }
}

impl std::error::Error for ParseFaultError {}

const KNOWN: &str = "expected none, latency=TIME, a status from 400 to 599, body=json|html|empty, \
                     retry-after=SECONDS|date+SECONDS, reset, truncated, content-type=TYPE, \
                     unknown-members, unknown-values, nulls, ignore-filters, repeat-cursor or \
                     none-failed=NONE|NULL|null|[]|absent";

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut fault = Self::default();
        for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            fault
                .add(item)
                .map_err(|expected| ParseFaultError { item: item.to_owned(), expected })?;
        }
        if fault.status.is_none()
            && (fault.retry_after.is_some() || fault.body != ErrorBodyKind::default())
        {
            let expected = "body and retry-after need a status beside them, such as 503";
            return Err(ParseFaultError { item: text.to_owned(), expected });
        }
        Ok(fault)
    }
}

impl Fault {
    fn add(&mut self, item: &str) -> Result<(), &'static str> {
        let (name, value) = item.split_once('=').map_or((item, None), |(n, v)| (n, Some(v)));
        match (name, value) {
            ("none", None) => *self = Self::default(),
            ("latency", Some(value)) => {
                let expected = "expected a time, such as 200ms, 50ms-2s or ~200ms, up to 600s";
                self.latency = Some(latency(value).ok_or(expected)?);
            }
            ("body", Some("json")) => self.body = ErrorBodyKind::Json,
            ("body", Some("html")) => self.body = ErrorBodyKind::Html,
            ("body", Some("empty")) => self.body = ErrorBodyKind::Empty,
            ("retry-after", Some(value)) => {
                let seconds = value.strip_prefix("date+").unwrap_or(value);
                let seconds =
                    seconds.parse().map_err(|_| "expected seconds, such as 2 or date+2")?;
                self.retry_after = Some(if value.starts_with("date+") {
                    RetryAfter::Date(seconds)
                } else {
                    RetryAfter::Seconds(seconds)
                });
            }
            ("reset", None) => self.breakage = Some(Breakage::Reset),
            ("truncated", None) => self.breakage = Some(Breakage::Truncated),
            ("content-type", Some(value)) => {
                let is_sendable = axum::http::HeaderValue::from_str(value).is_ok();
                let value = is_sendable.then(|| value.to_owned());
                self.content_type = Some(value.ok_or("expected what a header can hold")?);
            }
            ("unknown-members", None) => self.disguise.unknown_members = true,
            ("unknown-values", None) => self.disguise.unknown_values = true,
            ("nulls", None) => self.disguise.nulls = true,
            ("ignore-filters", None) => self.ignore_filters = true,
            ("repeat-cursor", None) => self.repeat_cursor = true,
            ("none-failed", Some(value)) => self.none_failed = Some(value.parse()?),
            (status, None) => {
                let status = status.parse().ok().filter(|status| (400..600).contains(status));
                let status = status.and_then(|status| StatusCode::from_u16(status).ok());
                self.status = Some(status.ok_or(KNOWN)?);
            }
            _ => return Err(KNOWN),
        }
        Ok(())
    }

    /// Whether a page is another one than without the fault.
    pub(crate) fn changes_page(&self) -> bool {
        self.ignore_filters || self.repeat_cursor || self.none_failed.is_some()
    }
}

fn latency(text: &str) -> Option<Latency> {
    if let Some(mean) = text.strip_prefix('~') {
        return time(mean).map(Latency::Exponential);
    }
    match text.split_once('-') {
        Some((from, to)) => {
            let (from, to) = (time(from)?, time(to)?);
            (from <= to).then_some(Latency::Uniform(from, to))
        }
        None => time(text).map(Latency::Constant),
    }
}

fn time(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s')?, 1.0),
    };
    let seconds = number.parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds).ok().filter(|time| *time <= LONGEST)
}

#[cfg(test)]
mod tests {
    // Nothing outside tells a latency from the time that everything else takes.
    use super::*;

    #[test]
    fn latencies_keep_to_their_distribution() {
        let mean = |latency: Latency| {
            let mut draw = Draw::new(7);
            let times = (0..10_000).map(|_| latency.duration(&mut draw).as_secs_f64());
            times.sum::<f64>() / 10_000.0
        };
        let time = Duration::from_millis(200);
        assert!((mean(Latency::Constant(time)) - 0.2).abs() < 1e-9);
        assert!((mean(Latency::Uniform(Duration::ZERO, time)) - 0.1).abs() < 0.003);
        assert!((mean(Latency::Exponential(time)) - 0.2).abs() < 0.006);
    }
}
