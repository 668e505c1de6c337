use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use openapi_codegen::rule::{Product, Rule};
use openapi_codegen::survey::{Outcome, Survey, Verdict, survey};

use crate::edit;

const BASE: &str = include_str!("base.yaml");

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
    let survey = survey(folder.path(), None).unwrap();
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
        compile_errors: path.ends_with("yaml").then(|| usize::from(path == "a.yaml")),
    };
    let generated = |client, validator, errors: &[(Rule, usize)], warnings: &[(Rule, usize)]| {
        Outcome::Generated {
            client,
            validator,
            errors: errors.iter().copied().collect(),
            warnings: warnings.iter().copied().collect(),
        }
    };
    let both = [(Rule::Format, 2), (Rule::MissingKey, 7)];
    let survey = Survey {
        verdicts: vec![
            verdict("a.yaml", generated(Some(10), Some(20), &[], &[(Rule::Format, 3)]), 5),
            verdict("b/one.yaml", generated(None, Some(20), &[(Rule::Parameter, 1)], &[]), 70),
            verdict("b/two.yaml", generated(None, None, &both, &[]), 1),
            verdict("b/c/three.json", Outcome::Panicked("index out of bounds".to_owned()), 2),
        ],
    };
    insta::assert_snapshot!(format!("{survey}\n{}", survey.documents()));
}
