//! Lists of responses decode from whatever stands for "no items".

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Field, Item, Meta, Path, parse_quote};

use super::super::code::Code;
use super::super::syntax::{edit_serde, fields, last_ident};
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, view: &TolerantView) {
    let list: Path = if view.empty_lists.is_empty() {
        parse_quote!(::openapi_client::List)
    } else {
        parse_quote!(super::lists::List)
    };
    for item in &mut code.types.items {
        for field in fields(item) {
            tolerate(field, &list);
        }
        if let Item::Impl(item) = item {
            Lists { list: &list }.visit_item_impl_mut(item);
        }
    }
}

fn tolerate(field: &mut Field, list: &Path) {
    Lists { list }.visit_type_mut(&mut field.ty);
    if last_ident(&field.ty).is_none_or(|ident| ident != "List") {
        return;
    }
    edit_serde(&mut field.attrs, |arguments| {
        for argument in arguments.iter_mut() {
            if let Meta::NameValue(pair) = argument
                && pair.path.is_ident("skip_serializing_if")
            {
                let is_empty = format!("{}::is_empty", quote!(#list).to_string().replace(' ', ""));
                pair.value = parse_quote!(#is_empty);
            }
        }
        let has_default = arguments.iter().any(|argument| argument.path().is_ident("default"));
        if !has_default {
            // An absent list is an empty one even where the document promises it.
            arguments.push(parse_quote!(default));
        }
    });
    let has_serde = field.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
    if !has_serde && field.ident.is_some() {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
}

/// Puts the tolerant list in place of `Vec`.
struct Lists<'l> {
    list: &'l Path,
}

impl VisitMut for Lists<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(vec) = path.segments.last()
            && vec.ident == "Vec"
        {
            let (list, arguments) = (self.list, &vec.arguments);
            *path = parse_quote!(#list #arguments);
        }
    }
}
