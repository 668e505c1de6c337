//! Sorts typify's types by direction and tidies them.
//!
//! Replies are read: their lists decode from whatever stands for "no items", and writing them again
//! is a feature of its own, because it writes their secrets.
//! Requests are written: reading them back is dropped.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, GenericArgument, Item, ItemEnum, ItemImpl, ItemStruct, LitStr, Meta, Path,
    PathArguments, PathSegment, Token, Type, Visibility, parse_quote,
};

/// The types of all schemas.
pub struct Schemas {
    replies: Vec<Item>,
    requests: Vec<Item>,
    reply_names: BTreeSet<String>,
}

impl Schemas {
    /// Takes typify's items, and progenitor's, which tell what replies consist of.
    pub fn new(items: Vec<Item>, client: &[Item]) -> Self {
        let names: BTreeSet<String> = items.iter().filter_map(defined_name).collect();
        let reply_names = reply_names(&items, client, &names);
        let mut schemas = Self { replies: Vec::new(), requests: Vec::new(), reply_names };
        let mut modules = Vec::new();
        for item in items {
            match owner(&item, &names) {
                Some(name) if schemas.reply_names.contains(&name) => schemas.replies.push(item),
                Some(_) => schemas.requests.push(item),
                None => modules.push(item),
            }
        }
        schemas.replies.retain_mut(tidy_reply);
        schemas.requests.retain_mut(|item| tidy_request(item, &names));
        for module in modules {
            for items in [&mut schemas.replies, &mut schemas.requests] {
                if mentions_module(items, &module) {
                    items.push(module.clone());
                }
            }
        }
        for items in [&mut schemas.replies, &mut schemas.requests] {
            items.iter_mut().for_each(|item| Prelude { names: &names }.visit_item_mut(item));
        }
        schemas.requests.iter_mut().for_each(|item| CrateOnly.visit_item_mut(item));
        schemas
    }

    /// The module of a type, `types` or `requests`.
    pub fn module(&self, name: &str) -> &'static str {
        if self.reply_names.contains(name) { "types" } else { "requests" }
    }

    pub fn replies(&self) -> Option<TokenStream> {
        render("What replies hold.", &self.replies)
    }

    pub fn requests(&self) -> Option<TokenStream> {
        render("What requests take.", &self.requests)
    }
}

fn render(doc: &str, items: &[Item]) -> Option<TokenStream> {
    if items.is_empty() {
        return None;
    }
    let enums = imported_enums(items);
    let import = (!enums.is_empty()).then(|| quote!(use super::enums::{#(#enums),*};));
    let items = items.iter().map(|item| {
        let mut item = item.clone();
        ShortEnums.visit_item_mut(&mut item);
        item
    });
    Some(quote! {
        #![doc = #doc]

        #import

        #(#items)*
    })
}

/// The types that operations return, and whatever these hold.
fn reply_names(items: &[Item], client: &[Item], names: &BTreeSet<String>) -> BTreeSet<String> {
    let mut mentions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in items {
        if let (Some(name), Item::Struct(_) | Item::Enum(_)) = (defined_name(item), item) {
            mentions.insert(name, mentioned(item.to_token_stream(), names));
        }
    }
    let mut pending: Vec<String> = client
        .iter()
        .filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(&item.items),
            _ => None,
        })
        .flatten()
        .filter_map(|item| match item {
            syn::ImplItem::Fn(method) => Some(method.sig.output.to_token_stream()),
            _ => None,
        })
        .flat_map(|output| mentioned(output, names))
        .collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = pending.pop() {
        if reached.insert(name.clone()) {
            pending.extend(mentions.remove(&name).unwrap_or_default());
        }
    }
    reached
}

fn mentioned(tokens: TokenStream, names: &BTreeSet<String>) -> BTreeSet<String> {
    identifiers(tokens).into_iter().filter(|name| names.contains(name)).collect()
}

/// All identifiers of some code.
pub fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => found.extend(identifiers(group.stream())),
            _ => {}
        }
    }
    found
}

fn defined_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// The type that an item defines or implements something for.
fn owner(item: &Item, names: &BTreeSet<String>) -> Option<String> {
    match item {
        // `impl From<Mine> for String` is about the first.
        Item::Impl(item) => last_ident(&item.self_ty)
            .map(ToString::to_string)
            .filter(|name| names.contains(name))
            .or_else(|| {
                let (path, _) = item.trait_.as_ref()?;
                mentioned(path.to_token_stream(), names).into_iter().next()
            }),
        item => defined_name(item),
    }
}

fn last_ident(of: &Type) -> Option<&Ident> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

fn mentions_module(items: &[Item], module: &Item) -> bool {
    let Item::Mod(module) = module else { return true };
    let name = module.ident.to_string();
    items.iter().any(|item| {
        let code = item.to_token_stream();
        // typify names functions of its modules in attributes, too.
        identifiers(code.clone()).contains(&name) || code.to_string().contains(&format!("{name}::"))
    })
}

/// Tidies an item of a reply; false drops it.
fn tidy_reply(item: &mut Item) -> bool {
    match item {
        Item::Struct(item) => {
            gate_derives(&mut item.attrs);
            item.fields.iter_mut().for_each(tidy_reply_field);
            true
        }
        Item::Enum(item) => {
            gate_derives(&mut item.attrs);
            item.variants
                .iter_mut()
                .flat_map(|variant| variant.fields.iter_mut())
                .for_each(tidy_reply_field);
            true
        }
        Item::Impl(item) => !is_impl_of(item, "Serialize"),
        _ => true,
    }
}

fn tidy_reply_field(field: &mut Field) {
    Lists.visit_type_mut(&mut field.ty);
    let is_list = last_ident(&field.ty).is_some_and(|ident| ident == "List");
    edit_serde(&mut field.attrs, |arguments| {
        for argument in arguments.iter_mut() {
            if let Meta::NameValue(pair) = argument
                && pair.path.is_ident("skip_serializing_if")
                && is_list
            {
                pair.value = parse_quote!("crate::List::is_empty");
            }
        }
        let has_default = arguments.iter().any(|argument| argument.path().is_ident("default"));
        if is_list && !has_default {
            // An absent list is an empty one even where the document promises it.
            arguments.push(parse_quote!(default));
        }
    });
    field.attrs.extend(openapi_type(&field.ty));
    let has_serde = field.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    if is_list && !has_serde && field.ident.is_some() {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
}

/// How utoipa is to see a field.
///
/// Types of the client crate are no components of their own: they stand for what the document
/// writes as a plain type, so they are described in place.
fn openapi_type(of: &Type) -> Option<Attribute> {
    let arguments = match collection(of) {
        Some((collection, items)) => {
            let inline = is_of_crate(items.last()?).then(|| quote!(inline,));
            let plain = match collection.as_str() {
                "List" => quote!(Vec<#(#items),*>),
                _ => quote!(std::collections::BTreeMap<#(#items),*>),
            };
            quote!(#inline value_type = Option<#plain>)
        }
        None if is_of_crate(inner(of)) => quote!(inline),
        None => return None,
    };
    Some(parse_quote!(#[cfg_attr(feature = "utoipa", schema(#arguments))]))
}

/// `List` or `Map` of the client crate, with what it holds.
fn collection(of: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = of else { return None };
    let last = path.path.segments.last()?;
    let name = last.ident.to_string();
    (is_of_crate(of) && matches!(name.as_str(), "List" | "Map")).then(|| (name, arguments(last)))
}

/// What an `Option` holds, or the type itself.
fn inner(of: &Type) -> &Type {
    match of {
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Option" => {
                arguments(last).into_iter().next().unwrap_or(of)
            }
            _ => of,
        },
        _ => of,
    }
}

fn arguments(of: &PathSegment) -> Vec<&Type> {
    match &of.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(argument) => Some(argument),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn is_of_crate(of: &Type) -> bool {
    match of {
        Type::Path(path) => {
            path.path.segments.first().is_some_and(|segment| segment.ident == "crate")
        }
        _ => false,
    }
}

/// Reading is always there; what describes or writes a reply is a feature.
fn gate_derives(attributes: &mut Vec<Attribute>) {
    edit_derives(attributes, |derive| {
        !derive.is_ident("Serialize") && !is_serde(derive, "Serialize")
    });
    let gates: [Attribute; 3] = [
        parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]),
        parse_quote!(#[cfg_attr(feature = "serialize", derive(::serde::Serialize))]),
        parse_quote!(#[cfg_attr(feature = "utoipa", derive(::utoipa::ToSchema))]),
    ];
    let after_derive = attributes
        .iter()
        .position(|attribute| attribute.path().is_ident("derive"))
        .map_or(0, |position| position + 1);
    attributes.splice(after_derive..after_derive, gates);
}

/// Tidies an item of a request; false drops it.
fn tidy_request(item: &mut Item, names: &BTreeSet<String>) -> bool {
    match item {
        Item::Struct(ItemStruct { attrs, .. }) | Item::Enum(ItemEnum { attrs, .. }) => {
            edit_derives(attrs, |derive| !is_serde(derive, "Deserialize"));
            true
        }
        // `FromStr`, or `From` of what is inside, makes a value; nothing takes it apart again.
        Item::Impl(item) => {
            let is_ours =
                last_ident(&item.self_ty).is_some_and(|name| names.contains(&name.to_string()));
            is_ours && !is_impl_of(item, "Deserialize") && !is_impl_of(item, "TryFrom")
        }
        _ => true,
    }
}

fn is_impl_of(item: &ItemImpl, name: &str) -> bool {
    item.trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last())
        .is_some_and(|segment| segment.ident == name)
}

fn is_serde(path: &Path, name: &str) -> bool {
    path.segments.first().is_some_and(|segment| segment.ident == "serde")
        && path.segments.last().is_some_and(|segment| segment.ident == name)
}

fn edit_derives(attributes: &mut [Attribute], keep: impl Fn(&Path) -> bool) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let parse = Punctuated::<Path, Token![,]>::parse_terminated;
        if let Ok(derives) = attribute.parse_args_with(parse) {
            let kept = derives.into_iter().filter(&keep);
            attribute.meta = parse_quote!(derive(#(#kept),*));
        }
    }
}

type SerdeArguments = Vec<Meta>;

fn edit_serde(attributes: &mut [Attribute], edit: impl Fn(&mut SerdeArguments)) {
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        let parse = Punctuated::<Meta, Token![,]>::parse_terminated;
        if let Ok(arguments) = attribute.parse_args_with(parse) {
            let mut arguments = arguments.into_iter().collect();
            edit(&mut arguments);
            attribute.meta = parse_quote!(serde(#(#arguments),*));
        }
    }
}

/// Puts the tolerant list in place of `Vec`.
struct Lists;

impl VisitMut for Lists {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(vec) = path.segments.last()
            && vec.ident == "Vec"
        {
            let arguments = &vec.arguments;
            *path = parse_quote!(crate::List #arguments);
        }
    }
}

/// Writes names without needless paths; those of Rust's prelude only if no schema has the same.
struct Prelude<'n> {
    names: &'n BTreeSet<String>,
}

const PRELUDE: [&str; 8] = ["Default", "Err", "From", "Ok", "Option", "Result", "String", "Vec"];

impl Prelude<'_> {
    fn is_prelude(&self, name: &str) -> bool {
        PRELUDE.contains(&name) && !self.names.contains(name)
    }
}

impl VisitMut for Prelude<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        // typify writes `self::error::ConversionError`, which rustc finds wordy.
        if path.segments.len() > 1
            && path.segments.first().is_some_and(|first| first.ident == "self")
        {
            path.segments = std::mem::take(&mut path.segments).into_iter().skip(1).collect();
        }
        let is_std = path.segments.first().is_some_and(|segment| segment.ident == "std");
        let is_alias = path.segments.iter().any(|segment| segment.ident == "fmt");
        if let Some(last) = path.segments.last()
            && path.segments.len() == 3
            && is_std
            && !is_alias
            && self.is_prelude(&last.ident.to_string())
        {
            *path = Path::from(last.clone());
        }
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        edit_serde(attributes, |arguments| {
            for argument in arguments.iter_mut() {
                if let Meta::NameValue(pair) = argument
                    && let Ok(path) = syn::parse2::<LitStr>(pair.value.to_token_stream())
                    && path.value().contains("::")
                {
                    let mut short = path.value().replace(' ', "");
                    if self.is_prelude("Option") {
                        short = short.replace("::std::option::Option::", "Option::");
                    }
                    if self.is_prelude("Vec") {
                        short = short.replace("::std::vec::Vec::", "Vec::");
                    }
                    pair.value = parse_quote!(#short);
                }
            }
        });
    }
}

fn imported_enums(items: &[Item]) -> BTreeSet<Ident> {
    struct Imports(BTreeSet<Ident>);
    impl VisitMut for Imports {
        fn visit_path_mut(&mut self, path: &mut Path) {
            visit_mut::visit_path_mut(self, path);
            self.0.extend(enum_ident(path).cloned());
        }
    }
    let mut imports = Imports(BTreeSet::new());
    items.iter().for_each(|item| imports.visit_item_mut(&mut item.clone()));
    imports.0
}

/// Refers to open enums by the name under which they are imported.
struct ShortEnums;

impl VisitMut for ShortEnums {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(ident) = enum_ident(path) {
            *path = Path::from(ident.clone());
        }
    }
}

fn enum_ident(path: &Path) -> Option<&Ident> {
    let mut segments = path.segments.iter();
    match (segments.next(), segments.next(), segments.next(), segments.next()) {
        (Some(parent), Some(module), Some(name), None)
            if parent.ident == "super" && module.ident == "enums" =>
        {
            Some(&name.ident)
        }
        _ => None,
    }
}

/// Keeps an item within the crate: what is public is the hand-written part.
pub struct CrateOnly;

impl VisitMut for CrateOnly {
    fn visit_visibility_mut(&mut self, visibility: &mut Visibility) {
        if matches!(visibility, Visibility::Public(_)) {
            *visibility = parse_quote!(pub(crate));
        }
    }
}
