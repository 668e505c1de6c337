//! A local server that behaves like Tango's read operations on orders.
//!
//! It needs no account and no network, and has the same data each time: everything follows from a
//! seed. Its binary is for teams in any language; this library is for tests in Rust:
//!
//! ```
//! use tango_orders_sandbox::{AsyncOrderPlan, Sandbox};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tango_orders_sandbox::StartError> {
//! let order = AsyncOrderPlan::new("acme-health", "acme-health-rewards", "mine");
//! let sandbox = Sandbox::builder().seed(7).async_order(order.line_items(1000)).start().await?;
//! println!("the base URL is {}", sandbox.url());
//! assert!(sandbox.requests().is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! The server ends when the [`Sandbox`] is dropped.

#![deny(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "no request may bring the server down"
)]
#![allow(
    clippy::field_reassign_with_default,
    reason = "a member that the document gets must not keep the sandbox from compiling"
)]

mod access;
mod api;
mod async_order;
mod async_view;
mod bounds;
mod builder;
mod clock;
mod connections;
mod cursor;
mod data;
mod endpoint;
mod error_response;
mod fault;
mod faulty_response;
mod home_page;
mod hosts;
mod loaded;
mod log;
mod none_failed;
mod observer;
mod orders;
mod page_query;
mod pagination;
mod parameter;
mod rate;
mod ready_made;
mod request_head;
mod request_id;
mod seal;
mod server;
mod socket;
mod start_error;
mod state;
#[cfg(feature = "swagger-ui")]
mod swagger_ui;
mod token;

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use builder::Builder;
pub use clock::Clock;
pub use data::{AsyncOrderPlan, Hold, OrderPlan};
pub use fault::{Fault, ParseFaultError, Scenario, ScenarioError, Step};
pub use loaded::LoadError;
pub use log::Log;
pub use none_failed::NoneFailed;
pub use observer::RecordedRequest;
pub use start_error::StartError;
pub use state::ResumeError;
pub use tango_orders_client::Operation;

use server::Server;
use state::Claim;

/// The platform name that is accepted if no other is given.
pub const DEFAULT_PLATFORM: &str = "sandbox";
/// The platform key that is accepted if no other is given.
pub const DEFAULT_KEY: &str = "sandbox-key";
/// The bearer token that is accepted if no other is given.
pub const DEFAULT_TOKEN: &str = "sandbox-token";

/// The client that gets tokens if no other is given.
pub const DEFAULT_CLIENT: &str = "sandbox-client";
/// The secret of that client.
pub const DEFAULT_SECRET: &str = "sandbox-secret";

/// A running server on loopback; it ends when this is dropped.
pub struct Sandbox {
    address: SocketAddr,
    server: Arc<Server>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
    /// The file that the state is kept in.
    claim: Option<Arc<Mutex<Claim>>>,
}

impl Sandbox {
    /// A sandbox as it is to be.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL of the API, `http://127.0.0.1:PORT/raas/v2`.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, endpoint::BASE_PATH)
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The last requests, in the order in which they were answered; see [`Builder::record`].
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.server.observer.requests()
    }

    /// How many line items were generated so far; what is cached is not generated again.
    pub fn generated_line_items(&self) -> u64 {
        self.server.orders.generated_line_items()
    }

    /// The URL where tokens are asked for, `http://127.0.0.1:PORT/oauth/token`.
    pub fn token_url(&self) -> String {
        format!("http://{}{}", self.address, token::PATH)
    }

    /// What loaded orders have taken the place of, a sentence without its full stop for each.
    pub fn replaced(&self) -> &[String] {
        &self.server.orders.replaced
    }

    /// Writes the state to a file, from which [`Builder::resume`] goes on.
    ///
    /// The file is written whole or not at all, and readable by its owner only: it holds the payloads
    /// that were loaded.
    ///
    /// # Errors
    ///
    /// The file cannot be written, or another sandbox keeps its state there.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        if let Some(claim) = &self.claim {
            let mut claim = claim.lock().unwrap_or_else(PoisonError::into_inner);
            if claim.is_at(path) {
                return claim.write(&state::text(&self.server)?);
            }
        }
        Claim::of(path)?.write(&state::text(&self.server)?)
    }

    /// Writes the state to the file of [`Builder::state`]; does nothing if there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Sandbox::save`].
    pub fn save_state(&self) -> io::Result<()> {
        let Some(claim) = &self.claim else { return Ok(()) };
        let mut claim = claim.lock().unwrap_or_else(PoisonError::into_inner);
        claim.write(&state::text(&self.server)?)
    }

    /// Stops accepting connections, lets open requests end, and returns when they have; one and a half
    /// seconds are what they get.
    pub async fn shutdown(self) {
        self.stop().await;
    }

    /// As [`Sandbox::shutdown`], for a sandbox that is looked at afterwards.
    pub async fn stop(&self) {
        let _ = self.stop.send(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            // A task that panicked has stopped as well.
            let _ = task.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(task) = self.task.get_mut().unwrap_or_else(PoisonError::into_inner) {
            task.abort();
        }
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").field("url", &self.url()).finish_non_exhaustive()
    }
}

/// The document that describes the sandbox: OpenAPI 3.1, made of what each endpoint says of itself.
pub fn document() -> utoipa::openapi::OpenApi {
    api::endpoints().document
}
