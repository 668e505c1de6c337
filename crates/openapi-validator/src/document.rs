//! What generated code says about the OpenAPI document that it was made from.

use crate::finding::Place;

/// The OpenAPI document of generated code.
#[derive(Debug)]
pub struct Document {
    /// The path of the document, as it was given to the generator.
    pub source: &'static str,
    /// The line and column, both from 1, of each JSON Pointer that findings may name, sorted by
    /// pointer.
    pub places: &'static [(&'static str, u32, u32)],
    /// The rules that [`Cursor::forbid`](crate::Cursor::forbid) refers to by their place in here.
    pub forbidden: &'static [ForbiddenProperties],
}

/// An `x-forbidden-properties`: names that no object inside an instance may have a member of.
#[derive(Debug)]
pub struct ForbiddenProperties {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// The names.
    pub names: &'static [&'static str],
}

impl Document {
    /// The place of a JSON Pointer, or of the nearest one above it that is known.
    pub(crate) fn place(&self, pointer: &str) -> Option<Place> {
        let mut pointer = pointer;
        loop {
            if let Ok(index) = self.places.binary_search_by(|(known, ..)| (*known).cmp(pointer)) {
                let (_, line, column) = self.places.get(index)?;
                return Some(Place { source: self.source, line: *line, column: *column });
            }
            (pointer, _) = pointer.rsplit_once('/')?;
        }
    }

    /// Whether the document has a property of this name, or a parameter.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.places.iter().any(|(pointer, ..)| {
            pointer.rsplit_once('/').is_some_and(|(parent, last)| {
                parent.ends_with("/properties") && is_escaped(last, name)
            })
        })
    }
}

fn is_escaped(token: &str, name: &str) -> bool {
    let mut token = token.chars();
    let unescaped = core::iter::from_fn(|| match token.next()? {
        '~' => Some(if token.next()? == '1' { '/' } else { '~' }),
        other => Some(other),
    });
    unescaped.eq(name.chars())
}
