//! The operations: which parameters a request has, and which schema a response.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::module::Module;
use super::types::all_types;
use crate::model::{AdditionalProperties, Operation, Parameter, Schema, Type};
use crate::naming::{Scope, on_one_line};
use crate::rule::Rule;
use crate::source::Finding;

impl Emitter<'_> {
    pub(super) fn operations_file(&mut self) -> TokenStream {
        let view = self.view;
        let mut taken = Scope::default();
        let variants: Vec<_> =
            view.operations.iter().map(|operation| taken.type_name(&operation.id)).collect();
        let mut module = Module::new(self, quote!(super::schemas), None);
        module.import("OperationRules");
        module.import("Response");
        module.import("Validator");
        let mut docs = Vec::new();
        let mut rules = Vec::new();
        let mut responses = Vec::new();
        let mut bodies = Vec::new();
        for operation in &view.operations {
            let path = on_one_line(&operation.path);
            docs.push(format!("`{} {path}`", operation.method.to_uppercase()));
            rules.push(module.operation(operation));
            responses.push(module.responses(operation));
            let name = format!("{} request body", operation.id);
            let body = operation.request_schema();
            let body = body.map(|schema| module.validator(schema, &name));
            bodies.push(body.map_or_else(|| quote!(None), |validator| quote!(Some(#validator))));
        }
        let ids = view.operations.iter().map(|operation| &operation.id);
        let choose = |values: &[TokenStream]| {
            if variants.is_empty() {
                quote!(match self {})
            } else {
                quote!(match self { #(Self::#variants => #values),* })
            }
        };
        let ids: Vec<TokenStream> = ids.map(|id| quote!(#id)).collect();
        let (id, rule) = (choose(&ids), choose(&rules));
        let (response, body) = (choose(&responses), choose(&bodies));
        let status = if variants.is_empty() { quote!(_status) } else { quote!(status) };
        module.push(quote! {
            /// The operations of the document.
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub enum Operation {
                #(#[doc = #docs] #variants),*
            }

            impl Operation {
                /// All operations, in the order of the document.
                pub const ALL: &'static [Self] = &[#(Self::#variants),*];

                /// The `operationId`.
                pub const fn id(self) -> &'static str {
                    #id
                }

                /// The operation with this `operationId`.
                pub fn from_id(id: &str) -> Option<Self> {
                    Self::ALL.iter().copied().find(|operation| operation.id() == id)
                }

                /// What a request has to obey.
                pub const fn rules(self) -> &'static OperationRules {
                    #rule
                }

                /// The function that checks the body of a request, if it may have one.
                pub const fn request_body(self) -> Option<Validator> {
                    #body
                }

                /// What the document says about the body of a response with this status.
                pub const fn response(self, #status: u16) -> Response {
                    #response
                }
            }
        });
        let items = module.finish();
        quote! {
            //! The operations of the document.

            #items
        }
    }
}

impl<'d> Module<'_, 'd> {
    fn operation(&mut self, operation: &'d Operation) -> TokenStream {
        let at = &operation.pointer;
        let name = self.constant(&operation.id);
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            // The specification ignores them: other parts of the document describe these headers.
            let is_ignored = parameter.location == "header"
                && ["accept", "content-type", "authorization"]
                    .contains(&parameter.name.to_ascii_lowercase().as_str());
            if !is_ignored {
                parameters.extend(self.parameter(operation, parameter));
            }
        }
        let groups = operation.exclusive.iter().map(|group| quote!(&[#(#group),*]));
        let doc = format!("`#{}`", on_one_line(at));
        let groups: Vec<_> = groups.collect();
        self.push(quote! {
            #[doc = #doc]
            static #name: OperationRules = OperationRules {
                at: #at,
                parameters: &[#(#parameters),*],
                exclusive: &[#(#groups),*],
            };
        });
        quote!(&#name)
    }

    fn parameter(
        &mut self,
        operation: &Operation,
        parameter: &'d Parameter,
    ) -> Option<TokenStream> {
        let Parameter { pointer, name, required, schema, .. } = parameter;
        if parameter.media_type.is_some() {
            return self.refuse_content(parameter);
        }
        let resolved = self.flatten(schema);
        let scope = format!("{} {name}", operation.id.to_snake_case());
        let location = match parameter.location.as_str() {
            "path" => quote!(Path),
            "query" => quote!(Query),
            "header" => quote!(Header),
            "cookie" => quote!(Cookie),
            _ => return self.refuse(parameter),
        };
        let is_form = matches!(parameter.location.as_str(), "query" | "cookie");
        let explode = parameter.explode();
        let style = match (resolved.kind, parameter.style()) {
            (Some(Type::Array), style) => {
                let scalar = if let Some(item) = resolved.items.as_deref() {
                    self.scalar(item, &format!("{scope} item"))
                } else {
                    quote!(Scalar::Text)
                };
                match style {
                    "form" if is_form && explode => quote!(Style::Repeated(#scalar)),
                    "form" | "simple" => quote!(Style::Separated(#scalar, ',')),
                    "spaceDelimited" => quote!(Style::Separated(#scalar, ' ')),
                    "pipeDelimited" => quote!(Style::Separated(#scalar, '|')),
                    _ => return self.refuse(parameter),
                }
            }
            (Some(Type::Object), "deepObject") => match self.members(resolved, &scope) {
                Some(members) => quote!(Style::DeepObject(&[#(#members),*])),
                None => return self.refuse(parameter),
            },
            (Some(Type::Object), _) => return self.refuse(parameter),
            (_, "form" | "simple") => {
                let scalar = self.scalar(schema, &scope);
                quote!(Style::Single(#scalar))
            }
            _ => return self.refuse(parameter),
        };
        let validator = self.validator(schema, &scope);
        for import in ["Location", "Parameter", "Scalar", "Style"] {
            self.import(import);
        }
        Some(quote! {
            Parameter {
                at: #pointer,
                name: #name,
                location: Location::#location,
                required: #required,
                style: #style,
                validator: #validator,
            }
        })
    }

    /// What the members of an object stand for, unless they are lists, objects, or described
    /// elsewhere than in `properties`.
    fn members(&mut self, schema: &'d Schema, scope: &str) -> Option<Vec<TokenStream>> {
        let is_plain = schema.all_of.is_empty()
            && schema.any_of.is_none()
            && schema.one_of.is_none()
            && !matches!(schema.additional_properties, Some(AdditionalProperties::Schema(_)));
        let properties = schema.properties.iter().flatten();
        let members = properties.map(|(name, schema)| {
            let kind = self.flatten(schema).kind;
            let is_single = !matches!(kind, Some(Type::Array | Type::Object));
            is_single.then(|| {
                let scalar = self.scalar(schema, &format!("{scope} {name}"));
                quote!((#name, #scalar))
            })
        });
        members.collect::<Option<_>>().filter(|_| is_plain)
    }

    /// Text of a media type of its own; in headers and cookies it is left unchecked.
    fn refuse_content(&mut self, parameter: &Parameter) -> Option<TokenStream> {
        if matches!(parameter.location.as_str(), "path" | "query") {
            let source = &self.emitter.view.source;
            self.emitter.findings.push(Finding::new(
                Rule::UnsupportedParameter,
                source,
                parameter.span,
                format!("the parameter `{}` has no `schema`", parameter.name),
                "describe its value with `schema` instead of `content`",
            ));
        }
        None
    }

    fn refuse(&mut self, parameter: &Parameter) -> Option<TokenStream> {
        let source = &self.emitter.view.source;
        self.emitter.findings.push(Finding::new(
            Rule::UnsupportedParameter,
            source,
            parameter.span,
            format!("the way in which `{}` is written is not supported", parameter.name),
            "describe a single value or a list, in the style `form`, `simple`, `spaceDelimited` or \
             `pipeDelimited`, or an object of single values in the style `deepObject`",
        ));
        None
    }

    fn responses(&mut self, operation: &'d Operation) -> TokenStream {
        let mut exact = Vec::new();
        let mut classes = Vec::new();
        let mut default = quote!(Response::Undeclared);
        for response in &operation.responses {
            let status = &response.status;
            let response = if let Some(schema) = response.schema() {
                let name = format!("{} {status} response", operation.id);
                let validator = self.validator(schema, &name);
                quote!(Response::Schema(#validator))
            } else {
                quote!(Response::NoSchema)
            };
            if let Ok(code) = status.parse::<u16>() {
                let code = Literal::u16_unsuffixed(code);
                exact.push(quote!(#code => #response));
            } else if let Some(class) = class(status) {
                let (first, last) = (
                    Literal::u16_unsuffixed(class * 100),
                    Literal::u16_unsuffixed(class * 100 + 99),
                );
                classes.push(quote!(#first..=#last => #response));
            } else if status == "default" {
                default = response;
            } else {
                let source = &self.emitter.view.source;
                self.emitter.findings.push(Finding::new(
                    Rule::MalformedKeyword,
                    source,
                    operation.span,
                    format!("`{status}` is not a status of a response"),
                    "write a code in quotes, `4XX` or the like, or `default`",
                ));
            }
        }
        quote! {
            match status {
                #(#exact,)*
                #(#classes,)*
                _ => #default,
            }
        }
    }
}

impl<'d> Module<'_, 'd> {
    /// What a value stands for.
    fn scalar(&mut self, schema: &'d Schema, scope: &str) -> TokenStream {
        let types = self.emitter.types(schema, &mut BTreeSet::new());
        let has_literals =
            [Type::Integer, Type::Number, Type::Boolean].iter().any(|kind| types.contains(kind));
        match (has_literals, types.contains(&Type::String)) {
            (true, false) => quote!(Scalar::Literal),
            (true, true) if types != all_types() => {
                let validator = self.validator(schema, scope);
                quote!(Scalar::Either(#validator))
            }
            _ => quote!(Scalar::Text),
        }
    }

    /// The schema that says the type: behind references and behind an `allOf` of one.
    fn flatten<'s>(&self, schema: &'s Schema) -> &'s Schema
    where
        'd: 's,
    {
        let mut schema = self.emitter.resolve(schema);
        // References may lead in a circle through `allOf`.
        for _ in 0..16 {
            match schema.all_of.as_slice() {
                [inner] if schema.kind.is_none() => schema = self.emitter.resolve(inner),
                _ => break,
            }
        }
        schema
    }
}

/// The first digit of `4XX` and the like.
fn class(status: &str) -> Option<u16> {
    let class = status.strip_suffix("XX")?.parse().ok()?;
    (1..=5).contains(&class).then_some(class)
}
