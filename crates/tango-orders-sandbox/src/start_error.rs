//! Why a sandbox does not start.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::loaded::LoadError;
use crate::orders::Ambiguous;

/// Why a sandbox did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// It cannot listen on this address.
    Listen(SocketAddr, io::Error),
    /// A payload cannot be served.
    Load(LoadError),
    /// Two orders that were asked for have the same key or identifier; the files are those of them that
    /// were loaded.
    Ambiguous(String, Vec<PathBuf>),
    /// A number is out of its bounds: its name, and what it has to be.
    Bound(&'static str, &'static str),
    /// Its document cannot be written.
    Document(serde_json::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen(address, error) => write!(formatter, "listen on {address}: {error}"),
            Self::Load(error) => error.fmt(formatter),
            Self::Ambiguous(key, sources) => {
                write!(formatter, "take in two orders that are both `{key}`")?;
                let mut words = " of ";
                for source in sources {
                    write!(formatter, "{words}{}", source.display())?;
                    words = " and ";
                }
                formatter.write_str("; rename one")
            }
            Self::Bound(name, bound) => write!(formatter, "set up {name}: it has to be {bound}"),
            Self::Document(error) => write!(formatter, "write the document: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<Ambiguous> for StartError {
    fn from(Ambiguous { key, sources }: Ambiguous) -> Self {
        Self::Ambiguous(key, sources)
    }
}

impl From<LoadError> for StartError {
    fn from(error: LoadError) -> Self {
        Self::Load(error)
    }
}
