//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod calls;
mod decimals;
mod errors;
mod examples;
mod fake;
mod faults;
mod html;
mod limits;
mod observing;
mod pages;
mod printing;
mod privileges;
mod redirects;
mod replies;
mod retries;
mod routes;
mod schemas;
mod secrets;
mod server;
mod tokens;
mod values;
mod wait;
