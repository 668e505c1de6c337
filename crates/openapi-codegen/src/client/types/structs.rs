//! Objects.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::Type;

use super::expressions::is_nullable;
use super::{Side, Types};
use crate::client::view::NamedType;
use crate::naming::Scope;

/// A member of an object.
struct Field<'v> {
    ident: Ident,
    /// Its name on the wire.
    name: &'v str,
    schema: &'v Value,
    ty: Type,
    is_required: bool,
    collection: Option<&'static str>,
}

impl Types<'_> {
    pub(super) fn structure(&self, side: Side, named: &NamedType) -> TokenStream {
        let fields = self.fields(side, named);
        let further = self.further(side, &named.schema);
        let needs_values = fields.iter().any(|field| field.is_required);
        let declared = fields.iter().map(|field| self.declaration(side, field));
        let extra = further.as_ref().map(|extra| self.further_declaration(side, extra));
        let constructor = (side == Side::Response && needs_values)
            .then(|| constructor(named, &fields, further.is_some()));
        // Responses can be built by tests and servers, and still grow.
        let open = (side == Side::Response).then(|| quote!(#[non_exhaustive]));
        let has_default = !needs_values && (side == Side::Response || further.is_none());
        let attributes = self.attributes(side, named, has_default);
        let name = format_ident!("{}", named.name);
        let shape = self.shape_of(side, named);
        quote! {
            #attributes
            #open
            pub struct #name {
                #(#declared,)*
                #extra
            }

            #constructor
            #shape
        }
    }

    fn fields<'v>(&self, side: Side, named: &'v NamedType) -> Vec<Field<'v>> {
        let mut scope = Scope::with(&["extra"]);
        let Some(members) = named.schema.get("properties").and_then(Value::as_object) else {
            return Vec::new();
        };
        let required: BTreeSet<&str> = named
            .schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let listed: BTreeSet<&str> = named.members.iter().map(String::as_str).collect();
        let others = members.keys().filter(|name| !listed.contains(name.as_str()));
        let ordered = named.members.iter().chain(others);
        ordered
            .filter_map(|name| {
                let (name, schema) = members.get_key_value(name)?;
                let is_required = required.contains(name.as_str());
                // Lists and maps have nothing in them if they are absent.
                let collection = match schema.get("type").and_then(Value::as_str) {
                    Some("array") => Some("list"),
                    Some("object") => Some("map"),
                    _ => None,
                };
                let collection = collection.filter(|_| !is_nullable(schema));
                let held = self.held(side, &named.name, schema);
                let is_option = is_nullable(schema) || !is_required && collection.is_none();
                let ty = if is_option { syn::parse_quote!(Option<#held>) } else { held };
                let ident = scope.field_name(name);
                Some(Field { ident, name, schema, ty, is_required, collection })
            })
            .collect()
    }

    fn declaration(&self, side: Side, field: &Field<'_>) -> TokenStream {
        let Field { ident, ty, .. } = field;
        let doc = field.schema.get("description").and_then(Value::as_str);
        let doc = doc.map(|doc| quote!(#[doc = #doc]));
        let serde = field.serde(side);
        let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
        let described = if side == Side::Response { self.described.attribute(ty) } else { None };
        quote! {
            #doc
            #serde
            #described
            pub #ident: #ty
        }
    }

    fn further_declaration(&self, side: Side, extra: &Type) -> TokenStream {
        match side {
            Side::Response => {
                let described = self.described.attribute(extra);
                quote! {
                    #[serde(flatten, deserialize_with = "::openapi_client::read_further")]
                    #described
                    pub extra: #extra,
                }
            }
            Side::Request => quote! {
                #[serde(flatten)]
                pub extra: #extra,
            },
        }
    }

    /// The type of what members beside the described ones hold.
    fn further(&self, side: Side, schema: &Value) -> Option<Type> {
        let further = schema.get("additionalProperties").filter(|further| further.is_object())?;
        let values = self.expression(side, further);
        Some(syn::parse_quote!(::openapi_client::Map<String, #values>))
    }
}

impl Field<'_> {
    /// What serde is told.
    fn serde(&self, side: Side) -> Vec<TokenStream> {
        let mut told = Vec::new();
        if self.ident != self.name {
            let name = self.name;
            told.push(quote!(rename = #name));
        }
        let skip = match (self.collection, self.is_required) {
            (_, true) => None,
            (None, false) => Some("Option::is_none".to_owned()),
            (Some(_), false) => Some(format!("{}::is_empty", path(&self.ty))),
        };
        // An absent list of a response is an empty one even where the document promises it.
        let is_list = self.collection == Some("list") && side == Side::Response;
        if self.collection.is_some() && !self.is_required || is_list {
            told.push(quote!(default));
        }
        told.extend(skip.map(|skip| quote!(skip_serializing_if = #skip)));
        told
    }
}

/// The path of a type without its arguments.
fn path(ty: &Type) -> String {
    let Type::Path(path) = ty else { return String::new() };
    let leading = if path.path.leading_colon.is_some() { "::" } else { "" };
    let segments = path.path.segments.iter().map(|segment| segment.ident.to_string());
    format!("{leading}{}", segments.collect::<Vec<_>>().join("::"))
}

/// Takes what the document requires.
fn constructor(named: &NamedType, fields: &[Field<'_>], has_further: bool) -> TokenStream {
    let name = format_ident!("{}", named.name);
    let arguments = fields.iter().filter(|field| field.is_required).map(|field| {
        let Field { ident, ty, .. } = field;
        quote!(#ident: #ty)
    });
    let values = fields.iter().map(|Field { ident, is_required, .. }| {
        if *is_required { quote!(#ident) } else { quote!(#ident: Default::default()) }
    });
    let extra = has_further.then(|| quote!(extra: Default::default(),));
    quote! {
        impl #name {
            /// One that has nothing but what the document requires.
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values,)* #extra }
            }
        }
    }
}
