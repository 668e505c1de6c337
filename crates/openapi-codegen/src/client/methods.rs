//! Tidies progenitor's client: what is never called goes, equal match arms become one, parameters get
//! the document's names back.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Attribute, Block, Expr, ExprCall, ExprLit, ExprMatch, ExprMethodCall, FnArg,
    GenericArgument, ImplItem, Item, ItemImpl, Lit, LitInt, Macro, Meta, Pat, Path, PathArguments,
    ReturnType, Signature, Stmt, Token, Type, Visibility, parse_quote,
};

use super::imports::Imports;
use super::operations::Operation;
use super::syntax::{last_ident, same};
use super::view::{BYTES, TEXT};

/// What progenitor's methods use of its runtime.
const PROGENITOR: [&str; 4] = ["encode_path", "Error", "QueryParam", "ResponseValue"];

/// Progenitor's client, tidied.
pub(super) struct Methods {
    items: Vec<Item>,
}

impl Methods {
    pub(super) fn new(code: syn::File, operations: &[Operation<'_>]) -> Self {
        let items = code
            .items
            .into_iter()
            // Names are imported below, a module `prelude` has nobody to serve, and hooks give way to
            // `Call`.
            .filter(|item| matches!(item, Item::Struct(_) | Item::Impl(_)))
            .filter_map(|mut item| {
                match &mut item {
                    Item::Struct(client) => {
                        client.attrs = vec![parse_quote!(#[doc = " Sends one request."])];
                    }
                    Item::Impl(client) if client.trait_.is_none() => {
                        drop_constructors(client);
                        if client.items.is_empty() {
                            return None;
                        }
                        tidy_methods(client, operations);
                    }
                    _ => return None,
                }
                Tidy.visit_item_mut(&mut item);
                CrateOnly.visit_item_mut(&mut item);
                Some(item)
            })
            .collect();
        Self { items }
    }

    /// The signature of a method.
    pub(super) fn signature(&self, name: &Ident) -> Option<&Signature> {
        let items = self.items.iter().filter_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(&item.items),
            _ => None,
        });
        items.flatten().find_map(|item| match item {
            ImplItem::Fn(method) if method.sig.ident == *name => Some(&method.sig),
            _ => None,
        })
    }

    pub(super) fn render(&self) -> TokenStream {
        let items = &self.items;
        let code = quote! {
            #(#items)*

            impl Client {
                /// Checks the parameters of a request.
                pub(crate) fn new<R: Request>(request: &R) -> Result<Self, InvalidValue> {
                    let connection = request.connection();
                    Ok(Self {
                        baseurl: connection.base_url().to_owned(),
                        client: connection.http_client().clone(),
                        inner: Call::new(request)?,
                    })
                }
            }
        };
        let imports = Imports::of(&code);
        let theirs = imports.items(&quote!(::openapi_client::progenitor_client), &PROGENITOR);
        // A trait is used through its method.
        let form = code.to_string().contains("form_urlencoded").then(|| {
            quote!(
                use ::openapi_client::progenitor_client::RequestBuilderExt;
            )
        });
        let ours = imports.items(
            &quote!(::openapi_client),
            &["Call", "InvalidValue", "QueryStyle", "QueryValue", "RawBody", "Request", "reqwest"],
        );
        let modules = imports.modules(&quote!(super), &["bodies", "types"]);
        quote! {
            //! Sends requests, in progenitor's way.

            #theirs
            #form
            #ours

            #modules

            #code
        }
    }
}

/// The constructors take what the one below has from the request.
fn drop_constructors(client: &mut ItemImpl) {
    client.items.retain(|item| match item {
        ImplItem::Fn(method) => method.sig.receiver().is_some(),
        _ => true,
    });
}

fn tidy_methods(client: &mut ItemImpl, operations: &[Operation<'_>]) {
    let senders = operations.iter().map(|operation| (operation.sender.to_string(), operation));
    let senders: BTreeMap<String, &Operation<'_>> = senders.collect();
    for item in &mut client.items {
        let ImplItem::Fn(method) = item else { continue };
        // The request has the documentation.
        method.attrs.clear();
        method.sig.inputs.iter_mut().for_each(|input| SentValues.visit_fn_arg_mut(input));
        if let Some(&operation) = senders.get(&method.sig.ident.to_string()) {
            drop_version_header(&mut method.block);
            send_by_call(&mut method.block);
            let texts = arguments(&method.sig)
                .filter(|(_, taken)| same(taken, &quote!(&'a str)))
                .map(|(name, _)| name.clone())
                .collect();
            Segments { texts }.visit_block_mut(&mut method.block);
            Names { operation }.visit_block_mut(&mut method.block);
            RawBodies.visit_impl_item_fn_mut(method);
            let reads_null =
                outcome_mut(&mut method.sig).first().is_some_and(|value| reads_null(value));
            Decoding { reads_null }.visit_block_mut(&mut method.block);
        }
    }
}

/// What is sent is the caller's own: a value without a type is any JSON value.
struct SentValues;

impl VisitMut for SentValues {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if same(path, &quote!(::openapi_client::AnyValue)) {
            *path = parse_quote!(::serde_json::Value);
        }
    }
}

/// The header `api-version` is progenitor's own: the document does not speak of it.
fn drop_version_header(block: &mut Block) {
    let is_version = |statement: &Stmt| {
        let code = statement.to_token_stream().to_string();
        code.starts_with("header_map") && code.contains("\"api-version\"")
    };
    block.stmts.retain(|statement| !is_version(statement));
    let mentions = |statement: &Stmt| {
        let code = statement.to_token_stream().to_string();
        code.starts_with("header_map") || code.starts_with("if let Some (value)")
    };
    let count = block.stmts.iter().filter(|statement| mentions(statement)).count();
    if count == 0 {
        block.stmts.retain(|statement| {
            !matches!(statement, Stmt::Local(local) if same(&local.pat, &quote!(mut header_map)))
        });
        NoHeaders.visit_block_mut(block);
    }
}

/// Lets the runtime's `Call` send the request in place of progenitor's hooks.
fn send_by_call(block: &mut Block) {
    let is_info = |statement: &Stmt| matches!(statement, Stmt::Local(local) if same(&local.pat, &quote!(info)));
    let Some(index) = block.stmts.iter().position(is_info) else { return };
    // Before it stands the request; after it the hooks, the response, and what is made of that.
    let mut rest = block.stmts.split_off(index);
    let (Some(outcome), Some(Stmt::Local(response))) = (rest.pop(), rest.pop()) else { return };
    let Some(Stmt::Local(request)) = block.stmts.last_mut() else { return };
    let (request, response) = match (&mut request.pat, response.pat) {
        (Pat::Ident(request), Pat::Ident(response)) => {
            request.mutability = None;
            (request.ident.clone(), response.ident)
        }
        _ => return,
    };
    if let Some(Stmt::Local(request)) = block.stmts.last_mut() {
        request.attrs.clear();
    }
    block.stmts.push(parse_quote!(let #response = self.inner.send(#request).await?;));
    block.stmts.push(outcome);
}

/// Removes `.headers(header_map)`.
struct NoHeaders;

impl VisitMut for NoHeaders {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::MethodCall(ExprMethodCall { method, args, receiver, .. }) = expression
            && method == "headers"
            && same(args, &quote!(header_map))
        {
            *expression = receiver.as_ref().clone();
        }
    }
}

/// Escapes the segments of the path that are text already without a copy of them.
struct Segments {
    texts: Vec<Ident>,
}

impl VisitMut for Segments {
    fn visit_macro_mut(&mut self, macro_: &mut Macro) {
        let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
        let Ok(mut arguments) = macro_.parse_body_with(parse) else { return };
        for argument in &mut arguments {
            let text = self
                .texts
                .iter()
                .find(|text| same(argument, &quote!(encode_path(&#text.to_string()))));
            if let Some(text) = text {
                *argument = parse_quote!(encode_path(#text));
            }
        }
        macro_.tokens = arguments.into_token_stream();
    }
}

/// Calls parameters on the wire as the document does.
struct Names<'o, 'm> {
    operation: &'o Operation<'m>,
}

impl Names<'_, '_> {
    /// The media type of the body, if progenitor would send another one.
    fn media(&self) -> Option<&str> {
        let body = self.operation.described.request_body.as_ref()?;
        let media = match (body.json(), body.form()) {
            (Some(json), _) => json,
            (None, Some(_)) => return None,
            (None, None) => body.raw()?,
        };
        let is_known = ["application/json", TEXT, BYTES].contains(&media.name.as_str());
        (media.is_writable() && !is_known).then_some(&media.name)
    }

    /// How a value of the query is written, if progenitor writes it in another way.
    fn style(&self, name: Option<&Expr>) -> Option<Expr> {
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })) = name else { return None };
        let described = self.operation.parameter(&text.value())?.described;
        match (described.style(), described.explode()) {
            ("form", false) => Some(parse_quote!(QueryStyle::Delimited(","))),
            ("spaceDelimited", false) => Some(parse_quote!(QueryStyle::Delimited(" "))),
            ("pipeDelimited", false) => Some(parse_quote!(QueryStyle::Delimited("|"))),
            ("deepObject", _) => Some(parse_quote!(QueryStyle::DeepObject)),
            _ => None,
        }
    }

    /// Renames the first argument of a call.
    fn restore(&self, arguments: &mut Punctuated<Expr, Token![,]>) {
        if let Some(Expr::Lit(literal)) = arguments.first_mut()
            && let Lit::Str(text) = &mut literal.lit
            && let Some(parameter) = self.operation.parameter(&text.value())
        {
            *text = syn::LitStr::new(&parameter.described.name, text.span());
        }
    }
}

impl VisitMut for Names<'_, '_> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        if call.func.to_token_stream().to_string().ends_with("HeaderValue :: from_static")
            && [TEXT, BYTES].iter().any(|known| same(&call.args, &quote!(#known)))
            && let Some(media) = self.media()
        {
            call.args = parse_quote!(#media);
        }
        if same(&call.func, &quote!(progenitor_client::QueryParam::new)) {
            let style = self.style(call.args.first());
            self.restore(&mut call.args);
            if let Some(style) = style {
                *call.func = parse_quote!(QueryValue::new);
                call.args.push(style);
            } else {
                *call.func = parse_quote!(QueryParam::new);
            }
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        // reqwest has no methods of their own for these.
        if matches!(call.method.to_string().as_str(), "options" | "trace")
            && same(&call.receiver, &quote!(self.client))
        {
            let method = format_ident!("{}", call.method.to_string().to_uppercase());
            call.method = format_ident!("request");
            call.args.insert(0, parse_quote!(reqwest::Method::#method));
        }
        if call.method == "append" && same(&call.receiver, &quote!(header_map)) {
            self.restore(&mut call.args);
        }
        // Else it is sent as `application/json`.
        if call.method == "json"
            && same(&call.args, &quote!(&body))
            && let Some(media) = self.media()
        {
            let receiver = &call.receiver;
            *call.receiver = parse_quote!(#receiver.header(
                reqwest::header::CONTENT_TYPE,
                reqwest::header::HeaderValue::from_static(#media),
            ));
        }
    }
}

/// The body of a response has been read when progenitor sees it, so it is bytes, not a stream; of an
/// error that is not JSON, there is nothing to tell.
struct RawBodies;

impl VisitMut for RawBodies {
    fn visit_signature_mut(&mut self, signature: &mut Signature) {
        for (index, part) in outcome_mut(signature).into_iter().enumerate() {
            if last_ident(part).is_some_and(|ident| ident == "ByteStream") {
                *part = if index == 0 { parse_quote!(RawBody) } else { parse_quote!(()) };
            }
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::Call(ok) = expression
            && same(&ok.func, &quote!(Ok))
            && let Some(Expr::Call(stream)) = ok.args.first()
            && same(&stream.func, &quote!(ResponseValue::stream))
        {
            let response = &stream.args;
            *expression = parse_quote!(RawBody::read(#response).await);
        }
        visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        if same(path, &quote!(ResponseValue::stream)) {
            *path = parse_quote!(ResponseValue::empty);
        }
    }
}

/// Whether null is a value of this type.
fn reads_null(value: &Type) -> bool {
    last_ident(value).is_some_and(|ident| ident == "Option" || ident == "AnyValue")
}

/// Lets the runtime decode bodies: it knows where values are that the document does not know.
struct Decoding {
    /// Whether a response without a body is read like null.
    reads_null: bool,
}

impl VisitMut for Decoding {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if same(&call.func, &quote!(Err)) {
            // What an error says is there or cannot be read.
            visit_mut::visit_expr_call_mut(&mut Self { reads_null: false }, call);
            return;
        }
        if same(&call.func, &quote!(ResponseValue::from_response)) {
            *call.func = if self.reads_null {
                parse_quote!(RawBody::read_json_or_null)
            } else {
                parse_quote!(RawBody::read_json)
            };
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

/// What a method returns: the value, and the error body.
fn outcome_mut(signature: &mut Signature) -> Vec<&mut Type> {
    let ReturnType::Type(_, result) = &mut signature.output else { return Vec::new() };
    let inner = arguments_mut(result).into_iter();
    inner.filter_map(|part| arguments_mut(part).into_iter().next()).collect()
}

fn arguments_mut(of: &mut Type) -> Vec<&mut Type> {
    let Type::Path(path) = of else { return Vec::new() };
    let Some(last) = path.path.segments.last_mut() else { return Vec::new() };
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else { return Vec::new() };
    let types = arguments.args.iter_mut().filter_map(|argument| match argument {
        GenericArgument::Type(argument) => Some(argument),
        _ => None,
    });
    types.collect()
}

/// What a method of progenitor's returns: the value, and the error body.
pub(super) fn outcome(signature: &Signature) -> Option<(Type, Type)> {
    let mut signature = signature.clone();
    let mut parts = outcome_mut(&mut signature).into_iter();
    parts.next().cloned().zip(parts.next().cloned())
}

/// The arguments of a method of progenitor's, in order.
pub(super) fn arguments(signature: &Signature) -> impl Iterator<Item = (&Ident, &Type)> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => match argument.pat.as_ref() {
            Pat::Ident(name) => Some((&name.ident, argument.ty.as_ref())),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// Makes what is public visible in the crate only.
struct CrateOnly;

impl VisitMut for CrateOnly {
    fn visit_visibility_mut(&mut self, visibility: &mut Visibility) {
        if matches!(visibility, Visibility::Public(_)) {
            *visibility = parse_quote!(pub(crate));
        }
    }
}

struct Tidy;

impl VisitMut for Tidy {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| match &attribute.meta {
            Meta::List(list) if list.path.is_ident("allow") => {
                !list.tokens.to_string().contains("clippy")
            }
            _ => true,
        });
    }

    fn visit_expr_match_mut(&mut self, expression: &mut ExprMatch) {
        visit_mut::visit_expr_match_mut(self, expression);
        let mut arms: Vec<Arm> = Vec::new();
        for arm in std::mem::take(&mut expression.arms) {
            match arms.last_mut() {
                Some(last) if same(&last.body, &arm.body) && !matches!(arm.pat, Pat::Wild(_)) => {
                    let (before, pattern) = (&last.pat, &arm.pat);
                    let either: Pat = parse_quote!(#before | #pattern);
                    last.pat = either;
                }
                _ => arms.push(arm),
            }
        }
        expression.arms = arms;
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.first().is_some_and(|first| first.ident == "reqwest") {
            path.leading_colon = None;
        }
    }

    fn visit_lit_int_mut(&mut self, literal: &mut LitInt) {
        *literal = LitInt::new(literal.base10_digits(), literal.span());
    }
}
