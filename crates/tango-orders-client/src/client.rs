//! The clients: who may call what.

use std::fmt;
use std::sync::Arc;

use crate::builder::{ClientBuilder, Core};
use crate::request::{AsyncOrderRequest, OrderRequest};

/// Calls Tango's two read operations on orders.
///
/// Clones share their connections, their token, their pace and their budget of retries.
#[derive(Clone)]
pub struct Client {
    core: Arc<Core>,
}

/// Calls [`async_order`](Self::async_order) and nothing else: no reply that it gets holds what redeems
/// a reward.
///
/// ```compile_fail,E0599
/// # fn audit(client: &tango_orders_client::AuditClient) {
/// client.order("RA260115-1001-02");
/// # }
/// ```
#[derive(Clone)]
pub struct AuditClient {
    core: Arc<Core>,
}

/// Calls [`order`](Self::order) and nothing else.
///
/// ```compile_fail,E0599
/// # fn support(client: &tango_orders_client::SupportClient) {
/// client.async_order("acme", "acme-rewards", "wellness-2026-01");
/// # }
/// ```
#[derive(Clone)]
pub struct SupportClient {
    core: Arc<Core>,
}

impl Client {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Sets up a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Asks for an order, with the credentials that redeem its reward, by Tango's identifier.
    ///
    /// Await it to send it.
    pub fn order(&self, reference_order_id: impl Into<String>) -> OrderRequest {
        OrderRequest::new(&self.core, reference_order_id.into())
    }

    /// Asks for the status of an async order and a page of its line items, without credentials.
    ///
    /// Await it to send it.
    pub fn async_order(
        &self,
        customer_identifier: impl Into<String>,
        account_identifier: impl Into<String>,
        external_ref_id: impl Into<String>,
    ) -> AsyncOrderRequest {
        AsyncOrderRequest::new(
            &self.core,
            [customer_identifier.into(), account_identifier.into(), external_ref_id.into()],
        )
    }

    /// The same client for those who must not see what redeems a reward.
    pub fn audit(&self) -> AuditClient {
        AuditClient::new(Arc::clone(&self.core))
    }

    /// The same client for those who look orders up.
    pub fn support(&self) -> SupportClient {
        SupportClient::new(Arc::clone(&self.core))
    }
}

impl AuditClient {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Asks for the status of an async order and a page of its line items, without credentials.
    ///
    /// Await it to send it.
    pub fn async_order(
        &self,
        customer_identifier: impl Into<String>,
        account_identifier: impl Into<String>,
        external_ref_id: impl Into<String>,
    ) -> AsyncOrderRequest {
        AsyncOrderRequest::new(
            &self.core,
            [customer_identifier.into(), account_identifier.into(), external_ref_id.into()],
        )
    }
}

impl SupportClient {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Asks for an order, with the credentials that redeem its reward, by Tango's identifier.
    ///
    /// Await it to send it.
    pub fn order(&self, reference_order_id: impl Into<String>) -> OrderRequest {
        OrderRequest::new(&self.core, reference_order_id.into())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.print("Client", formatter)
    }
}

impl fmt::Debug for AuditClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.print("AuditClient", formatter)
    }
}

impl fmt::Debug for SupportClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.core.print("SupportClient", formatter)
    }
}

impl Core {
    fn print(&self, name: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct(name).field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
