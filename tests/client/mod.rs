//! What the client promises of every member that the document has, and what its examples print.

mod canaries;
mod examples;
mod features;
mod pace;
mod secrets;

#[expect(dead_code, reason = "other tests look at the requests")]
#[path = "../../crates/tango-orders-client/tests/it/fake.rs"]
mod fake;
#[path = "../../crates/tango-orders-client/tests/it/log.rs"]
mod log;
#[expect(dead_code, reason = "other tests answer one request")]
#[path = "../../crates/tango-orders-client/tests/it/server.rs"]
mod server;

#[expect(dead_code, reason = "its `main` reads the environment")]
#[path = "../../crates/tango-orders-client/examples/audit_async_order.rs"]
pub mod audit_async_order;
#[expect(dead_code, reason = "its `main` reads the environment")]
#[path = "../../crates/tango-orders-client/examples/support_lookup.rs"]
pub mod support_lookup;
