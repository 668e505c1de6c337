//! Tells utoipa how to see members whose types are the runtime's.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Path, Type, parse_quote};

use crate::client::syntax::{identifiers, same};

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
