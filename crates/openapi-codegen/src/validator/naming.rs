//! Names of generated modules, functions and variants.

use std::collections::BTreeSet;

use proc_macro2::Span;
use quote::format_ident;
use syn::Ident;

/// Makes a Rust identifier of a name; one that Rust reserves gets an underscore.
pub(super) fn identifier(name: &str) -> String {
    let name: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
    let name = match name.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some('_') if name.chars().all(|c| c == '_') => "unnamed".to_owned(),
        Some(_) => name,
    };
    if is_reserved(&name) { format!("{name}_") } else { name }
}

/// Whether the name is a keyword of edition 2024: `syn` knows all of them but one.
fn is_reserved(name: &str) -> bool {
    name == "gen" || syn::parse_str::<Ident>(name).is_err()
}

/// An identifier that is not taken yet: a name that is taken gets a number.
pub(super) fn unique(name: &str, taken: &mut BTreeSet<String>) -> Ident {
    let name = identifier(name);
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}_{number}");
        number += 1;
    }
    format_ident!("{candidate}", span = Span::call_site())
}

/// A name as a comment can hold it: on one line, which a carriage return must not break either.
pub(super) fn on_one_line(name: &str) -> String {
    let escaped = name
        .chars()
        .map(|c| if c.is_control() { c.escape_default().to_string() } else { c.into() });
    escaped.collect()
}
