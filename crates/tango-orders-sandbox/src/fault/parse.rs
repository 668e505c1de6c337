//! How a fault is written.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::{HeaderValue, StatusCode};

use super::{Breakage, ErrorBodyKind, Fault, LONGEST, Latency, RetryAfter};

/// A fault is not written as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseFaultError {
    item: String,
    problem: String,
}

/// How much of an item a message repeats.
const SHOWN: usize = 60;

impl ParseFaultError {
    fn new(item: &str, problem: impl Into<String>) -> Self {
        let mut shown: String = item.chars().take(SHOWN).collect();
        if shown.len() < item.len() {
            shown.push('…');
        }
        Self { item: shown.escape_debug().to_string(), problem: problem.into() }
    }
}

impl fmt::Display for ParseFaultError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "read the fault `{}`: {}", self.item, self.problem)
    }
}

impl std::error::Error for ParseFaultError {}

/// The names of all items but the statuses, each with what stands behind its `=`.
const ITEMS: [(&str, Option<&str>); 14] = [
    ("none", None),
    ("latency", Some("TIME")),
    ("body", Some("json|html|empty")),
    ("retry-after", Some("SECONDS|date+SECONDS")),
    ("reset", None),
    ("truncated", None),
    ("content-type", Some("TYPE")),
    ("unknown-members", None),
    ("unknown-values", None),
    ("nulls", None),
    ("ignore-filters", None),
    ("repeat-cursor", None),
    ("none-failed", Some("NONE|NULL|null|[]|absent")),
    ("status", None),
];

/// How alike a name must be, from 0 to 1, to be what was meant.
const ALIKE: f64 = 0.6;

/// What can be written instead of an item that is none.
fn expected(name: &str) -> String {
    let written = |(name, value): &(&str, Option<&str>)| match (*name, value) {
        ("status", _) => "a status from 400 to 599".to_owned(),
        (name, Some(value)) => format!("{name}={value}"),
        (name, None) => name.to_owned(),
    };
    let alike = |(known, _): &&(&str, Option<&str>)| {
        let score =
            strsim::normalized_damerau_levenshtein(&name.to_lowercase().replace('_', "-"), known);
        (score >= ALIKE).then_some(score)
    };
    let nearest = ITEMS.iter().filter(|item| item.0 != "status");
    let nearest = nearest.filter_map(|item| Some((alike(&item)?, item)));
    if let Some((_, item)) = nearest.max_by(|(one, _), (other, _)| one.total_cmp(other)) {
        return format!("did you mean `{}`?", written(item));
    }
    let (last, others) = ITEMS.split_last().unwrap_or((&("none", None), &[]));
    let others: Vec<String> = others.iter().map(written).collect();
    format!("expected {} or {}", others.join(", "), written(last))
}

/// Pairs of kinds of items of which one leaves nothing to the other, each with the reason.
const EXCLUSIVE: &[(Kind, Kind, &str)] = &[
    (Kind::None, Kind::Any, "`none` stands alone"),
    (Kind::Reset, Kind::Response, "after a reset there is no response"),
    (Kind::Status, Kind::Page, "a response with an error status has no page"),
    (Kind::Status, Kind::Values, "a response with an error status has no open vocabularies"),
    (Kind::NoJson, Kind::Members, "a body that is not JSON has no members"),
    (Kind::Nulls, Kind::Page, "with `nulls` there are no line items and no cursors"),
    (Kind::Truncated, Kind::Page, "a page that is cut leads nowhere"),
    (Kind::Empty, Kind::Truncated, "an empty body cannot be cut"),
];

/// What an item does, as far as others have to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    None,
    Reset,
    Status,
    /// A body that is not JSON.
    NoJson,
    Empty,
    Truncated,
    /// Members are added or made null.
    Members,
    Nulls,
    Values,
    Page,
    /// Anything at all.
    Any,
    /// Anything that a response shows.
    Response,
}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut fault = Self::default();
        let mut names: Vec<&str> = Vec::new();
        for item in text.split(',').map(str::trim) {
            let fail = |problem| ParseFaultError::new(item, problem);
            let name = fault.add(item).map_err(fail)?;
            if names.contains(&name) {
                return Err(fail(format!("there is more than one {name}; write one")));
            }
            names.push(name);
        }
        if let Some(reason) = fault.contradiction(&names) {
            return Err(ParseFaultError::new(text, reason));
        }
        Ok(fault)
    }
}

impl Fault {
    /// Adds an item, and returns the name of its kind, of which there is one at the most.
    fn add(&mut self, item: &str) -> Result<&'static str, String> {
        let (name, value) = item.split_once('=').map_or((item, None), |(n, v)| (n, Some(v)));
        match (name, value) {
            ("", None) => {
                return Err("it is empty; write `none` if nothing is to go wrong".to_owned());
            }
            ("none", None) => {}
            ("latency", Some(value)) => {
                let expected = "expected a time, such as 200ms, 50ms-2s or ~200ms, up to 600s";
                self.latency = Some(latency(value).ok_or(expected)?);
            }
            ("body", Some(value)) => {
                self.body = Some(match value {
                    "json" => ErrorBodyKind::Json,
                    "html" => ErrorBodyKind::Html,
                    "empty" => ErrorBodyKind::Empty,
                    _ => return Err("expected json, html or empty".to_owned()),
                });
            }
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
                let is_sendable = !value.is_empty() && HeaderValue::from_str(value).is_ok();
                let value = is_sendable.then(|| value.to_owned());
                self.content_type = Some(value.ok_or("expected what a header can hold")?);
            }
            ("unknown-members", None) => self.disguise.unknown_members = true,
            ("unknown-values", None) => self.disguise.unknown_values = true,
            ("nulls", None) => self.disguise.nulls = true,
            ("ignore-filters", None) => self.ignore_filters = true,
            ("repeat-cursor", None) => self.repeat_cursor = true,
            ("none-failed", Some(value)) => self.none_failed = Some(value.parse()?),
            (number, None) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                let status = number.parse().ok().filter(|status| (400..600).contains(status));
                let status = status.and_then(|status| StatusCode::from_u16(status).ok());
                self.status = Some(status.ok_or("expected a status from 400 to 599")?);
                return Ok("status");
            }
            _ => {
                let known = ITEMS.iter().find(|(known, _)| *known == name && name != "status");
                return Err(match known {
                    Some((name, Some(values))) => format!("expected {name}={values}"),
                    Some((name, None)) => format!("expected {name} without a value"),
                    None => expected(name),
                });
            }
        }
        let known = ITEMS.iter().find(|(known, _)| *known == name);
        Ok(known.map_or("status", |(known, _)| known))
    }

    /// Why not all of the items can act.
    fn contradiction(&self, names: &[&str]) -> Option<&'static str> {
        let needs_status = self.body.is_some() || self.retry_after.is_some();
        if needs_status && self.status.is_none() {
            return Some("body and retry-after need a status beside them, such as 503");
        }
        let is_there = |name: &&str, kind: Kind| match kind {
            Kind::Any => *name != "none",
            Kind::Response => !matches!(*name, "none" | "reset" | "latency"),
            Kind::None => *name == "none",
            Kind::Reset => *name == "reset",
            Kind::Status => *name == "status",
            Kind::NoJson => {
                *name == "body" && self.body.is_some_and(|body| body != ErrorBodyKind::Json)
            }
            Kind::Empty => *name == "body" && self.body == Some(ErrorBodyKind::Empty),
            Kind::Truncated => *name == "truncated",
            Kind::Members => matches!(*name, "unknown-members" | "nulls"),
            Kind::Nulls => *name == "nulls",
            Kind::Values => *name == "unknown-values",
            Kind::Page => matches!(*name, "ignore-filters" | "repeat-cursor" | "none-failed"),
        };
        let has = |kind| names.iter().any(|name| is_there(name, kind));
        let broken = EXCLUSIVE.iter().find(|(one, other, _)| has(*one) && has(*other));
        broken.map(|(.., reason)| *reason)
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
