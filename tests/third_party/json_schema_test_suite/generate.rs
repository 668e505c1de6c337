//! Writes `openapi.json` and `generated/`, both made from the suite, beside this file:
//! `cargo run -p conformance --example json_schema_test_suite`.

#[expect(dead_code, reason = "the payloads are for the tests")]
mod mapping;

use std::path::Path;

use openapi_codegen::model::Model;
use openapi_codegen::output::{self, Folder};
use openapi_codegen::source::Document;
use openapi_codegen::validator;

fn main() -> anyhow::Result<()> {
    let path = "tests/third_party/json_schema_test_suite/openapi.json";
    std::fs::write(path, format!("{:#}\n", mapping::document()))?;
    let (outputs, _) = Document::parse(path, std::fs::read_to_string(path)?)
        .and_then(|document| Model::read(&document))
        .and_then(|model| validator::outputs(&model))
        .map_err(|findings| {
            let renderer = annotate_snippets::Renderer::plain();
            anyhow::anyhow!(openapi_codegen::source::render(&findings, &renderer))
        })?;
    let path = Path::new(path).with_file_name("generated");
    output::write(&output::compare(&[Folder::whole(path, outputs)])?)?;
    Ok(())
}
