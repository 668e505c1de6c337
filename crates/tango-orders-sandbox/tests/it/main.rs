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
#[cfg(target_os = "linux")]
mod gone;
mod hostile;
#[cfg(target_os = "linux")]
mod idle;
mod lists;
mod loaded;
mod log;
mod pages;
mod state;
mod stop;
#[cfg(feature = "swagger-ui")]
mod swagger_ui;
mod time;
