//! What the values of types look like, for the runtime to tell alternatives apart.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::expressions::target;
use super::{Side, Types};
use crate::client::enums;
use crate::client::view::{NamedType, PRIVATE_TEXT, TolerantView};

/// How many values of a member are compared, at most.
const MOST_WORDS: usize = 64;

/// The types that are alternatives of responses, or items of lists that are.
pub(super) fn shaped<'v>(
    view: &'v TolerantView,
    by_name: &BTreeMap<&'v str, &'v NamedType>,
) -> BTreeSet<&'v str> {
    let mut shaped = BTreeSet::new();
    let mut open = Vec::new();
    for named in view.types.iter().filter(|named| named.is_response) {
        let Some(union) = &named.union else { continue };
        let all: Vec<&Value> = alternatives(named).collect();
        open.extend(
            union.untold(all.len()).into_iter().filter_map(|index| seen_target(all[index])),
        );
    }
    while let Some(name) = open.pop() {
        if let Some(named) = by_name.get(name)
            && shaped.insert(named.name.as_str())
        {
            open.extend(alternatives(named).filter_map(seen_target));
        }
    }
    shaped
}

fn alternatives(named: &NamedType) -> impl Iterator<Item = &Value> {
    named.schema.get("oneOf").and_then(Value::as_array).into_iter().flatten()
}

/// The type that an alternative is, or a list of.
fn seen_target(schema: &Value) -> Option<&str> {
    target(schema).or_else(|| target(schema.get("items")?))
}

impl Types<'_> {
    /// The shape of a type, if alternatives are told apart by it.
    pub(super) fn shape_of(&self, side: Side, named: &NamedType) -> Option<TokenStream> {
        let is_shaped = side == Side::Response && self.shaped.contains(named.name.as_str());
        is_shaped.then(|| {
            let name = format_ident!("{}", named.name);
            let shape = self.own_shape(named);
            quote! {
                impl ::openapi_client::Shaped for #name {
                    const SHAPE: ::openapi_client::Shape = #shape;
                }
            }
        })
    }

    fn own_shape(&self, named: &NamedType) -> TokenStream {
        if named.schema.get("oneOf").is_some() {
            let shapes = alternatives(named).map(|schema| self.shape(schema));
            return quote!(::openapi_client::Shape::OneOf(&[#(#shapes),*]));
        }
        let Some(members) = named.schema.get("properties").and_then(Value::as_object) else {
            return self.shape(&named.schema);
        };
        let required = named.schema.get("required").and_then(Value::as_array);
        let required: BTreeSet<&str> =
            required.into_iter().flatten().filter_map(Value::as_str).collect();
        let members = members.iter().map(|(name, schema)| {
            let is_required = required.contains(name.as_str());
            let words = self.words(schema);
            quote!(::openapi_client::Member {
                name: #name,
                is_required: #is_required,
                words: &[#(#words),*],
            })
        });
        let is_open = named.schema.get("additionalProperties").is_some_and(Value::is_object);
        quote!(::openapi_client::Shape::Object {
            members: &[#(#members),*],
            is_open: #is_open,
        })
    }

    /// The shape of an alternative, or of an item of one.
    pub(super) fn shape(&self, schema: &Value) -> TokenStream {
        if let Some(name) = target(schema) {
            if let Some(words) = self.enums.get(name) {
                return quote!(::openapi_client::Shape::Words(&[#(#words),*]));
            }
            let name = format_ident!("{}", enums::type_name(name));
            return quote!(<#name as ::openapi_client::Shaped>::SHAPE);
        }
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let shape = match (text("type"), text("format")) {
            (Some("boolean"), _) => quote!(Boolean),
            (Some("integer"), _) => quote!(Integer),
            (Some("number"), _) => quote!(Number),
            (Some("string"), None | Some(PRIVATE_TEXT | "binary" | "password" | "html")) => {
                quote!(Text)
            }
            (Some("string"), _) => quote!(Formatted),
            (Some("array"), _) => {
                let item = schema.get("items").filter(|items| self.ends(items));
                let item = item
                    .map_or_else(|| quote!(::openapi_client::Shape::Any), |item| self.shape(item));
                quote!(List(&#item))
            }
            (Some("object"), _) => quote!(Object { members: &[], is_open: true }),
            _ => quote!(Any),
        };
        quote!(::openapi_client::Shape::#shape)
    }

    /// Whether the shape of an item can be told without that of the list around it.
    fn ends(&self, item: &Value) -> bool {
        match target(item) {
            Some(name) => {
                self.enums.contains_key(name)
                    || self
                        .by_name
                        .get(name)
                        .is_some_and(|it| it.schema.get("properties").is_some())
            }
            None => item.get("items").is_none_or(|items| self.ends(items)),
        }
    }

    /// The values of a member, if its type has a vocabulary that is not too long.
    fn words(&self, member: &Value) -> &[String] {
        let words = target(member).and_then(|name| self.enums.get(name)).copied();
        words.filter(|words| words.len() <= MOST_WORDS).unwrap_or_default()
    }
}
