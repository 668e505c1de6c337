//! Documents that refer to other files.

use std::fs;

use openapi_codegen::rule::{Product, Rule, Rules};
use openapi_codegen::spec::{Outputs, Spec, outputs};

use crate::render;

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n";

/// What becomes of `api/openapi.yaml` in a folder with these files.
fn generated(document: &str, files: &[(&str, &str)]) -> Outputs {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("api/openapi.yaml", &format!("{HEAD}{document}"));
    for (name, text) in files {
        write(name, text);
    }
    let path = folder.path().join("api/openapi.yaml");
    match Spec::load(&path, "openapi.yaml", Rules::Generator).unwrap() {
        Ok(spec) => outputs(&spec, &Product::ALL),
        Err(findings) => Outputs { findings, ..Outputs::default() },
    }
}

/// The code of a client, without blanks.
fn client(outputs: &Outputs) -> String {
    let client = outputs.client.as_ref().unwrap_or_else(|| panic!("{}", render(&outputs.findings)));
    let code: String = client.outputs.iter().map(|output| output.contents.as_str()).collect();
    code.split_whitespace().collect()
}

#[test]
fn objects_of_other_files_are_those_of_the_document() {
    let document = "paths:
  /pets: {$ref: 'paths/pets.yaml'}
  /owners:
    get:
      operationId: list_owners
      parameters: [{$ref: 'common.yaml#/limit'}]
      responses:
        '200': {$ref: './common.yaml#/responses/Owners'}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
";
    let pets = "get:
  operationId: list_pets
  responses:
    '200':
      description: D
      content: {application/json: {schema: {type: array, items: {$ref: '../openapi.yaml#/components/schemas/Pet'}}}}
";
    let common = "limit: {name: limit, in: query, schema: {$ref: '#/Count'}}
Count: {type: integer, minimum: 1}
responses:
  Owners:
    description: D
    content: {application/json: {schema: {$ref: 'schemas/Owner.json#'}}}
";
    let owner = r#"{"type": "object", "properties": {
        "of": {"$ref": "../openapi.yaml#/components/schemas/Pet"},
        "best": {"$ref": "Owner.json"},
        "kind": {"$ref": "kinds%20of.yaml#/a~1b"},
        "$ref": {"type": "string", "example": {"$ref": "nothing.yaml"}}
    }}"#;
    let outputs = generated(
        document,
        &[
            ("api/paths/pets.yaml", pets),
            ("api/common.yaml", common),
            ("api/schemas/Owner.json", owner),
            ("api/schemas/kinds of.yaml", "a/b: {type: string, enum: [cat]}"),
        ],
    );
    let code = client(&outputs);
    assert!(outputs.findings.is_empty(), "{}", render(&outputs.findings));
    assert!(outputs.validator.is_some());
    for expected in [
        "structListPets",
        "structListOwners",
        "Rule::Minimum(Number::Integer(1))",
        "pubstructOwner{",
        "of:Option<Pet>",
        "best:Option<::std::boxed::Box<Owner>>",
    ] {
        assert!(code.contains(expected), "{expected} is missing: {code}");
    }
}

#[test]
fn a_finding_about_another_file_shows_its_place_there() {
    let document = "paths:
  /pets:
    get:
      responses:
        '200': {description: D, content: {application/json: {schema: {$ref: 'common.yaml#/Pet'}}}}
        '201': {description: D, content: {application/json: {schema: {$ref: 'common.yaml#/Dog'}}}}
";
    let outputs = generated(document, &[("api/common.yaml", "Other: {}\nPet:\n  type: pet\n")]);
    let shown = render(&outputs.findings);
    assert!(outputs.client.is_none() && outputs.validator.is_none());
    assert!(shown.contains("common.yaml:3:3"), "{shown}");
    assert!(shown.contains("openapi.yaml:8:77"), "{shown}");
    assert!(shown.contains("`common.yaml#/Dog` refers to nothing"), "{shown}");
    assert!(shown.contains("3 |   type: pet"), "{shown}");
    let outputs = generated(document, &[("api/common.yaml", "Pet: {type: string\nDog: {}\n")]);
    let shown = render(&outputs.findings);
    assert!(shown.contains("common.yaml:2:"), "{shown}");
}

#[test]
fn only_files_in_the_folder_of_the_document_are_read() {
    let cases = [
        ("nothing.yaml#/Pet", Rule::UnresolvedReference, "cannot be read"),
        ("common.yaml#/Pe", Rule::UnresolvedReference, "refers to nothing"),
        ("common.yaml#Pet", Rule::UnresolvedReference, "does not end with a JSON Pointer"),
        ("../secret.yaml#/Pet", Rule::RemoteReference, "leads out of the folder"),
        ("inner/../../secret.yaml#/Pet", Rule::RemoteReference, "leads out of the folder"),
        ("a%00b.yaml", Rule::UnresolvedReference, "is not a URI"),
        ("/etc/passwd", Rule::RemoteReference, "leads out of the folder"),
        ("file:///etc/passwd", Rule::RemoteReference, "leads out of this document"),
        ("https://example.com/a.yaml#/Pet", Rule::RemoteReference, "leads out of this document"),
        ("link.yaml#/Pet", Rule::RemoteReference, "leads out of the folder"),
        ("components/schemas/Cat", Rule::ReferenceTarget, "lacks the mark"),
        ("latin.yaml", Rule::Utf8, "is not UTF-8"),
        ("deep.yaml", Rule::DocumentSize, "nested deeper"),
    ];
    for (reference, rule, message) in cases {
        let folder = tempfile::tempdir().unwrap();
        let api = folder.path().join("api");
        fs::create_dir(&api).unwrap();
        let document = format!(
            "{HEAD}paths: {{}}\ncomponents: {{schemas: {{Cat: {{type: string}}, A: {{$ref: '{reference}'}}}}}}"
        );
        fs::write(api.join("openapi.yaml"), document).unwrap();
        fs::write(api.join("common.yaml"), "Pet: {type: string}").unwrap();
        fs::write(api.join("latin.yaml"), b"Pet: {type: string} # \xe9").unwrap();
        fs::write(api.join("deep.yaml"), "[".repeat(70) + &"]".repeat(70)).unwrap();
        fs::write(folder.path().join("secret.yaml"), "Pet: {type: string}").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret.yaml"), api.join("link.yaml"))
            .unwrap();
        let path = api.join("openapi.yaml");
        let findings = match Spec::load(&path, "openapi.yaml", Rules::Generator).unwrap() {
            Ok(spec) => outputs(&spec, &Product::ALL).findings,
            Err(findings) => findings,
        };
        let first = findings.iter().find(|finding| finding.is_error());
        let first = first.unwrap_or_else(|| panic!("{reference} must be a finding"));
        assert_eq!(first.rule, rule, "{reference}: {}", render(&findings));
        assert!(first.message.contains(message), "{reference}: {}", first.message);
    }
}
