//! The fuzz target; README.md says how to run it.
#![no_main]

#[path = "../checks.rs"]
mod checks;
#[expect(dead_code, reason = "some differences need schemas that this document does not have")]
#[path = "../differences.rs"]
mod differences;
#[path = "../../document/response_schemas.rs"]
mod response_schemas;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    checks::check(input);
});
