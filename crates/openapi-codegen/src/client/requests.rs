//! One builder for the requests of each operation.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{GenericArgument, PathArguments, Type, parse_quote};

use super::imports::Imports;
use super::methods::{self, Methods};
use super::operations::{Operation, Parameter};
use super::rules;
use super::syntax::{last_ident, same};
use super::view::is_decimal;
use crate::model::{self, Model};

/// A request: an operation, and what progenitor's method takes and returns.
pub(super) struct Request<'o, 'm> {
    pub operation: &'o Operation<'m>,
    /// In the order of progenitor's method.
    arguments: Vec<Argument<'o, 'm>>,
    value: Type,
    error: Type,
}

/// An argument of progenitor's method.
pub(super) struct Argument<'o, 'm> {
    ident: Ident,
    /// None for the body.
    parameter: Option<&'o Parameter<'m>>,
    is_required: bool,
    form: Form,
}

/// What a field holds, and so how it is set and handed over.
enum Form {
    Text,
    /// Text that progenitor's method takes away.
    TextBody,
    Bytes,
    /// A decimal, whose digits progenitor's method takes.
    Decimal,
    List(Type),
    /// Taken by value, such as a number.
    Copy(Type),
    /// Taken by reference.
    Other(Type),
}

impl Form {
    fn of(taken: &Type) -> Self {
        let Type::Reference(reference) = taken else {
            return match last_ident(taken).map(ToString::to_string).as_deref() {
                Some("B") => Self::Bytes,
                Some("String") => Self::TextBody,
                _ => Self::Copy(taken.clone()),
            };
        };
        let referred = reference.elem.as_ref();
        match last_ident(referred).map(ToString::to_string).as_deref() {
            Some("str") => Self::Text,
            Some("Vec") => match argument(referred) {
                Some(item) if last_ident(item).is_some_and(|ident| ident == "String") => {
                    Self::List(parse_quote!(String))
                }
                Some(item) => Self::List(item.clone()),
                None => Self::Other(referred.clone()),
            },
            _ => Self::Other(referred.clone()),
        }
    }

    /// The type of the field.
    fn owned(&self) -> TokenStream {
        match self {
            Self::Text | Self::TextBody => quote!(String),
            Self::Bytes => quote!(Bytes),
            Self::Decimal => quote!(Decimal),
            Self::List(item) => quote!(Vec<#item>),
            Self::Copy(other) | Self::Other(other) => quote!(#other),
        }
    }

    /// What a method takes to set the field.
    fn given(&self) -> TokenStream {
        match self {
            Self::Text | Self::TextBody => quote!(impl Into<String>),
            Self::Bytes => quote!(impl Into<Bytes>),
            Self::Decimal => quote!(impl Into<Decimal>),
            Self::List(item) => quote!(impl IntoIterator<Item = impl Into<#item>>),
            Self::Copy(other) | Self::Other(other) => quote!(#other),
        }
    }

    /// Turns what a method takes into what the field holds.
    fn convert(&self, name: &Ident) -> TokenStream {
        match self {
            Self::Text | Self::TextBody | Self::Bytes | Self::Decimal => quote!(#name.into()),
            Self::List(_) => quote!(#name.into_iter().map(Into::into).collect()),
            Self::Copy(_) | Self::Other(_) => quote!(#name),
        }
    }
}

/// The first argument of a generic type.
fn argument(of: &Type) -> Option<&Type> {
    let Type::Path(path) = of else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    })
}

impl Argument<'_, '_> {
    fn field(&self) -> TokenStream {
        let (ident, owned) = (&self.ident, self.owned());
        quote!(pub(crate) #ident: #owned)
    }

    /// The type of the field.
    fn owned(&self) -> TokenStream {
        let owned = self.form.owned();
        if self.is_required { owned } else { quote!(Option<#owned>) }
    }

    /// What the method that makes the request takes.
    fn given(&self) -> TokenStream {
        if self.is_required { self.form.given() } else { self.owned() }
    }

    /// Turns that into what the field holds.
    fn convert(&self) -> TokenStream {
        let ident = &self.ident;
        if self.is_required { self.form.convert(ident) } else { quote!(#ident) }
    }

    /// Hands the field over to progenitor's method.
    fn pass(&self) -> TokenStream {
        let ident = &self.ident;
        match (&self.form, self.is_required) {
            (Form::Text | Form::List(_) | Form::Other(_), true) => quote!(&self.#ident),
            (Form::Text, false) => quote!(self.#ident.as_deref()),
            (Form::Decimal, true) => quote!(self.#ident.as_str()),
            (Form::Decimal, false) => quote!(self.#ident.as_ref().map(Decimal::as_str)),
            (Form::List(_) | Form::Other(_), false) => quote!(self.#ident.as_ref()),
            (Form::Copy(_), _) => quote!(self.#ident),
            (Form::TextBody | Form::Bytes, _) => quote!(self.#ident.clone()),
        }
    }

    fn setter(&self, model: &Model) -> TokenStream {
        let Self { ident, form, .. } = self;
        let (given, value) = (form.given(), form.convert(ident));
        let doc = self.doc(model);
        quote! {
            #[doc = #doc]
            pub fn #ident(mut self, #ident: #given) -> Self {
                self.#ident = Some(#value);
                self
            }
        }
    }

    /// What the document says of the argument, with its limits.
    fn doc(&self, model: &Model) -> String {
        let Some(Parameter { described, .. }) = self.parameter else {
            return "The body of the request.".to_owned();
        };
        let text = described.description.as_deref().unwrap_or_default().trim();
        let name = format!("`{}`", described.name);
        let pattern =
            model.whole(&described.schema).into_iter().find_map(|part| part.pattern.as_ref());
        let notes = [
            Some(if text.is_empty() { name } else { text.to_owned() }),
            rules::sentence(&model.rules(&described.schema)),
            pattern.map(|(pattern, _)| format!("The server checks that it matches `{pattern}`.")),
            described.deprecated.then(|| "Deprecated.".to_owned()),
        ];
        notes.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }
}

impl<'o, 'm> Request<'o, 'm> {
    /// The request of an operation for which progenitor has a method.
    pub(super) fn new(
        model: &Model,
        operation: &'o Operation<'m>,
        methods: &Methods,
    ) -> Option<Self> {
        let signature = methods.signature(&operation.sender)?;
        let (value, error) = methods::outcome(signature)?;
        let arguments = methods::arguments(signature).map(|(ident, taken)| {
            let is_required = last_ident(taken).is_none_or(|ident| ident != "Option");
            let inner = if is_required { Some(taken) } else { argument(taken) };
            let parameter = operation.parameter(&ident.to_string());
            let form = match parameter.map(|it| model.whole(&it.described.schema)) {
                Some(parts) if parts.iter().any(|part| is_decimal(part)) => Form::Decimal,
                _ => Form::of(inner.unwrap_or(taken)),
            };
            Argument { ident: ident.clone(), parameter, is_required, form }
        });
        Some(Self { operation, arguments: arguments.collect(), value, error })
    }

    /// The arguments of the method that makes the request: a body is one even where it may be null.
    fn required(&self) -> impl Iterator<Item = &Argument<'o, 'm>> {
        self.arguments
            .iter()
            .filter(|argument| argument.is_required || argument.parameter.is_none())
    }

    /// In the order of the document, while progenitor's method has that of their names.
    fn optional(&self) -> impl Iterator<Item = &Argument<'o, 'm>> {
        let parameters = self.operation.parameters.iter();
        parameters.filter_map(|parameter| {
            let mut arguments = self.arguments.iter();
            arguments.find(|argument| !argument.is_required && argument.ident == parameter.ident)
        })
    }

    /// The method of a client that makes the request.
    pub(super) fn method(&self, model: &Model) -> TokenStream {
        let Operation { method, type_name, .. } = self.operation;
        let arguments = self.required().map(|argument| {
            let (ident, given) = (&argument.ident, argument.given());
            quote!(#ident: #given)
        });
        let values = self.required().map(Argument::convert);
        let summary = self.operation.summary();
        let mut doc = summary.map_or_else(|| self.sends(), str::to_owned);
        doc.push_str("\n\n");
        for argument in self.required() {
            let text = argument.doc(model).replace('\n', "\n  ");
            doc.push_str(&format!("- `{}`: {text}\n", argument.ident));
        }
        quote! {
            #[doc = #doc]
            pub fn #method(&self, #(#arguments),*) -> #type_name {
                #type_name::new(self.connection.clone(), #(#values),*)
            }
        }
    }

    fn sends(&self) -> String {
        format!("Sends {}.", self.operation.route())
    }

    /// What the document says of the operation.
    fn doc(&self) -> String {
        let model::Operation { summary, description, deprecated, .. } = self.operation.described;
        let note = deprecated.then(|| "Deprecated.".to_owned());
        let mut paragraphs: Vec<&str> = [summary, description, &note]
            .into_iter()
            .filter_map(|text| text.as_deref().map(str::trim))
            .filter(|text| !text.is_empty())
            .collect();
        paragraphs.dedup();
        let sends = self.sends();
        paragraphs.push(&sends);
        paragraphs.join("\n\n")
    }

    fn render(&self, model: &Model) -> TokenStream {
        let Self { operation, value, error, .. } = self;
        let Operation { type_name, sender, parameters, .. } = operation;
        let doc = self.doc();
        let fields = self.required().chain(self.optional()).map(Argument::field);
        let required: Vec<&Ident> = self.required().map(|argument| &argument.ident).collect();
        let types = self.required().map(Argument::owned);
        let optional = self.optional().map(|argument| &argument.ident);
        let setters = self.optional().map(|argument| argument.setter(model));
        let passed = self.arguments.iter().map(Argument::pass);
        let parameters = parameters.iter().map(|parameter| &parameter.ident);
        quote! {
            #[doc = #doc]
            #[derive(Clone)]
            #[must_use = "a request does nothing until it is awaited"]
            pub struct #type_name {
                pub(crate) connection: Connection,
                #(#fields,)*
            }

            impl #type_name {
                pub(crate) fn new(connection: Connection, #(#required: #types),*) -> Self {
                    Self { connection, #(#required,)* #(#optional: None,)* }
                }

                #(#setters)*
            }

            impl Request for #type_name {
                type Value = #value;
                type ErrorBody = #error;
                const OPERATION: &'static OperationDescription =
                    Operation::#type_name.description();

                fn connection(&self) -> &Connection {
                    &self.connection
                }

                fn parameters(&self) -> Vec<&dyn Parameter> {
                    vec![#(&self.#parameters),*]
                }

                async fn send(
                    &self,
                    keep_body: bool,
                ) -> Result<Response<Self::Value>, Error<Self::ErrorBody>> {
                    let client = Client::new(self)?;
                    let call = ::std::pin::pin!(client.#sender(#(#passed),*));
                    client.inner.finish(self, call, keep_body).await
                }
            }

            ::openapi_client::request!(#type_name);
        }
    }
}

/// The file of requests.
pub(super) fn render(model: &Model, requests: &[Request<'_, '_>]) -> TokenStream {
    let code: TokenStream = requests.iter().map(|request| request.render(model)).collect();
    let values = values(requests);
    let code = quote! {
        #code
        #(impl Parameter for #values {})*
    };
    let imports = Imports::of(&code);
    let ours = imports.items(
        &quote!(::openapi_client),
        &[
            "Bytes",
            "Connection",
            "Decimal",
            "Error",
            "OperationDescription",
            "RawBody",
            "Request",
            "Response",
        ],
    );
    let modules = imports.modules(&quote!(super), &["bodies", "types"]);
    quote! {
        //! Requests, one for each operation: set what is optional, then await it to send it.
        //!
        //! Parameters are checked before anything is sent. A request whose parameter breaks a limit,
        //! or could lead to another route, ends with `Error::InvalidRequest`.

        use ::openapi_client::check::Parameter;
        #ours

        use super::client::Client;
        use super::operations::Operation;
        #modules

        #code
    }
}

/// The generated types of parameters, for which the runtime has no rules.
fn values<'r>(requests: &'r [Request<'_, '_>]) -> Vec<&'r Type> {
    let arguments = requests.iter().flat_map(|request| &request.arguments);
    let parameters = arguments.filter(|argument| argument.parameter.is_some());
    let types = parameters.filter_map(|argument| match &argument.form {
        Form::List(of) | Form::Copy(of) | Form::Other(of) => Some(of),
        _ => None,
    });
    let is_generated = |of: &&Type| {
        let Type::Path(path) = of else { return false };
        path.path.segments.first().is_some_and(|first| first.ident == "bodies")
    };
    let mut values: Vec<&Type> = Vec::new();
    for of in types.filter(is_generated) {
        if !values.iter().any(|known| same(known, of)) {
            values.push(of);
        }
    }
    values
}

/// The types of error bodies that the generated code defines.
pub(super) fn error_bodies(requests: &[Request<'_, '_>]) -> Vec<String> {
    let mut found = Paths::default();
    for request in requests {
        found.visit_type_mut(&mut request.error.clone());
    }
    let mut paths = found.0;
    paths.sort();
    paths.dedup();
    paths
}

/// The paths of generated types in a type.
#[derive(Default)]
struct Paths(Vec<String>);

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let segments = segments.strip_prefix(&["super".to_owned()][..]).unwrap_or(&segments);
        let is_generated =
            matches!(segments, [module, _] if module == "enums" || module == "types");
        if path.leading_colon.is_none() && is_generated {
            self.0.push(segments.join("::"));
        }
    }
}
