//! Objects: members in any order, required ones, undocumented ones, duplicates.

mod members;
mod names;
mod properties;
mod table;

pub use members::{Object, Seen};
pub(crate) use names::{Names, bit};
pub use properties::Properties;
pub use table::{Presence, key, presence};

/// What an object has to obey; `W` words of 64 bits, one bit for each documented member.
#[derive(Clone, Copy, Debug)]
pub struct ObjectRules<const W: usize> {
    /// The schema, as a JSON Pointer into the document.
    pub at: &'static str,
    /// Whether `null` is accepted.
    pub nullable: bool,
    /// The names that are documented, in the order in which they are expected.
    pub properties: Properties,
    /// The members that must be present, as bits by their place in `properties`; see [`presence`].
    pub required: [u64; W],
    /// The members that a request may leave out although they are required (`readOnly`).
    pub read_only: [u64; W],
    /// The members that a response may leave out although they are required (`writeOnly`).
    pub write_only: [u64; W],
    /// The names in `required` that `properties` does not list.
    pub required_elsewhere: &'static [&'static str],
    /// The smallest number of members.
    pub min_properties: usize,
    /// The largest number of members.
    pub max_properties: usize,
    /// What holds for members that `properties` does not list.
    pub additional: Additional,
    /// The keyword that documents members: `properties`, or the applicator whose schemas do.
    pub documented_by: &'static str,
    /// The names that other parts of the same schema (`allOf`, `anyOf`, `oneOf`) document.
    pub documented_elsewhere: &'static [&'static str],
}

/// What holds for members that `properties` does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additional {
    /// They are welcome.
    Allowed,
    /// They are drift: the document does not speak of them.
    Undocumented,
    /// They are errors: `additionalProperties` is `false`.
    Forbidden,
}

impl<const W: usize> ObjectRules<W> {
    /// Any object.
    pub const ANY: Self = Self {
        at: "",
        nullable: false,
        properties: Properties::new(&[]),
        required: [0; W],
        read_only: [0; W],
        write_only: [0; W],
        required_elsewhere: &[],
        min_properties: 0,
        max_properties: usize::MAX,
        additional: Additional::Allowed,
        documented_by: "properties",
        documented_elsewhere: &[],
    };
}
