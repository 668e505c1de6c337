//! What the generator writes.

use std::path::PathBuf;

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Relative to the generated folder.
    pub path: PathBuf,
    /// The whole text.
    pub contents: String,
}
