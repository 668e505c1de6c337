//! The operations of the document: their names in Rust, and what the document says of them.

use openapiv3::{OpenAPI, PathItem, ReferenceOr};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::imports::Imports;
use super::{rules, view};
use crate::model::{self, Model};
use crate::naming::Scope;

/// What a client has besides its operations. A method of a trait that takes the client itself is found
/// before one that borrows it.
pub(super) const CLIENT: [&str; 4] = ["builder", "clone", "into", "try_into"];

/// What progenitor's client has besides its operations.
const PROGENITOR: [&str; 10] =
    ["api_version", "baseurl", "client", "exec", "inner", "into", "new", "post", "pre", "try_into"];

/// Names that the file of requests uses without a path, and those of Rust's prelude.
const TYPES: [&str; 18] = [
    "Bytes",
    "Client",
    "Connection",
    "Error",
    "From",
    "Into",
    "IntoIterator",
    "Operation",
    "OperationDescription",
    "Option",
    "Parameter",
    "Request",
    "Response",
    "Result",
    "Some",
    "String",
    "Vec",
    "WithResponse",
];

/// What a request has besides its parameters, and what progenitor's methods call their own variables.
const FIELDS: [&str; 11] = [
    "body",
    "clone",
    "connection",
    "header_map",
    "info",
    "into_future",
    "new",
    "parameters",
    "request",
    "send",
    "with_response",
];

/// Methods that are idempotent (RFC 9110, section 9.2.2).
const IDEMPOTENT: [&str; 6] = ["get", "put", "delete", "options", "head", "trace"];

/// An operation, with its names in Rust.
pub(super) struct Operation<'m> {
    pub described: &'m model::Operation,
    /// `GetOrder`: the variant and the request.
    pub type_name: Ident,
    /// `get_order`: the clients' method.
    pub method: Ident,
    /// The method of progenitor's client.
    pub sender: Ident,
    /// In the order of the document.
    pub parameters: Vec<Parameter<'m>>,
}

/// A parameter, with its name in Rust.
pub(super) struct Parameter<'m> {
    pub described: &'m model::Parameter,
    /// The setter, the field and the argument.
    pub ident: Ident,
}

impl<'m> Operation<'m> {
    fn new(described: &'m model::Operation, names: &mut Names) -> Self {
        let mut scope = Scope::with(&FIELDS);
        let parameters = described.parameters.iter().filter(|parameter| view::is_sent(parameter));
        let parameters = parameters
            .map(|described| Parameter { described, ident: scope.field_name(&described.name) });
        Self {
            type_name: names.types.type_name(&described.id),
            method: names.methods.field_name(&described.id),
            sender: names.senders.field_name(&described.id),
            parameters: parameters.collect(),
            described,
        }
    }

    /// The method and the path template, as Markdown.
    pub(super) fn route(&self) -> String {
        format!("`{} {}`", self.described.method.to_uppercase(), self.described.path)
    }

    /// What the document says of the operation, in a line.
    pub(super) fn summary(&self) -> Option<&'m str> {
        let model::Operation { summary, description, .. } = self.described;
        [summary, description].into_iter().flatten().find_map(|text| text.trim().lines().next())
    }

    /// The parameter with this name in Rust.
    pub(super) fn parameter(&self, name: &str) -> Option<&Parameter<'m>> {
        self.parameters.iter().find(|parameter| parameter.ident == name)
    }

    fn description(&self, model: &Model) -> TokenStream {
        let model::Operation { id, path, exclusive, responses, .. } = self.described;
        let method = self.described.method.to_uppercase();
        let is_idempotent = IDEMPOTENT.contains(&self.described.method.as_str());
        let parameters =
            self.parameters.iter().map(|Parameter { described: parameter, .. }| {
                let (name, location) = (&parameter.name, format_ident!("{}", parameter.location));
                let rules = model.rules(&parameter.schema);
                let rules = rules.iter().map(rules::render);
                quote!(ParameterDescription::#location(#name, &[#(#rules),*]))
            });
        let exclusive = exclusive.iter().map(|group| quote!(&[#(#group),*]));
        let responses = responses.iter().map(|response| {
            let status = &response.status;
            let target = response.schema().and_then(|schema| schema.reference.as_deref());
            let name = target.and_then(|pointer| Some(&model.schemas[model.index(pointer)?].0));
            let name = name.map_or_else(|| quote!(None), |name| quote!(Some(#name)));
            quote!((#status, #name))
        });
        quote! {
            OperationDescription {
                id: #id,
                method: #method,
                path: #path,
                parameters: &[#(#parameters),*],
                exclusive: &[#(#exclusive),*],
                responses: &[#(#responses),*],
                is_idempotent: #is_idempotent,
            }
        }
    }
}

/// The names of all operations.
struct Names {
    types: Scope,
    methods: Scope,
    senders: Scope,
}

/// Names the operations and their parameters, and calls them so in progenitor's document, in which no
/// two of them may then have one name.
pub(super) fn name<'m>(model: &'m Model, api: &mut OpenAPI) -> Vec<Operation<'m>> {
    let mut names = Names {
        types: Scope::with(&TYPES),
        methods: Scope::with(&CLIENT),
        senders: Scope::with(&PROGENITOR),
    };
    let operations: Vec<Operation<'m>> =
        model.operations.iter().map(|operation| Operation::new(operation, &mut names)).collect();
    let mut paths = std::mem::take(&mut api.paths.paths);
    for operation in &operations {
        let model::Operation { path, method, .. } = operation.described;
        let sent = paths.get_mut(path).and_then(|item| slot(item, method)?.take());
        let Some(mut sent) = sent else { continue };
        operation.rename(&mut sent);
        let item = api.paths.paths.entry(operation.template());
        let item = item.or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let Some(slot) = slot(item, method) {
            *slot = Some(sent);
        }
    }
    operations
}

fn slot<'i>(
    item: &'i mut ReferenceOr<PathItem>,
    method: &str,
) -> Option<&'i mut Option<openapiv3::Operation>> {
    let ReferenceOr::Item(item) = item else { return None };
    Some(match method {
        "get" => &mut item.get,
        "put" => &mut item.put,
        "post" => &mut item.post,
        "delete" => &mut item.delete,
        "options" => &mut item.options,
        "head" => &mut item.head,
        "patch" => &mut item.patch,
        "trace" => &mut item.trace,
        _ => return None,
    })
}

impl Operation<'_> {
    fn rename(&self, operation: &mut openapiv3::Operation) {
        operation.operation_id = Some(self.sender.to_string());
        for parameter in &mut operation.parameters {
            let ReferenceOr::Item(parameter) = parameter else { continue };
            let (data, location) = match parameter {
                openapiv3::Parameter::Query { parameter_data, .. } => (parameter_data, "query"),
                openapiv3::Parameter::Header { parameter_data, .. } => (parameter_data, "header"),
                openapiv3::Parameter::Path { parameter_data, .. } => (parameter_data, "path"),
                openapiv3::Parameter::Cookie { parameter_data, .. } => (parameter_data, "cookie"),
            };
            if let Some(known) = self.declared(&data.name, location) {
                data.name = known.ident.to_string();
            }
        }
    }

    /// The path with the parameters called as in Rust.
    fn template(&self) -> String {
        let mut parts = self.described.path.split('{');
        let mut template = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let renamed = part.split_once('}').and_then(|(name, rest)| {
                Some(format!("{}}}{rest}", self.declared(name, "path")?.ident))
            });
            template.push('{');
            template.push_str(renamed.as_deref().unwrap_or(part));
        }
        template
    }

    fn declared(&self, name: &str, location: &str) -> Option<&Parameter<'_>> {
        self.parameters.iter().find(|Parameter { described, .. }| {
            described.name == name && described.location == location
        })
    }
}

/// The file of operations.
pub(super) fn render(model: &Model, operations: &[Operation<'_>]) -> TokenStream {
    let variants: Vec<&Ident> = operations.iter().map(|operation| &operation.type_name).collect();
    let docs = operations.iter().map(|operation| match operation.summary() {
        Some(summary) => format!("{}: {summary}", operation.route()),
        None => operation.route(),
    });
    let count = Literal::usize_unsuffixed(operations.len());
    let descriptions = operations.iter().map(|operation| operation.description(model));
    let (description, table) = if operations.is_empty() {
        let description = quote! {
            pub const fn description(self) -> &'static OperationDescription {
                match self {}
            }
        };
        (description, None)
    } else {
        let description = quote! {
            #[allow(clippy::indexing_slicing, reason = "each operation has its description")]
            pub const fn description(self) -> &'static OperationDescription {
                &DESCRIPTIONS[self as usize]
            }
        };
        let table = quote! {
            /// In the order of the operations.
            static DESCRIPTIONS: [OperationDescription; #count] = [#(#descriptions),*];
        };
        (description, Some(table))
    };
    let code = quote! {
        /// An operation.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum Operation {
            #(#[doc = #docs] #variants,)*
        }

        impl Operation {
            /// All operations, in the order of the document.
            pub const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// The `operationId`.
            pub const fn id(self) -> &'static str {
                self.description().id
            }

            /// The operation with this `operationId`.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|operation| operation.id() == id)
            }

            /// What the document says of the operation.
            #description
        }

        #table
    };
    let imports = Imports::of(&code);
    let names = ["OperationDescription", "ParameterDescription"];
    let names = imports.items(&quote!(::openapi_client), &names);
    let rules = imports.items(&quote!(::openapi_client::check), &["Number", "Rule"]);
    quote! {
        //! What the document says of the operations.

        #names
        #rules

        #code
    }
}
