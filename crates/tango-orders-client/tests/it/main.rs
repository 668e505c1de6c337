//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod calls;
mod decimals;
mod errors;
mod fake;
mod faults;
mod limits;
mod observing;
mod printing;
mod privileges;
mod redirects;
mod replies;
mod retries;
mod routes;
mod schemas;
mod server;
mod tokens;
mod values;
