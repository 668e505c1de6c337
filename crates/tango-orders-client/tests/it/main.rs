//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod busy;
mod calls;
mod errors;
mod fake;
mod filters;
mod log;
mod money;
mod observing;
mod orders;
mod pages;
mod printing;
mod privileges;
mod responses;
mod resuming;
mod routes;
mod schemas;
mod script;
#[path = "../../../openapi-client/tests/it/seeded.rs"]
mod seeded;
mod server;
mod wait;
