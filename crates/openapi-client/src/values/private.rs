//! Text that may tell of a person.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::redacted::{self, Kind};

/// Text of a response that is not for logs: a name, an address, a note, a message; whatever the document
/// does not mark with `x-loggable`.
///
/// It has no `Display`, and its `Debug` tells nothing of it. [`Private::as_str`] is the one way to
/// read it.
///
/// `Serialize` writes it only with the feature `serialize`, as with [`Secret`](crate::Secret), or as
/// [`Redacted`](crate::Redacted) says.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Private(String);

impl Private {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<Private> for String {
    fn from(text: Private) -> Self {
        text.0
    }
}

impl PartialEq<str> for Private {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Private {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Private([redacted])")
    }
}

impl<'de> Deserialize<'de> for Private {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Private {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        redacted::serialize(Kind::Private, &self.0, serializer)
    }
}

crate::values::describe::describe!(Private, string);
