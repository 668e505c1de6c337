//! What a document says of the look of a type's values.

use super::seen::Seen;

/// What the values of a type look like.
#[derive(Debug)]
pub enum Shape {
    Any,
    Boolean,
    Integer,
    Number,
    /// Any text.
    Text,
    /// Text of which some cannot be read.
    Formatted,
    /// One of these words, or others that the document does not know.
    Words(&'static [&'static str]),
    List(&'static Shape),
    Object {
        members: &'static [Member],
        /// Whether other members mean something.
        is_open: bool,
    },
    OneOf(&'static [Shape]),
}

/// A member of an object.
#[derive(Debug)]
pub struct Member {
    pub name: &'static str,
    pub is_required: bool,
    /// All values that the document knows; empty if they are not counted.
    pub words: &'static [&'static str],
}

/// A type whose values have a shape.
pub trait Shaped {
    const SHAPE: Shape;
}

/// How far a value is from a shape: less is better.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    class: u8,
    /// How many members have a value that the document does not know.
    pub(super) strange: usize,
    missing: usize,
    /// How many members the document does not know.
    unknown: usize,
    is_open: bool,
}

impl Rank {
    fn class(class: u8) -> Self {
        Self { class, strange: 0, missing: 0, unknown: 0, is_open: false }
    }
}

impl Shape {
    /// Whether a member of this name means something.
    pub(super) fn has(&self, name: &str) -> bool {
        match self {
            Self::Object { members, is_open } => {
                *is_open && members.is_empty() || members.iter().any(|member| member.name == name)
            }
            Self::OneOf(shapes) => shapes.iter().any(|shape| shape.has(name)),
            _ => false,
        }
    }

    /// How far a value is from this shape; none if it cannot have it.
    pub(super) fn rank(&self, seen: &Seen) -> Option<Rank> {
        let class = match (self, seen) {
            (Self::Boolean, Seen::Boolean)
            | (Self::Integer, Seen::Integer)
            | (Self::Number, Seen::Number) => 0,
            (Self::Words(words), Seen::Text(text)) => {
                if words.contains(&text.as_str()) {
                    0
                } else {
                    3
                }
            }
            (Self::Number, Seen::Integer) | (Self::Formatted, Seen::Text(_)) => 1,
            (Self::Text, Seen::Text(_)) => 2,
            (Self::List(item), Seen::List(first)) => {
                let Some(first) = first else { return Some(Rank::class(0)) };
                return Some(item.rank(first).unwrap_or(Rank::class(8)));
            }
            (Self::Object { members, is_open }, Seen::Object(values)) => {
                let mut rank = Rank { is_open: *is_open, ..Rank::class(0) };
                let mut known = 0;
                for member in *members {
                    let Some(value) = values.get(member.name) else {
                        rank.missing += usize::from(member.is_required);
                        continue;
                    };
                    known += 1;
                    let is_known =
                        value.as_deref().is_some_and(|word| member.words.contains(&word));
                    rank.strange += usize::from(!member.words.is_empty() && !is_known);
                }
                if !is_open {
                    rank.unknown = values.len().saturating_sub(known);
                }
                return Some(rank);
            }
            (Self::OneOf(shapes), _) => {
                return shapes.iter().filter_map(|shape| shape.rank(seen)).min();
            }
            (Self::Any, _) => 9,
            _ => return None,
        };
        Some(Rank::class(class))
    }
}
