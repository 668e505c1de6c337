//! The operations: which parameters a request has, and which schema a response.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Emitter;
use super::module::Module;
use crate::model::Operation;
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
                parameters.push(self.parameter(operation, parameter));
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

/// The first digit of `4XX` and the like.
fn class(status: &str) -> Option<u16> {
    let class = status.strip_suffix("XX")?.parse().ok()?;
    (1..=5).contains(&class).then_some(class)
}
