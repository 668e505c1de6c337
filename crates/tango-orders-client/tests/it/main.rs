//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod busy;
mod calls;
mod errors;
mod examples;
mod fake;
mod money;
mod observing;
mod pages;
mod printing;
mod privileges;
mod responses;
mod routes;
mod schemas;
mod secrets;
mod server;
mod wait;
