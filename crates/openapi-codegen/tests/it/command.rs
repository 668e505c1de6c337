use std::fs;
use std::path::Path;

use annotate_snippets::Renderer;
use openapi_codegen::command::{self, Options, Outcome, Target};
use openapi_codegen::package::Package;
use openapi_codegen::rule::{Product, Rules};

use super::workspace;

/// A document of which a validator can be made.
const PETS: &str = "
openapi: 3.0.3
info: { title: Pets, version: 1.0.0 }
paths:
  /pets/{id}:
    get:
      operationId: get_pet
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses:
        '200': { description: D, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
        '404': { description: D, content: { application/json: { schema: { $ref: '#/components/schemas/Problem' } } } }
        '500': { description: D }
components:
  schemas:
    Pet: { type: object, properties: { name: { type: string } } }
    Problem: { type: object, properties: { title: { type: string } } }
";

/// What keeps the client of these back: two errors of one operation have different bodies.
const UNTYPED_ERROR: &str = "'500': { description: D }";

/// Runs the command on a document in a folder, for complete crates in `out`.
fn run(folder: &Path, text: &str, check: bool) -> (Outcome, String, String) {
    let document = folder.join("openapi.yaml");
    fs::write(&document, text).unwrap();
    let package = Package {
        folder: folder.join("out"),
        name: "pets".to_owned(),
        runtime: Some(workspace().join("crates")),
    };
    let options = Options {
        document,
        name: "openapi.yaml".to_owned(),
        rules: Rules::Generator,
        target: Target::Crates(package),
        products: Product::ALL.to_vec(),
        check,
        command: String::new(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = command::run(&options, &Renderer::plain(), &mut out, &mut err).unwrap();
    (outcome, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

#[test]
fn findings_are_reported_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (outcome, out, err) = run(folder.path(), "openapi: 3.1.0\n", false);
    assert_eq!(outcome, Outcome::Findings);
    assert_eq!(out, "");
    assert!(err.contains("the document is OpenAPI 3.1.0"), "{err}");
    assert!(err.ends_with("; nothing was written\n"), "{err}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_finding_that_concerns_one_product_withholds_that_one_only() {
    let sound = PETS.replace(UNTYPED_ERROR, "");
    // The validator keeps the schemas with this keyword in the bits of a word.
    let schema =
        |number| format!("    F{number}: {{ type: object, x-forbidden-properties: [f] }}\n");
    let schemas: String = (0..65).map(schema).collect();
    let without_validator = sound.replace("    Pet: {", &format!("{schemas}    Pet: {{"));
    assert_ne!(sound, without_validator);
    let folder = tempfile::tempdir().unwrap();
    let (outcome, out, err) = run(folder.path(), &without_validator, false);
    assert_eq!(outcome, Outcome::Findings, "{err}");
    assert!(err.ends_with("; no validator was written\n"), "{err}");
    assert!(out.contains("pets-client") && !out.contains("pets-validator"), "{out}");
    let exists = |name: &str| folder.path().join("out").join(name).exists();
    assert!(exists("pets-client") && !exists("pets-validator"));
}

#[test]
fn a_complete_crate_is_fresh_until_the_document_changes() {
    let folder = tempfile::tempdir().unwrap();
    let text = PETS.replace(UNTYPED_ERROR, "");
    let (outcome, _, err) = run(folder.path(), &text, false);
    assert_eq!((outcome, err.as_str()), (Outcome::Fresh, ""));
    let (outcome, out, _) = run(folder.path(), &text, true);
    assert_eq!(outcome, Outcome::Fresh, "{out}");
    let readme = folder.path().join("out/pets-client/README.md");
    fs::write(&readme, "My own words.").unwrap();
    let renamed = text.replace("title: Pets", "title: Animals");
    let (outcome, _, err) = run(folder.path(), &renamed, true);
    assert_eq!(outcome, Outcome::NeedsUpdate);
    assert!(err.contains("pets-client/Cargo.toml"), "{err}");
    assert!(!err.contains("pets-client/README.md"), "{err}");
    run(folder.path(), &renamed, false);
    assert_eq!(fs::read_to_string(readme).unwrap(), "My own words.");
    let manifest = fs::read_to_string(folder.path().join("out/pets-client/Cargo.toml")).unwrap();
    assert!(manifest.contains("description = \"Client of Animals\""), "{manifest}");
}
