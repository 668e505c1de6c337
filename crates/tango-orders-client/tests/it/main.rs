//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod busy;
mod calls;
mod errors;
mod fake;
mod log;
mod money;
mod observing;
mod orders;
mod pages;
mod printing;
mod privileges;
mod responses;
mod routes;
mod schemas;
mod server;
mod wait;
