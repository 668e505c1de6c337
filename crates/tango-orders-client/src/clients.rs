//! The clients: one for all operations, and one for each tag of the document.

use ::openapi_client::Connection;

use crate::requests::{GetAsyncOrder, GetOrder};

/// Calls all operations.
///
/// Clones share their connections, their token, their pace and their budget of retries.
#[derive(Clone, Debug)]
pub struct Client {
    connection: Connection,
}

impl Client {
    /// Get the status of an async order; await it to send it.
    pub fn get_async_order(
        &self,
        customer_identifier: impl Into<String>,
        account_identifier: impl Into<String>,
        external_ref_id: impl Into<String>,
    ) -> GetAsyncOrder {
        GetAsyncOrder::new(
            self.connection.clone(),
            customer_identifier.into(),
            account_identifier.into(),
            external_ref_id.into(),
        )
    }

    /// Get one order with its reward; await it to send it.
    pub fn get_order(&self, reference_order_id: impl Into<String>) -> GetOrder {
        GetOrder::new(self.connection.clone(), reference_order_id.into())
    }

    /// The same client for the operations of the tag `audit` only.
    pub fn audit(&self) -> AuditClient {
        self.connection.clone().into()
    }

    /// The same client for the operations of the tag `support` only.
    pub fn support(&self) -> SupportClient {
        self.connection.clone().into()
    }
}

impl From<Connection> for Client {
    fn from(connection: Connection) -> Self {
        Self { connection }
    }
}

/// Calls the operations of the tag `audit` and no others.
///
/// Clones share their connections, their token, their pace and their budget of retries.
#[derive(Clone, Debug)]
pub struct AuditClient {
    connection: Connection,
}

impl AuditClient {
    /// Get the status of an async order; await it to send it.
    pub fn get_async_order(
        &self,
        customer_identifier: impl Into<String>,
        account_identifier: impl Into<String>,
        external_ref_id: impl Into<String>,
    ) -> GetAsyncOrder {
        GetAsyncOrder::new(
            self.connection.clone(),
            customer_identifier.into(),
            account_identifier.into(),
            external_ref_id.into(),
        )
    }
}

impl From<Connection> for AuditClient {
    fn from(connection: Connection) -> Self {
        Self { connection }
    }
}

/// Calls the operations of the tag `support` and no others.
///
/// Clones share their connections, their token, their pace and their budget of retries.
#[derive(Clone, Debug)]
pub struct SupportClient {
    connection: Connection,
}

impl SupportClient {
    /// Get one order with its reward; await it to send it.
    pub fn get_order(&self, reference_order_id: impl Into<String>) -> GetOrder {
        GetOrder::new(self.connection.clone(), reference_order_id.into())
    }
}

impl From<Connection> for SupportClient {
    fn from(connection: Connection) -> Self {
        Self { connection }
    }
}
