//! Documents as text: files, the located trees that they are read into, and findings about them.

mod document;
mod files;
mod finding;
mod number;
mod place;
mod tree;
mod yaml;

pub use document::{Document, METHODS, Operation, Unresolved};
pub use files::{FILES, as_written};
pub use finding::{Finding, Related, render, render_with};
pub use number::Number;
pub use place::{Part, Source, Span};
pub use tree::{Key, Kind, Members, Node, escape, local_pointer};
