//! The document, its samples and everything that is generated from it agree.

mod containment;
mod coverage;
mod mutants;
pub mod places;
mod rejection;
pub mod response_schemas;
mod samples;
