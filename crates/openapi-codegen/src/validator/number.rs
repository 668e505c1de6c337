//! Numbers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::module::{Module, rules};
use crate::model::{Schema, Type};
use crate::rule::Rule;
use crate::source::Finding;
use crate::vocabulary::Format;

impl Module<'_, '_> {
    pub(super) fn number(
        &mut self,
        schema: &Schema,
        kind: Type,
        nullable: bool,
        before: &TokenStream,
    ) -> TokenStream {
        let mut fields = rules(schema, nullable);
        if kind == Type::Integer {
            fields.push(quote!(integer: true));
        }
        let bounds = [
            ("minimum", &schema.minimum, schema.exclusive_minimum),
            ("maximum", &schema.maximum, schema.exclusive_maximum),
        ];
        for (field, value, exclusive) in bounds {
            if let Some(value) = value {
                self.import("Bound");
                let field = format_ident!("{field}");
                fields.push(quote! {
                    #field: Some(Bound { value: #value, exclusive: #exclusive })
                });
            }
        }
        if let Some(divisor) = &schema.multiple_of {
            const LONGEST: usize = 18;
            let mantissa = divisor.split(['e', 'E']).next().unwrap_or_default();
            if mantissa.bytes().filter(u8::is_ascii_digit).count() <= LONGEST {
                fields.push(quote!(multiple_of: Some(#divisor)));
            } else {
                self.emitter.findings.push(Finding::warning(
                    Rule::UnsupportedKeyword,
                    &self.emitter.view.source,
                    schema.span,
                    format!("`multipleOf` is not checked: it has more than {LONGEST} digits"),
                    "write a number with fewer digits",
                ));
            }
        }
        let format = match schema.format {
            Some(Format::Int32) => Some(quote!(Int32)),
            Some(Format::Int64) => Some(quote!(Int64)),
            Some(Format::Float) => Some(quote!(Float)),
            Some(Format::Double) => Some(quote!(Double)),
            _ => None,
        };
        if let Some(format) = format {
            self.import("NumberFormat");
            fields.push(quote!(format: Some(NumberFormat::#format)));
        }
        self.import("NumberRules");
        quote! {
            const RULES: NumberRules = NumberRules { #(#fields,)* ..NumberRules::ANY };
            #before
            reader.number(&RULES)
        }
    }
}
