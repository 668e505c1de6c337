//! How Tango's clients are set up.

use std::time::Duration;

#[cfg(feature = "validate")]
use openapi_client::OperationDescription;
use openapi_client::{ClientBuilder, Connection};
#[cfg(feature = "validate")]
use reqwest::StatusCode;
#[cfg(feature = "validate")]
use tango_orders_validator::{Operation, Options, Report, validate_response_with};

use crate::environment::Environment;
use crate::generated::clients::{AuditClient, Client, SupportClient};
use crate::ignored_filters;

/// Tango's limit, for all operations together.
const PACE: Duration = Duration::from_secs(1);

macro_rules! builder {
    ($($client:ident)*) => {
        $(
            impl $client {
                /// Sets up a client of one of Tango's systems; credentials have to be chosen.
                ///
                /// Tango allows one request per second (*Best practices*), so that is the
                /// [pace](ClientBuilder::pace) of its two environments. It is none of any other server's.
                pub fn builder(environment: Environment) -> ClientBuilder<Self> {
                    builder(environment)
                }
            }
        )*
    };
}

builder!(Client AuditClient SupportClient);

fn builder<C: From<Connection>>(environment: Environment) -> ClientBuilder<C> {
    let pace = match environment {
        Environment::Sandbox | Environment::Production => PACE,
        Environment::Other(_) => Duration::ZERO,
    };
    let builder = ClientBuilder::new()
        .base_url(environment.into())
        .pace(pace)
        .user_agent(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
        .inspect(ignored_filters::inspect);
    #[cfg(feature = "validate")]
    let builder = builder.validator(validate);
    builder
}

/// Checks the body of a response against the document.
#[cfg(feature = "validate")]
fn validate<'b>(
    operation: &OperationDescription,
    status: StatusCode,
    body: &'b [u8],
    options: &Options,
) -> Option<Report<'b>> {
    let operation = Operation::from_id(operation.id)?;
    validate_response_with(operation, status.as_u16(), body, options).ok()
}
