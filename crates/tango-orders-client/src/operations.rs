//! The operations of the document.

use ::openapi_client::OperationDescription;

/// An operation of the document.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Operation {
    /// `get_async_order`: Get the status of an async order
    GetAsyncOrder,
    /// `get_order`: Get one order with its reward
    GetOrder,
}

impl Operation {
    /// All operations, in the order of the document.
    pub const ALL: &'static [Self] = &[Self::GetAsyncOrder, Self::GetOrder];

    /// The `operationId`.
    pub const fn id(self) -> &'static str {
        self.description().id
    }

    /// The operation with this `operationId`.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.id() == id)
    }

    /// What the document says of the operation.
    pub const fn description(self) -> &'static OperationDescription {
        match self {
            Self::GetAsyncOrder => &OperationDescription {
                id: "get_async_order",
                method: "GET",
                path: "/asyncOrders/customers/{customerIdentifier}/accounts/{accountIdentifier}/{externalRefID}",
                responses: &[
                    ("200", Some("AsyncOrder")),
                    ("400", Some("ErrorBody")),
                    ("401", Some("ErrorBody")),
                    ("403", Some("ErrorBody")),
                    ("404", Some("ErrorBody")),
                    ("422", Some("ErrorBody")),
                    ("429", Some("ErrorBody")),
                    ("500", Some("ErrorBody")),
                    ("503", Some("ErrorBody")),
                ],
                exclusive: &[
                    &["externalLineItemReferenceIds", "referenceLineItemIds"],
                    &["prevCursor", "nextCursor"],
                ],
                is_idempotent: true,
            },
            Self::GetOrder => &OperationDescription {
                id: "get_order",
                method: "GET",
                path: "/orders/{referenceOrderID}",
                responses: &[
                    ("200", Some("Order")),
                    ("400", Some("ErrorBody")),
                    ("401", Some("ErrorBody")),
                    ("403", Some("ErrorBody")),
                    ("404", Some("ErrorBody")),
                ],
                exclusive: &[],
                is_idempotent: true,
            },
        }
    }
}
