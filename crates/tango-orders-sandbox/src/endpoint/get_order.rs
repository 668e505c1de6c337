//! One order with its reward.

use axum::body::Bytes;
use tango_orders_client::{GetOrder, Operation};
use utoipa::openapi::link::{Link, LinkBuilder};

use super::{BodyKey, Endpoint, Parameters, in_path, json_of};
use crate::error_response::ErrorResponse;
use crate::fault::Fault;
use crate::orders::Found;
use crate::parameter::Parameter;
use crate::server::Server;

impl Endpoint for GetOrder {
    const SERVES: Operation = Operation::GetOrder;
    const TAG: &'static str = "support";
    const SUMMARY: &'static str = "Get one order with its reward";
    const RETURNS: &'static str = "The order in full, reward credentials included.";

    fn reads() -> Vec<Parameter> {
        vec![
            Parameter::text("referenceOrderID")
                .words("Tango's identifier of the order, as returned when the order was placed.")
                .example("RA260115-1001-02"),
        ]
    }

    fn links() -> Vec<(&'static str, Link)> {
        let line_items = LinkBuilder::new()
            .operation_id(Operation::GetAsyncOrder.id())
            .description("The line items of the order, if it was placed as an async order.")
            .parameter("customerIdentifier", "$response.body#/customerIdentifier")
            .parameter("accountIdentifier", "$response.body#/accountIdentifier")
            .parameter("externalRefID", "$response.body#/externalRefID");
        vec![("async_order", line_items.build())]
    }

    fn respond(
        server: &Server,
        parameters: &Parameters<'_>,
        _: &Fault,
    ) -> Result<Bytes, ErrorResponse> {
        let orders = &server.orders;
        match orders.order(in_path(parameters, "referenceOrderID"))? {
            Found::Generated(number) => server
                .body(Some(BodyKey::Order(number)), || json_of(&orders.generated.order(number))),
            Found::Loaded(body) => Ok(body),
            Found::Planned(plan) => {
                let order = plan.order(server.seed, server.context().now);
                server.body(None, || json_of(&order))
            }
            Found::Async(order) => {
                let order = order.order(server.context().now);
                server.body(None, || json_of(&order))
            }
        }
    }
}
