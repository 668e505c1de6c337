//! What parameters are held to, as rules of the runtime and as documentation.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Rule;

/// A rule of the runtime.
pub(super) fn render(rule: &Rule) -> TokenStream {
    let size = |size: &u64| Literal::u64_unsuffixed(*size);
    match rule {
        Rule::MinLength(least) => {
            let least = size(least);
            quote!(Rule::MinLength(#least))
        }
        Rule::MaxLength(most) => {
            let most = size(most);
            quote!(Rule::MaxLength(#most))
        }
        Rule::Minimum { number, is_exclusive } => {
            let number = render_number(number);
            if *is_exclusive {
                quote!(Rule::ExclusiveMinimum(#number))
            } else {
                quote!(Rule::Minimum(#number))
            }
        }
        Rule::Maximum { number, is_exclusive } => {
            let number = render_number(number);
            if *is_exclusive {
                quote!(Rule::ExclusiveMaximum(#number))
            } else {
                quote!(Rule::Maximum(#number))
            }
        }
        Rule::MultipleOf(factor) => {
            let factor = render_number(factor);
            quote!(Rule::MultipleOf(#factor))
        }
        Rule::MinItems(least) => {
            let least = size(least);
            quote!(Rule::MinItems(#least))
        }
        Rule::MaxItems(most) => {
            let most = size(most);
            quote!(Rule::MaxItems(#most))
        }
        Rule::UniqueItems => quote!(Rule::UniqueItems),
        Rule::Items(rules) => {
            let rules = rules.iter().map(render);
            quote!(Rule::Items(&[#(#rules),*]))
        }
    }
}

/// A number of the runtime: whole numbers are compared as such.
fn render_number(number: &str) -> TokenStream {
    let float: f64 = number.parse().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and small enough")]
    let whole = (float.fract() == 0.0 && float.abs() < 1e15).then_some(float as i64);
    if let Some(whole) = number.parse().ok().or(whole) {
        let whole = Literal::i64_unsuffixed(whole);
        quote!(Number::Integer(#whole))
    } else {
        let float = Literal::f64_unsuffixed(float);
        quote!(Number::Float(#float))
    }
}

/// The rules as a sentence of the documentation; nothing if there is nothing to say.
pub(super) fn sentence(rules: &[Rule]) -> Option<String> {
    let text = phrase(rules);
    (!text.is_empty()).then(|| format!("Limits: {text}."))
}

fn phrase(rules: &[Rule]) -> String {
    let phrases: Vec<String> =
        rules.iter().filter(|rule| !is_range_of_int32(rule)).map(one).collect();
    phrases.join(", ")
}

/// Whether a rule is no more than a format, `int32`.
fn is_range_of_int32(rule: &Rule) -> bool {
    match rule {
        Rule::Minimum { number, .. } => *number == i32::MIN.to_string(),
        Rule::Maximum { number, .. } => *number == i32::MAX.to_string(),
        _ => false,
    }
}

fn one(rule: &Rule) -> String {
    let counted =
        |count: &u64, unit| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" });
    match rule {
        Rule::MinLength(least) => format!("at least {}", counted(least, "character")),
        Rule::MaxLength(most) => format!("at most {}", counted(most, "character")),
        Rule::Minimum { number, is_exclusive: true } => format!("more than {number}"),
        Rule::Minimum { number, .. } => format!("at least {number}"),
        Rule::Maximum { number, is_exclusive: true } => format!("less than {number}"),
        Rule::Maximum { number, .. } => format!("at most {number}"),
        Rule::MultipleOf(factor) => format!("a multiple of {factor}"),
        Rule::MinItems(least) => format!("at least {}", counted(least, "item")),
        Rule::MaxItems(most) => format!("at most {}", counted(most, "item")),
        Rule::UniqueItems => "no item twice".to_owned(),
        Rule::Items(rules) => format!("each item {}", phrase(rules)),
    }
}
