//! What the client is measured with: a sandbox in a process of its own, and the same calls by hand.

mod plain;
mod server;

use reqwest::header::HeaderValue;
use tango_orders_client::{Client, ClientBuilder, Credentials, Environment, SetupError};
use tokio::runtime::Runtime;

pub use plain::Plain;
pub use server::Server;

/// An order that every sandbox has.
pub const ORDER: &str = "RA260115-1001-02";
/// An async order with a million line items: customer, account, and external reference.
pub const ASYNC_ORDER: [&str; 3] = ["acme-health", "acme-health-rewards", "wellness-million"];

/// Why a measurement came to nothing.
pub type Failure = Box<dyn std::error::Error>;

/// What every sandbox accepts, for those who write the header themselves.
fn authorization() -> HeaderValue {
    // `sandbox:sandbox-key` in base 64.
    let mut value = HeaderValue::from_static("Basic c2FuZGJveDpzYW5kYm94LWtleQ==");
    value.set_sensitive(true);
    value
}

/// A client of a sandbox.
///
/// # Errors
///
/// The URL is not that of a sandbox.
pub fn client(url: &str) -> Result<ClientBuilder<Client>, SetupError> {
    Ok(Client::builder(Environment::at(url)?)
        .credentials(Credentials::basic("sandbox", "sandbox-key")?))
}

/// A runtime on this thread, so that all that a caller costs is counted here.
///
/// # Errors
///
/// The system has no room for it.
pub fn runtime() -> std::io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
