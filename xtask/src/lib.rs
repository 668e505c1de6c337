//! The generator: from one OpenAPI 3.0 document to a client crate and a validator crate.

pub mod codegen;

pub mod document;
pub mod lint;
pub mod samples;

pub mod client;
pub mod json_schema;
pub mod schema;
pub mod tolerant;
pub mod validator;

pub mod finding;
pub mod output;
pub mod rust_file;
