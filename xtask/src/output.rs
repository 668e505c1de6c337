//! What the generator produces, before anything is written.

use std::path::PathBuf;

/// One generated file.
pub struct Output {
    /// The path relative to the generated folder.
    pub path: PathBuf,
    pub contents: String,
}
