//! A client for Tango's two read operations on orders.
//!
//! - [`Client::get_async_order`] audits the deliveries of an async order, page by page, without
//!   seeing what redeems a reward.
//! - [`Client::get_order`] looks one order up, the credentials of its reward included.
//!
//! It is a tolerant reader: unknown members are ignored, unknown values of a vocabulary are kept,
//! null is as good as absent for whatever is optional. And it prints no secrets: neither `Debug` of
//! a reply nor an error shows what redeems a reward, see [`Secret`], or tells of a person, see
//! [`Private`].
//!
//! # Features
//!
//! - `html`: [`Html`] can be made safe to show, and turned into plain text.
//! - `schemars`, `utoipa`: schemas of the replies.
//! - `serialize`: replies can be written as JSON again, with their secrets in clear.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "no reply may bring the caller down"
)]

mod any_value;
mod client;
mod credentials;
mod decimal;
mod error;
mod generated;
mod html;
mod integer;
mod list;
mod map;
mod money;
mod open_enum;
mod private;
mod schema;
mod secret;
mod timestamp;

pub use any_value::AnyValue;
pub(crate) use client::Exchange;
pub use client::{Client, Filter, LineItemQuery, Position};
pub use credentials::Credentials;
pub use decimal::{Decimal, DecimalOverflow, ParseDecimalError};
pub use error::{DecodeError, Error};
pub use html::Html;
pub use integer::Integer;
pub use list::List;
pub use map::Map;
pub use money::{Money, MoneyError};
pub(crate) use open_enum::open_enum;
pub use private::Private;
pub use secret::Secret;
pub use timestamp::Timestamp;

/// What replies consist of.
pub mod types {
    pub use crate::generated::enums::*;
    pub use crate::generated::types::*;
}
