//! What people and programs read about a payload.

mod findings;
mod formats;
