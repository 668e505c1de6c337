//! The generator: from one OpenAPI 3.0 document to a client crate and a validator crate.

pub mod client;
pub mod document;
pub mod finding;
pub mod output;
pub mod rust_file;
pub mod schema;
pub mod tolerant;
pub mod validator;
