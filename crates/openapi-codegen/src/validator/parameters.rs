//! How the parameters of requests are written, and what checks their values.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;

use super::module::{Module, is_anything};
use super::types::all_types;
use crate::model::{AdditionalProperties, Operation, Parameter, Schema, Type};
use crate::rule::Rule;
use crate::source::Finding;
use crate::vocabulary::is_json;

/// Why values of a parameter are not checked.
type Unread = String;

impl<'d> Module<'_, 'd> {
    pub(super) fn parameter(
        &mut self,
        operation: &Operation,
        parameter: &'d Parameter,
    ) -> TokenStream {
        let Parameter { pointer, name, required, schema, .. } = parameter;
        let scope = format!("{} {name}", operation.id.to_snake_case());
        let location = match parameter.location.as_str() {
            "path" => quote!(Path),
            "header" => quote!(Header),
            "cookie" => quote!(Cookie),
            _ => quote!(Query),
        };
        let (style, validator) = match self.style(parameter, &scope) {
            Ok(style) => (style, self.validator(schema, &scope)),
            Err(why) => {
                // Where the document says nothing of the value, nothing is left out.
                if !is_anything(self.emitter.resolve(schema)) {
                    self.emitter.findings.push(Finding::new(
                        Rule::UnsupportedParameter,
                        &self.emitter.view.source,
                        parameter.span,
                        format!("values of the parameter `{name}` are not checked: {why}"),
                        "describe one value, a list of such, or an object of such, in a style that OpenAPI \
                         defines for it; or JSON, as `content`",
                    ));
                }
                (self.unread(parameter), quote!(::openapi_validator::any))
            }
        };
        for import in ["Location", "Parameter", "Style"] {
            self.import(import);
        }
        for import in ["Members", "Scalar"] {
            if style.to_string().contains(import) {
                self.import(import);
            }
        }
        quote! {
            Parameter {
                at: #pointer,
                name: #name,
                location: Location::#location,
                required: #required,
                style: #style,
                validator: #validator,
            }
        }
    }

    /// How the value of a parameter is written (OpenAPI 3.0.3, section 4.7.12.3).
    fn style(&mut self, parameter: &'d Parameter, scope: &str) -> Result<TokenStream, Unread> {
        let schema = &parameter.schema;
        if let Some(media_type) = &parameter.media_type {
            return if is_json(media_type) {
                Ok(quote!(Style::Json))
            } else {
                Err(format!("they are written as `{media_type}`"))
            };
        }
        let style = parameter.style();
        let types = self.types(schema);
        let is_list = types == BTreeSet::from([Type::Array]);
        let is_object = types == BTreeSet::from([Type::Object]);
        let is_spread = is_form(parameter) && parameter.explode();
        if parameter.explode() && matches!(style, "spaceDelimited" | "pipeDelimited") {
            return Err(format!("`explode` has no meaning in the style `{style}`"));
        }
        if is_list {
            let item = self.item(schema, scope)?;
            return Ok(match style {
                "form" if is_spread => quote!(Style::Repeated(#item)),
                "form" | "simple" => quote!(Style::Separated(#item, ',')),
                "spaceDelimited" => quote!(Style::Separated(#item, ' ')),
                "pipeDelimited" => quote!(Style::Separated(#item, '|')),
                _ => return Err(format!("a list in the style `{style}` is not read")),
            });
        }
        if is_object {
            let members = self.members(schema, scope)?;
            return Ok(match style {
                "deepObject" => quote!(Style::DeepObject(#members)),
                "form" if is_spread => quote!(Style::Spread(#members)),
                "simple" if parameter.explode() => quote!(Style::Assigned(#members, ',')),
                "form" | "simple" => quote!(Style::Alternating(#members, ',')),
                "spaceDelimited" => quote!(Style::Alternating(#members, ' ')),
                "pipeDelimited" => quote!(Style::Alternating(#members, '|')),
                _ => return Err(format!("an object in the style `{style}` is not read")),
            });
        }
        let Some(scalar) = self.scalar(schema, scope) else {
            return Err("they may be lists or objects as well as single values".to_owned());
        };
        match style {
            "form" | "simple" => Ok(quote!(Style::Single(#scalar))),
            _ => Err(format!("a single value in the style `{style}` is not read")),
        }
    }

    /// The types of the values, apart from null, which a parameter cannot be.
    fn types(&self, schema: &Schema) -> BTreeSet<Type> {
        let mut types = self.emitter.types(schema, &mut BTreeSet::new());
        if types != all_types() {
            types.remove(&Type::Null);
        }
        types
    }

    /// What a single value stands for; `None` if it may be a list or an object as well.
    fn scalar(&mut self, schema: &'d Schema, scope: &str) -> Option<TokenStream> {
        let types = self.types(schema);
        if types.contains(&Type::Array) || types.contains(&Type::Object) {
            return None;
        }
        let has_literals =
            [Type::Integer, Type::Number, Type::Boolean].iter().any(|kind| types.contains(kind));
        Some(match (has_literals, types.contains(&Type::String)) {
            (true, false) => quote!(Scalar::Literal),
            (true, true) => {
                let validator = self.validator(schema, scope);
                quote!(Scalar::Either(#validator))
            }
            (false, _) => quote!(Scalar::Text),
        })
    }

    /// What a part of a value stands for, where anything goes as text.
    fn part(&mut self, schema: &'d Schema, scope: &str) -> Option<TokenStream> {
        if is_anything(self.emitter.resolve(schema)) {
            return Some(quote!(Scalar::Text));
        }
        self.scalar(schema, scope)
    }

    /// What the items of a list stand for.
    fn item(&mut self, schema: &'d Schema, scope: &str) -> Result<TokenStream, Unread> {
        let whole = self.emitter.view.whole(schema);
        if whole.iter().any(|part| part.any_of.is_some() || part.one_of.is_some()) {
            return Err("there is a choice of lists".to_owned());
        }
        let mut items = whole.into_iter().filter_map(|part| part.items.as_deref());
        let Some(item) = items.next() else { return Ok(quote!(Scalar::Text)) };
        let scalar = self.part(item, &format!("{scope} item"));
        scalar
            .filter(|_| items.next().is_none())
            .ok_or_else(|| "the items of the list may be lists or objects".to_owned())
    }

    /// What the members of an object stand for.
    fn members(&mut self, schema: &'d Schema, scope: &str) -> Result<TokenStream, Unread> {
        let whole = self.emitter.view.whole(schema);
        if whole.iter().any(|part| part.any_of.is_some() || part.one_of.is_some()) {
            return Err("there is a choice of objects".to_owned());
        }
        let mut named = BTreeMap::new();
        for (name, property) in whole.iter().flat_map(|part| part.properties.iter().flatten()) {
            let scalar = self.part(property, &format!("{scope} {name}"));
            let scalar = scalar.filter(|_| !named.contains_key(name));
            let Some(scalar) = scalar else {
                return Err(format!("the member `{name}` may be a list or an object"));
            };
            named.insert(name, scalar);
        }
        let mut others = quote!(Scalar::Text);
        for part in &whole {
            if let Some(AdditionalProperties::Schema(schema)) = &part.additional_properties {
                let scalar = self.part(schema, &format!("{scope} other"));
                others = scalar.ok_or("its members may be lists or objects")?;
            }
        }
        let is_open = named.is_empty() || whole.iter().any(|part| is_open(part));
        let named = named.iter().map(|(name, scalar)| quote!((#name, #scalar)));
        Ok(quote!(Members { named: &[#(#named),*], others: #others, is_open: #is_open }))
    }

    /// The style of a parameter of which only the presence is checked.
    fn unread(&self, parameter: &Parameter) -> TokenStream {
        let is_object = self.types(&parameter.schema).contains(&Type::Object);
        let is_spread = parameter.media_type.is_none()
            && parameter.style() == "form"
            && is_form(parameter)
            && parameter.explode();
        if !(is_object && is_spread) {
            return quote!(Style::Unread);
        }
        let view = self.emitter.view;
        let mut named = BTreeSet::from([parameter.name.as_str()]);
        let mut takes_any = false;
        let mut open = vec![&parameter.schema];
        let mut seen = BTreeSet::new();
        while let Some(schema) = open.pop() {
            let schema = view.resolve(schema);
            if seen.insert(&schema.pointer) {
                let properties = schema.properties.iter().flatten();
                named.extend(properties.map(|(name, _)| name.as_str()));
                let branches = [&schema.any_of, &schema.one_of].into_iter().flatten().flatten();
                let has_parts = !schema.all_of.is_empty() || branches.clone().next().is_some();
                let may_be_object = matches!(schema.kind, None | Some(Type::Object));
                takes_any |=
                    is_open(schema) || may_be_object && schema.properties.is_none() && !has_parts;
                open.extend(schema.all_of.iter().chain(branches));
            }
        }
        let named = named.iter().map(|name| quote!((#name, Scalar::Text)));
        quote! {
            Style::UnreadSpread(Members {
                named: &[#(#named),*],
                others: Scalar::Text,
                is_open: #takes_any,
            })
        }
    }
}

/// Whether a schema says that an object may have members that it does not name.
fn is_open(schema: &Schema) -> bool {
    !matches!(schema.additional_properties, None | Some(AdditionalProperties::Boolean(false)))
}

/// Whether a parameter is where members of an object may stand for themselves.
fn is_form(parameter: &Parameter) -> bool {
    matches!(parameter.location.as_str(), "query" | "cookie")
}
