//! HTML that comes from outside.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// A fragment of HTML as the server sent it (`format: html`).
///
/// It is not safe to show, and it may hold credentials, so `Debug` tells nothing of it and there is
/// no `Display`. `Serialize` exists only with the feature `serialize`, as for
/// [`Secret`](crate::Secret).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Html(String);

impl Html {
    /// The markup as it came, neither sanitised nor free of credentials.
    pub fn expose_markup(&self) -> &str {
        &self.0
    }
}

impl From<String> for Html {
    fn from(markup: String) -> Self {
        Self(markup)
    }
}

impl fmt::Debug for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Html([redacted])")
    }
}

impl<'de> Deserialize<'de> for Html {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(feature = "serialize")]
impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

crate::schema::describe!(Html, string, "html");
