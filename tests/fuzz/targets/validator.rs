//! The fuzz target; README.md says how to run it.
#![no_main]

mod checks;
#[expect(dead_code, reason = "some differences need schemas that this document does not have")]
mod differences;
#[path = "../document/response_schemas.rs"]
mod response_schemas;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    checks::check(input);
});
