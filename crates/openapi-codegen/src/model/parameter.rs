//! Parameters.

use super::Schema;
use crate::source::Span;

/// A parameter, references followed.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub pointer: String,
    pub span: Span,
    pub name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub location: String,
    pub description: Option<String>,
    pub required: bool,
    pub deprecated: bool,
    pub style: Option<String>,
    pub explode: Option<bool>,
    /// The media type in which the value is written, if `content` describes it instead of `schema`.
    pub media_type: Option<String>,
    pub schema: Schema,
}

impl Parameter {
    /// `style`, or its default.
    pub fn style(&self) -> &str {
        match (&self.style, self.location.as_str()) {
            (Some(style), _) => style,
            (None, "query" | "cookie") => "form",
            (None, _) => "simple",
        }
    }

    /// `explode`, or its default.
    pub fn explode(&self) -> bool {
        self.explode.unwrap_or_else(|| self.style() == "form")
    }
}
