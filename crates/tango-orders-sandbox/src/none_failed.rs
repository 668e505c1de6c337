//! What a page without failed line items has in place of its list.

use std::str::FromStr;

/// What stands in place of the list if `failedOnly` was asked for and nothing failed.
///
/// The page *Get async orders status* leaves it open: "the response should return 'NONE' or 'NULL'
/// for the lineItems array".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NoneFailed {
    /// The string `NONE`.
    #[default]
    None,
    /// The string `NULL`.
    NullWord,
    /// `null`.
    Null,
    /// A list without items.
    Empty,
    /// The member is left out.
    Absent,
}

impl FromStr for NoneFailed {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "NONE" => Self::None,
            "NULL" => Self::NullWord,
            "null" => Self::Null,
            "[]" => Self::Empty,
            "absent" => Self::Absent,
            _ => return Err("expected NONE, NULL, null, [] or absent"),
        })
    }
}

impl NoneFailed {
    pub(crate) fn json(self) -> Option<&'static str> {
        match self {
            Self::None => Some("\"NONE\""),
            Self::NullWord => Some("\"NULL\""),
            Self::Null => Some("null"),
            Self::Empty => Some("[]"),
            Self::Absent => None,
        }
    }
}
