//! What every open enum can do.

use std::fmt;

/// Writes a value of a vocabulary. What a terminal or a log would take for a command, or not show, is
/// escaped, because a value that the document does not know may hold anything.
pub fn display_value(value: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    // Whatever prints is itself, quotes and backslashes included.
    let is_plain = |character: char| {
        matches!(character, '\'' | '"' | '\\') || character.escape_debug().len() == 1
    };
    if value.chars().all(is_plain) {
        return formatter.pad(value);
    }
    let escape = |character: char| {
        if is_plain(character) {
            character.to_string()
        } else {
            character.escape_debug().to_string()
        }
    };
    formatter.pad(&value.chars().map(escape).collect::<String>())
}

/// Adds to a generated enum with `as_str`, `KNOWN`, `Unknown(String)` and `From<String>` the rest of
/// its behaviour: text in, text out, and the value on the wire kept either way.
#[macro_export]
macro_rules! open_enum {
    ($name:ident) => {
        impl $name {
            /// Whether the document knows the value.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::display_value(self.as_str(), formatter)
            }
        }

        impl $crate::check::Parameter for $name {
            fn text(&self) -> Option<&str> {
                Some(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::from(value.to_owned())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::std::convert::Infallible;

            // A value may be called `Err`, too.
            fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
                Ok(Self::from(value))
            }
        }

        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <String as $crate::serde::Deserialize>::deserialize(deserializer).map(Self::from)?;
                if let Self::Unknown(text) = &value {
                    $crate::note_unknown(stringify!($name), text);
                }
                Ok(value)
            }
        }

        #[cfg(feature = "schemars")]
        impl $crate::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut $crate::schemars::SchemaGenerator) -> $crate::schemars::Schema {
                let known: Vec<&str> = Self::KNOWN.iter().map(Self::as_str).collect();
                $crate::schemars::json_schema!({ "type": "string", "x-extensible-enum": known })
            }
        }

        #[cfg(feature = "utoipa")]
        impl $crate::utoipa::PartialSchema for $name {
            fn schema() -> $crate::utoipa::openapi::RefOr<$crate::utoipa::openapi::Schema> {
                let known: Vec<&str> = Self::KNOWN.iter().map(Self::as_str).collect();
                let extensions = $crate::utoipa::openapi::extensions::Extensions::builder()
                    .add("x-extensible-enum", known)
                    .build();
                $crate::utoipa::openapi::ObjectBuilder::new()
                    .schema_type($crate::utoipa::openapi::Type::String)
                    .extensions(Some(extensions))
                    .into()
            }
        }

        #[cfg(feature = "utoipa")]
        impl $crate::utoipa::ToSchema for $name {}
    };
}
