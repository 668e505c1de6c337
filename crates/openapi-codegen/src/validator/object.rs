//! Objects.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::module::{Module, at, is_any_string, is_anything, join};
use crate::model::{AdditionalProperties, Schema};
use crate::rule::Rule;
use crate::source::Finding;
use crate::source::escape;

impl<'d> Module<'_, 'd> {
    pub(super) fn object(
        &mut self,
        schema: &'d Schema,
        scope: &str,
        nullable: bool,
        before: &TokenStream,
    ) -> TokenStream {
        let fields = self.object_rules(schema, nullable);
        let at = &schema.pointer;
        let mut members = Vec::new();
        for (name, property) in schema.properties.iter().flatten() {
            let presence = self.presence(schema, name, property);
            let validator = self.member(name, property, &join(scope, name));
            members.push(quote!(#presence #name => #validator));
        }
        if let Some(AdditionalProperties::Schema(additional)) = &schema.additional_properties {
            let validator = if is_anything(additional) {
                quote!(any)
            } else {
                self.validator(additional, &join(scope, "additional"))
            };
            members.push(quote!(_ => #validator));
        }
        self.import("object");
        quote! {
            #before
            object! {
                reader, ObjectRules { at: #at #(, #fields)* };
                #(#members,)*
            }
        }
    }

    /// The rules of an object without its place and its properties.
    fn object_rules(&mut self, schema: &'d Schema, nullable: bool) -> Vec<TokenStream> {
        /// The runtime keeps them as bits of a word.
        const MOST: usize = 64;
        let mut fields = Vec::new();
        if nullable {
            fields.push(quote!(nullable: true));
        }
        let properties = schema.properties.as_deref().unwrap_or_default();
        let is_listed = |name: &String| properties.iter().any(|(known, _)| known == name);
        let mut elsewhere: Vec<&String> =
            schema.required.iter().filter(|name| !is_listed(name)).collect();
        if elsewhere.len() > MOST {
            self.emitter.findings.push(Finding::warning(
                Rule::UnsupportedKeyword,
                &self.emitter.view.source,
                schema.span,
                format!(
                    "`required` lists more than {MOST} names that `properties` does not list; of these, only \
                     the first {MOST} are checked"
                ),
                "list them in `properties`",
            ));
            elsewhere.truncate(MOST);
        }
        if !elsewhere.is_empty() {
            fields.push(quote!(required_elsewhere: &[#(#elsewhere),*]));
        }
        let sizes = [
            ("min_properties", schema.min_properties.filter(|size| *size > 0)),
            ("max_properties", schema.max_properties),
        ];
        for (field, size) in sizes {
            if let Some(size) = size {
                let field = format_ident!("{field}");
                let size = Literal::u64_unsuffixed(size);
                fields.push(quote!(#field: #size));
            }
        }
        match &schema.additional_properties {
            Some(AdditionalProperties::Boolean(false)) => {
                self.import("Additional");
                fields.push(quote!(additional: Additional::Forbidden));
            }
            Some(_) => {}
            None => {
                if let Some(documented) = self.emitter.documented_elsewhere(schema) {
                    self.import("Additional");
                    fields.push(quote!(additional: Additional::Undocumented));
                    if schema.properties.is_none() {
                        let keyword = documenting_keyword(schema);
                        fields.push(quote!(documented_by: #keyword));
                    }
                    if !documented.is_empty() {
                        let documented: Vec<_> = documented.into_iter().collect();
                        fields.push(quote!(documented_elsewhere: &[#(#documented),*]));
                    }
                }
            }
        }
        fields
    }

    /// Whether a member must be present, as `object!` says it.
    fn presence(&self, schema: &Schema, name: &str, property: &Schema) -> TokenStream {
        if !schema.required.iter().any(|required| required == name) {
            return quote!(optional);
        }
        match self.emitter.marks(property) {
            (false, false) => quote!(required),
            (true, false) => quote!(required_in_responses),
            (false, true) => quote!(required_in_requests),
            (true, true) => quote!(optional),
        }
    }

    /// What reads the value of a member, as `object!` takes it.
    fn member(&mut self, name: &str, property: &'d Schema, hint: &str) -> TokenStream {
        let is_in_its_place = property.pointer.ends_with(&format!("/properties/{name}"));
        let is_checked = self.emitter.forbidden_names.contains(name);
        if is_checked {
            let validator = self.validator(property, hint);
            let doc = format!("{}, where the member is not forbidden", at(property));
            let hint = format!("permitted {hint}");
            let name = self.add(&hint, &doc, |_| {
                quote! {
                    reader.documented(#name)?;
                    #validator(reader)
                }
            });
            return quote!(#name);
        }
        if is_any_string(property) && is_in_its_place && escape(name) == name {
            quote!(string)
        } else if is_anything(property) {
            quote!(any)
        } else {
            self.validator(property, hint)
        }
    }
}

/// The applicator whose schemas document members, where the schema has no `properties` itself.
fn documenting_keyword(schema: &Schema) -> &'static str {
    match (schema.all_of.as_slice(), &schema.any_of) {
        ([_, ..], _) => "allOf",
        (_, Some(_)) => "anyOf",
        _ => "oneOf",
    }
}
