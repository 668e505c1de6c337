//! Reads and writes values of several types.

use std::fmt::Debug;

use alternatives_client::openapi_client::serde::de::DeserializeOwned;
use alternatives_client::openapi_client::serde_json;
use alternatives_client::{bodies, types};

fn read<T: DeserializeOwned + Debug>(payloads: &[&str]) {
    for payload in payloads {
        match serde_json::from_str::<T>(payload) {
            Ok(value) => println!("{payload} is {value:?}"),
            Err(error) => println!("{payload} is wrong: {error}"),
        }
    }
}

fn main() {
    read::<types::Pet>(&[
        r#"{"petType":"kitty","lives":9}"#,
        r#"{"petType":"Cat","lives":9}"#,
        r#"{"petType":"pup","friend":{"petType":"Puppy","weeks":3}}"#,
        r#"{"petType":"Puppy","weeks":3}"#,
        r#"{"petType":"Stray","age":1}"#,
        r#"{"petType":"newt","age":1}"#,
        r#"{"petType":"kitty"}"#,
    ]);
    read::<types::Dog>(&[r#"{"petType":"Puppy","weeks":3}"#, r#"{"petType":"Dog"}"#]);
    read::<types::Parcel>(&[
        r#"{"id":1,"kind":"Box","weight":0.5}"#,
        r#"{"id":1,"kind":"Letter"}"#,
        r#"{"id":1,"kind":"barrel"}"#,
    ]);
    read::<types::Either>(&[
        r#"{"kind":"x","weight":1}"#,
        r#"{"kind":"x","pages":1}"#,
        r#"{"kind":"x"}"#,
        r#"{"other":1}"#,
        r#"[1]"#,
    ]);
    read::<types::Part>(&[r#"{"name":"Ada"}"#, r#"{"code":1}"#, r#"{"name":"Ada","code":1}"#]);
    read::<types::Account>(&[
        r#"{"type":"business","tax":1}"#,
        r#"{"type":"private","tax":1}"#,
        r#"{"type":"club","tax":1}"#,
    ]);
    read::<types::Nested>(&[r#"{"kind":"x","weight":1}"#, "true", "null"]);
    read::<types::Answer>(&["true", "1.5", "1", r#"[{"code":1}]"#, "[1,2]", "[]", r#""x""#]);
    read::<types::When>(&[r#""2026-01-02T03:04:05Z""#, r#""soon""#]);
    read::<types::Tree>(&["[1,[2,[]]]"]);
    read::<types::Price>(&[r#"{"amount":10.00}"#]);
    read::<types::Everything>(&[r#"{"model":"s-1"}"#, r#"{"model":"x-9"}"#]);
    read::<types::Row>(&[r#"{"id":1,"size":2}"#]);
    read::<types::More>(&[r#"{"id":1,"a":2,"b":2.5,"c":true}"#]);

    let row = bodies::RowRequest { pin: 1234, size: 2 };
    println!("{}", serde_json::to_string(&row).unwrap());
    let cat = bodies::CatRequest { pet_type: "kitty".to_owned(), age: None, lives: 9 };
    println!("{}", serde_json::to_string(&bodies::PetRequest::from(cat)).unwrap());
    let answer = bodies::AnswerRequest::from(vec![1, 2]);
    println!("{}", serde_json::to_string(&answer).unwrap());
}
