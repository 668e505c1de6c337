//! What is done to the code of progenitor and typify, one pass a file.

pub(super) mod runtime;
pub(super) mod wire_names;
