//! The sandbox, seen from outside.

mod arbitrary;
mod binary;
#[cfg(feature = "swagger-ui")]
mod browser;
mod caller;
mod connections;
mod data;
mod document;
mod errors;
mod faults;
mod hostile;
#[cfg(target_os = "linux")]
mod idle;
mod lists;
mod loaded;
mod pages;
mod state;
#[cfg(feature = "swagger-ui")]
mod swagger_ui;
mod time;
