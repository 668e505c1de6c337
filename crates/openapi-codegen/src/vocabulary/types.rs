//! Types of schemas, and the formats that narrow them.

/// A type of JSON values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Not a value of `type`: a document says `nullable`.
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Type {
    /// The values of `type`.
    pub const ALL: [Self; 6] =
        [Self::String, Self::Number, Self::Integer, Self::Boolean, Self::Array, Self::Object];

    /// The name as JSON Schema has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type that a value of `type` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

macro_rules! formats {
    ($($format:ident $name:literal $($kind:ident)|+, $meaning:literal)*) => {
        /// A format that the generated crates know; any other says nothing to them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Format {
            $(#[doc = $meaning] $format,)*
        }

        impl Format {
            pub const ALL: &'static [Self] = &[$(Self::$format),*];

            /// The value of `format`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$format => $name,)*
                }
            }

            /// The types that it narrows.
            pub const fn types(self) -> &'static [Type] {
                match self {
                    $(Self::$format => &[$(Type::$kind),+],)*
                }
            }
        }
    };
}

formats! {
    DateTime "date-time" String, "RFC 3339, section 5.6"
    Date "date" String, "`full-date` of RFC 3339, section 5.6"
    Email "email" String, "RFC 5321, section 4.1.2"
    Uri "uri" String, "RFC 3986"
    Uuid "uuid" String, "RFC 9562"
    Hostname "hostname" String, "RFC 1123, section 2.1"
    Ipv4 "ipv4" String, "RFC 2673, section 3.2"
    Ipv6 "ipv6" String, "RFC 4291, section 2.2"
    Byte "byte" String, "Base64 (RFC 4648, section 4)"
    Binary "binary" String, "any bytes, which are no JSON"
    Password "password" String, "what must not be printed"
    Html "html" String, "a fragment of HTML from outside, which must not be printed"
    Decimal "decimal" Number | String, "a decimal number of any length, kept as it is written"
    Float "float" Number, "a number of 32 bits (IEEE 754)"
    Double "double" Number, "a number of 64 bits (IEEE 754)"
    Int32 "int32" Integer, "a signed integer of 32 bits"
    Int64 "int64" Integer, "a signed integer of 64 bits"
}

impl Format {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    /// The formats of a type.
    pub fn of(kind: Type) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |format| format.types().contains(&kind))
    }

    /// The least and the greatest integer.
    pub const fn range(self) -> Option<(i64, i64)> {
        match self {
            Self::Int32 => Some((i32::MIN as i64, i32::MAX as i64)),
            Self::Int64 => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }

    /// Whether text of this format redeems something or may hold what does.
    pub const fn is_secret(self) -> bool {
        matches!(self, Self::Password | Self::Html)
    }
}
