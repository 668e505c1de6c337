//! The runtime of generated OpenAPI validators: reads JSON in one pass and judges it on the way.
//!
//! Generated code consists of one function and one table of rules for each schema; what a rule
//! means is written here. Nothing is built from the payload: a [`Reader`] walks over its bytes, and
//! a valid payload needs no allocation, with three exceptions that are allowed to be slower: an
//! object with more than 32 members that its schema does not list, an array with `uniqueItems`, and
//! a value that several schemas describe (`allOf` and its like) inside of such a value.
//!
//! The time of a run is linear in the bytes of the payload times the schemas, however these contain
//! each other.
//!
//! Where JSON Schema leaves room, this is how it is read:
//!
//! - The grammar is RFC 8259 to the letter, in UTF-8 without a byte order mark. Two members of one
//!   name in one object are an error.
//! - `nullable: true` accepts `null` regardless of what else the schema says.
//! - `1.0` and `1e2` are integers, as in JSON Schema since draft 6.
//! - Numbers are compared by their decimal digits, so nothing is lost beyond `f64`.
//! - Lengths count code points.
//! - A `discriminator` does not change the verdict of `anyOf` and `oneOf`; it chooses the branch
//!   that explains a rejection.
#![no_std]
#![warn(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

extern crate alloc;

mod applicators;
mod array;
mod boolean;
mod collector;
mod equality;
mod finding;
mod format;
mod json;
mod json_string;
mod locator;
mod memo;
mod number;
mod object;
mod options;
mod output;
mod parameters;
mod pattern;
mod reader;
#[cfg(feature = "render")]
mod render;
mod report;
mod response;
mod source_map;
mod string;

pub use applicators::{AllOf, Alternatives, Branch, Discriminator};
pub use array::ArrayRules;
pub use boolean::BooleanRules;
pub use finding::{Finding, Kind, Place, Severity, Suggestion, Types};
pub use format::Format;
pub use number::{Bound, NumberFormat, NumberRules};
pub use object::{Additional, Object, ObjectRules, Presence, Properties, Seen, key, presence};
pub use options::{Direction, Options};
pub use parameters::{
    Location, Members, OperationRules, Parameter, Request, Scalar, Style, validate_request,
};
pub use pattern::{Automaton, Pattern};
pub use reader::{Flow, Reader, Stop, Validator, any};
#[cfg(feature = "render")]
pub use render::Colours;
pub use report::{Findings, Report, is_valid, validate};
pub use response::{NoSchema, Response};
pub use source_map::{ForbiddenProperties, Section, SourceMap};
pub use string::StringRules;
