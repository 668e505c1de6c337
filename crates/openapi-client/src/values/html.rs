//! HTML that comes from outside.

#[cfg(feature = "html")]
mod piece;
#[cfg(feature = "html")]
mod plain_text;
#[cfg(feature = "html")]
mod sanitizer;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::redacted::{self, Kind};

/// A fragment of HTML as the server sent it (`format: html`).
///
/// It is not safe to show, and it may hold credentials, so `Debug` tells nothing of it and there is
/// no `Display`. With the feature `html`, `sanitize` makes it safe to show in a page and
/// `to_plain_text` turns it into text; both hold the same credentials. `Serialize` writes it only with
/// the feature `serialize`, as with [`Secret`](crate::Secret).
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Html(String);

impl Html {
    /// The markup as it came, neither sanitised nor free of credentials.
    pub fn expose_markup(&self) -> &str {
        &self.0
    }

    /// The fragment without whatever could run, style or mislead: scripts, styles, forms, frames, event
    /// handlers, links of other schemes than those of the web, of mail and the like, links with a user
    /// name, and relative links, which would lead into the page that shows it. Images of the web stay,
    /// and come from where they are when it is shown.
    ///
    /// It is safe to show and holds the same credentials. Nothing of it is logged. Sanitised again, it is
    /// the same.
    #[cfg(feature = "html")]
    pub fn sanitize(&self) -> String {
        sanitizer::sanitize(&self.0)
    }

    /// The words of the fragment, for a terminal or a text message: entities are decoded, blocks and
    /// `br` start a line, items of lists begin with a hyphen or their number, and what a link leads to
    /// follows its text in brackets. Scripts and styles have no words.
    ///
    /// It holds the same credentials, and control characters other than line ends are removed. Nothing
    /// of it is logged.
    #[cfg(feature = "html")]
    pub fn to_plain_text(&self) -> String {
        plain_text::plain_text(&self.0)
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

impl Serialize for Html {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        redacted::serialize(Kind::Secret, &self.0, serializer)
    }
}

crate::values::describe::describe!(Html, string, "html");
