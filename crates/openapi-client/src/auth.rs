//! What tells the server who is calling.

mod credentials;
mod oauth2;

pub use credentials::{Credentials, TokenError, TokenSource};
pub use oauth2::{OAuth2, OAuth2Builder};
