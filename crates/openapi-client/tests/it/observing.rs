//! What an application learns of responses beside the value.

use std::sync::{Arc, Mutex};

use openapi_client::openapi_validator::Report;
use openapi_client::{Breach, Observer, UnknownValue};

use crate::api::{BASE_URL, Client, Error, GetThing, State, Thing};
use crate::fake::{self, Fake};

/// Keeps what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<UnknownValue>>>);

impl Observer for Notes {
    fn unknown_value(&self, seen: &UnknownValue) {
        self.0.lock().unwrap().push(seen.clone());
    }

    fn findings(&self, operation: &'static str, _: &Report<'_>) {
        panic!("{operation} has no validator");
    }
}

fn fake(body: &'static str) -> Fake {
    Fake::new(move |_| std::future::ready(Ok(fake::status(200, &[("x-a", "b")], body))))
}

#[tokio::test]
async fn an_observer_is_told_of_values_that_a_vocabulary_does_not_know() {
    let notes = Notes::default();
    let fake = fake(r#"{"id":"1","state":"MELTED","parts":[{"id":"2","state":"NEW"}]}"#);
    let client = fake::builder(&fake).observer(notes.clone()).build().unwrap();
    let thing = client.get_thing("1").await.unwrap();
    assert_eq!(thing.state, Some(State::from("MELTED")));
    assert_eq!(thing.parts[0].state, Some(State::New));
    let notes = notes.0.lock().unwrap();
    let notes: Vec<_> =
        notes.iter().map(|seen| (seen.operation, seen.vocabulary, seen.value.as_str())).collect();
    assert_eq!(notes, [("get_thing", "State", "MELTED")]);
}

#[tokio::test]
async fn an_unknown_value_is_told_once_for_a_response_with_its_request_id() {
    const BODY: &str = r#"{"id":"1","state":"MELTED",
        "parts":[{"id":"2","state":"MELTED"},{"id":"3","state":"GONE"}]}"#;
    let notes = Notes::default();
    let fake = Fake::new(|index| {
        let id = format!("r-{index}");
        std::future::ready(Ok(fake::status(200, &[("x-request-id", &id)], BODY)))
    });
    let client = fake::builder(&fake).observer(notes.clone()).build().unwrap();
    client.get_thing("1").await.unwrap();
    client.get_thing("1").await.unwrap();
    let notes = notes.0.lock().unwrap();
    let notes: Vec<_> =
        notes.iter().map(|seen| (seen.request_id.as_deref().unwrap(), &*seen.value)).collect();
    assert_eq!(notes, [("r-0", "MELTED"), ("r-0", "GONE"), ("r-1", "MELTED"), ("r-1", "GONE")]);
}

#[tokio::test]
async fn an_observer_is_told_where_an_unknown_value_is() {
    let cases = [
        (r#"{"id":"1","state":"A"}"#, vec![("A", "/state")]),
        (
            r#"{"id":"1","x":{"state":"NO"},"price":1.0,"parts":[{"id":"2","state":"NEW"},
                {"id":"3","code":"c","parts":[{"id":"4","state":"A"}],"state":"B"}],"state":"A"}"#,
            vec![("A", "/parts/1/parts/0/state"), ("B", "/parts/1/state")],
        ),
        (r#"{"id":"1","state":"a\u001bb"}"#, vec![("a\u{1b}b", "/state")]),
        (r#"{"id":"1","state":"NEW"}"#, vec![]),
        // Unreadable after all.
        (r#"{"id":"1","state":"A","parts":1}"#, vec![]),
    ];
    for (body, expected) in cases {
        let notes = Notes::default();
        let client = fake::builder(&fake(body)).observer(notes.clone()).build().unwrap();
        let _ = client.get_thing("1").await;
        let notes = notes.0.lock().unwrap();
        let found: Vec<_> = notes.iter().map(|seen| (&*seen.value, &*seen.pointer)).collect();
        assert_eq!(found, expected, "{body}");
    }
}

#[tokio::test]
async fn an_inspector_sees_each_response_to_its_type_of_requests() {
    fn inspect(_: &GetThing, thing: &Thing) -> Result<(), Breach> {
        if thing.id == "1" {
            Ok(())
        } else {
            Err(Breach::Rule("the server returned another thing"))
        }
    }
    for (body, told) in [
        (r#"{"id":"1"}"#, None),
        (r#"{"id":"2"}"#, Some("the server returned another thing (status 200)")),
    ] {
        let client = Client::builder(BASE_URL).inspect(inspect).transport(fake(body));
        let error = client.build().unwrap().get_thing("1").await.err();
        assert!(error.as_ref().is_none_or(|error| matches!(error, Error::Contract { .. })));
        assert_eq!(error.map(|error| error.to_string()).as_deref(), told);
    }
}

#[tokio::test]
async fn a_response_brings_status_headers_and_body() {
    const BODY: &str = r#"{"id":"CANARY","owner":"CANARY"}"#;
    let client = fake::builder(&fake(BODY)).build().unwrap();
    let request = client.get_thing("1").owner("CANARY").with_response();
    assert_eq!(
        format!("{request:?}"),
        r#"WithResponse { request: GetThing { set: ["id", "owner"], .. }, keep_body: false }"#
    );
    let response = request.with_body().await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(response.body().unwrap().expose_bytes(), BODY.as_bytes());
    let printed = format!("{response:?} {:?}", response.body());
    assert!(!printed.contains("CANARY"), "{printed}");
    let response = client.get_thing("1").with_response().await.unwrap();
    assert!(response.body().is_none());
}
