#![doc = include_str!("../README.md")]

mod generated;

pub use generated::*;
pub use openapi_client::{self, BaseUrl, Credentials, Error};

impl Client {
    /// Sets up a client; base URL and credentials have to be chosen.
    pub fn builder() -> openapi_client::ClientBuilder<Self> {
        {{builder}}
    }
}
{{error_bodies}}
