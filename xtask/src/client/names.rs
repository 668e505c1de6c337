//! Names as typify and progenitor make them.

use heck::ToUpperCamelCase;

/// The name of the type that a schema becomes.
pub(super) fn type_name(name: &str) -> String {
    words(name).to_upper_camel_case()
}

/// What a name is split at, and what it is not.
fn words(name: &str) -> String {
    match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => name.replace('\'', "").replace(|character: char| !character.is_alphanumeric(), "-"),
    }
}
