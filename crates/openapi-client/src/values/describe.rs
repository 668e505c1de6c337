//! Schemas of the hand-written types, each as wide as what the type decodes.

/// Adds the schema of a type, and those of the types that it mentions, unless it is among these already.
#[cfg(feature = "utoipa")]
pub fn collect_schemas<T: utoipa::ToSchema>(
    schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
) {
    let name = T::name();
    if !schemas.iter().any(|(known, _)| *known == name) {
        schemas.push((name.into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

/// Describes a type by `type` and `format`, for schemars and for utoipa.
macro_rules! describe {
    ($name:ident, string) => {
        $crate::values::describe::describe!(@ $name, "string", String);
    };
    ($name:ident, string, $format:literal) => {
        $crate::values::describe::describe!(@ $name, "string", String, $format);
    };
    ($name:ident, integer, $format:literal) => {
        $crate::values::describe::describe!(@ $name, "integer", Integer, $format);
    };
    ($name:ident, number, $format:literal) => {
        $crate::values::describe::describe!(@ $name, "number", Number, $format);
    };
    (@ $name:ident, $json_type:literal, $openapi_type:ident $(, $format:literal)?) => {
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": $json_type $(, "format": $format)? })
            }
        }

        #[cfg(feature = "utoipa")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::$openapi_type)
                    $(.format(Some(utoipa::openapi::SchemaFormat::Custom($format.to_owned()))))?
                    .into()
            }
        }

        #[cfg(feature = "utoipa")]
        impl utoipa::ToSchema for $name {}
    };
}

pub(crate) use describe;
