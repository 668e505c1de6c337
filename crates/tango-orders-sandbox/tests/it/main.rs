//! The sandbox, seen from outside.

mod caller;
mod data;
mod document;
mod errors;
mod loaded;
mod pages;
mod time;
