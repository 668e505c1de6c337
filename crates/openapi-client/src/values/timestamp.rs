//! Moments of responses.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use jiff::fmt::temporal::Pieces;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// How many digits of a second's fraction are kept.
const NANOSECONDS: usize = 9;

/// A moment of a response (`format: date-time`), which is used like the [`jiff::Timestamp`] in it.
///
/// RFC 3339 can say more than jiff holds, and none of it makes a response unreadable: digits after the
/// ninth of a fraction are cut off, and a moment later than [`jiff::Timestamp::MAX`], which falls on
/// 9999-12-30, becomes that one. Servers like to write "never" as the last second of 9999.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    fn parse(text: &str) -> Option<Self> {
        let text = cut_fraction(text);
        text.parse().ok().or_else(|| latest(&text)).map(Self)
    }
}

/// The text without what its fraction of a second has beyond nanoseconds.
fn cut_fraction(text: &str) -> Cow<'_, str> {
    let Some((seconds, rest)) = text.split_once('.') else { return text.into() };
    let offset = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    let fraction = rest.strip_suffix(offset).unwrap_or_default();
    match fraction.get(..NANOSECONDS) {
        Some(kept) => format!("{seconds}.{kept}{offset}").into(),
        None => text.into(),
    }
}

/// The last moment that jiff knows, for a text that means a later one.
fn latest(text: &str) -> Option<jiff::Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let time = pieces.time()?;
    let offset = pieces.to_numeric_offset()?;
    let known = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::MAX);
    let said = pieces.date().to_datetime(time);
    // Only moments at the end of the range fail to parse, so the offset has its say already.
    (said.date() >= known.date() && offset.to_timestamp(said).is_err())
        .then_some(jiff::Timestamp::MAX)
}

impl Deref for Timestamp {
    type Target = jiff::Timestamp;

    fn deref(&self) -> &jiff::Timestamp {
        &self.0
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        Self(moment)
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(moment: Timestamp) -> Self {
        moment.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a moment as RFC 3339 writes it")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        // The text stays out of the error: it may be anything.
        Timestamp::parse(text).ok_or_else(|| E::custom("not a moment as RFC 3339 writes it"))
    }
}

crate::values::describe::describe!(Timestamp, string, "date-time");
