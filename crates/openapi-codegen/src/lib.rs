//! The generator: from one OpenAPI 3.0 document to a client crate and a validator crate.

pub mod command;
pub mod spec;
pub mod survey;

pub mod lint;
pub mod rule;
pub mod samples;
pub mod source;
pub mod vocabulary;

pub mod client;
pub mod json_schema;
pub mod model;
pub mod validator;

pub mod naming;
pub mod output;
pub mod package;
pub mod rust_file;
