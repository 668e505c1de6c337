//! The client as its users meet it: what it decodes, what it prints, what it sends.

mod calls;
mod decimals;
mod html;
mod pages;
mod printing;
mod replies;
mod schemas;
mod server;
mod values;
mod wait;
