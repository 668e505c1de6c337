//! The orders of the sandbox, as pure functions of a seed.
//!
//! Nothing is stored of a generated order: each line item follows from the seed, the order's key and
//! its own index. So an order of a million line items costs no memory, and any page of it as much as
//! any other.

mod async_order;
mod catalogue;
mod order;
mod order_plan;
mod random;

pub(crate) use async_order::{AsyncOrderData, Progress};
pub use async_order::{AsyncOrderPlan, Hold};
pub(crate) use order::{OrderData, async_order_as_order};
pub use order_plan::OrderPlan;
pub(crate) use random::{Draw, mix};
