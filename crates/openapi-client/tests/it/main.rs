//! The runtime as generated clients and their users meet it: what it reads, what it prints, what it
//! sends.

mod amplification;
mod api;
mod calls;
mod checks;
mod decimals;
mod errors;
mod fake;
mod faults;
mod histories;
mod html;
mod limits;
mod observing;
mod printing;
mod redaction;
mod redirects;
mod retries;
mod seeded;
mod server;
mod tls;
mod token_failures;
mod tokens;
mod values;
mod waiting;
