//! Sorts typify's types by direction and tidies them.
//!
//! Replies are read: their lists decode from whatever stands for "no items", and writing them again
//! is a feature of its own, because it writes their secrets.
//! Requests are written: reading them back is dropped.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, Fields, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, LitStr, Meta, Path,
    Token, Type, Visibility, parse_quote,
};

use super::bounds;
use super::view::{Bound, TolerantView};

/// The types of all schemas.
pub(super) struct Schemas {
    replies: Module,
    requests: Module,
    reply_names: BTreeSet<String>,
}

impl Schemas {
    /// Takes typify's items, and progenitor's, which tell what replies and requests consist of.
    pub(super) fn new(items: Vec<Item>, client: &[Item], view: &TolerantView) -> Self {
        let mut lists = Lists { has_words: !view.empty_lists.is_empty() };
        let orders = Orders::new(view);
        let bounds: BTreeMap<&str, &[Bound]> =
            view.types.iter().map(|named| (named.name.as_str(), &named.bounds[..])).collect();
        let reach = Reach::new(&items);
        let names = &reach.names;
        let reply_names = reach.from(client, view);
        let mut replies = Vec::new();
        let mut requests = Vec::new();
        let mut modules = Vec::new();
        for mut item in items {
            match owner(&item, names) {
                Some(name) if reply_names.contains(&name) => {
                    tidy_reply(&mut item, &mut lists);
                    orders.sort(&name, &mut item);
                    replies.push(item);
                }
                Some(name) => {
                    let bounds = bounds.get(name.as_str()).copied().unwrap_or_default();
                    if tidy_request(&mut item, names) && !bounds::is_unchecked(&item, bounds) {
                        let constructor = bounds::constructor(&mut item, bounds);
                        requests.push(item);
                        requests.extend(constructor);
                    }
                }
                None => modules.push(item),
            }
        }
        let mut replies = Module::new(replies, &modules, names);
        let mut requests = Module::new(requests, &modules, names);
        requests.edit(&mut SentValues);
        replies.edit(&mut OpenApiTypes);
        Self { replies, requests, reply_names }
    }

    /// The module of a type, `types` or `bodies`.
    pub(super) fn module(&self, name: &str) -> &'static str {
        if self.reply_names.contains(name) { "types" } else { "bodies" }
    }

    pub(super) fn replies(&self) -> Option<TokenStream> {
        self.replies.render("What responses hold.")
    }

    pub(super) fn bodies(&self) -> Option<TokenStream> {
        self.requests
            .render("What the bodies of requests hold, and the closed vocabularies of parameters.")
    }
}

/// What is sent is the caller's own: a value without a type is any JSON value.
pub(super) struct SentValues;

impl VisitMut for SentValues {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if same(path, &quote!(::openapi_client::AnyValue)) {
            *path = parse_quote!(::serde_json::Value);
        }
    }
}

/// A file of types.
struct Module {
    enums: BTreeSet<Ident>,
    items: Vec<Item>,
}

impl Module {
    /// Adds those of typify's modules that the items use, and shortens names.
    fn new(items: Vec<Item>, modules: &[Item], names: &BTreeSet<String>) -> Self {
        let used = modules.iter().filter(|module| mentions_module(&items, module)).cloned();
        let used: Vec<Item> = used.collect();
        let mut module = Self { enums: BTreeSet::new(), items };
        module.items.extend(used);
        module.edit(&mut ShortNames { names });
        let mut enums = ImportedEnums(BTreeSet::new());
        module.edit(&mut enums);
        module.enums = enums.0;
        module
    }

    fn edit(&mut self, edit: &mut impl VisitMut) {
        for item in &mut self.items {
            edit.visit_item_mut(item);
        }
    }

    fn render(&self, doc: &str) -> Option<TokenStream> {
        let Self { enums, items } = self;
        let import = (!enums.is_empty()).then(|| {
            let enums = enums.iter();
            quote!(use super::enums::{#(#enums),*};)
        });
        (!items.is_empty()).then(|| {
            quote! {
                #![doc = #doc]

                #import

                #(#items)*
            }
        })
    }
}

/// The members of each type, in the order in which the document lists them; typify sorts by name.
///
/// A reply that is written again has the vendor's order, and whoever reads the type finds together
/// what belongs together.
struct Orders<'v>(BTreeMap<&'v str, &'v [String]>);

impl<'v> Orders<'v> {
    fn new(view: &'v TolerantView) -> Self {
        Self(view.types.iter().map(|named| (named.name.as_str(), &named.members[..])).collect())
    }

    /// Members that the document does not list stay behind those that it does.
    fn sort(&self, name: &str, item: &mut Item) {
        let (Some(order), Item::Struct(item)) = (self.0.get(name), item) else { return };
        let Fields::Named(fields) = &mut item.fields else { return };
        let mut sorted: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
        sorted.sort_by_cached_key(|field| {
            let name = wire_name(field);
            order.iter().position(|known| *known == name).unwrap_or(order.len())
        });
        fields.named = sorted.into_iter().collect();
    }
}

/// What a field is called in JSON.
fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // Other arguments have no value or none that matters.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta.value().and_then(syn::parse::ParseBuffer::parse::<LitStr>);
            if meta.path.is_ident("rename") {
                name = value?.value();
            }
            Ok(())
        });
    }
    name
}

/// Which types mention which.
struct Reach {
    names: BTreeSet<String>,
    mentions: BTreeMap<String, BTreeSet<String>>,
}

impl Reach {
    fn new(items: &[Item]) -> Self {
        let names: BTreeSet<String> = items.iter().filter_map(defined_name).collect();
        let mentions = items
            .iter()
            .filter_map(|item| {
                Some((defined_name(item)?, mentioned(item.to_token_stream(), &names)))
            })
            .collect();
        Self { names, mentions }
    }

    /// The types of responses: those of the view, those that operations return, and whatever these
    /// hold.
    fn from(&self, client: &[Item], view: &TolerantView) -> BTreeSet<String> {
        let inherent = client.iter().filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(&item.items),
            _ => None,
        });
        let signatures = inherent.flatten().filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method.sig.output.to_token_stream()),
            _ => None,
        });
        let mut pending: Vec<String> =
            signatures.flat_map(|tokens| mentioned(tokens, &self.names)).collect();
        let responses = view.types.iter().filter(|named| named.is_response);
        pending.extend(responses.map(|named| named.name.clone()));
        let mut reached = BTreeSet::new();
        while let Some(name) = pending.pop() {
            if let Some(mentions) = self.mentions.get(&name)
                && reached.insert(name)
            {
                pending.extend(mentions.iter().cloned());
            }
        }
        reached
    }
}

fn mentioned(tokens: TokenStream, names: &BTreeSet<String>) -> BTreeSet<String> {
    identifiers(tokens).into_iter().filter(|name| names.contains(name)).collect()
}

/// All identifiers of some code.
pub(super) fn identifiers(tokens: TokenStream) -> BTreeSet<String> {
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

/// Whether two pieces of code are the same but for their places.
pub(super) fn same(left: &impl ToTokens, right: &impl ToTokens) -> bool {
    left.to_token_stream().to_string() == right.to_token_stream().to_string()
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

pub(super) fn last_ident(of: &Type) -> Option<&Ident> {
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

fn tidy_reply(item: &mut Item, lists: &mut Lists) {
    match item {
        Item::Struct(item) => {
            gate_derives(&mut item.attrs);
            item.fields.iter_mut().for_each(|field| tidy_reply_field(field, lists));
        }
        Item::Enum(item) => {
            gate_derives(&mut item.attrs);
            let fields = item.variants.iter_mut().flat_map(|variant| variant.fields.iter_mut());
            fields.for_each(|field| tidy_reply_field(field, lists));
        }
        _ => {}
    }
}

fn tidy_reply_field(field: &mut Field, lists: &mut Lists) {
    lists.visit_type_mut(&mut field.ty);
    let is_list = last_ident(&field.ty).is_some_and(|ident| ident == "List");
    edit_serde(&mut field.attrs, |arguments| {
        for argument in arguments.iter_mut() {
            if let Meta::NameValue(pair) = argument
                && pair.path.is_ident("skip_serializing_if")
                && is_list
            {
                pair.value = if lists.has_words {
                    parse_quote!("super::lists::List::is_empty")
                } else {
                    parse_quote!("::openapi_client::List::is_empty")
                };
            }
        }
        let has_default = arguments.iter().any(|argument| argument.path().is_ident("default"));
        if is_list && !has_default {
            // An absent list is an empty one even where the document promises it.
            arguments.push(parse_quote!(default));
        }
    });
    let has_serde = field.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    if is_list && !has_serde && field.ident.is_some() {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
}

/// Tells utoipa how to see fields whose types are the runtime's.
///
/// Such types are no components of their own: they stand for what the document writes as a plain
/// type, so they are described in place.
struct OpenApiTypes;

impl VisitMut for OpenApiTypes {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let mut plain = field.ty.clone();
        let mut collections = PlainCollections { found: false };
        collections.visit_type_mut(&mut plain);
        let arguments = if same(&plain, &quote!(Option<::openapi_client::AnyValue>)) {
            // utoipa's `oneOf: [anything, null]` would take no null.
            quote!(required = false, value_type = ::serde_json::Value)
        } else if let Some(arguments) = plain_scalar(&plain) {
            arguments
        } else {
            let inline = mentions_runtime(&plain).then(|| quote!(inline));
            let value_type = collections.found.then(|| quote!(value_type = Option<#plain>));
            let arguments = [inline, value_type].into_iter().flatten();
            quote!(#(#arguments),*)
        };
        if !arguments.is_empty() {
            field.attrs.push(parse_quote!(#[cfg_attr(feature = "utoipa", schema(#arguments))]));
        }
    }
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

/// Reading is always there; describing is a feature, and so is writing what is only ever read.
fn gate_derives(attributes: &mut Vec<Attribute>) {
    edit_derives(attributes, |derive| !is_serde(derive, "Serialize"));
    let schemars = parse_quote!(#[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]);
    let serialize = parse_quote!(#[cfg_attr(feature = "serialize", derive(::serde::Serialize))]);
    let utoipa = parse_quote!(#[cfg_attr(feature = "utoipa", derive(::utoipa::ToSchema))]);
    let gates = [schemars, serialize, utoipa];
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

pub(super) fn is_impl_of(item: &ItemImpl, name: &str) -> bool {
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
struct Lists {
    has_words: bool,
}

impl VisitMut for Lists {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(vec) = path.segments.last()
            && vec.ident == "Vec"
        {
            let arguments = &vec.arguments;
            *path = if self.has_words {
                parse_quote!(super::lists::List #arguments)
            } else {
                parse_quote!(::openapi_client::List #arguments)
            };
        }
    }
}

/// Writes names without needless paths; those of Rust's prelude only if no schema has the same.
struct ShortNames<'n> {
    names: &'n BTreeSet<String>,
}

const PRELUDE: [&str; 9] =
    ["Default", "Err", "From", "Ok", "Option", "Result", "String", "TryFrom", "Vec"];

impl ShortNames<'_> {
    fn is_prelude(&self, name: &str) -> bool {
        PRELUDE.contains(&name) && !self.names.contains(name)
    }
}

impl VisitMut for ShortNames<'_> {
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

/// Refers to open enums by the name under which they are to be imported.
struct ImportedEnums(BTreeSet<Ident>);

impl VisitMut for ImportedEnums {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(ident) = enum_ident(path) {
            self.0.insert(ident.clone());
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
pub(super) struct CrateOnly;

impl VisitMut for CrateOnly {
    fn visit_visibility_mut(&mut self, visibility: &mut Visibility) {
        if matches!(visibility, Visibility::Public(_)) {
            *visibility = parse_quote!(pub(crate));
        }
    }
}
