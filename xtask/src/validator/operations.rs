//! The operations: which parameters a request has, and which schema a response.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::emit::Module;
use super::{Emitter, identifier, on_one_line, unique};
use crate::finding::Finding;
use crate::schema::{Operation, Parameter, Type};

impl Emitter<'_> {
    pub(super) fn operations_file(&mut self) -> TokenStream {
        let view = self.view;
        let mut taken = BTreeSet::new();
        let variants: Vec<_> = view
            .operations
            .iter()
            .map(|operation| {
                let name = identifier(&operation.id.to_upper_camel_case());
                format_ident!("{}", unique(&name, &mut taken))
            })
            .collect();
        let mut module = Module::new(self, quote!(super::schemas));
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
            let body = operation.request_body.as_ref();
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
        let mut unchecked = Vec::new();
        for parameter in &operation.parameters {
            // Headers and cookies belong to the transport, not to the request that is checked.
            if matches!(parameter.location.as_str(), "path" | "query") {
                parameters.extend(self.parameter(operation, parameter));
            } else {
                unchecked.push(format!("the {} `{}`", parameter.location, parameter.name));
            }
        }
        let groups = operation.exclusive.iter().map(|group| quote!(&[#(#group),*]));
        let mut doc = format!("`#{}`", on_one_line(at));
        if !unchecked.is_empty() {
            doc += &format!("\n\nNot checked: {}.", on_one_line(&unchecked.join(", ")));
        }
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
        let resolved = self.flatten(schema);
        let is_query = parameter.location == "query";
        let style = parameter.style.as_deref();
        let explode = parameter.explode.unwrap_or(matches!(style, None | Some("form")) && is_query);
        let scalar = |kind: Option<Type>| {
            if let Some(Type::Integer | Type::Number | Type::Boolean) = kind {
                quote!(Scalar::Literal)
            } else {
                quote!(Scalar::Text)
            }
        };
        let style = match (resolved.kind, style) {
            (Some(Type::Array), style) => {
                let item = resolved.items.as_deref().and_then(|item| self.flatten(item).kind);
                let scalar = scalar(item);
                match style {
                    None | Some("form") if is_query && explode => quote!(Style::Repeated(#scalar)),
                    None | Some("form" | "simple") => quote!(Style::Separated(#scalar, ',')),
                    Some("spaceDelimited") => quote!(Style::Separated(#scalar, ' ')),
                    Some("pipeDelimited") => quote!(Style::Separated(#scalar, '|')),
                    Some(_) => return self.refuse(parameter),
                }
            }
            (Some(Type::Object), _) => return self.refuse(parameter),
            (kind, None | Some("form" | "simple")) => {
                let scalar = scalar(kind);
                quote!(Style::Single(#scalar))
            }
            _ => return self.refuse(parameter),
        };
        let validator = self.validator(schema, &format!("{} {name}", operation.id.to_snake_case()));
        let location = if is_query { quote!(Query) } else { quote!(Path) };
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

    fn refuse(&mut self, parameter: &Parameter) -> Option<TokenStream> {
        let source = &self.emitter.document.source;
        self.emitter.findings.push(Finding::new(
            "unsupported-parameter",
            source,
            parameter.span,
            format!("the way in which `{}` is written is not supported", parameter.name),
            "describe a single value or a list, in the style `form`, `simple`, `spaceDelimited` or \
             `pipeDelimited`",
        ));
        None
    }

    fn responses(&mut self, operation: &'d Operation) -> TokenStream {
        let mut exact = Vec::new();
        let mut classes = Vec::new();
        let mut default = quote!(Response::Undeclared);
        for (status, schema) in &operation.responses {
            let response = if let Some(schema) = schema {
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
                let source = &self.emitter.document.source;
                self.emitter.findings.push(Finding::new(
                    "malformed-keyword",
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
    /// The schema that says the type: behind references and behind an `allOf` of one.
    fn flatten<'s>(&self, schema: &'s crate::schema::Schema) -> &'s crate::schema::Schema
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
