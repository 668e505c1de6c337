//! Rust names for what a document calls things: valid, and each different from those before it.

use std::collections::BTreeSet;

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::Ident;
use quote::format_ident;

/// Gives out names of one scope, each once.
#[derive(Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope in which these names have a meaning already.
    pub fn with(taken: &[&str]) -> Self {
        Self { taken: taken.iter().copied().map(str::to_owned).collect() }
    }

    /// Takes the name of a type for this text, with a number if the name is taken.
    pub fn type_name(&mut self, text: &str) -> Ident {
        self.take(type_name(text))
    }

    /// Takes the name of a method, a field or an argument for this text, with a number if the name is
    /// taken.
    pub fn field_name(&mut self, text: &str) -> Ident {
        self.take(field_name(text))
    }

    /// Takes the name of a module or a function for this text, with a number if the name is taken.
    pub fn module_name(&mut self, text: &str) -> Ident {
        self.take(module_name(text))
    }

    /// Takes the name of a constant for this text, with a number if the name is taken.
    pub fn constant_name(&mut self, text: &str) -> Ident {
        self.take(valid(ascii(text).to_shouty_snake_case(), "X"))
    }

    /// Takes this name, or the first that is free with a number behind it, starting at 2.
    pub fn take(&mut self, name: String) -> Ident {
        let numbers = (2..).map(|number| format!("{}{number}", name.trim_end_matches('_')));
        let mut names = std::iter::once(name.clone()).chain(numbers);
        // `gen` is a reserved word of edition 2024 that neither syn nor progenitor knows.
        let free = names.find(|name| name != "gen" && self.taken.insert(name.clone()));
        format_ident!("{}", free.unwrap_or(name))
    }
}

/// The name of a type for this text, in upper camel case.
pub fn type_name(text: &str) -> String {
    valid(words(text).to_upper_camel_case(), "X")
}

/// The name of a method, a field or an argument for this text, in snake case.
pub fn field_name(text: &str) -> String {
    valid(words(text).to_snake_case(), "x")
}

/// The name of a module or a function for this text, in snake case; in ASCII, because a module is
/// also a file.
pub fn module_name(text: &str) -> String {
    valid(ascii(text).to_snake_case(), "x")
}

fn ascii(text: &str) -> String {
    text.replace(|character: char| !character.is_ascii_alphanumeric(), "-")
}

/// A name as a comment can hold it: on one line, which a carriage return must not break either.
pub fn on_one_line(name: &str) -> String {
    let escaped = name
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.into() });
    escaped.collect()
}

/// What a name is split at, and what it is not, in the way of progenitor.
fn words(text: &str) -> String {
    match text {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => text.replace('\'', "").replace(|character: char| !character.is_alphanumeric(), "-"),
    }
}

fn valid(name: String, nothing: &str) -> String {
    if name.is_empty() {
        nothing.to_owned()
    } else if name.starts_with(|first: char| first.is_numeric()) {
        format!("_{name}")
    } else if syn::parse_str::<Ident>(&name).is_err() {
        format!("{name}_")
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_gets_a_valid_name_of_its_own() {
        let mut scope = Scope::with(&["new", "Option"]);
        let names = [
            "maxResults",
            "max-results",
            "new",
            "self",
            "type",
            "Type",
            "gen",
            "1st",
            "",
            "'",
            "+1",
            "é!",
            "a.b[c]",
        ]
        .map(|text| scope.field_name(text).to_string());
        let expected = [
            "max_results",
            "max_results2",
            "new2",
            "self_",
            "type_",
            "type2",
            "gen2",
            "_1st",
            "x",
            "x2",
            "plus1",
            "é",
            "a_b_c",
        ];
        assert_eq!(names, expected);
        let names = ["get_order", "getOrder", "self", "option", "gen"]
            .map(|text| scope.type_name(text).to_string());
        assert_eq!(names, ["GetOrder", "GetOrder2", "Self_", "Option2", "Gen"]);
        let names =
            ["1st", "type", "", "é", "a.b"].map(|text| scope.constant_name(text).to_string());
        assert_eq!(names, ["_1ST", "TYPE", "X", "X2", "A_B"]);
    }
}
