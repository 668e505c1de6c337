//! The two operations, as the document describes them.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use tango_orders_client::types::{AsyncOrder, ErrorBody, Order};
use tango_orders_validator::{Operation, Request as Parameters, validate_request};
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes, SecurityScheme,
};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::async_order::AnyAsyncOrder;
use crate::data::async_order_as_order;
use crate::error_response::ErrorResponse;
use crate::fault::Fault;
use crate::orders::Found;
use crate::page_query::PageQuery;
use crate::pagination::{Page, PageKey};
use crate::request_head;
use crate::server::Server;

/// Under what both operations stand.
pub(crate) const BASE_PATH: &str = "/raas/v2";

/// The document without its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tango orders",
        version = "2.0.0",
        description = "A local stand-in for two read operations of Tango's rewards API. \
                       It answers with made-up orders.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/raas/v2", description = "This sandbox.")),
    tags(
        (name = "audit", description = "What an audit of deliveries needs, without reward credentials."),
        (name = "support", description = "What a support desk needs to help a recipient.")
    ),
    security(
        ("basic" = []),
        ("oauth2_sandbox" = ["raas.all"]),
        ("oauth2_production" = ["raas.all"])
    ),
    modifiers(&Schemes)
)]
struct Frame;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut basic = Http::new(HttpAuthScheme::Basic);
        basic.description =
            Some("The user name is the platform name, the password the platform key.".to_owned());
        components.add_security_scheme("basic", SecurityScheme::Http(basic));
        let hosts = [
            ("oauth2_sandbox", "sandbox-auth.tangocard.com"),
            ("oauth2_production", "auth.tangocard.com"),
        ];
        for (name, host) in hosts {
            components.add_security_scheme(name, SecurityScheme::OAuth2(oauth2(host)));
        }
    }
}

fn oauth2(host: &str) -> OAuth2 {
    let token_url = format!("https://{host}/oauth/token");
    let scopes = Scopes::one("raas.all", "The whole rewards API.");
    let flows = [
        Flow::Password(Password::new(&token_url, scopes.clone())),
        Flow::ClientCredentials(ClientCredentials::new(&token_url, scopes)),
    ];
    OAuth2::with_description(
        flows,
        "A token that the sandbox was started with, sent as a Bearer token; it gives out none.",
    )
}

/// The operations and the document that describes them.
pub(crate) fn routes() -> (Router<Arc<Server>>, Document) {
    // A nested router would rewrite the address of each request, so the routes are whole, and the
    // document says the base path by its server.
    let (router, mut document) = OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(get_async_order))
        .routes(routes!(get_order))
        .split_for_parts();
    let paths = std::mem::take(&mut document.paths.paths).into_iter();
    let relative = |path: String| path.strip_prefix(BASE_PATH).map(str::to_owned).unwrap_or(path);
    document.paths.paths = paths.map(|(path, item)| (relative(path), item)).collect();
    (router, document)
}

/// Get the status of an async order
///
/// Returns the state of one asynchronous order and one page of its line items, without reward
/// credentials.
#[utoipa::path(
    get,
    context_path = "/raas/v2",
    path = "/asyncOrders/customers/{customerIdentifier}/accounts/{accountIdentifier}/{externalRefID}",
    operation_id = "get_async_order",
    tag = "audit",
    params(
        ("customerIdentifier" = String, Path, min_length = 1, example = "acme-health",
            description = "The customer under which the order was placed."),
        ("accountIdentifier" = String, Path, min_length = 1, example = "acme-health-rewards",
            description = "The account that the order was charged to; it belongs to the customer."),
        ("externalRefID" = String, Path, min_length = 1, max_length = 100, example = "wellness-2026-01",
            description = "The reference that the caller gave the order when placing it."),
        PageQuery<'_>,
    ),
    responses(
        (status = 200, body = AsyncOrder,
            description = "The order and one page of its line items, without reward credentials.",
            links(
                ("next_page" = (
                    operation_id = "get_async_order",
                    description = "The page after this one, if `pagination.nextPageAvailable` is true.",
                    parameters(
                        ("customerIdentifier" = "$request.path.customerIdentifier"),
                        ("accountIdentifier" = "$request.path.accountIdentifier"),
                        ("externalRefID" = "$request.path.externalRefID"),
                        ("nextCursor" = "$response.body#/pagination/nextCursor"),
                        ("maxResults" = "$request.query.maxResults"),
                        ("externalLineItemReferenceIds" = "$request.query.externalLineItemReferenceIds"),
                        ("referenceLineItemIds" = "$request.query.referenceLineItemIds"),
                        ("failedOnly" = "$request.query.failedOnly")
                    )
                )),
                ("previous_page" = (
                    operation_id = "get_async_order",
                    description = "The page before this one, if `pagination.prevPageAvailable` is true.",
                    parameters(
                        ("customerIdentifier" = "$request.path.customerIdentifier"),
                        ("accountIdentifier" = "$request.path.accountIdentifier"),
                        ("externalRefID" = "$request.path.externalRefID"),
                        ("prevCursor" = "$response.body#/pagination/prevCursor"),
                        ("maxResults" = "$request.query.maxResults"),
                        ("externalLineItemReferenceIds" = "$request.query.externalLineItemReferenceIds"),
                        ("referenceLineItemIds" = "$request.query.referenceLineItemIds"),
                        ("failedOnly" = "$request.query.failedOnly")
                    )
                )),
                ("order" = (
                    operation_id = "get_order",
                    description = "The order as a whole, once it has an identifier of Tango's.",
                    parameters(("referenceOrderID" = "$response.body#/referenceOrderID"))
                ))
            )),
        (status = 400, body = ErrorBody, description = "The request is malformed."),
        (status = 401, body = ErrorBody,
            description = "Credentials are missing, or they were refused."),
        (status = 403, body = ErrorBody,
            description = "The request was understood, but the caller is not allowed to see this."),
        (status = 404, body = ErrorBody,
            description = "There is no such order, customer or account for this caller."),
        (status = 422, body = ErrorBody,
            description = "The request can be read but makes no sense."),
        (status = 429, body = ErrorBody, description = "Too many calls: more than one per second."),
        (status = 500, body = ErrorBody,
            description = "Something failed on the server, and it cannot say what exactly."),
        (status = 503, body = ErrorBody,
            description = "The server is overloaded or under maintenance."),
        (status = "default", body = ErrorBody, description = "Any other error."),
    ),
    extensions(("x-mutually-exclusive" = json!([
        ["externalLineItemReferenceIds", "referenceLineItemIds"],
        ["prevCursor", "nextCursor"]
    ])))
)]
async fn get_async_order(
    State(server): State<Arc<Server>>,
    path: RawPathParams,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    let page = |fault: &Fault| {
        let path: Vec<(&str, &str)> = path.iter().collect();
        server.async_order_page(&path, head.uri.query(), fault)
    };
    server.perform(Operation::GetAsyncOrder, &head.headers, page).await
}

/// Get one order with its reward
///
/// Returns one order in full, with the credentials that redeem its reward.
#[utoipa::path(
    get,
    context_path = "/raas/v2",
    path = "/orders/{referenceOrderID}",
    operation_id = "get_order",
    tag = "support",
    params(
        ("referenceOrderID" = String, Path, min_length = 1, example = "RA260115-1001-02",
            description = "Tango's identifier of the order, as returned when the order was placed."),
    ),
    responses(
        (status = 200, body = Order, description = "The order in full, reward credentials included.",
            links(
                ("async_order" = (
                    operation_id = "get_async_order",
                    description = "The line items of the order, if it was placed as an async order.",
                    parameters(
                        ("customerIdentifier" = "$response.body#/customerIdentifier"),
                        ("accountIdentifier" = "$response.body#/accountIdentifier"),
                        ("externalRefID" = "$response.body#/externalRefID")
                    )
                ))
            )),
        (status = 400, body = ErrorBody, description = "The request is malformed."),
        (status = 401, body = ErrorBody,
            description = "Credentials are missing, or they were refused."),
        (status = 403, body = ErrorBody,
            description = "The request was understood, but the caller is not allowed to see this."),
        (status = 404, body = ErrorBody, description = "There is no such order for this caller."),
        (status = "default", body = ErrorBody, description = "Any other error."),
    )
)]
async fn get_order(
    State(server): State<Arc<Server>>,
    path: RawPathParams,
    request: Request,
) -> Response {
    let (head, _) = request.into_parts();
    let order = |_: &Fault| {
        let path: Vec<(&str, &str)> = path.iter().collect();
        server.order(&path)
    };
    server.perform(Operation::GetOrder, &head.headers, order).await
}

/// What determines a body that is worth keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BodyKey {
    Order(u32),
    Page(PageKey),
}

/// The value of a parameter that the validator has let pass.
fn parameter<'p>(parameters: &[(&'p str, &'p str)], name: &str) -> &'p str {
    parameters.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
}

impl Server {
    fn async_order_page(
        &self,
        path: &[(&str, &str)],
        query: Option<&str>,
        fault: &Fault,
    ) -> Result<Bytes, ErrorResponse> {
        let query = request_head::query(query.unwrap_or_default())?;
        let query: Vec<(&str, &str)> =
            query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let report = validate_request(
            Operation::GetAsyncOrder,
            Parameters { path, query: &query, ..Parameters::default() },
        );
        if let Some(error) = ErrorResponse::from_report(&report, &query) {
            return Err(error);
        }
        let order = self.orders.async_order(
            parameter(path, "customerIdentifier"),
            parameter(path, "accountIdentifier"),
            parameter(path, "externalRefID"),
        )?;
        let page = Page::resolve(order, &PageQuery::read(&query, fault), self.context())?;
        let key = page.key().filter(|_| !fault.changes_page()).map(BodyKey::Page);
        let none_failed = fault.none_failed.unwrap_or(self.none_failed);
        self.body(key, || page.render(none_failed))
    }

    fn order(&self, path: &[(&str, &str)]) -> Result<Bytes, ErrorResponse> {
        let report =
            validate_request(Operation::GetOrder, Parameters { path, ..Parameters::default() });
        if let Some(error) = ErrorResponse::from_report(&report, &[]) {
            return Err(error);
        }
        let write = |order: &Order| serde_json::to_vec(order).map(Bytes::from);
        match self.orders.order(parameter(path, "referenceOrderID"))? {
            Found::Generated(number) => self
                .body(Some(BodyKey::Order(number)), || write(&self.orders.generated.order(number))),
            Found::Loaded(body) => Ok(body),
            Found::Async(AnyAsyncOrder::Generated(data)) => {
                let progress = data.progress(self.context().now);
                self.body(None, || write(&async_order_as_order(data, progress)))
            }
            // A payload of the one operation says nothing of what the other shows.
            Found::Async(AnyAsyncOrder::Loaded(order)) => {
                Err(ErrorResponse::no_such_order(&order.id))
            }
        }
    }
}
