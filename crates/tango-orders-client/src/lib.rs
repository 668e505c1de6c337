//! A client for Tango's two read operations on orders.
//!
//! # Audit deliveries
//!
//! [`AuditClient::async_order`] tells who of an async order received what, page by page, and what
//! went wrong. Its replies have no place for what redeems a reward, so it suits those who must not
//! see it.
//!
//! ```
//! use tango_orders_client::{AuditClient, Client, Credentials, Environment, Error};
//!
//! # fn set_up() -> Result<tango_orders_client::ClientBuilder, Error> {
//! let client = Client::builder()
//!     .environment(Environment::Sandbox)
//!     .credentials(Credentials::basic("platform name", "platform key")?);
//! # Ok(client)
//! # }
//!
//! async fn audit(client: &AuditClient) -> Result<(), Error> {
//!     let page = client
//!         .async_order("acme", "acme-rewards", "wellness-2026-01")
//!         .max_results(500)
//!         .await?;
//!     println!("{} of {} line items", page.line_items.len(), page.total_line_items);
//!     for item in &page.line_items {
//!         println!("{}: {:?}", item.reference_line_item_id, item.line_item_errors);
//!     }
//!     Ok(())
//! }
//! # struct Sample;
//! # impl tango_orders_client::Transport for Sample {
//! #     fn send(
//! #         &self,
//! #         _: reqwest::Request,
//! #     ) -> tango_orders_client::BoxFuture<'_, Result<reqwest::Response, tango_orders_client::TransportError>> {
//! #         let sample = include_str!(concat!(
//! #             env!("CARGO_MANIFEST_DIR"),
//! #             "/../../openapi/samples/get_async_order.200.realistic.json"
//! #         ));
//! #         Box::pin(async move { Ok(http::Response::new(sample).into()) })
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! # audit(&set_up()?.transport(Sample).build_audit()?).await
//! # }
//! ```
//!
//! # Look an order up
//!
//! [`SupportClient::order`] returns one order in full, with the credentials that redeem its reward.
//! They are [`Secret`]s: no `Debug`, error or log line shows them.
//!
//! ```
//! use tango_orders_client::{Error, SupportClient};
//!
//! async fn look_up(client: &SupportClient, id: &str) -> Result<(), Error> {
//!     let order = match client.order(id).await {
//!         Ok(order) => order,
//!         Err(error) if error.status().is_some_and(|status| status == 404) => return Ok(()),
//!         Err(error) => return Err(error),
//!     };
//!     println!("{}, delivered: {:?}", order.status, order.line_item_status);
//!     for credential in order.reward.iter().flat_map(|reward| &reward.credential_list) {
//!         hand_over(credential.label.as_str(), credential.value.expose_secret());
//!     }
//!     Ok(())
//! }
//! # fn hand_over(_: &str, secret: &str) { assert!(!secret.is_empty()); }
//! # struct Sample;
//! # impl tango_orders_client::Transport for Sample {
//! #     fn send(
//! #         &self,
//! #         _: reqwest::Request,
//! #     ) -> tango_orders_client::BoxFuture<'_, Result<reqwest::Response, tango_orders_client::TransportError>> {
//! #         let sample = include_str!(concat!(
//! #             env!("CARGO_MANIFEST_DIR"),
//! #             "/../../openapi/samples/get_order.200.realistic.json"
//! #         ));
//! #         Box::pin(async move { Ok(http::Response::new(sample).into()) })
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! # use tango_orders_client::{Client, Credentials, Environment};
//! # let client = Client::builder().environment(Environment::Sandbox);
//! # let client = client.credentials(Credentials::bearer("token")?).transport(Sample);
//! # look_up(&client.build_support()?, "RA260115-1001-02").await
//! # }
//! ```
//!
//! [`Client`] can do both, and makes either of the others for those who need no more.
//!
//! # What it takes care of
//!
//! - **It reads whatever comes**: unknown members are ignored, unknown values of a vocabulary are
//!   kept, null is as good as absent for whatever is optional.
//! - **It sends what it should**: parameters are checked before anything is sent, and no value can
//!   change which route is called.
//! - **It ends**: [`Timeouts`] bound a connection, an attempt, a call, and a body that stands still;
//!   a body ends at 8 MiB after decompression, JSON at a depth of 127. Compression is up to the
//!   application: it is on with reqwest's feature `gzip`.
//! - **It tries again** where that is safe and allowed, within a budget: see [`Retry`]. Tango allows one
//!   request per second, see [`ClientBuilder::pace`].
//! - **It stays where it was sent**: redirections are errors, plain HTTP is for this machine only.
//! - **It keeps tokens**: see [`OAuth2`].
//! - **It says what went wrong** by what can be done about it: see [`Error`].
//! - **It can be watched.** Every attempt is a [`tracing`](https://docs.rs/tracing) span
//!   `tango_orders.attempt` at the level `DEBUG` with `operation`, `url.template`, `attempt`, `status`,
//!   `request_id` and `bytes`; identifiers, URLs and bodies are not logged at any level. An
//!   [`Observer`] is told of values that the document does not know. [`Response`] has headers, request id
//!   and, if asked for, the bytes of a reply.
//!
//! TLS is up to the application: switch a TLS feature of `reqwest` on, such as `rustls`. Calls need
//! a Tokio runtime with time and I/O. A browser is no place for this API (Tango does not support
//! it), so WebAssembly is no target.
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
//! - `validate`: holds every reply against the document, for an [`Observer`].

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
mod depth;
mod environment;
mod error;
mod exchange;
mod excluded;
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
