//! Proofs that the document, its samples, the client's types, schemars, jsonschema and the generated
//! validator agree.

mod client;
mod document;
mod fuzz;
mod reports;
mod sandbox;
mod third_party;

use std::path::Path;
use std::sync::LazyLock;

use openapi_codegen::rule::Rules;
use openapi_codegen::samples::Sample;
use openapi_codegen::spec::Spec;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tango_orders_client::types;

/// The document, relative to the workspace.
pub(crate) const DOCUMENT: &str = "openapi/tango-orders.yaml";

/// The document with its samples, as codegen loads them.
static SPEC: LazyLock<Spec> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(DOCUMENT);
    let spec = Spec::load(&path, DOCUMENT, Rules::House).expect("the document can be read");
    spec.unwrap_or_else(|findings| {
        panic!(
            "{}",
            openapi_codegen::source::render(&findings, &annotate_snippets::Renderer::plain())
        )
    })
});

/// A schema of the document, and the client's type for it.
struct Decoded {
    schema: &'static str,
    /// Decodes a payload and writes it again.
    round_trip: fn(&str) -> Result<String, serde_json::Error>,
    /// What schemars makes of the type.
    json_schema: fn() -> Value,
}

/// Every schema that a response can have, and the fragment that has a sample.
const DECODED: &[Decoded] = &[
    decoded::<types::AsyncOrder>("AsyncOrder"),
    decoded::<types::ErrorBody>("ErrorBody"),
    decoded::<types::Order>("Order"),
    decoded::<types::OrderList>("OrderList"),
    decoded::<types::Reward>("Reward"),
];

const fn decoded<T: DeserializeOwned + Serialize + schemars::JsonSchema>(
    schema: &'static str,
) -> Decoded {
    Decoded {
        schema,
        round_trip: |text| serde_json::to_string(&serde_json::from_str::<T>(text)?),
        json_schema: || schemars::schema_for!(T).to_value(),
    }
}

/// The client's type for a sample, by the schema that the sample is named after.
fn decoded_by(sample: &Sample) -> &'static Decoded {
    let schema = sample.schema(&SPEC.document).expect("the sample names a schema");
    DECODED.iter().find(|decoded| decoded.schema == schema).expect("the schema has a type")
}

/// The generated validator's name for a component schema.
fn schema_named(name: &str) -> tango_orders_validator::Schema {
    tango_orders_validator::Schema::from_name(name).expect("the validator has every schema")
}
