//! The sandbox, seen from outside.

mod arbitrary;
mod binary;
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
