//! Writes names without needless paths.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, LitStr, Meta, Path, parse_quote};

use super::super::code::Code;
use super::super::syntax::edit_serde;
use super::super::view::TolerantView;

pub(super) fn run(code: &mut Code, _: &TolerantView) {
    for file in code.files() {
        file.items.iter_mut().for_each(|item| ShortNames.visit_item_mut(item));
    }
}

struct ShortNames;

/// Names of Rust's prelude; the view gives none of them to a type.
const PRELUDE: [&str; 9] =
    ["Default", "Err", "From", "Ok", "Option", "Result", "String", "TryFrom", "Vec"];

impl VisitMut for ShortNames {
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
            && PRELUDE.contains(&last.ident.to_string().as_str())
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
                    let short = path.value().replace(' ', "");
                    let short = short.replace("::std::option::Option::", "Option::");
                    let short = short.replace("::std::vec::Vec::", "Vec::");
                    pair.value = parse_quote!(#short);
                }
            }
        });
    }
}
