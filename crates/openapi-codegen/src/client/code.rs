//! The code of progenitor and typify, sorted into the files that it becomes.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{ImplItem, Item};

use super::syntax::{defined_name, identifiers, last_ident};
use super::view::TolerantView;

/// The items of each file.
pub(super) struct Code {
    /// Progenitor's client.
    pub client: Vec<Item>,
    pub types: File,
    pub bodies: File,
    /// The names of all types, whichever file they are in.
    pub names: BTreeSet<String>,
    /// Modules of typify that items of both files may use.
    pub modules: Vec<Item>,
}

/// A file of types.
#[derive(Default)]
pub(super) struct File {
    pub items: Vec<Item>,
    /// The open enums that it refers to.
    pub enums: BTreeSet<Ident>,
    names: BTreeSet<String>,
}

impl Code {
    /// Takes what progenitor wrote.
    ///
    /// Responses consist of the view's types for them, of what operations return, and of whatever
    /// these hold; all other types belong to requests.
    pub(super) fn new(file: syn::File, view: &TolerantView) -> Self {
        let mut all = Vec::new();
        let mut client = Vec::new();
        for item in file.items {
            match item {
                Item::Mod(module) if module.ident == "types" => {
                    all = module.content.map(|(_, items)| items).unwrap_or_default();
                }
                item => client.push(item),
            }
        }
        let names: BTreeSet<String> = all.iter().filter_map(defined_name).collect();
        let responses = responses(&all, &names, &client, view);
        let mut code = Self {
            client,
            types: File::default(),
            bodies: File::default(),
            names,
            modules: Vec::new(),
        };
        for item in all {
            match owner(&item, &code.names) {
                Some(name) => {
                    let is_response = responses.contains(&name);
                    let file = if is_response { &mut code.types } else { &mut code.bodies };
                    file.names.insert(name);
                    file.items.push(item);
                }
                None => code.modules.push(item),
            }
        }
        code
    }

    pub(super) fn files(&mut self) -> [&mut File; 2] {
        [&mut self.types, &mut self.bodies]
    }

    /// The module of a type, `types` or `bodies`.
    pub(super) fn module(&self, name: &str) -> &'static str {
        if self.types.names.contains(name) { "types" } else { "bodies" }
    }
}

impl File {
    /// The code, if there is any.
    pub(super) fn render(&self, doc: &str) -> Option<TokenStream> {
        let Self { items, enums, .. } = self;
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

/// The type that an item defines or implements something for.
pub(super) fn owner(item: &Item, names: &BTreeSet<String>) -> Option<String> {
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

/// The types that some code mentions.
pub(super) fn mentioned(tokens: TokenStream, names: &BTreeSet<String>) -> BTreeSet<String> {
    identifiers(tokens).into_iter().filter(|name| names.contains(name)).collect()
}

fn responses(
    items: &[Item],
    names: &BTreeSet<String>,
    client: &[Item],
    view: &TolerantView,
) -> BTreeSet<String> {
    let mentions: BTreeMap<String, BTreeSet<String>> = items
        .iter()
        .filter_map(|item| Some((defined_name(item)?, mentioned(item.to_token_stream(), names))))
        .collect();
    let inherent = client.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(&item.items),
        _ => None,
    });
    let returned = inherent.flatten().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(mentioned(method.sig.output.to_token_stream(), names)),
        _ => None,
    });
    let in_view = view.types.iter().filter(|named| named.is_response);
    let mut pending: Vec<String> =
        returned.flatten().chain(in_view.map(|named| named.name.clone())).collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = pending.pop() {
        if let Some(mentions) = mentions.get(&name)
            && reached.insert(name)
        {
            pending.extend(mentions.iter().cloned());
        }
    }
    reached
}
