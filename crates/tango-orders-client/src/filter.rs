//! Which line items to ask for, and where to go on.

use std::fmt;

use crate::generated::requests::GetAsyncOrder;

/// A place in the list of line items, told by a cursor of an earlier page.
#[derive(Clone, PartialEq, Eq)]
pub enum Position {
    /// The page after the one whose `pagination.next_cursor` this is.
    Next(String),
    /// The page before the one whose `pagination.prev_cursor` this is.
    Previous(String),
}

/// Picks line items by reference; the server takes one kind of reference at a time.
#[derive(Clone, PartialEq, Eq)]
pub enum Filter {
    /// The caller's own references.
    ExternalReferences(Vec<String>),
    /// Tango's identifiers.
    References(Vec<String>),
}

impl Filter {
    /// Line items with one of these references of the caller's.
    pub fn external_references<I: IntoIterator<Item: Into<String>>>(references: I) -> Self {
        Self::ExternalReferences(references.into_iter().map(Into::into).collect())
    }

    /// Line items with one of these identifiers of Tango's.
    pub fn references<I: IntoIterator<Item: Into<String>>>(references: I) -> Self {
        Self::References(references.into_iter().map(Into::into).collect())
    }
}

impl GetAsyncOrder {
    /// Where to go on, in place of any cursor that was set before; without it, at the beginning.
    ///
    /// Keep filter, page size and `failed_only` the same from page to page.
    pub fn at(mut self, position: Position) -> Self {
        (self.next_cursor, self.prev_cursor) = match position {
            Position::Next(cursor) => (Some(cursor), None),
            Position::Previous(cursor) => (None, Some(cursor)),
        };
        self
    }

    /// Only line items with one of these references, in place of any that were set before.
    ///
    /// A server that knows the filter by another name may ignore it in silence and return all line
    /// items. If one comes back that was not asked for, the result is
    /// [`Error::Contract`](crate::Error::Contract).
    pub fn filter(mut self, filter: Filter) -> Self {
        (self.external_line_item_reference_ids, self.reference_line_item_ids) = match filter {
            Filter::ExternalReferences(ids) => (Some(ids), None),
            Filter::References(ids) => (None, Some(ids)),
        };
        self
    }
}

// References and cursors may be personal: `Debug` tells how many there are.

impl fmt::Debug for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Next(_) => "Next(..)",
            Self::Previous(_) => "Previous(..)",
        })
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, ids) = match self {
            Self::ExternalReferences(ids) => ("ExternalReferences", ids),
            Self::References(ids) => ("References", ids),
        };
        write!(formatter, "{name}({} of them)", ids.len())
    }
}
