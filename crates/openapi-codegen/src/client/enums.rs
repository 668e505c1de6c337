//! Open enums: the documented values as variants, and one variant for what comes later.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToUpperCamelCase;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::view::OpenEnum;

/// The name of the enum's type.
pub(super) fn type_name(name: &str) -> String {
    identifier(name, &mut BTreeSet::new()).to_string()
}

/// The path by which sibling files refer to the enum.
pub(super) fn path(name: &str) -> String {
    format!("super::enums::{}", type_name(name))
}

pub(super) fn render(enums: &[OpenEnum]) -> TokenStream {
    let enums = enums.iter().map(render_enum);
    quote! {
        //! Vocabularies of responses that the server may extend; an unknown value is kept as it came.

        #(#enums)*
    }
}

fn render_enum(open: &OpenEnum) -> TokenStream {
    let name = format_ident!("{}", type_name(&open.name));
    // A value that is listed twice is still one.
    let mut seen = BTreeSet::new();
    let values: Vec<&String> = open.values.iter().filter(|value| seen.insert(*value)).collect();
    // `Unknown` is taken, a value of that name gives way.
    let mut taken = BTreeSet::from(["Unknown".to_owned()]);
    let variants: Vec<Ident> = values.iter().map(|value| identifier(value, &mut taken)).collect();
    let (doc, mut meanings) = split_description(open);
    let docs = values.iter().map(|value| match meanings.remove(value.as_str()) {
        Some(meaning) => format!("`{value}`: {meaning}"),
        None => format!("`{value}`"),
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #docs] #variants,)*
            /// A value that the document does not know, as it came.
            Unknown(String),
        }

        impl #name {
            /// All values that the document knows.
            pub const KNOWN: &'static [Self] = &[#(Self::#variants),*];

            /// The value as it is on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value,
                }
            }
        }

        impl From<String> for #name {
            fn from(value: String) -> Self {
                match value.as_str() {
                    #(#values => Self::#variants,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        ::openapi_client::open_enum!(#name);
    }
}

/// Moves what the description says of single values (`` `A`, `B`: meaning ``, a line each) to them.
fn split_description(open: &OpenEnum) -> (String, BTreeMap<&str, String>) {
    let mut doc = Vec::new();
    let mut meanings = BTreeMap::new();
    for line in open.description.lines() {
        match meaning(line, &open.values) {
            Some((values, meaning)) => {
                meanings.extend(values.into_iter().map(|value| (value, meaning.to_owned())));
            }
            None => doc.push(line),
        }
    }
    (doc.join("\n"), meanings)
}

fn meaning<'v, 'l>(line: &'l str, values: &'v [String]) -> Option<(Vec<&'v str>, &'l str)> {
    let (names, meaning) = line.split_once("`: ")?;
    let names = names
        .strip_prefix('`')?
        .split("`, `")
        .map(|name| values.iter().find(|value| *value == name).map(String::as_str))
        .collect::<Option<_>>()?;
    Some((names, meaning))
}

/// A Rust name for any text, different from those that are taken.
fn identifier(text: &str, taken: &mut BTreeSet<String>) -> Ident {
    let camel = text.to_upper_camel_case();
    let base =
        if syn::parse_str::<Ident>(&camel).is_ok() { camel } else { format!("Value{camel}") };
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = format!("{base}{number}");
        number += 1;
    }
    format_ident!("{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_gets_a_name_of_its_own() {
        let mut taken = BTreeSet::from(["Unknown".to_owned()]);
        let names = ["PENDING_MR", "pendingMr", "barcodeUrl", "", "1st", "self", "UNKNOWN", "é!"]
            .map(|value| identifier(value, &mut taken).to_string());
        assert_eq!(
            names,
            [
                "PendingMr",
                "PendingMr2",
                "BarcodeUrl",
                "Value",
                "Value1st",
                "ValueSelf",
                "Unknown2",
                "É"
            ]
        );
    }

    #[test]
    fn lines_about_values_become_their_documentation() {
        let open = OpenEnum {
            name: "Status".to_owned(),
            span: crate::source::Span::default(),
            description: "The state.\n`A`, `B`: not done.\n`C`: not a value.".to_owned(),
            values: vec!["A".to_owned(), "B".to_owned()],
        };
        let (doc, meanings) = split_description(&open);
        assert_eq!(doc, "The state.\n`C`: not a value.");
        assert_eq!(meanings["A"], "not done.");
        assert_eq!(meanings["B"], "not done.");
    }
}
