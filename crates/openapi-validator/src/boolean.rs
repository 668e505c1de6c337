//! Booleans.

use crate::finding::Types;
use crate::reader::{Flow, Reader};

/// What a boolean has to obey.
#[derive(Clone, Copy, Debug)]
pub struct BooleanRules {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
}

impl Reader<'_> {
    /// Reads a boolean.
    #[inline]
    pub fn boolean(&mut self, rules: &BooleanRules) -> Flow {
        if self.literal(b"true") || self.literal(b"false") {
            return Ok(());
        }
        if self.starts(Types::BOOLEAN, rules.at, rules.nullable)? {
            if self.literal(b"true") || self.literal(b"false") {
                return Ok(());
            }
            return self.broken("expected a JSON value");
        }
        Ok(())
    }
}
