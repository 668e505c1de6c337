//! Payloads that are nested deep.

use openapi_validator::Direction;

use super::generated::schemas::Schema;
use super::{assert_verdicts, validate, validate_quietly};

#[test]
fn schemas_that_contain_each_other_have_verdicts_at_any_depth() {
    for depth in [1, 9, 60, 127] {
        let nested = |name: &str, innermost: &str| {
            let open = format!("{{\"{name}\":");
            format!("{}{innermost}{}", open.repeat(depth), "}".repeat(depth))
        };
        assert_verdicts(
            Schema::Node,
            &[&nested("child", r#"{"value":1,"x":2}"#)],
            &[&nested("child", r#"{"value":"1"}"#), &nested("child", "{}")],
        );
        assert_verdicts(
            Schema::Twice,
            &[&nested("twice", "{}"), &nested("twice", r#"{"other":1}"#)],
            &[&nested("twice", "1")],
        );
        let payload = nested("child", r#"{"value":1,"x":2}"#);
        let report = validate(Schema::Node, &payload, Direction::Unspecified);
        assert_eq!(report.findings().count(), 1, "{report}");
    }
}

/// Threads have little stack on some systems, and unoptimised code needs much of it.
#[test]
fn the_default_depth_fits_a_stack_of_512_kib() {
    let deep = |name: &str, innermost: &str| {
        let open = format!("{{\"{name}\":");
        format!("{}{innermost}{}", open.repeat(127), "}".repeat(127))
    };
    let payloads = [
        (Schema::Anything, format!("{}{}", "[".repeat(128), "]".repeat(128))),
        (Schema::Anything, deep("a", "{}")),
        (Schema::Node, deep("child", r#"{"value":1,"x":2}"#)),
        (Schema::Node, deep("child", r#"{"value":"1"}"#)),
        (Schema::Twice, deep("twice", r#"{"other":1}"#)),
        (Schema::Thing, deep("parent", "{}")),
    ];
    // Three schemas made of schemas describe each value.
    let nests = [
        (Schema::Nest, format!("{}{}", "[".repeat(128), "]".repeat(128))),
        (Schema::Nest, format!("{}1{}", "[".repeat(128), "]".repeat(128))),
    ];
    for (kib, payloads) in [(512, payloads.to_vec()), (512 + 3 * 2 * 128, nests.to_vec())] {
        let judge = move || {
            for (schema, payload) in payloads {
                let report = validate_quietly(schema, &payload);
                assert!(!report.reached_limit(), "{} {report}", schema.name());
            }
        };
        let thread = std::thread::Builder::new().stack_size(kib << 10).spawn(judge);
        thread.expect("it starts").join().expect("the stack is enough");
    }
}
