//! Time grows with the length of the payload and nothing else, and memory hardly grows at all.

use std::time::{Duration, Instant};

use allocation_counter::measure;
use tango_orders_validator::{Options, Schema, is_valid, validate_with};

/// The longer payload is this many times as long as the shorter one.
const GROWTH: usize = 8;
/// And may take this many times as long; a quadratic reader would take 64 times as long.
const SLACK: f64 = 24.0;
/// How often to measure before a payload is blamed for what the machine did meanwhile.
const ATTEMPTS: usize = 5;

/// Reads a payload of a size and a shorter one; returns whether the longer one is valid.
fn check(name: &str, schema: Schema, make: impl Fn(usize) -> Vec<u8>, size: usize) -> bool {
    let best = |payload: &[u8]| {
        let times = (0..3).map(|_| {
            let start = Instant::now();
            std::hint::black_box(validate_with(schema, payload, &Options::default()));
            start.elapsed()
        });
        times.min().unwrap_or(Duration::ZERO).as_secs_f64()
    };
    let (short, long) = (make(size / GROWTH), make(size));
    let is_linear = (0..ATTEMPTS).any(|_| best(&long) < SLACK * best(&short) + 0.01);
    assert!(is_linear, "{name}: {GROWTH} times as much takes over {SLACK} times as long");
    let verdict = is_valid(schema, &long);
    let memory = measure(|| {
        std::hint::black_box(validate_with(schema, &long, &Options::default()).is_valid());
    });
    assert!(memory.bytes_max < 100_000, "{name} needs {} bytes", memory.bytes_max);
    verdict
}

/// An order with one more member, of which the document says nothing.
fn order_with(value: &str) -> Vec<u8> {
    let order = r#"{"referenceOrderID":"RA","amountCharged":{"value":1,"currencyCode":"USD","total":1},"status":"COMPLETE","createdAt":"2026-01-15T09:30:00Z","extra":"#;
    format!("{order}{value}}}").into_bytes()
}

#[test]
fn a_million_numbers() {
    let make = |count| order_with(&format!("[{}1]", "1,".repeat(count)));
    assert!(check("an array of numbers", Schema::Order, make, 1_000_000));
}

#[test]
fn a_string_of_ten_megabytes() {
    let make = |length| order_with(&format!("\"{}\"", "x".repeat(length)));
    assert!(check("a plain string", Schema::Order, make, 10_000_000));
    let make = |length: usize| order_with(&format!("\"{}\"", "é\\n".repeat(length / 4)));
    assert!(check("a string with escapes", Schema::Order, make, 10_000_000));
}

#[test]
fn a_hundred_thousand_levels() {
    let make = |depth| order_with(&format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
    assert!(!check("arrays in arrays", Schema::Order, make, 100_000));
    let make = |depth| order_with(&"{\"a\":".repeat(depth));
    assert!(!check("objects in objects, truncated", Schema::Order, make, 100_000));
}

#[test]
fn a_million_findings() {
    let make = |count| format!(r#"{{"credentialList":[{}7]}}"#, "7,".repeat(count)).into_bytes();
    assert!(!check("items of a wrong type", Schema::Reward, make, 1_000_000));
}

#[test]
fn whitespace_and_garbage() {
    let make = |length| order_with(&format!("{}1", " ".repeat(length)));
    assert!(check("whitespace", Schema::Order, make, 10_000_000));
    let make = |length| vec![0xFF; length];
    assert!(!check("no text at all", Schema::Order, make, 10_000_000));
    let make = |length: usize| order_with(&format!("\"{}\"", "\u{1}".repeat(length)));
    assert!(!check("control characters", Schema::Order, make, 1_000_000));
}
