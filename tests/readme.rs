//! What the README shows compiles, and runs where it needs no server.
#![doc = include_str!("../README.md")]
#![allow(
    rustdoc::invalid_codeblock_attributes,
    reason = "blocks of the recipe name the file that they belong to"
)]

/// The same of the crates' own READMEs.
#[doc = include_str!("../crates/tango-orders-client/README.md")]
pub mod client {}
#[doc = include_str!("../crates/tango-orders-validator/README.md")]
pub mod validator {}
#[doc = include_str!("../crates/tango-orders-sandbox/README.md")]
pub mod sandbox {}
