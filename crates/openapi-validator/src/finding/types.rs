//! The types of JSON values.

use core::fmt;

/// The type of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// `null`
    Null = Types::NULL.0,
    /// `true` or `false`
    Boolean = Types::BOOLEAN.0,
    /// A number, whole or not.
    Number = Types::NUMBER.or(Types::INTEGER).0,
    /// A string.
    String = Types::STRING.0,
    /// An array.
    Array = Types::ARRAY.0,
    /// An object.
    Object = Types::OBJECT.0,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// No type.
    pub const NONE: Self = Self(0);
    /// `null`
    pub const NULL: Self = Self(1);
    /// Booleans.
    pub const BOOLEAN: Self = Self(2);
    /// Numbers.
    pub const NUMBER: Self = Self(4);
    /// Strings.
    pub const STRING: Self = Self(8);
    /// Arrays.
    pub const ARRAY: Self = Self(16);
    /// Objects.
    pub const OBJECT: Self = Self(32);
    /// Whole numbers.
    pub const INTEGER: Self = Self(64);
    /// Every type.
    pub const ALL: Self = Self(63);

    /// Both sets together.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn includes(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a value of this type may be in the set.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & kind as u8 != 0
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::OBJECT, "an object"),
            (Self::ARRAY, "an array"),
            (Self::STRING, "a string"),
            (Self::NUMBER, "a number"),
            (Self::INTEGER, "an integer"),
            (Self::BOOLEAN, "a boolean"),
            (Self::NULL, "null"),
        ];
        let mut first = true;
        for (_, name) in names.iter().filter(|(set, _)| self.0 & set.0 != 0) {
            if !first {
                f.write_str(" or ")?;
            }
            f.write_str(name)?;
            first = false;
        }
        Ok(())
    }
}
