//! What generated code says about the OpenAPI document that it was made from.

use crate::finding::Place;
use crate::object::Properties;

/// The OpenAPI document of generated code.
#[derive(Debug)]
pub struct SourceMap {
    /// The path of the document, as it was given to the generator.
    pub source: &'static str,
    /// Where everything stands that findings may name, sorted by [`Section::at`].
    pub sections: &'static [Section],
    /// The schemas and parameters that are secret (`format: password`) or contain a secret, as
    /// sorted JSON Pointers.
    pub secrets: &'static [&'static str],
    /// The rules that [`Reader::forbid`](crate::Reader::forbid) refers to by their place in here.
    pub forbidden: &'static [ForbiddenProperties],
}

/// A component or an operation, with the places in it.
///
/// They are relative, so that an edit of the document changes the section that it is in, and one
/// number of each later section.
#[derive(Debug)]
pub struct Section {
    /// What the section is about, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Its first line, from 1.
    pub line: u32,
    /// What follows `at` in the JSON Pointer of each place, how many lines below the first it
    /// stands, and its column, from 1; sorted.
    pub places: &'static [(&'static str, u32, u32)],
}

/// An `x-forbidden-properties`: names that no object inside an instance may have a member of.
#[derive(Debug)]
pub struct ForbiddenProperties {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// The names.
    pub names: Properties,
}

/// What a document says about members of some name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    /// It has no such property.
    Unknown,
    /// No property of this name is secret.
    Public,
    /// Some property of this name is secret, contains a secret, or is forbidden somewhere.
    Secret,
}

impl SourceMap {
    /// A document without any place.
    pub const EMPTY: Self = Self { source: "", sections: &[], secrets: &[], forbidden: &[] };

    /// The place of a JSON Pointer, or of the nearest one above it that is known.
    pub(crate) fn place(&self, pointer: &str) -> Option<Place> {
        let (section, mut suffix) = self.section(pointer)?;
        loop {
            let found = section.places.binary_search_by(|(known, ..)| (*known).cmp(suffix));
            if let Some((_, line, column)) = found.ok().and_then(|index| section.places.get(index))
            {
                let line = section.line + line;
                return Some(Place { source: self.source, line, column: *column });
            }
            (suffix, _) = suffix.rsplit_once('/')?;
        }
    }

    /// The section that a JSON Pointer leads into, and the rest of the pointer.
    fn section<'a>(&self, pointer: &'a str) -> Option<(&'static Section, &'a str)> {
        let mut end = pointer.len();
        loop {
            let (at, rest) = pointer.split_at_checked(end)?;
            if let Ok(index) = self.sections.binary_search_by(|section| section.at.cmp(at)) {
                return Some((self.sections.get(index)?, rest));
            }
            end = at.rfind('/')?;
        }
    }

    /// Whether a schema or parameter is secret or contains a secret.
    pub(crate) fn is_secret(&self, pointer: &str) -> bool {
        self.secrets.binary_search(&pointer).is_ok()
    }

    pub(crate) fn name(&self, name: &str) -> Name {
        let has = |pointer: &str| {
            pointer.rsplit_once('/').is_some_and(|(parent, last)| {
                parent.ends_with("/properties") && is_escaped(last, name)
            })
        };
        if self.secrets.iter().any(|pointer| has(pointer))
            || self.forbidden.iter().any(|rule| rule.names.names().contains(&name))
        {
            Name::Secret
        } else if self.sections.iter().any(|section| section.places.iter().any(|at| has(at.0))) {
            Name::Public
        } else {
            Name::Unknown
        }
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
