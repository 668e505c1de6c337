//! Generated validators of random schemas against two witnesses, on random payloads near them.
//!
//! The first witness is [`evaluator`], which knows every keyword here and computes with exact
//! decimals; the second is the crate jsonschema, where parsing a payload loses nothing.

pub mod batch;
pub mod evaluator;
pub mod formats;
pub mod json;
pub mod random;
pub mod run;
pub mod schema;
