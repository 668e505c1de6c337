//! Lists of responses decode from whatever stands for "no items".

use syn::visit_mut::{self, VisitMut};
use syn::{Field, Meta, Path, parse_quote};

use super::super::code::Code;
use super::super::syntax::{edit_serde, fields, last_ident};
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    for item in &mut code.types.items {
        fields(item).into_iter().for_each(tolerate);
    }
}

fn tolerate(field: &mut Field) {
    Lists.visit_type_mut(&mut field.ty);
    if last_ident(&field.ty).is_none_or(|ident| ident != "List") {
        return;
    }
    edit_serde(&mut field.attrs, |arguments| {
        for argument in arguments.iter_mut() {
            if let Meta::NameValue(pair) = argument
                && pair.path.is_ident("skip_serializing_if")
            {
                pair.value = parse_quote!("crate::List::is_empty");
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
