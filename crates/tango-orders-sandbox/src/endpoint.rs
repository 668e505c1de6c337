//! An operation as the sandbox serves and describes it.
//!
//! Path, method, statuses, limits and names of schemas are those that the client generates from the
//! document, the schemas of the bodies those of the client's types. What is written here by hand is
//! what only a person can decide: words, links, and what to respond.

mod get_async_order;
mod get_order;
mod list_orders;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawPathParams, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use serde_json::json;
use tango_orders_client::openapi_client::OperationDescription;
use tango_orders_client::types::ErrorBody;
use tango_orders_client::{Exposed, Operation, Request};
use tango_orders_validator::validate_request;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::link::Link;
use utoipa::openapi::path::{HttpMethod, OperationBuilder};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref};
use utoipa::{PartialSchema, ToSchema};

use crate::error_response::ErrorResponse;
use crate::fault::Fault;
use crate::pagination::PageKey;
use crate::parameter::Parameter;
use crate::request_head;
use crate::server::Server;

/// Under what all operations stand.
pub(crate) const BASE_PATH: &str = "/raas/v2";

/// The parameters of a request, by place and name.
pub(crate) type Parameters<'r> = tango_orders_validator::Request<'r>;

/// An operation, told by the client's type for its requests.
pub(crate) trait Endpoint: Request<Value: ToSchema, ErrorBody = ErrorBody> {
    /// Which of the document's operations it is.
    const SERVES: Operation;
    /// Who is meant to use it.
    const TAG: &'static str;
    /// What it does, in one line.
    const SUMMARY: &'static str;
    /// What a success returns, in one sentence.
    const RETURNS: &'static str;

    /// The parameters that it reads.
    fn reads() -> Vec<Parameter> {
        Vec::new()
    }

    /// Where a success leads.
    fn links() -> Vec<(&'static str, Link)> {
        Vec::new()
    }

    /// The body of a success; the parameters obey the document.
    fn respond(
        server: &Server,
        parameters: &Parameters<'_>,
        fault: &Fault,
    ) -> Result<Bytes, ErrorResponse>;
}

/// What determines a body that is worth keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BodyKey {
    Order(u32),
    Page(PageKey),
}

/// All operations: their routes, and the document that describes them.
pub(crate) struct Endpoints {
    pub(crate) router: Router<Arc<Server>>,
    pub(crate) document: Document,
}

impl Endpoints {
    /// Adds all operations to a document that has none.
    pub(crate) fn of(document: Document) -> Self {
        Self { router: Router::new(), document }
            .with::<tango_orders_client::GetAsyncOrder>()
            .with::<tango_orders_client::GetOrder>()
            .with::<tango_orders_client::ListOrders>()
    }

    fn with<E: Endpoint>(mut self) -> Self {
        let OperationDescription { path, method, .. } = E::SERVES.description();
        let (method, filter) = self::method(method);
        // A nested router would rewrite the address of each request, so the routes are whole.
        let router = self.router.route(&format!("{BASE_PATH}{path}"), on(filter, handle::<E>));
        self.document.paths.add_path_operation(path, vec![method], operation::<E>());
        let mut schemas = vec![(E::Value::name().into_owned(), E::Value::schema())];
        schemas.push((ErrorBody::name().into_owned(), ErrorBody::schema()));
        E::Value::schemas(&mut schemas);
        ErrorBody::schemas(&mut schemas);
        self.document.components.get_or_insert_default().schemas.extend(schemas);
        Self { router, ..self }
    }
}

fn method(name: &str) -> (HttpMethod, MethodFilter) {
    match name {
        "DELETE" => (HttpMethod::Delete, MethodFilter::DELETE),
        "HEAD" => (HttpMethod::Head, MethodFilter::HEAD),
        "OPTIONS" => (HttpMethod::Options, MethodFilter::OPTIONS),
        "PATCH" => (HttpMethod::Patch, MethodFilter::PATCH),
        "POST" => (HttpMethod::Post, MethodFilter::POST),
        "PUT" => (HttpMethod::Put, MethodFilter::PUT),
        "TRACE" => (HttpMethod::Trace, MethodFilter::TRACE),
        _ => (HttpMethod::Get, MethodFilter::GET),
    }
}

/// The operation as the sandbox's document describes it.
fn operation<E: Endpoint>() -> utoipa::openapi::path::Operation {
    let described = E::SERVES.description();
    let mut operation = OperationBuilder::new()
        .operation_id(Some(described.id))
        .tag(E::TAG)
        .summary(Some(E::SUMMARY))
        .description(Some(E::RETURNS));
    for parameter in E::reads() {
        operation = operation.parameter(parameter.described(described));
    }
    for (status, schema) in described.responses {
        let is_success = status.starts_with('2');
        let words = if is_success { E::RETURNS.to_owned() } else { words(status) };
        let mut response = ResponseBuilder::new().description(words);
        if let Some(schema) = schema {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(*schema)));
            response = response.content("application/json", content.build());
        }
        for (name, link) in if is_success { E::links() } else { Vec::new() } {
            response = response.link(name, link);
        }
        operation = operation.response(*status, response);
    }
    if !described.exclusive.is_empty() {
        let extensions = ExtensionsBuilder::new()
            .add("x-mutually-exclusive", json!(described.exclusive))
            .build();
        operation = operation.extensions(Some(extensions));
    }
    operation.build()
}

/// What an error with this status means.
fn words(status: &str) -> String {
    let words = match status {
        "400" => "The request is malformed.",
        "401" => "Credentials are missing, or they were refused.",
        "403" => "The request was understood, but the caller is not allowed to see this.",
        "404" => "There is nothing of this name for this caller.",
        "422" => "The request can be read but makes no sense.",
        "429" => "Too many calls: more than one per second.",
        "500" => "Something failed on the server, and it cannot say what exactly.",
        "503" => "The server is overloaded or under maintenance.",
        "default" => "Any other error.",
        _ => {
            let known = StatusCode::from_bytes(status.as_bytes()).ok();
            return known.map_or_else(|| status.to_owned(), |status| status.to_string());
        }
    };
    words.to_owned()
}

async fn handle<E: Endpoint>(
    State(server): State<Arc<Server>>,
    path: RawPathParams,
    request: axum::extract::Request,
) -> Response {
    let (head, _) = request.into_parts();
    let respond = |fault: &Fault| {
        let path: Vec<(&str, &str)> = path.iter().collect();
        let query = request_head::query(head.uri.query().unwrap_or_default())?;
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let parameters = Parameters { path: &path, query: &query, ..Parameters::default() };
        check(E::SERVES, &parameters)?;
        E::respond(&server, &parameters, fault)
    };
    server.perform(E::SERVES, &head, respond).await
}

/// Holds the parameters of a request to the document.
fn check(operation: Operation, parameters: &Parameters<'_>) -> Result<(), ErrorResponse> {
    // The validator is generated from the same document as the client, and has its operations.
    let operation = tango_orders_validator::Operation::from_id(operation.id())
        .ok_or_else(ErrorResponse::internal_server_error)?;
    let report = validate_request(operation, *parameters);
    ErrorResponse::from_report(&report, parameters.query).map_or(Ok(()), Err)
}

/// The value of a parameter of the path.
fn in_path<'r>(parameters: &Parameters<'r>, name: &str) -> &'r str {
    parameters.path.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

/// The value of a parameter of the query that is sent once at the most.
fn in_query<'r>(parameters: &Parameters<'r>, name: &str) -> Option<&'r str> {
    parameters.query.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

/// A whole number; it may be written as `1e2`.
pub(crate) fn whole(value: &str) -> Option<u32> {
    let parsed = value.parse::<u32>().ok();
    parsed.or_else(|| serde_json::from_str::<f64>(value).ok()?.to_string().parse().ok())
}

/// The JSON of a value, reward codes included.
fn json_of(value: &impl serde::Serialize) -> serde_json::Result<Bytes> {
    serde_json::to_vec(&Exposed::new(value)).map(Bytes::from)
}
