//! A place in the list of line items.

use super::trail::hash;
use crate::generated::types::LineItem;

/// A place in the list of line items.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: At,
    /// What was handed out of the page already.
    pub(super) past: Option<Past>,
}

/// A page, by what asks for it.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum At {
    Start,
    Next(String),
    Previous(String),
    /// There is no further page.
    End,
}

/// The first line items of a page, as the stream goes through it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) count: u64,
    /// The last of them, by the hash of Tango's identifier.
    pub(super) last: u64,
}

impl Place {
    pub(super) fn of(page: At) -> Self {
        Self { page, past: None }
    }

    /// The place on the same page after so many more line items, the last of which has this identifier.
    pub(super) fn after(&self, more: usize, last: &str) -> Self {
        let before = self.past.as_ref().map_or(0, |past| past.count);
        let count = before.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
        Self { page: self.page.clone(), past: Some(Past { count, last: hash([last.as_bytes()]) }) }
    }
}

impl Past {
    /// How many line items of the page are past; none if the last one of them is not there any more.
    pub(super) fn skip(&self, items: &[LineItem]) -> Option<usize> {
        let is_last = |item: &LineItem| hash([item.reference_line_item_id.as_bytes()]) == self.last;
        let count = usize::try_from(self.count).ok();
        let expected = count.and_then(|count| items.get(count.checked_sub(1)?));
        if expected.is_some_and(is_last) {
            return count;
        }
        items.iter().position(is_last).map(|index| index.saturating_add(1))
    }
}
