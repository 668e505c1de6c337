//! The contenders that run in this process.

use serde::de::IgnoredAny;
use serde_json::Value;
use tango_orders_validator::{Schema, is_valid, validate};

#[jsonschema::validator(path = "Order.json", validate_formats = true)]
struct OrderSchema;

#[jsonschema::validator(path = "AsyncOrder.json", validate_formats = true)]
struct AsyncOrderSchema;

/// Something that takes the bytes of a document and returns its verdict.
pub struct Contender {
    pub name: &'static str,
    /// Whether it validates; otherwise it only parses.
    pub validates: bool,
    pub run: Box<dyn FnMut(&[u8]) -> bool>,
}

/// Ours first, then who validates, then who only parses.
pub fn contenders(schema: Schema, json_schema: &Value) -> Vec<Contender> {
    let options = corvus_json_schema::CompileOptions {
        assert_format: Some(true),
        ..corvus_json_schema::CompileOptions::default()
    };
    let corvus = corvus_json_schema::compile_with(json_schema, &options).expect("corvus compiles");
    let mut schemas = boon::Schemas::new();
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    compiler.add_resource("memory:///schema.json", json_schema.clone()).expect("boon reads it");
    let boon_schema =
        compiler.compile("memory:///schema.json", &mut schemas).expect("boon compiles");
    let mut buffers = simd_json::Buffers::new(1 << 20);
    let mut scratch = Vec::new();
    vec![
        contender("is_valid", true, move |text| is_valid(schema, text)),
        contender("validate", true, move |text| validate(schema, text).is_valid()),
        contender("corvus-json-schema validate_json", true, move |text| {
            corvus.validate_json(std::str::from_utf8(text).unwrap()).unwrap()
        }),
        contender("serde_json Value + jsonschema macro", true, move |text| {
            compiled(schema, &serde_json::from_slice(text).unwrap())
        }),
        contender("serde_json Value + boon", true, move |text| {
            let value = serde_json::from_slice(text).unwrap();
            schemas.validate(&value, boon_schema).is_ok()
        }),
        contender("only parsing: serde_json IgnoredAny", false, |text| {
            serde_json::from_slice::<IgnoredAny>(text).is_ok()
        }),
        contender("only parsing: sonic-rs Value", false, |text| {
            sonic_rs::from_slice::<sonic_rs::Value>(text).is_ok()
        }),
        contender("only parsing: simd-json tape", false, move |text| {
            // simd-json writes into its input, so it needs a copy.
            scratch.clear();
            scratch.extend_from_slice(text);
            simd_json::to_tape_with_buffers(&mut scratch, &mut buffers).is_ok()
        }),
    ]
}

fn contender(
    name: &'static str,
    validates: bool,
    run: impl FnMut(&[u8]) -> bool + 'static,
) -> Contender {
    Contender { name, validates, run: Box::new(run) }
}

/// What the validator that the jsonschema crate's macro makes says of a parsed value.
pub fn compiled(schema: Schema, value: &Value) -> bool {
    if schema == Schema::Order {
        OrderSchema::is_valid(value)
    } else {
        AsyncOrderSchema::is_valid(value)
    }
}
