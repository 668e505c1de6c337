use std::path::Path;

use openapi_codegen::lint;
use openapi_codegen::rule::{Product, Rule, Rules, Severity};
use openapi_codegen::samples::{self, Sample};
use openapi_codegen::source::Document;
use openapi_codegen::source::Finding;
use openapi_codegen::spec::{self, Spec};

use crate::{BASE, edit, render, workspace};

/// A rule, what to change in [`BASE`], and into what, so that the rule finds something.
const BREACHES: &[(Rule, &str, &str)] = &[
    (Rule::OpenapiVersion, "openapi: 3.0.3", "openapi: 3.1.0"),
    (Rule::UnknownKey, "summary: List pets", "sumary: List pets"),
    (Rule::UnknownExtension, "x-extensible-enum:", "x-extensible-enums:"),
    (Rule::UnknownKey, "required: [id, name]", "requird: [id, name]"),
    (Rule::MissingKey, "  title: Pets\n", ""),
    (Rule::WrongType, "required: [id, name]", "required: id"),
    (Rule::WrongType, "minimum: 1", "minimum: one"),
    (Rule::StatusCode, "'404':", "'44':"),
    (Rule::Path, "  /pets:", "  pets:"),
    (Rule::Path, "  /pets/{petId}:", "  '/pets/ {petId}':"),
    (Rule::AmbiguousPath, "  /pets:", "  /pets/{id}:\n    get: {}\n  /pets:"),
    (
        Rule::UnresolvedReference,
        "$ref: '#/components/schemas/Kind'",
        "$ref: '#/components/schemas/Kinds'",
    ),
    (Rule::RemoteReference, "$ref: '#/components/schemas/Kind'", "$ref: 'kinds.yaml#/Kind'"),
    (
        Rule::ReferenceTarget,
        "$ref: '#/components/schemas/Kind'",
        "$ref: '#/components/responses/Failed'",
    ),
    (
        Rule::ReferenceSiblings,
        "$ref: '#/components/schemas/Kind'",
        "$ref: '#/components/schemas/Kind'\n          description: A kind.",
    ),
    (
        Rule::CircularReference,
        "    Kind:\n",
        "    Loop: {allOf: [{$ref: '#/components/schemas/Loop'}]}\n    Kind:\n",
    ),
    (
        Rule::UnusedComponent,
        "    Kind:\n",
        "    Kin: {type: object, description: A kin., example: {}}\n    Kind:\n",
    ),
    (Rule::OperationId, "      operationId: get_pet\n", ""),
    (Rule::OperationId, "operationId: get_pet\n", "operationId: list_pets\n"),
    (Rule::OperationId, "operationId: get_pet\n", "operationId: getPet\n"),
    (Rule::ClientParameter, "in: query", "in: cookie"),
    (Rule::Parameter, "          required: true\n", ""),
    (Rule::PathParameter, "  /pets/{petId}:", "  /pets/{petID}:"),
    (Rule::MutuallyExclusive, "- [limit, after]", "- [limit, aftr]"),
    (Rule::MutuallyExclusive, "- [limit, after]", "- [limit]"),
    (
        Rule::SuccessSchema,
        "        '404':",
        "        '202':\n          description: Later.\n        '404':",
    ),
    (
        Rule::ErrorSchema,
        "        '404':",
        "        '401':\n          description: No.\n        '404':",
    ),
    (
        Rule::ResponseSchema,
        "              schema:\n                $ref: '#/components/schemas/Pet'\n",
        "              example: {}\n",
    ),
    (
        Rule::RequestBody,
        "      responses:\n        '201'",
        "      requestBody: {content: {application/json: {}}}\n      responses:\n        '201'",
    ),
    (Rule::MissingDescription, "      summary: List pets\n", ""),
    (Rule::MissingDescription, "description: The pet's name.", "description: ''"),
    (Rule::Tag, "tags: [pets]", "tags: [pts]"),
    (Rule::SecurityScheme, "- basic: []", "- basik: []"),
    (Rule::SchemaType, "type: boolean", "type: bool"),
    (Rule::ArrayItems, "      items:\n        $ref: '#/components/schemas/Pet'\n", ""),
    (
        Rule::NullableWithoutType,
        "$ref: '#/components/schemas/Kind'",
        "nullable: true\n          description: A kind.\n          allOf: [{$ref: '#/components/schemas/Kind'}]",
    ),
    (Rule::UntypedSchema, "          type: boolean\n", ""),
    (Rule::KeywordType, "minimum: 1", "minLength: 1"),
    (Rule::ExemptValues, "      pattern: ^[a-z]+$\n", ""),
    (
        Rule::Loggable,
        "          description: The pet's name.",
        "          description: The pet's name.\n          format: email\n          x-loggable: true",
    ),
    (Rule::Bounds, "maximum: 100", "maximum: 0"),
    (Rule::Bounds, "maximum: 100", "exclusiveMaximum: true"),
    (Rule::WrongType, "minimum: 1", "multipleOf: 0"),
    (Rule::Enum, "enum: [NONE]", "enum: [NULL]"),
    (Rule::Enum, "enum: [NONE]", "enum: [NONE, NONE]"),
    (Rule::Enum, "enum: [NONE]", "enum: []"),
    (
        Rule::EnumType,
        "      type: string\n      enum: [NONE]\n      example: NONE",
        "      type: integer\n      format: int32\n      enum: [1]\n      example: 1",
    ),
    (
        Rule::OpenEnum,
        "- $ref: '#/components/schemas/NoPets'",
        "- $ref: '#/components/schemas/NoPets'\n        - type: string",
    ),
    (Rule::InlineEnum, "          type: boolean", "          type: string\n          enum: [a]"),
    (
        Rule::InlineConstraint,
        "          type: boolean",
        "          type: string\n          maxLength: 4",
    ),
    (
        Rule::InlineObject,
        "          type: boolean",
        "          type: object\n          properties: {}",
    ),
    (Rule::MissingExample, "      example: tabby\n", ""),
    (Rule::Required, "required: [id, name]", "required: [id, nam]"),
    (Rule::NumberFormat, "format: int32", "title: Limit"),
    (
        Rule::ComponentName,
        "    Kind:\n",
        "    'Kind!': {type: object, description: A kin., example: {}}\n    Kind:\n",
    ),
    (Rule::ReferenceTarget, "$ref: '#/components/schemas/Kind'", "$ref: 'components/schemas/Kind'"),
    (
        Rule::ReferenceTarget,
        "$ref: '#/components/schemas/Kind'",
        "$ref: '#/components/schemas/Pet/properties/name'",
    ),
    (
        Rule::UnresolvedReference,
        "$ref: '#/components/schemas/Kind'",
        "$ref: #/components/schemas/Kind",
    ),
    (Rule::Path, "  /pets/{petId}:", "  '/pets/{petId':"),
    (Rule::Parameter, "          in: query", "          in: qurey"),
    (
        Rule::ClientParameter,
        "          in: header\n          description: After which.\n          schema:\n            type: string",
        "          in: header\n          description: After which.\n          schema:\n            type: string\n            format: html",
    ),
    (
        Rule::MediaType,
        "            application/json:\n              schema:\n                $ref: '#/components/schemas/Pet'\n",
        "            aplication/json:\n              schema:\n                $ref: '#/components/schemas/Pet'\n",
    ),
    (
        Rule::RequestBody,
        "      responses:\n        '201'",
        "      requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Pet'}}}}\n      responses:\n        '201'",
    ),
    (Rule::Format, "format: int32", "format: in32"),
    (Rule::Format, "format: int32", "format: email"),
    (Rule::Format, "      pattern: ^[a-z]+$", "      format: coat"),
    (Rule::Bounds, "maximum: 100", "maximum: 3000000000"),
    (
        Rule::ClosedObject,
        "      x-forbidden-properties: [password]",
        "      additionalProperties: false",
    ),
    (
        Rule::SharedConstraint,
        "        coat:\n",
        "        limit:\n          $ref: '#/components/schemas/Limit'\n        coat:\n",
    ),
    (Rule::UntypedSchema, "      type: string\n      x-extensible-enum", "      x-extensible-enum"),
    (Rule::ForbiddenProperty, "[password]", "[password, kind]"),
    (
        Rule::ForbiddenProperty,
        "          type: boolean",
        "          type: string\n          format: password",
    ),
    (Rule::ExampleMismatch, "example: tabby", "example: Tabby"),
    (Rule::ExampleMismatch, "default: 10", "default: 1000"),
    (Rule::ExampleDrift, "example: {id: 1, name: Rex}", "example: {id: 1, name: Rex, kin: cat}"),
    (Rule::ExampleDrift, "example: cat", "example: cow"),
    (
        Rule::ExampleDrift,
        "value: [{id: 1, name: Rex}]",
        "value: [{id: 1, name: Rex, colour: red}, {id: 2, name: Tom, kind: ct}]",
    ),
    (Rule::ExampleMismatch, "value: [{id: 1, name: Rex}]", "value: [{id: 1, name: 2}]"),
];

fn findings(text: &str) -> Vec<Finding> {
    match Document::parse("openapi.yaml", text) {
        Ok(document) => all(document, Vec::new()),
        Err(findings) => findings,
    }
}

/// What codegen would say, but for samples that nobody wrote for these documents.
fn all(document: Document, samples: Vec<Sample>) -> Vec<Finding> {
    let spec = Spec { document, samples, findings: Vec::new(), rules: Rules::House };
    let mut findings = spec::outputs(&spec, &Product::ALL).findings;
    findings.retain(|finding| finding.rule != Rule::MissingSample);
    findings
}

#[test]
fn the_base_document_has_no_findings() {
    assert_eq!(findings(BASE).len(), 0, "{}", render(&findings(BASE)));
}

#[test]
fn every_breach_is_found_by_its_rule() {
    let mut report = String::new();
    for (rule, from, to) in BREACHES {
        let findings = findings(&edit(BASE, from, to));
        let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(rule), "{from:?} → {to:?} must breach {rule}, found {rules:?}");
        report.push_str(&render(&findings));
        report.push('\n');
    }
    insta::assert_snapshot!(report);
}

#[test]
fn only_the_generators_rules_apply_to_other_peoples_documents() {
    let text = edit(BASE, "      summary: List pets\n", "");
    let document = Document::parse("openapi.yaml", text).unwrap();
    assert_eq!(lint::findings(&document, Rules::House).len(), 1);
    assert_eq!(lint::findings(&document, Rules::Generator).len(), 0);
}

#[test]
fn another_language_is_one_finding() {
    let mut report = String::new();
    for (from, to) in [
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        ("openapi: 3.0.3", "openapi: '3.2.0'"),
        ("openapi: 3.0.3", "swagger: '2.0'"),
        ("openapi: 3.0.3", "openapi: 3.0"),
        ("openapi: 3.0.3", "openapi: [3, 0]"),
        ("openapi: 3.0.3", "info: {}"),
    ] {
        // Other mistakes in the same document are of no interest.
        let text = edit(&edit(BASE, from, to), "summary: List pets", "sumary: List pets");
        let document = Document::parse("openapi.yaml", text.replace("info: {}", "")).unwrap();
        let findings = lint::findings(&document, Rules::House);
        assert_eq!(findings.len(), 1, "{to}");
        report.push_str(&format!("# {to}\n\n{}\n", render(&findings)));
    }
    for text in ["", "a", "- 1"] {
        let document = Document::parse("openapi.yaml", text).unwrap();
        assert_eq!(lint::findings(&document, Rules::Generator).len(), 1, "{text:?}");
    }
    insta::assert_snapshot!(report);
}

#[test]
fn all_findings_come_at_once_and_in_order() {
    let mut text = BASE.to_owned();
    for (from, to) in [
        ("summary: List pets", "sumary: List pets"),
        ("$ref: '#/components/schemas/Kind'", "$ref: '#/components/schemas/Kinds'"),
        ("maximum: 100", "maximum: 0"),
        ("tags: [pets]", "tags: [pts]"),
    ] {
        text = edit(&text, from, to);
    }
    let rendered = render(&findings(&text));
    let places: Vec<u32> = rendered
        .lines()
        .filter_map(|line| {
            line.trim_start().strip_prefix("--> openapi.yaml:")?.split(':').next()?.parse().ok()
        })
        .collect();
    assert!(places.len() >= 4, "{rendered}");
    assert!(places.is_sorted(), "{rendered}");
}

/// What a new maintainer is likely to get wrong.
#[test]
fn typical_mistakes_read_well() {
    let path = "  /pets/{petId}:\n";
    let mistakes = [
        ("a typo in a key", edit(BASE, "operationId: get_pet\n", "operationID: get_pet\n")),
        ("a duplicated path", edit(BASE, path, &format!("{path}    get: {{}}\n{path}"))),
        ("a reference to nothing", edit(BASE, "schemas/Kind'", "schemas/Knd'")),
        (
            "a second error schema",
            edit(
                BASE,
                "        '404':\n          $ref: '#/components/responses/Failed'\n",
                "        '404':\n          $ref: '#/components/responses/Failed'\n        '503':\n\
                 \x20         description: Overloaded.\n          content:\n\
                 \x20           application/json:\n              schema:\n\
                 \x20               $ref: '#/components/schemas/Pet'\n",
            ),
        ),
    ];
    let mut report = String::new();
    for (name, text) in mistakes {
        let findings = match Document::parse("openapi.yaml", text) {
            Ok(document) => all(document, Vec::new()),
            Err(findings) => findings,
        };
        assert!(!findings.is_empty(), "{name}");
        report.push_str(&format!("# {name}\n\n{}\n", render(&findings)));
    }
    insta::assert_snapshot!(report);
}

#[test]
fn samples_that_do_not_fit_read_well() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("openapi.yaml");
    let samples_folder = folder.path().join("samples");
    std::fs::create_dir(&samples_folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(samples_folder.join(name), text).unwrap();
    write(
        "get_pet.200.striped.json",
        "{\n  \"id\": 1,\n  \"name\": \"Rex\",\n  \"coat\": \"Striped\"\n}\n",
    );
    write("get_pet.418.teapot.json", "{}");
    write("Cat.tom.json", "{}");
    write("nameless.json", "{}");
    let (samples, unreadable) = samples::load(&file).unwrap();
    assert!(unreadable.is_empty());
    let document = Document::parse("openapi.yaml", BASE).unwrap();
    let findings = all(document, samples);
    insta::assert_snapshot!(render(&findings).replace(&shown(folder.path()), "openapi"));
}

#[test]
fn what_the_document_does_not_know_refuses_it_if_warnings_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    let sample =
        r#"{"id": 1, "nmae": "Rex", "name": "Rex", "coat": "", "kind": "cow", "colour": {"a": 1}}"#;
    std::fs::write(folder.path().join("samples/get_pet.200.cow.json"), sample).unwrap();
    let (samples, _) = samples::load(&folder.path().join("openapi.yaml")).unwrap();
    let document = Document::parse("openapi.yaml", BASE).unwrap();
    let mut spec = Spec { document, samples, findings: Vec::new(), rules: Rules::Generator };
    let outputs = spec::outputs(&spec, &Product::ALL);
    assert!(outputs.client.is_some() && outputs.validator.is_some());
    let warnings = outputs.findings;
    assert!(warnings.iter().all(|finding| finding.severity == Severity::Warning));
    insta::assert_snapshot!(render(&warnings).replace(&shown(folder.path()), "openapi"));
    for rules in [Rules::Strict, Rules::House] {
        spec.rules = rules;
        let outputs = spec::outputs(&spec, &Product::ALL);
        assert!(outputs.client.is_none() && outputs.validator.is_none());
        let errors = outputs.findings;
        let drift = errors.iter().filter(|finding| finding.rule == Rule::SampleDrift).count();
        assert_eq!(drift, warnings.len(), "{rules:?}");
        assert!(errors.iter().all(|finding| finding.severity == Severity::Error));
    }
}

#[test]
fn an_operation_without_a_sample_is_a_finding() {
    let document = Document::parse("openapi.yaml", BASE).unwrap();
    let findings = lint::illustrations(&document, &[], Rules::House);
    insta::assert_snapshot!(render(&findings));
}

#[test]
fn the_table_of_rules_is_the_enum() {
    let page = std::fs::read_to_string(workspace().join("openapi/RULES.md")).unwrap();
    let rows = Rule::ALL.iter().map(|rule| {
        let severity = match rule.severity() {
            Some(Severity::Error) => "error",
            Some(Severity::Warning) => "warning",
            None => "house rule",
        };
        let standing = if rule.is_forbidden() { "forbidden" } else { "permitted" };
        format!(
            "| `{rule}` | {} | {severity} | {standing} |
",
            rule.meaning()
        )
    });
    let table = "| Rule | It finds | In any document | In OpenAPI 3.0.3 |
| --- | --- | --- | --- |
"
    .to_owned();
    let expected = rows.fold(table, |table, row| table + &row);
    assert!(
        page.contains(&expected),
        "openapi/RULES.md must have this table:

{expected}"
    );
    assert!(Rule::ALL.is_sorted_by_key(|rule| rule.name()), "rules have the order of their names");
}

#[test]
fn a_sample_that_is_not_json_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("samples")).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.path().join("samples").join(name), bytes).unwrap();
    };
    write("get_order.200.comma.json", b"{\n  \"a\": 1,\n}\n");
    write("get_order.200.twice.json", b"{\n  \"a\": 1,\n  \"a\": 2\n}\n");
    write("get_order.200.mark.json", b"\xef\xbb\xbf{}\n");
    write("get_order.200.latin.json", b"{\n  \"a\": \"\xe9\"\n}\n");
    let (samples, findings) = samples::load(&folder.path().join("openapi.yaml")).unwrap();
    assert!(samples.is_empty());
    insta::assert_snapshot!(render(&findings).replace(&shown(folder.path()), "openapi"));
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Mends nothing and breaks a little: a line gone, doubled, moved, indented, or with another value.
fn damage(text: &str, seed: usize) -> String {
    const VALUES: [&str; 8] =
        ["null", "[]", "{}", "-1", "''", "true", "'#/components/schemas/Pet'", "a: b"];
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // Steps of a large prime visit the lines in an order that looks like chance.
    let at = seed * 7919 % lines.len();
    match seed % 5 {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[at].clone()),
        2 => lines.swap(at, seed * 104_729 % text.lines().count()),
        3 => lines[at].insert_str(0, "  "),
        _ => {
            let key = lines[at].split(':').next().unwrap_or_default().to_owned();
            lines[at] = format!("{key}: {}", VALUES[seed / 5 % VALUES.len()]);
        }
    }
    lines.join("\n")
}

#[test]
fn no_document_makes_the_generator_panic() {
    let mut found = 0;
    for seed in 0..600 {
        let text = damage(&damage(BASE, seed), seed * 31 + 7);
        // Without the house rules, more of what is odd gets as far as the emitters.
        let findings = match Document::parse("openapi.yaml", text.as_str()) {
            Ok(document) => {
                let (samples, findings) = (Vec::new(), Vec::new());
                let spec = Spec { document, samples, findings, rules: Rules::Generator };
                spec::outputs(&spec, &Product::ALL).findings
            }
            Err(findings) => findings,
        };
        found += usize::from(!findings.is_empty());
        render(&findings);
        let panics = findings.iter().find(|finding| finding.message.contains("panicked"));
        assert!(panics.is_none(), "{text}\n{}", render(&findings));
    }
    assert!(found > 150, "only {found} of these documents have findings");
}
