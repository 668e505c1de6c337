//! Strings.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::Ident;

use super::module::{Module, is_any_string, rules};
use super::pattern;
use crate::model::Schema;
use crate::rule::Rule;
use crate::source::Finding;
use crate::source::Node;
use crate::vocabulary::Format;

impl<'d> Module<'_, 'd> {
    pub(super) fn string(
        &mut self,
        schema: &'d Schema,
        nullable: bool,
        before: &TokenStream,
    ) -> TokenStream {
        if is_any_string(schema) {
            let at = &schema.pointer;
            return quote!(#before reader.text(#at));
        }
        let mut fields = rules(schema, nullable);
        if let Some(length) = schema.min_length.filter(|length| *length > 0) {
            let length = Literal::u64_unsuffixed(length);
            fields.push(quote!(min_length: #length));
        }
        if let Some(length) = schema.max_length {
            let length = Literal::u64_unsuffixed(length);
            fields.push(quote!(max_length: #length));
        }
        let pattern = schema.pattern.as_ref().map(|(text, span)| match pattern::compile(text) {
            Ok((automaton, ascii_form)) => {
                fields.push(quote!(pattern: Some(&PATTERN)));
                self.import("Automaton");
                self.import("Pattern");
                automaton_tokens(text, &automaton, ascii_form.as_ref())
            }
            Err(problem) => {
                self.emitter.findings.push(Finding::new(
                    Rule::UnsupportedPattern,
                    &self.emitter.view.source,
                    *span,
                    format!("the pattern is not supported, so it is not checked: {problem}"),
                    "write a regular expression of ECMA-262 without references to groups, and with small \
                     counts",
                ));
                quote!()
            }
        });
        if let Some(format) = schema.format.and_then(string_format) {
            self.import("Format");
            fields.push(quote!(format: Some(Format::#format)));
        }
        if let Some(values) = &schema.values {
            let values: Vec<&str> = values.iter().filter_map(Node::as_str).collect();
            fields.push(quote!(values: &[#(#values),*]));
        }
        if is_literal(schema) {
            fields.push(quote!(literal: true));
        }
        for (field, values) in [("known", &schema.known_values), ("exempt", &schema.exempt_values)]
        {
            if !values.is_empty() {
                let field = format_ident!("{field}");
                fields.push(quote!(#field: &[#(#values),*]));
            }
        }
        self.import("StringRules");
        quote! {
            const RULES: StringRules = StringRules { #(#fields,)* ..StringRules::ANY };
            #pattern
            #before
            reader.string(&RULES)
        }
    }
}

/// Whether a schema of strings has no keyword that a string could break.
pub(super) fn has_no_rules(schema: &Schema) -> bool {
    schema.min_length.is_none_or(|length| length == 0)
        && schema.max_length.is_none()
        && schema.pattern.is_none()
        && schema.values.is_none()
        && schema.known_values.is_empty()
        && schema.format.and_then(string_format).is_none()
}

/// Whether a string can be compared with its values as they stand in the document.
fn is_literal(schema: &Schema) -> bool {
    /// Beyond, it takes less to read the string first.
    const FEW: usize = 12;
    let values: Vec<&str> = match (&schema.values, schema.known_values.as_slice()) {
        (Some(values), []) => values.iter().filter_map(Node::as_str).collect(),
        (None, known) => known.iter().map(String::as_str).collect(),
        (Some(_), _) => return false,
    };
    let has_other_rules = schema.min_length.is_some()
        || schema.max_length.is_some()
        || schema.pattern.is_some()
        || schema.format.is_some();
    let is_plain =
        |value: &&str| !value.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
    (1..=FEW).contains(&values.len()) && values.iter().all(is_plain) && !has_other_rules
}

/// The formats that the runtime checks; every other one is an annotation.
pub(super) fn string_format(format: Format) -> Option<Ident> {
    let name = match format {
        Format::DateTime => "DateTime",
        Format::Date => "Date",
        Format::Email => "Email",
        Format::Uri => "Uri",
        Format::Uuid => "Uuid",
        Format::Hostname => "Hostname",
        Format::Ipv4 => "Ipv4",
        Format::Ipv6 => "Ipv6",
        Format::Byte => "Byte",
        Format::Decimal => "Decimal",
        _ => return None,
    };
    Some(format_ident!("{name}"))
}

/// The expression for the texts in ASCII that a simple pattern matches.
fn ascii_form_tokens(form: &pattern::AsciiForm) -> TokenStream {
    let class = |ranges: &[(u8, u8)]| {
        let ranges = ranges.iter().map(|(first, last)| {
            let (low, high) = (Literal::byte_character(*first), Literal::byte_character(*last));
            if first == last { quote!(#low) } else { quote!(#low..=#high) }
        });
        quote!(#(#ranges)|*)
    };
    let fixed = form.fixed.iter().map(|ranges| class(ranges));
    let (others, verdict) = match form.rest.as_deref() {
        None => (None, quote!(true)),
        Some(ranges) => {
            let is_one = match ranges {
                [(b'0', b'9')] => quote!(u8::is_ascii_digit),
                [(b'A', b'Z')] => quote!(u8::is_ascii_uppercase),
                [(b'a', b'z')] => quote!(u8::is_ascii_lowercase),
                [(b'A', b'Z'), (b'a', b'z')] => quote!(u8::is_ascii_alphabetic),
                [(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')] => quote!(u8::is_ascii_alphanumeric),
                _ => {
                    let class = class(ranges);
                    quote!(|byte| matches!(byte, #class))
                }
            };
            (Some(quote!(others @ ..)), quote!(others.iter().all(#is_one)))
        }
    };
    if form.fixed.is_empty() && form.rest.is_some() {
        return quote!(.in_ascii(|others| #verdict));
    }
    let characters = fixed.chain(others);
    quote! {
        .in_ascii(|text| {
            let [#(#characters),*] = text else { return false };
            #verdict
        })
    }
}

fn automaton_tokens(
    source: &str,
    automaton: &pattern::Automaton,
    ascii_form: Option<&pattern::AsciiForm>,
) -> TokenStream {
    let number = |number: u16| Literal::u16_unsuffixed(number);
    let ranges = automaton.ranges.iter().map(|(first, class)| {
        let class = Literal::u8_unsuffixed(*class);
        // As a number where it is not ASCII: many such characters look alike.
        let escaped = format!("'{}'", first.escape_default()).parse();
        let first = escaped.unwrap_or_else(|_| Literal::character(*first));
        quote!((#first, #class))
    });
    let rows = automaton.next.iter().map(|row| {
        let row = row.iter().copied().map(number);
        quote!(&[#(#row),*])
    });
    let start = number(automaton.start);
    let accepting = automaton.accepting.iter().copied().map(number);
    let ascii_form = ascii_form.map(ascii_form_tokens);
    quote! {
        const PATTERN: Pattern = Pattern::new(Automaton {
            source: #source,
            ranges: &[#(#ranges),*],
            next: &[#(#rows),*],
            start: #start,
            accepting: &[#(#accepting),*],
        })#ascii_form;
    }
}
