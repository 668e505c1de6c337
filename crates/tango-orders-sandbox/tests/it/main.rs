//! The sandbox, seen from outside.

mod caller;
mod connections;
mod data;
mod document;
mod errors;
mod faults;
mod loaded;
mod pages;
mod state;
mod time;
