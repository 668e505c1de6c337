//! The sandbox says and does what the document says, and clients can be tested with it.

mod parity;
mod tokens;
mod use_cases;
