//! One page of an async order's line items.

use axum::body::Bytes;
use tango_orders_client::{GetAsyncOrder, Operation};
use utoipa::openapi::link::{Link, LinkBuilder};

use super::{BodyKey, Endpoint, Parameters, in_path};
use crate::error_response::ErrorResponse;
use crate::fault::Fault;
use crate::page_query::PageQuery;
use crate::pagination::Page;
use crate::parameter::Parameter;
use crate::server::Server;

/// The parameters of the path, each with what it is and what every sandbox has.
const PATH: [(&str, &str, &str); 3] = [
    ("customerIdentifier", "The customer under which the order was placed.", "acme-health"),
    (
        "accountIdentifier",
        "The account that the order was charged to; it belongs to the customer.",
        "acme-health-rewards",
    ),
    (
        "externalRefID",
        "The reference that the caller gave the order when placing it.",
        "wellness-2026-01",
    ),
];

/// The parameters of the query that stay the same from page to page.
const KEPT: [&str; 4] =
    ["maxResults", "externalLineItemReferenceIds", "referenceLineItemIds", "failedOnly"];

impl Endpoint for GetAsyncOrder {
    const SERVES: Operation = Operation::GetAsyncOrder;
    const TAG: &'static str = "audit";
    const SUMMARY: &'static str = "Get the status of an async order";
    const RETURNS: &'static str =
        "The order and one page of its line items, without reward credentials.";

    fn reads() -> Vec<Parameter> {
        let path =
            PATH.map(|(name, words, example)| Parameter::text(name).words(words).example(example));
        path.into_iter().chain(PageQuery::parameters()).collect()
    }

    fn links() -> Vec<(&'static str, Link)> {
        let order = LinkBuilder::new()
            .operation_id(Operation::GetOrder.id())
            .description("The order as a whole, once it has an identifier of Tango's.")
            .parameter("referenceOrderID", "$response.body#/referenceOrderID");
        let next = "The page after this one, if `pagination.nextPageAvailable` is true.";
        let previous = "The page before this one, if `pagination.prevPageAvailable` is true.";
        vec![
            ("next_page", page("nextCursor", next)),
            ("previous_page", page("prevCursor", previous)),
            ("order", order.build()),
        ]
    }

    fn respond(
        server: &Server,
        parameters: &Parameters<'_>,
        fault: &Fault,
    ) -> Result<Bytes, ErrorResponse> {
        let order = server.orders.async_order(
            in_path(parameters, "customerIdentifier"),
            in_path(parameters, "accountIdentifier"),
            in_path(parameters, "externalRefID"),
        )?;
        let query = PageQuery::read(parameters.query, fault);
        let page = Page::resolve(order, &query, server.context())?;
        let key = page.key().filter(|_| !fault.changes_page()).map(BodyKey::Page);
        let none_failed = fault.none_failed.unwrap_or(server.none_failed);
        server.body(key, || page.render(none_failed))
    }
}

/// The link to another page of the same list.
fn page(cursor: &str, words: &str) -> Link {
    let mut link = LinkBuilder::new()
        .operation_id(Operation::GetAsyncOrder.id())
        .description(words)
        .parameter(cursor, format!("$response.body#/pagination/{cursor}"));
    for (name, ..) in PATH {
        link = link.parameter(name, format!("$request.path.{name}"));
    }
    for name in KEPT {
        link = link.parameter(name, format!("$request.query.{name}"));
    }
    link.build()
}
