use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use openapi_codegen::client::Omission;
use openapi_codegen::rule::{Product, Rule};
use openapi_codegen::survey::{Outcome, Survey, Verdict, survey};

use crate::{BASE, edit};

#[test]
fn every_document_of_a_folder_gets_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("owner/deep/good.yaml", BASE);
    write("owner/bad.yml", &edit(BASE, "type: boolean", "type: bool"));
    write("other/text.json", "{");
    write("other/notes.md", "# Not a document");
    let survey = survey(folder.path(), None, None).unwrap();
    let found: Vec<_> = survey
        .verdicts
        .iter()
        .map(|verdict| {
            let Outcome::Generated { errors, .. } = &verdict.outcome else {
                panic!("{verdict:?}");
            };
            let products = Product::ALL.map(|product| verdict.has(product));
            (verdict.path.to_str().unwrap(), products, errors.clone())
        })
        .collect();
    assert_eq!(
        found,
        [
            ("other/text.json", [false; 2], BTreeMap::from([(Rule::WellFormedYaml, 1)])),
            ("owner/bad.yml", [false; 2], BTreeMap::from([(Rule::SchemaType, 1)])),
            ("owner/deep/good.yaml", [true; 2], BTreeMap::new()),
        ]
    );
}

#[test]
fn a_survey_tells_which_rules_decide() {
    let verdict = |path: &str, outcome, time| Verdict {
        path: PathBuf::from(path),
        outcome,
        time: Duration::from_millis(time),
        size: 12_345,
        compiled: match path {
            "a.yaml" => BTreeMap::from([
                (Product::Client, BTreeMap::from([("E0412".to_owned(), 2)])),
                (Product::Validator, BTreeMap::new()),
            ]),
            _ => BTreeMap::new(),
        },
        peer: Some((path.ends_with("yaml"), Duration::from_millis(3))),
    };
    let omission = Omission {
        operation: "send_form".to_owned(),
        reason: "it does not send `multipart/form-data`".to_owned(),
    };
    let generated =
        |client: Option<usize>, validator, errors: &[(Rule, usize)], warnings: &[(Rule, usize)]| {
            Outcome::Generated {
                client,
                validator,
                errors: errors.iter().copied().collect(),
                warnings: warnings.iter().copied().collect(),
                operations: 3,
                omissions: client.map_or_else(Vec::new, |_| vec![omission.clone()]),
            }
        };
    let both = [(Rule::Format, 2), (Rule::MissingKey, 7)];
    let survey = Survey {
        verdicts: vec![
            verdict("a.yaml", generated(Some(10), Some(20), &[], &[(Rule::Format, 3)]), 5),
            verdict("b/one.yaml", generated(None, Some(20), &[(Rule::Parameter, 1)], &[]), 70),
            verdict("b/two.yaml", generated(None, None, &both, &[]), 1),
            verdict("b/url.json", generated(None, None, &[(Rule::RemoteReference, 1)], &[]), 1),
            verdict("b/c/three.json", Outcome::Panicked("index out of bounds".to_owned()), 2),
        ],
    };
    insta::assert_snapshot!(format!("{survey}\n{}", survey.documents()));
}
