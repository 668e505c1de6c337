//! Generates the validators of a document, compiles them, and holds their verdicts on the document's
//! own examples against those of the jsonschema crate:
//! `cargo run --release -p openapi-codegen --example own_examples FILE DIR`.
//!
//! The crate of the generated code is written to DIR.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use annotate_snippets::Renderer;
use anyhow::{Context, ensure};
use openapi_codegen::model::Model;
use openapi_codegen::output::{self, Folder};
use openapi_codegen::source::{Document, Node};
use openapi_codegen::{json_schema, samples, source, validator};
use serde_json::Value;

/// The program of the generated crate: reads a line that names a schema and a line with a payload,
/// and writes a line with the errors.
const MAIN: &str = r#"
use generated::{operations::Operation, schemas::Schema, source_map::SOURCE_MAP};
use openapi_validator::{Options, Response, Severity, validate};

mod generated;

fn main() {
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    let mut lines = text.lines();
    while let (Some(target), Some(payload)) = (lines.next(), lines.next()) {
        let mut words = target.split('\t');
        let (kind, name) = (words.next().unwrap(), words.next().unwrap());
        let operation = || Operation::from_id(name).unwrap();
        let validator = match kind {
            "schema" => Schema::from_name(name).unwrap().validator(),
            "request" => operation().request_body().unwrap(),
            _ => match operation().response(words.next().unwrap().parse().unwrap_or(0)) {
                Response::Schema(validator) => validator,
                other => panic!("{target}: {other:?}"),
            },
        };
        let report = validate(&SOURCE_MAP, validator, payload.as_bytes(), &Options::default());
        let errors = report.findings().filter(|finding| finding.severity() == Severity::Error);
        let errors: Vec<String> = errors.map(|finding| finding.to_string()).collect();
        println!("{}", errors.join(" | "));
    }
}
"#;

/// An example, and the schema that it stands beside.
struct Example<'d> {
    /// As the program takes it.
    target: String,
    schema: &'d Node,
    payload: Value,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (file, folder) =
        arguments.next().zip(arguments.next()).context("name a document and a folder")?;
    let folder = PathBuf::from(folder);
    let start = Instant::now();
    let readable =
        |findings: Vec<_>| anyhow::anyhow!(source::render(&findings, &Renderer::plain()));
    let text = samples::read_text(Path::new(&file))?.map_err(readable)?;
    let document = Document::parse(&file, text).map_err(readable)?;
    let (outputs, _) =
        Model::read(&document).and_then(|model| validator::outputs(&model)).map_err(readable)?;
    let bytes: usize = outputs.iter().map(|output| output.contents.len()).sum();
    println!("{} files, {bytes} bytes: generated in {:.1?}", outputs.len(), start.elapsed());

    let path = folder.join("src/generated");
    output::write(&output::compare(&[Folder::whole(path, outputs)])?)?;
    fs::write(folder.join("src/main.rs"), MAIN)?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/openapi-validator");
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"own-examples\"\nedition = \"2024\"\n\n\
         [dependencies]\nopenapi-validator = {{ path = '{}' }}\n",
        runtime.canonicalize()?.display()
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    for argument in ["check", "build"] {
        let start = Instant::now();
        let mut cargo = Command::new("cargo");
        cargo.arg(argument).arg("--quiet").current_dir(&folder).env("CARGO_TARGET_DIR", "target");
        ensure!(cargo.status()?.success(), "the generated code does not compile");
        println!("cargo {argument}: {:.1?}", start.elapsed());
    }

    let examples = examples(&document).map_err(readable)?;
    let lines: Vec<String> = examples
        .iter()
        .map(|example| format!("{}\n{}\n", example.target, example.payload))
        .collect();
    fs::write(folder.join("examples"), lines.concat())?;
    let program = Command::new("target/debug/own-examples")
        .arg("examples")
        .current_dir(&folder)
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(program.status.success(), "the generated code does not run");
    let ours = String::from_utf8(program.stdout)?;
    ensure!(ours.lines().count() == examples.len(), "there is a verdict on every example");
    compare(&document, &examples, ours.lines());
    Ok(())
}

/// The examples beside the schemas of requests and responses, and those of component schemas.
fn examples(document: &Document) -> Result<Vec<Example<'_>>, Vec<source::Finding>> {
    let model = Model::read(document)?;
    let mut all = Vec::new();
    let mut add = |target: String, schema: &str| {
        let owner = schema.strip_suffix("/schema").unwrap_or(schema);
        let find = |pointer: &str| document.root.pointer(pointer);
        let Some((owner, schema)) = find(owner).zip(find(schema)) else { return };
        let single = owner.get("example");
        let named = owner.get("examples").map_or(&[][..], Node::members).iter();
        let named = named.filter_map(|(_, example)| document.follow(example)?.get("value"));
        all.extend(single.into_iter().chain(named).map(|value| Example {
            target: target.clone(),
            schema,
            payload: value.to_json(),
        }));
    };
    for operation in &model.operations {
        if let Some(schema) = operation.request_schema() {
            add(format!("request\t{}", operation.id), &schema.pointer);
        }
        for response in &operation.responses {
            if let Some(schema) = response.schema() {
                let target = format!("response\t{}\t{}", operation.id, response.status);
                add(target, &schema.pointer);
            }
        }
    }
    for (name, schema) in &model.schemas {
        add(format!("schema\t{name}"), &schema.pointer);
    }
    Ok(all)
}

fn compare<'a>(document: &Document, examples: &[Example], ours: impl Iterator<Item = &'a str>) {
    let bundle = json_schema::bundle(document);
    let mut witnesses = HashMap::new();
    let (mut both, mut neither) = (0, 0);
    for (example, ours) in examples.iter().zip(ours) {
        let witness = witnesses.entry(example.schema.to_json().to_string()).or_insert_with(|| {
            let mut schema = json_schema::convert(example.schema);
            let mut needed = BTreeSet::new();
            references(&schema, &bundle["$defs"], &mut needed);
            let definitions =
                needed.into_iter().map(|name| (name.clone(), bundle["$defs"][&name].clone()));
            schema["$defs"] = definitions.collect();
            json_schema::options().build(&schema).expect("the schema is sound")
        });
        let errors = witness.iter_errors(&example.payload);
        let theirs: Vec<String> = errors
            .map(|error| format!("{} {}", error.instance_path(), error.schema_path()))
            .collect();
        match (ours.is_empty(), theirs.is_empty()) {
            (true, true) => both += 1,
            (false, false) => neither += 1,
            _ => println!("{}\n  ours: {ours}\n  theirs: {}", example.target, theirs.join(" | ")),
        }
    }
    let differ = examples.len() - both - neither;
    println!(
        "{} examples: {both} valid and {neither} invalid by both, {differ} with different verdicts",
        examples.len()
    );
}

/// The definitions that a schema needs: compiling all of them for each schema would take minutes.
fn references(schema: &Value, definitions: &Value, needed: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                let definition = value.as_str().and_then(|text| text.strip_prefix("#/$defs/"));
                if let Some(definition) = definition
                    && name == "$ref"
                    && needed.insert(definition.to_owned())
                {
                    references(&definitions[definition], definitions, needed);
                }
                references(value, definitions, needed);
            }
        }
        Value::Array(items) => {
            for item in items {
                references(item, definitions, needed);
            }
        }
        _ => {}
    }
}
