//! Values that may be one of several types, and how it is decided which.

mod seen;
mod shape;

use std::fmt;

use serde::de::{self, DeserializeOwned};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Map;
use seen::Seen;
pub use shape::{Member, Shape, Shaped};

/// A JSON value of which it is yet to be decided what it is: generated code reads it once to see what it
/// looks like, and once as what it then is.
///
/// It is never tried as one type after the other, which would take a time that doubles with every level
/// of such values within each other. `Debug` shows nothing of it.
pub struct Undecided(Box<RawValue>);

impl Undecided {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// It is not what the type asks for.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.0.get())
    }

    /// The text of a member, if this is an object that has it.
    pub fn member(&self, name: &str) -> Option<String> {
        match self.seen()? {
            Seen::Object(mut members) => members.remove(name)?,
            _ => None,
        }
    }

    /// The numbers of the shapes that it may have, the best first. Of those of objects and lists, none
    /// but the best is among them: reading these has its price.
    pub fn alternatives(&self, shapes: &[Shape]) -> Vec<usize> {
        let Some(seen) = self.seen() else { return Vec::new() };
        let ranks = shapes.iter().enumerate();
        let mut ranks: Vec<_> =
            ranks.filter_map(|(index, shape)| Some((shape.rank(&seen)?, index))).collect();
        // Where values tell objects apart, one that none of them knows is none of them.
        if ranks.len() > 1 && ranks.iter().all(|(rank, _)| rank.strange > 0) {
            return Vec::new();
        }
        ranks.sort();
        if matches!(seen, Seen::Object(_) | Seen::List(_)) {
            ranks.truncate(1);
        }
        ranks.into_iter().map(|(_, index)| index).collect()
    }

    /// As [`alternatives`](Self::alternatives), where a value may have several shapes at once: none, if
    /// the best one lacks a member that another one has.
    pub fn combination(&self, shapes: &[Shape]) -> Vec<usize> {
        let found = self.alternatives(shapes);
        let (Some(&best), Some(Seen::Object(members))) = (found.first(), self.seen()) else {
            return found;
        };
        let has = |shape: Option<&Shape>, name: &str| shape.is_some_and(|shape| shape.has(name));
        let is_lost = |name: &String| {
            !has(shapes.get(best), name) && shapes.iter().any(|shape| has(Some(shape), name))
        };
        if members.keys().any(is_lost) { Vec::new() } else { found }
    }

    fn seen(&self) -> Option<Seen> {
        serde_json::from_str(self.0.get()).ok()
    }
}

impl fmt::Debug for Undecided {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Undecided")
    }
}

impl<'de> Deserialize<'de> for Undecided {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

/// Reads the members of an object beside those that it has fields for.
///
/// These come from serde's buffer, in which some types of this crate cannot be read.
///
/// # Errors
///
/// A value is not what the type asks for.
pub fn read_further<'de, D, V>(deserializer: D) -> Result<Map<String, V>, D::Error>
where
    D: Deserializer<'de>,
    V: DeserializeOwned,
{
    let values = Map::<String, Value>::deserialize(deserializer)?;
    let read = |(name, value)| Ok((name, serde_json::from_value(value)?));
    values.into_iter().map(read).collect::<serde_json::Result<_>>().map_err(de::Error::custom)
}
