//! Time per document, ours and others', from raw bytes:
//! `cargo run --release --manifest-path tests/bench/peers/Cargo.toml`.
//!
//! All contenders take turns on the same documents in one process. A round gives each of them the
//! same few milliseconds' worth of documents; what is printed is the median over the rounds, of its
//! time and of its time divided by ours in the same round.
//!
//! `Order.json` and `AsyncOrder.json` are the schemas of the two replies, as
//! `cargo run -p xtask --example json_schema -- openapi/tango-orders.yaml Order` prints them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;
use serde_json::Value;
use tango_orders_validator::{Schema, is_valid, validate};
use validator_bench::{archive, sets};

const ROUNDS: usize = 15;
/// How long one contender works in one round, roughly.
const TURN: Duration = Duration::from_millis(8);

#[jsonschema::validator(path = "Order.json", validate_formats = true)]
struct OrderSchema;

#[jsonschema::validator(path = "AsyncOrder.json", validate_formats = true)]
struct AsyncOrderSchema;

/// Something that takes a document and returns its verdict.
struct Contender<'c> {
    name: &'static str,
    /// Whether it validates; otherwise it only parses.
    validates: bool,
    run: Box<dyn FnMut(usize) -> bool + 'c>,
}

fn main() {
    // Names of sets, as in `… -- order 'page of 100'`; without any, every set.
    let names: Vec<String> = std::env::args().skip(1).collect();
    for set in sets() {
        if names.is_empty() || names.iter().any(|name| name == set.name) {
            compare(set.name, set.schema(), set.is_valid, &set.documents());
        }
    }
    if names.is_empty() || names.iter().any(|name| name == "archive") {
        // 25 MB, more than the caches hold.
        let archive = archive(12_000);
        let lines: Vec<Vec<u8>> = archive
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(<[u8]>::to_vec)
            .collect();
        compare("archive of orders, 25 MB", Schema::Order, true, &lines);
    }
}

fn compare(name: &str, schema: Schema, is_sound: bool, documents: &[Vec<u8>]) {
    let bytes: usize = documents.iter().map(Vec::len).sum();
    println!("\n{name}: {} documents of {} bytes", documents.len(), bytes / documents.len());
    let source = if schema == Schema::Order {
        include_str!("../Order.json")
    } else {
        include_str!("../AsyncOrder.json")
    };
    let json_schema: Value = serde_json::from_str(source).expect("the schema is JSON");
    let options = corvus_json_schema::CompileOptions {
        assert_format: Some(true),
        ..corvus_json_schema::CompileOptions::default()
    };
    let corvus = corvus_json_schema::compile_with(&json_schema, &options).expect("corvus compiles");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("memory:///schema.json", json_schema).expect("boon reads the schema");
    let boon_schema =
        compiler.compile("memory:///schema.json", &mut schemas).expect("boon compiles");
    let compiled = |value: &Value| {
        if schema == Schema::Order {
            OrderSchema::is_valid(value)
        } else {
            AsyncOrderSchema::is_valid(value)
        }
    };
    let values: Vec<Value> =
        documents.iter().map(|document| serde_json::from_slice(document).unwrap()).collect();
    let mut buffers = simd_json::Buffers::new(documents.iter().map(Vec::len).max().unwrap_or(0));
    let mut scratch = Vec::new();
    let text = |index: usize| black_box(documents[index].as_slice());

    let mut contenders = [
        contender("is_valid", true, |index| is_valid(schema, text(index))),
        contender("validate", true, |index| validate(schema, text(index)).is_valid()),
        contender("corvus-json-schema validate_json", true, |index| {
            let text = std::str::from_utf8(text(index)).unwrap();
            corvus.validate_json(text).unwrap()
        }),
        contender("serde_json Value + jsonschema macro", true, |index| {
            compiled(&serde_json::from_slice(text(index)).unwrap())
        }),
        contender("serde_json Value + boon", true, |index| {
            let value = serde_json::from_slice(text(index)).unwrap();
            schemas.validate(&value, boon_schema).is_ok()
        }),
        contender("only validating: jsonschema macro", true, |index| {
            compiled(black_box(&values[index]))
        }),
        contender("only parsing: serde_json IgnoredAny", false, |index| {
            serde_json::from_slice::<IgnoredAny>(text(index)).is_ok()
        }),
        contender("only parsing: sonic-rs Value", false, |index| {
            sonic_rs::from_slice::<sonic_rs::Value>(text(index)).is_ok()
        }),
        contender("only parsing: simd-json tape", false, |index| {
            // simd-json writes into its input, so it needs a copy.
            scratch.clear();
            scratch.extend_from_slice(text(index));
            simd_json::to_tape_with_buffers(&mut scratch, &mut buffers).is_ok()
        }),
    ];

    for contender in &mut contenders {
        for index in 0..documents.len().min(100) {
            let expected = is_sound || !contender.validates;
            assert_eq!((contender.run)(index), expected, "{} on {name}, {index}", contender.name);
        }
    }
    let mut times = vec![Vec::new(); contenders.len()];
    for round in 0..ROUNDS {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            times.push(turn(contender, documents.len(), round));
        }
    }
    for (index, contender) in contenders.iter().enumerate() {
        let ratios = times[index].iter().zip(&times[0]).map(|(time, ours)| time / ours).collect();
        let time = median(times[index].clone());
        println!(
            "  {:<40}{time:>12.0} ns{:>8.2} GB/s{:>8.2} ×",
            contender.name,
            bytes as f64 / documents.len() as f64 / time,
            median(ratios),
        );
    }
}

fn contender<'c>(
    name: &'static str,
    validates: bool,
    run: impl FnMut(usize) -> bool + 'c,
) -> Contender<'c> {
    Contender { name, validates, run: Box::new(run) }
}

/// Nanoseconds per document.
fn turn(contender: &mut Contender, count: usize, round: usize) -> f64 {
    let start = Instant::now();
    let mut done = 0;
    while start.elapsed() < TURN {
        for _ in 0..count.min(50) {
            // A round goes on where the one before stopped.
            black_box((contender.run)((round * 1000 + done) % count));
            done += 1;
        }
    }
    start.elapsed().as_secs_f64() * 1e9 / done as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
