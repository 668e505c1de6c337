//! Text that is secret.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

use super::redacted::{self, Kind};

/// Text that is secret: a password, a code that is as good as money (`format: password`).
///
/// It has no `Display`, its `Debug` tells nothing of it, and it is overwritten in memory when it is
/// dropped. [`Secret::expose_secret`] is the one way to read it.
///
/// `Serialize` writes the text only with the feature `serialize`, and fails without it: no logger of JSON
/// can print a response by accident. [`Redacted`](crate::Redacted) writes three stars.
///
/// What the HTTP client has buffered of the response is beyond its reach.
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// The text itself.
    pub fn expose_secret(&self) -> &str {
        &self.0
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret([redacted])")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        redacted::serialize(Kind::Secret, &self.0, serializer)
    }
}

/// Text of a request that is secret (`format: password`): a [`Secret`] that is there to be sent, so
/// `Serialize` always writes it.
#[derive(Clone, Debug, Default)]
pub struct Password(Secret);

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose_secret())
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Secret::deserialize(deserializer).map(Self)
    }
}

crate::values::describe::describe!(Secret, string, "password");
