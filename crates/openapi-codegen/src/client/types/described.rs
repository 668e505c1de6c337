//! Tells utoipa how to see members whose types are the runtime's.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{Path, Type, parse_quote};

use super::expressions::target;
use super::{Side, Types};
use crate::client::syntax::{identifiers, same};
use crate::client::view::NamedType;

/// Tells utoipa how to see members whose types are the runtime's.
///
/// Such types are no components of their own: they stand for what the document writes as a plain
/// type, so they are described in place.
#[derive(Default)]
pub(super) struct Described {
    /// By the types: few of them differ.
    known: RefCell<BTreeMap<String, Option<TokenStream>>>,
}

impl Described {
    /// The attribute of a member of this type, if it needs one.
    pub(super) fn attribute(&self, ty: &Type) -> Option<TokenStream> {
        let key = ty.to_token_stream().to_string();
        let mut known = self.known.borrow_mut();
        known.entry(key).or_insert_with(|| attribute(ty)).clone()
    }
}

fn attribute(ty: &Type) -> Option<TokenStream> {
    let mut plain = ty.clone();
    let mut collections = PlainCollections { found: false };
    collections.visit_type_mut(&mut plain);
    let arguments = if same(&plain, &quote!(Option<::openapi_client::AnyValue>)) {
        // utoipa's `oneOf: [anything, null]` would take no null.
        quote!(required = false, value_type = Value)
    } else if let Some(arguments) = plain_scalar(&plain) {
        arguments
    } else {
        let inline = mentions_runtime(&plain).then(|| quote!(inline));
        let value_type = collections.found.then(|| quote!(value_type = Option<#plain>));
        let arguments = [inline, value_type].into_iter().flatten();
        quote!(#(#arguments),*)
    };
    (!arguments.is_empty()).then(|| quote!(#[cfg_attr(feature = "utoipa", schema(#arguments))]))
}

/// The plain type of a field that is one value, and its format if that does not follow.
///
/// In place and with a description, utoipa would call a required value an object as well.
fn plain_scalar(field: &Type) -> Option<TokenStream> {
    let scalars = [
        (quote!(::openapi_client::Decimal), quote!(f64), Some("decimal")),
        (quote!(::openapi_client::Html), quote!(String), Some("html")),
        (quote!(::openapi_client::Integer), quote!(i64), None),
        (quote!(::openapi_client::Private), quote!(String), None),
        (quote!(::openapi_client::Secret), quote!(String), Some("password")),
        (quote!(::openapi_client::Timestamp), quote!(String), Some("date-time")),
    ];
    scalars.into_iter().find_map(|(scalar, plain, format)| {
        let format = format.map(|format| quote!(, format = #format));
        if same(field, &scalar) {
            Some(quote!(value_type = #plain #format))
        } else if same(field, &quote!(Option<#scalar>)) {
            Some(quote!(value_type = Option<#plain> #format))
        } else {
            None
        }
    })
}

/// Puts the standard library's collections in place of the runtime's.
struct PlainCollections {
    found: bool,
}

impl VisitMut for PlainCollections {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let is_ours = path
            .segments
            .first()
            .is_some_and(|segment| segment.ident == "openapi_client" || segment.ident == "super");
        let Some(last) = path.segments.last() else { return };
        let arguments = &last.arguments;
        let plain = match last.ident.to_string().as_str() {
            "List" if is_ours => parse_quote!(Vec #arguments),
            "Map" if is_ours => parse_quote!(std::collections::BTreeMap #arguments),
            _ => return,
        };
        *path = plain;
        self.found = true;
    }
}

fn mentions_runtime(of: &Type) -> bool {
    identifiers(of.to_token_stream()).contains("openapi_client")
}

impl Types<'_> {
    /// Describes a type that is no struct to utoipa, whose derive knows no tuples of foreign types.
    pub(super) fn described_by_hand(&self, side: Side, named: &NamedType) -> Option<TokenStream> {
        if side == Side::Request {
            return None;
        }
        let (name, text) = (format_ident!("{}", named.name), &named.name);
        let alternatives = named.schema.get("oneOf").and_then(Value::as_array);
        let schema = if let Some(alternatives) = alternatives {
            let items = alternatives.iter().map(|schema| self.openapi(schema));
            quote!(::utoipa::openapi::schema::OneOfBuilder::new() #(.item(#items))* .into())
        } else {
            let schema = self.openapi(&named.schema);
            quote!(#schema.into())
        };
        let targets = self.graph.mentions(&named.name).map(|name| format_ident!("{name}"));
        Some(quote! {
            #[cfg(feature = "utoipa")]
            impl ::utoipa::PartialSchema for #name {
                fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::Schema> {
                    #schema
                }
            }

            #[cfg(feature = "utoipa")]
            impl ::utoipa::ToSchema for #name {
                fn name() -> ::std::borrow::Cow<'static, str> {
                    #text.into()
                }

                fn schemas(
                    _schemas: &mut Vec<(
                        String,
                        ::utoipa::openapi::RefOr<::utoipa::openapi::Schema>,
                    )>,
                ) {
                    #(::openapi_client::collect_schemas::<#targets>(_schemas);)*
                }
            }
        })
    }

    /// The schema of a place, as utoipa has it.
    fn openapi(&self, schema: &Value) -> TokenStream {
        if let Some(name) = target(schema) {
            return quote!(::utoipa::openapi::Ref::from_schema_name(#name));
        }
        let inner = |key: &str| {
            if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
                self.openapi(inner)
            } else {
                quote!(<::openapi_client::AnyValue as ::utoipa::PartialSchema>::schema())
            }
        };
        match schema.get("type").and_then(Value::as_str) {
            Some("array") => {
                let items = inner("items");
                quote!(::utoipa::openapi::schema::ArrayBuilder::new().items(#items))
            }
            Some("object") => {
                let values = inner("additionalProperties");
                quote! {
                    ::utoipa::openapi::schema::ObjectBuilder::new()
                        .additional_properties(Some(#values))
                }
            }
            _ => {
                let plain = self.plain(Side::Response, schema);
                quote!(<#plain as ::utoipa::PartialSchema>::schema())
            }
        }
    }
}
