//! Responses as JSON without what is secret.

use std::panic::{self, AssertUnwindSafe};

use openapi_client::{AnyValue, Exposed, Html, Map, Private, Redacted, Secret};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::api::Thing;

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn secrets_are_stars_and_private_text_is_a_choice() {
    let thing: Thing = serde_json::from_str(
        r#"{"id":"1","state":"MELTED","price":10.50,"madeAt":"2026-01-15T09:30:00Z","owner":"Ada",
            "code":"4711","parts":[{"id":"2","owner":"Bob","code":"0815"}]}"#,
    )
    .unwrap();
    let written = |owner: [&str; 2], code: [&str; 2]| {
        format!(
            r#"{{"id":"1","state":"MELTED","price":10.50,"madeAt":"2026-01-15T09:30:00Z","owner":"{}","#,
            owner[0]
        ) + &format!(
            r#""code":"{}","parts":[{{"id":"2","state":null,"price":null,"madeAt":null,"owner":"{}","code":"{}","parts":[]}}]}}"#,
            code[0], owner[1], code[1]
        )
    };
    let stars = ["***"; 2];
    assert_eq!(json(&Redacted::new(&thing)), written(stars, stars));
    assert_eq!(json(&Exposed::new(&thing)), written(["Ada", "Bob"], ["4711", "0815"]));
    assert_eq!(json(&Redacted::new(&thing).with_private()), written(["Ada", "Bob"], stars));
    // With the feature that the tests have, everything is written where nothing is hidden.
    assert_eq!(json(&thing), written(["Ada", "Bob"], ["4711", "0815"]));
    assert!(!format!("{:?}", Redacted::new(&thing)).contains("Ada"));
}

#[test]
fn whatever_may_hold_a_secret_is_hidden() {
    let values = (
        Html::from("<b>4711</b>".to_owned()),
        AnyValue::from(json!({ "a": [4711] })),
        Some(Secret::from("4711".to_owned())),
        None::<Secret>,
    );
    for redacted in [Redacted::new(&values), Redacted::new(&values).with_private()] {
        assert_eq!(json(&redacted), r#"["***","***","***",null]"#);
    }
}

#[test]
fn keys_of_maps_are_private_and_stay_apart() {
    let map: Map<String, Private> = ["Ada", "Bob", "Eve"]
        .map(|name| (name.to_owned(), Private::from(name)))
        .into_iter()
        .collect();
    assert_eq!(json(&Redacted::new(&map)), r#"{"***":"***","*** 2":"***","*** 3":"***"}"#);
    let shown = json!({ "Ada": "Ada", "Bob": "Bob", "Eve": "Eve" });
    let written: Value = serde_json::from_str(&json(&Redacted::new(&map).with_private())).unwrap();
    assert_eq!(written, shown);
}

/// Fails, or panics, while it is being written.
struct Broken(bool);

impl Serialize for Broken {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        assert!(self.0, "it panics");
        Err(serde::ser::Error::custom("it fails"))
    }
}

#[test]
fn nothing_is_hidden_or_shown_beyond_its_redacted() {
    let secret = Secret::from("4711".to_owned());
    let private = Private::from("Ada");
    let inner = Redacted::new(&private).with_private();
    assert_eq!(json(&Redacted::new(&(&private, &inner, &private))), r#"["***","Ada","***"]"#);
    let hidden = Redacted::new(&secret);
    assert_eq!(json(&Exposed::new(&(&secret, &hidden, &secret))), r#"["4711","***","4711"]"#);
    serde_json::to_string(&Redacted::new(&Broken(true))).unwrap_err();
    let panics = || serde_json::to_string(&Redacted::new(&Broken(false)));
    panic::catch_unwind(AssertUnwindSafe(panics)).unwrap_err();
    assert_eq!(json(&secret), r#""4711""#);
}
