//! Documents, up to the generated validator; README.md says how to run it.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|input: &str| reading::check(input));
