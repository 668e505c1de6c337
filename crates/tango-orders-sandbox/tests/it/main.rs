//! The sandbox, seen from outside.

mod arbitrary;
mod binary;
mod bounds;
#[cfg(feature = "swagger-ui")]
mod browser;
mod caller;
mod chance;
mod connections;
mod cursors;
mod data;
mod document;
mod errors;
mod fault_items;
mod faults;
#[cfg(target_os = "linux")]
mod gone;
mod hostile;
mod hosts;
#[cfg(target_os = "linux")]
mod idle;
mod lists;
mod loaded;
mod log;
mod money;
mod pages;
mod replaced;
#[cfg(target_os = "linux")]
mod soak;
mod state;
mod stop;
#[cfg(feature = "swagger-ui")]
mod swagger_ui;
mod time;
mod tokens;
