//! Arrays.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::module::{Module, join, rules};
use crate::model::Schema;

impl<'d> Module<'_, 'd> {
    pub(super) fn array(
        &mut self,
        schema: &'d Schema,
        scope: &str,
        nullable: bool,
        before: &TokenStream,
    ) -> TokenStream {
        let item = if let Some(items) = &schema.items {
            self.validator(items, &join(scope, "item"))
        } else {
            quote!(::openapi_validator::any)
        };
        let mut fields = rules(schema, nullable);
        for (field, size) in [("min_items", schema.min_items), ("max_items", schema.max_items)] {
            if let Some(size) = size.filter(|size| field == "max_items" || *size > 0) {
                let field = format_ident!("{field}");
                let size = Literal::u64_unsuffixed(size);
                fields.push(quote!(#field: #size));
            }
        }
        if schema.unique_items {
            fields.push(quote!(unique_items: true));
        }
        self.import("ArrayRules");
        quote! {
            const RULES: ArrayRules = ArrayRules { #(#fields,)* ..ArrayRules::ANY };
            #before
            reader.array(&RULES, #item)
        }
    }
}
