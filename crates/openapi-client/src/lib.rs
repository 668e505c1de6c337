//! The runtime of generated OpenAPI clients.
//!
//! `cargo xtask codegen` writes types, request builders and clients from an OpenAPI document; this
//! crate is what they are written against, and knows no document.
//!
//! # What it takes care of
//!
//! - **It reads whatever comes**: unknown members are ignored, unknown values of a vocabulary are kept
//!   ([`open_enum!`]), null is as good as absent for whatever is optional.
//! - **It sends what it should**: parameters are checked before anything is sent ([`check`]), and no
//!   value can change which route is called.
//! - **It ends**: [`Timeouts`] bound a connection, an attempt, a call, and a body that stands still; a
//!   body ends at 8 MiB after decompression, JSON at a depth of 127. With the feature `gzip`, responses
//!   may come compressed.
//! - **It tries again** where that is safe and allowed, within a budget: see [`Retry`]; it can keep to a
//!   pace: see [`ClientBuilder::pace`].
//! - **It stays where it was sent**: redirections are errors, plain HTTP is for this machine only unless
//!   [`BaseUrl::danger_plain_http`] says otherwise.
//! - **It keeps tokens**, and has one that the server refuses replaced: see [`OAuth2`].
//! - **It says what went wrong** by what can be done about it: see [`Error`].
//! - **It can be watched.** Every attempt is a [`tracing`](https://docs.rs/tracing) span
//!   `openapi_client.attempt` at the level `DEBUG` with `operation`, `url.template`, `attempt`,
//!   `status`, `request_id` and `bytes`; identifiers, URLs and bodies are not logged at any level. An
//!   [`Observer`] is told of values that the document does not know, with their JSON pointers.
//!   [`Response`] has headers, request id and, if asked for, the bytes of a response.
//!
//! TLS is up to the application: switch a TLS feature of `reqwest` on, such as `rustls`.
//!
//! # Runtimes
//!
//! Calls need a Tokio runtime with time and I/O. There may be several, and any of them may be dropped or
//! stand still: clients and their clones share no lock, no connection and no task among runtimes, and
//! token requests run on a thread of their own. A call may be dropped at any time: nothing of it is
//! left, neither a turn of the pace nor a place in a queue, and a token that it asked for is kept.
//!
//! A call gets on only while it is polled, and its time-outs go on all the same: do not leave one
//! unpolled for longer than they allow. [`Spawned`] is a call that gets on by itself.
//!
//! # What generated code does with it
//!
//! A generated client holds a [`Connection`] and is made by a [`ClientBuilder`]. Each operation has a
//! request builder that implements [`Request`]: it checks its parameters with [`check`], makes a
//! [`Call`], has progenitor's client send it, and lets [`Call::finish`] turn what comes back into a
//! [`Response`] or an [`Error`].
//!
//! # Values
//!
//! - [`Decimal`] keeps every digit.
//! - [`Timestamp`] is used like a [`jiff::Timestamp`], [`Integer`] like an `i64`.
//! - [`List`] and [`Map`] take null for empty.
//! - [`Secret`] is for passwords and the like, [`Private`] for what may tell of a person, [`Html`] for
//!   markup that may do both: `Debug` shows nothing of them, and each has one way to be read, by a name
//!   that a reviewer finds. So do [`AnyValue`] and the bytes of a response. [`Redacted`] writes any value
//!   as JSON without them, [`Exposed`] with them.
//!
//! # Features
//!
//! - `gzip`: responses may come compressed.
//! - `html`: [`Html`] can be made safe to show, and turned into plain text.
//! - `rust_decimal`: [`Decimal`] is made of that crate's type, and turned into it.
//! - `schemars`, `utoipa`: schemas of the values.
//! - `serialize`: values can be written as JSON again, with their secrets in clear.
//! - `validate`: an [`Observer`] is told how responses deviate from the document.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "no response may bring the caller down"
)]

mod auth;
mod base_url;
mod body;
mod builder;
mod call;
pub mod check;
mod decode;
mod error;
mod observer;
mod operation;
mod pause;
mod query;
mod response;
mod setup_error;
mod timeouts;
mod transport;
mod values;

pub use auth::{Credentials, OAuth2, OAuth2Builder, TokenError, TokenSource};
pub use base_url::BaseUrl;
pub use builder::ClientBuilder;
pub use bytes::Bytes;
pub use call::{Call, Connection, Request, Retry, Spawned, WithResponse, debug_request};
pub use error::{Breach, DecodeError, DecodeErrorKind, Error, ErrorBody, TimeoutPhase};
#[cfg(feature = "validate")]
pub use observer::Validator;
pub use observer::{Observer, UnknownValue, note_unknown};
#[cfg(feature = "validate")]
pub use openapi_validator;
pub use operation::{Location, OperationDescription, ParameterDescription};
pub use progenitor_client;
pub use query::{QueryStyle, QueryValue};
pub use reqwest;
pub use response::{RawBody, Response, ResponseHead};
#[cfg(feature = "schemars")]
pub use schemars;
pub use setup_error::{InvalidValue, SetupError};
pub use timeouts::Timeouts;
pub use transport::{BoxFuture, Transport, TransportError};
#[cfg(feature = "utoipa")]
pub use utoipa;
#[cfg(feature = "utoipa")]
pub use values::collect_schemas;
pub use values::{
    AnyValue, Decimal, DecimalError, Exposed, Html, Integer, List, Map, Member, ParseDecimalError,
    Password, Private, Redacted, Secret, Shape, Shaped, Timestamp, Undecided, WordsForEmpty,
    display_value, read_further,
};
pub use {serde, serde_json};
