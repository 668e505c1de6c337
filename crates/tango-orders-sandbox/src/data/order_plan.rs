//! Single orders as they are asked for.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tango_orders_client::types::{Order, OrderStatus};

use super::catalogue::{Purchase, text};
use super::order::{complete, place};
use super::random::{Draw, mix, text_seed};
use crate::clock::START;

/// A single order as it is asked for.
///
/// What is not said of it follows from the seed and its identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderPlan {
    pub(crate) id: String,
    #[serde(default)]
    customer: Option<String>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    recipient: Option<String>,
    #[serde(default)]
    status: Option<OrderStatus>,
    /// When it was placed, in seconds after the start of the sandbox's time.
    #[serde(default)]
    placed: i64,
    /// How many seconds it takes.
    #[serde(default)]
    seconds: u64,
}

impl OrderPlan {
    /// An order with this identifier (`referenceOrderID`), complete at once; one that the sandbox
    /// would generate under the same identifier gives way to it.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            customer: None,
            account: None,
            reference: None,
            recipient: None,
            status: None,
            placed: 0,
            seconds: 0,
        }
    }

    /// Placed by this customer, from this account; `acme-health` and `acme-health-rewards` if not said.
    #[must_use]
    pub fn account(self, customer: &str, account: &str) -> Self {
        Self { customer: Some(customer.to_owned()), account: Some(account.to_owned()), ..self }
    }

    /// Under this reference of the caller's (`externalRefID`); none if not said.
    #[must_use]
    pub fn reference(self, reference: &str) -> Self {
        Self { reference: Some(reference.to_owned()), ..self }
    }

    /// For the person with this mail address.
    #[must_use]
    pub fn recipient(self, email: &str) -> Self {
        Self { recipient: Some(email.to_owned()), ..self }
    }

    /// In this state once it is done; `COMPLETE` if not said.
    #[must_use]
    pub fn status(self, status: OrderStatus) -> Self {
        Self { status: Some(status), ..self }
    }

    /// Placed so many seconds after the start of the sandbox's time; before it, if negative.
    #[must_use]
    pub fn placed(self, seconds: i64) -> Self {
        Self { placed: seconds, ..self }
    }

    /// Takes so many seconds of the sandbox's time from being placed until it is done; until then it is
    /// `PENDING`.
    #[must_use]
    pub fn takes(self, seconds: u64) -> Self {
        Self { seconds, ..self }
    }

    pub(crate) fn customer(&self) -> &str {
        self.customer.as_deref().unwrap_or("acme-health")
    }

    pub(crate) fn account_name(&self) -> &str {
        self.account.as_deref().unwrap_or("acme-health-rewards")
    }

    /// The order as it is at a moment.
    pub(crate) fn order(&self, seed: u64, now: Timestamp) -> Order {
        let seed = text_seed(mix(seed, 1), &self.id);
        let placed = START.saturating_add(SignedDuration::from_secs(self.placed)).unwrap_or(START);
        let elapsed = now.duration_since(placed).as_millis();
        let is_done = elapsed >= i128::from(self.seconds) * 1000;
        let done = self.status.clone().unwrap_or(OrderStatus::Complete);
        let status = if is_done { done } else { OrderStatus::Pending };
        let turn = u32::try_from(seed >> 32).unwrap_or_default();
        let purchase = Purchase::of_turn(seed, turn, "USD");
        let mut order = place(self.id.clone(), &purchase, status, placed, seed);
        order.external_ref_id.clone_from(&self.reference);
        order.customer_identifier = Some(self.customer().to_owned());
        order.account_identifier = Some(self.account_name().to_owned());
        complete(&mut order, &mut Draw::new(seed), 1, &purchase);
        if let Some(email) = &self.recipient {
            order.recipient.get_or_insert_default().email = Some(text(email.as_str()));
        }
        order
    }
}
