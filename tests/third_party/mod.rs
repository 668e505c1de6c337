//! Documents, schemas and payloads that nobody of this project wrote.

mod complete_crates;
mod github;
mod json_schema_test_suite;
mod json_test_suite;
