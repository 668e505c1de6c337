//! A client for Tango's read operations on orders.
//!
//! # Audit deliveries
//!
//! [`AuditClient::get_async_order`] tells who of an async order received what, page by page, and what
//! went wrong. Its responses have no place for what redeems a reward, so it suits those who must not
//! see it.
//!
//! ```
//! use tango_orders_client::{AuditClient, Credentials, Environment, Error};
//!
//! # fn set_up() -> Result<tango_orders_client::ClientBuilder<AuditClient>, Error> {
//! let client = AuditClient::builder(Environment::Sandbox)
//!     .credentials(Credentials::basic("platform name", "platform key")?);
//! # Ok(client)
//! # }
//!
//! async fn audit(client: &AuditClient) -> Result<(), Error> {
//!     let page = client
//!         .get_async_order("acme", "acme-rewards", "wellness-2026-01")
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
//! #         let sample = r#"{
//! #             "externalRefID": "wellness-2026-01", "orderStatus": "COMPLETE",
//! #             "createdAt": "2026-01-15T09:30:00Z", "totalLineItems": 1,
//! #             "pagination": {
//! #                 "prevPageAvailable": false, "nextPageAvailable": false,
//! #                 "maxResults": 500, "numberOfElements": 1
//! #             },
//! #             "lineItems": [{ "referenceLineItemId": "AA1-1", "lineItemStatus": "COMPLETE" }]
//! #         }"#;
//! #         Box::pin(async move { Ok(http::Response::new(sample).into()) })
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! # audit(&set_up()?.transport(Sample).build()?).await
//! # }
//! ```
//!
//! An [`AuditClient`] cannot look orders up:
//!
//! ```compile_fail,E0599
//! # fn audit(client: &tango_orders_client::AuditClient) {
//! client.get_order("RA260115-1001-02");
//! # }
//! ```
//!
//! # Look an order up
//!
//! [`SupportClient::get_order`] returns one order in full, with the credentials that redeem its reward.
//! They are [`Secret`]s: no `Debug`, error or log line shows them.
//!
//! ```
//! use tango_orders_client::{Error, SupportClient};
//!
//! async fn look_up(client: &SupportClient, id: &str) -> Result<(), Error> {
//!     let order = match client.get_order(id).await {
//!         Ok(order) => order,
//!         Err(error) if error.is_not_found() => return Ok(()),
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
//! #         let sample = r#"{
//! #             "referenceOrderID": "RA260115-1001-02", "status": "COMPLETE",
//! #             "createdAt": "2026-01-15T09:30:00Z", "amountCharged": { "value": 10.00 },
//! #             "reward": { "credentialList": [{ "label": "Code", "value": "x", "type": "text" }] }
//! #         }"#;
//! #         Box::pin(async move { Ok(http::Response::new(sample).into()) })
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! # use tango_orders_client::{Credentials, Environment};
//! # let client = SupportClient::builder(Environment::Sandbox);
//! # let client = client.credentials(Credentials::bearer("token")?).transport(Sample);
//! # look_up(&client.build()?, "RA260115-1001-02").await
//! # }
//! ```
//!
//! [`SupportClient::list_orders`] finds the order of a recipient who does not know its identifier.
//! [`ListOrders::orders`] streams what it finds, [`ListOrders::orders_between`] also beyond the 10,000
//! results and 100 days at which a search ends.
//!
//! A [`SupportClient`] cannot audit:
//!
//! ```compile_fail,E0599
//! # fn support(client: &tango_orders_client::SupportClient) {
//! client.get_async_order("acme", "acme-rewards", "wellness-2026-01");
//! # }
//! ```
//!
//! [`Client`] can do both, and makes either of the others for those who need no more.
//!
//! # What it takes care of
//!
//! Limits, time-outs, retries, redirections, tokens, errors and logs are those of [`openapi_client`],
//! whose documentation describes them. Tango allows one request per second, and calls of its two
//! environments keep to that ([`ClientBuilder::pace`]); [`credentials::oauth2`] knows how it grants tokens, and
//! [`credentials::from_env`] where credentials usually stand.
//!
//! TLS is up to the application: switch a TLS feature of `reqwest` on, such as `rustls`. Calls need
//! a Tokio runtime with time and I/O. A browser is no place for this API (Tango does not support
//! it), so WebAssembly is no target.
//!
//! # Pages and waiting
//!
//! [`GetAsyncOrder::line_items`] streams the line items of an async order, page after page, forwards or
//! backwards, one page ahead if asked for; [`GetAsyncOrder::pages`] streams the pages. A
//! [`ResumeToken`] goes on where a stream stood, in another process even. Cursors that lead nowhere or
//! in circles, and filters that the server ignores, are errors ([`Error::Contract`], [`breach`]).
//! [`GetAsyncOrder::wait`] asks again and again, ever more slowly, until the order is done, and streams its
//! line items from there ([`Wait::line_items`]).
//!
//! # Values
//!
//! - [`Decimal`] keeps every digit; [`Money`] adds amounts up exactly, within each currency, and tells them
//!   in its minor unit.
//! - [`Timestamp`] is used like the one of the crate `jiff`.
//! - Vocabularies are open: `is_known()` tells whether the document knows a value.
//! - [`Secret`] redeems a reward, [`Private`] may tell of a person, [`Html`] may do both: `Debug` shows
//!   nothing of them, and each has one way to be read, by a name that a reviewer finds. So do
//!   [`AnyValue`] and the bytes of a response. Any text of a response that the document does not call
//!   loggable is private. [`Redacted`] writes a response as JSON with `***` in place of them.
//!
//! # Features
//!
//! - `gzip`, on by default: responses may come compressed.
//! - `html`: [`Html`] can be made safe to show, and turned into plain text.
//! - `rust_decimal`: [`Decimal`] is made of that crate's type, and turned into it.
//! - `schemars`, `utoipa`: schemas of the responses.
//! - `serialize`: responses can be written as JSON again, with their secrets in clear.
//! - `validate`: holds every response against the document, for an [`Observer`].

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "no response may bring the caller down"
)]

pub mod breach;
mod builder;
pub mod credentials;
mod environment;
mod error;
mod filter;
mod generated;
mod ignored_filters;
mod money;
mod orders;
mod pages;
mod wait;

pub use environment::Environment;
pub use error::Error;
pub use filter::{Filter, Position};
pub use generated::lists::List;
pub use generated::requests::*;
pub use generated::{AuditClient, Client, Operation, SupportClient};
pub use money::{Money, MoneyError};
pub use openapi_client::{
    self, AnyValue, BaseUrl, BoxFuture, Breach, ClientBuilder, Credentials, Decimal, DecimalError,
    DecodeError, DecodeErrorKind, Exposed, Html, Integer, InvalidValue, Map, OAuth2, OAuth2Builder,
    Observer, ParseDecimalError, Private, RawBody, Redacted, Request, Response, ResponseHead,
    Retry, Secret, SetupError, TimeoutPhase, Timeouts, Timestamp, TokenError, TokenSource,
    Transport, TransportError, UnknownValue, WithResponse, reqwest,
};
pub use orders::Orders;
pub use pages::{LineItems, Pages, ParseResumeTokenError, ResumeToken};
#[cfg(feature = "validate")]
pub use tango_orders_validator;
pub use wait::{Progress, Schedule, Wait};

/// What responses consist of, and the closed vocabularies of parameters.
pub mod types {
    pub use crate::generated::bodies::*;
    pub use crate::generated::enums::*;
    pub use crate::generated::types::*;
}
