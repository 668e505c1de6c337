//! A client for Tango's two read operations on orders.
//!
//! - [`Client::async_order`] audits the deliveries of an async order, page by page, without
//!   seeing what redeems a reward.
//! - [`Client::order`] looks one order up, the credentials of its reward included.
//!
//! It is a tolerant reader: unknown members are ignored, unknown values of a vocabulary are kept,
//! null is as good as absent for whatever is optional. And it prints no secrets: neither `Debug` of
//! a reply nor an error shows what redeems a reward, see [`Secret`], or tells of a person, see
//! [`Private`].
//!
//! # Pages and waiting
//!
//! [`AsyncOrderRequest::line_items`] streams the line items of an async order, page after page,
//! forwards or backwards, one page ahead if asked for; [`AsyncOrderRequest::pages`] streams the pages.
//! A [`ResumeToken`] goes on where a stream stood, in another process even. Cursors that lead nowhere
//! or in circles, and filters that the server ignores, are errors ([`Error::Contract`]).
//! [`AsyncOrderRequest::wait`] asks again and again, ever more slowly, until the order is done.
//!
//! # Values
//!
//! - [`Decimal`] keeps every digit; [`Money`] adds amounts up exactly, within one currency.
//! - [`Timestamp`] is used like a [`jiff::Timestamp`].
//! - Vocabularies are open: `is_known()` tells whether the document knows a value.
//! - [`Secret`] redeems a reward, [`Private`] may tell of a person, [`Html`] may do both: `Debug` shows
//!   nothing of them, and each has one way to be read, by a name that a reviewer finds. So do
//!   [`AnyValue`] and the bytes of a reply. Any text of a reply that the document does not call
//!   loggable is private.
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
mod body;
mod builder;
mod client;
mod credentials;
mod decimal;
mod environment;
mod error;
mod exchange;
mod generated;
mod html;
mod integer;
mod list;
mod map;
mod money;
mod oauth;
mod observer;
mod open_enum;
mod pages;
mod private;
mod reply;
mod request;
mod retry;
mod retry_after;
mod route;
mod schema;
mod secret;
mod timestamp;
mod transport;
mod wait;

pub use any_value::AnyValue;
pub use builder::ClientBuilder;
pub use client::{AuditClient, Client, SupportClient};
pub use credentials::{Credentials, TokenError, TokenSource};
pub use decimal::{Decimal, DecimalOverflow, ParseDecimalError};
pub use environment::{BaseUrl, Environment, Timeouts};
pub use error::{Breach, DecodeError, DecodeErrorKind, Error, TimeoutPhase};
pub(crate) use exchange::Exchange;
pub use html::Html;
pub use integer::Integer;
pub use list::List;
pub use map::Map;
pub use money::{Money, MoneyError};
pub use oauth::{OAuth2, OAuth2Builder};
pub(crate) use observer::note_unknown;
pub use observer::{Observer, UnknownValue};
pub(crate) use open_enum::open_enum;
pub use pages::{LineItems, Pages, ParseResumeTokenError, ResumeToken};
pub use private::Private;
pub use reply::{RawBody, Reply, Response};
pub use request::{AsyncOrderRequest, Filter, OrderRequest, Position, WithResponse};
pub use reqwest;
pub use retry::Retry;
pub use secret::Secret;
#[cfg(feature = "validate")]
pub use tango_orders_validator;
pub use timestamp::Timestamp;
pub use transport::{BoxFuture, Transport, TransportError};
pub use wait::{Progress, Schedule, Wait};

/// What replies consist of.
pub mod types {
    pub use crate::generated::enums::*;
    pub use crate::generated::types::*;
}
