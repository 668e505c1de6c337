//! The code of types: what responses hold, and what the bodies of requests hold.

mod checks;
mod described;
mod expressions;
mod graph;
mod shapes;
mod structs;
mod unions;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::enums;
use super::view::{NamedType, TolerantView};

/// All types of a client.
pub(super) struct Types<'v> {
    view: &'v TolerantView,
    by_name: BTreeMap<&'v str, &'v NamedType>,
    /// The values of open enums, by their names.
    enums: BTreeMap<&'v str, &'v [String]>,
    graph: graph::Graph<'v>,
    /// The types whose shapes tell alternatives apart.
    shaped: BTreeSet<&'v str>,
    described: described::Described,
}

/// Where a type is used, and so what it is made of: responses are tolerant, requests strict.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Response,
    Request,
}

/// The path by which progenitor's client refers to a type.
pub(super) fn path(named: &NamedType, enums: &BTreeSet<&str>) -> String {
    if enums.contains(named.name.as_str()) {
        enums::path(&named.name)
    } else {
        let module = if named.is_response { "types" } else { "bodies" };
        format!("{module}::{}", named.name)
    }
}

impl<'v> Types<'v> {
    pub(super) fn new(view: &'v TolerantView) -> Self {
        let by_name: BTreeMap<_, _> =
            view.types.iter().map(|named| (named.name.as_str(), named)).collect();
        let enums = view.enums.iter().map(|open| (open.name.as_str(), open.values.as_slice()));
        let enums = enums.collect();
        let graph = graph::Graph::new(view);
        let shaped = shapes::shaped(view, &by_name);
        Self { view, by_name, enums, graph, shaped, described: described::Described::default() }
    }

    /// The file of what responses hold.
    pub(super) fn responses(&self) -> Option<TokenStream> {
        self.file(Side::Response, "What responses hold.")
    }

    /// The file of what requests hold.
    pub(super) fn bodies(&self) -> Option<TokenStream> {
        let doc = "What the bodies of requests hold, and the closed vocabularies of parameters.";
        self.file(Side::Request, doc)
    }

    fn file(&self, side: Side, doc: &str) -> Option<TokenStream> {
        let is_mine = |named: &&NamedType| {
            named.is_response == (side == Side::Response)
                && !self.enums.contains_key(named.name.as_str())
        };
        let mine: Vec<&NamedType> = self.view.types.iter().filter(is_mine).collect();
        if mine.is_empty() {
            return None;
        }
        let mentioned: BTreeSet<_> = mine
            .iter()
            .flat_map(|named| self.graph.mentions(&named.name))
            .filter(|name| self.enums.contains_key(**name))
            .map(|name| format_ident!("{}", enums::type_name(name)))
            .collect();
        let import = (!mentioned.is_empty()).then(|| {
            let mentioned = mentioned.iter();
            quote!(use super::enums::{#(#mentioned),*};)
        });
        let items = mine.into_iter().map(|named| self.item(side, named));
        let items: TokenStream = items.collect();
        let error = values::mentions_error(&items).then(values::error_module);
        Some(quote! {
            #![doc = #doc]

            #import

            #items
            #error
        })
    }

    fn item(&self, side: Side, named: &NamedType) -> TokenStream {
        if let Some(union) = &named.union {
            self.union(side, named, union)
        } else if named.schema.get("properties").is_some() {
            self.structure(side, named)
        } else if side == Side::Request && named.schema.get("enum").is_some() {
            values::vocabulary(named)
        } else {
            self.newtype(side, named)
        }
    }

    /// What a type derives and how, with its documentation.
    fn attributes(&self, side: Side, named: &NamedType, has_default: bool) -> TokenStream {
        let doc = doc(named);
        let default = has_default.then(|| quote!(Default,));
        match side {
            Side::Request => quote! {
                #[doc = #doc]
                #[derive(::serde::Serialize, Clone, Debug, #default)]
            },
            Side::Response => {
                let is_struct = named.schema.get("properties").is_some();
                let described = is_struct
                    .then(|| quote!(#[cfg_attr(feature = "utoipa", derive(::utoipa::ToSchema))]));
                let equal = (!self.graph.is_incomparable(&named.name)).then(|| quote!(PartialEq,));
                quote! {
                    #[doc = #doc]
                    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, #default #equal)]
                    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
                    #described
                }
            }
        }
    }
}

/// The documentation of a type.
fn doc(named: &NamedType) -> String {
    let description = named.schema.get("description").and_then(serde_json::Value::as_str);
    description.map_or_else(|| format!("`{}`", named.name), str::to_owned)
}
