//! Calls the generated client of the pet store against a small server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use openapi_client::openapi_validator::Report;
use openapi_client::{InvalidValue, Observer, Redacted, serde_json};
use pet_store_client::bodies::{
    GetPhotoFormat, ListPetsSort, NewOrder, NewOrderAmount, NewPetRequest, PutPhotoFormat,
};
use pet_store_client::enums::Species;
use pet_store_client::{BaseUrl, Client, Credentials, Error, Operation, openapi_client};

/// What the server was asked: the first line, the headers that matter, and the body.
type Asked = Arc<Mutex<Vec<String>>>;

/// Answers by method and path.
fn respond(line: &str) -> (u16, &'static str, &'static str) {
    match line {
        "DELETE /v1/pets/1" => (204, "", ""),
        "GET /v1/pets/1" => (200, "application/json", r#"{"id":"1","name":"Ada","species":"cat"}"#),
        "GET /v1/pets/1/photo.png" => (200, "image/png", "PNG"),
        "POST /v1/orders" => (200, "application/json", r#"{"cat":2,"dog":null}"#),
        "POST /v1/pets" => (201, "application/json", r#"{"id":"2","name":"Bo","species":"newt"}"#),
        "PUT /v1/pets/1/photo.jpeg" | "PUT /v1/pets/7/note" => (204, "", ""),
        line if line.starts_with("GET /v1/pets?") => {
            (200, "application/json", r#"[{"id":"1","name":"Ada"},{"id":"2","name":"Bo"}]"#)
        }
        _ => (404, "application/problem+json", r#"{"title":"There is no such pet.","status":404}"#),
    }
}

fn serve(listener: TcpListener, asked: Asked) {
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
        let (mut length, mut shown) = (0, line.clone());
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
            assert!(!header.starts_with("api-version"), "no document declares it");
            if header.starts_with("content-type") || header.starts_with("x-") {
                shown = format!("{shown} | {header}");
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        if !body.is_empty() {
            shown = format!("{shown} | {}", String::from_utf8_lossy(&body));
        }
        asked.lock().unwrap().push(shown);
        let (status, kind, body) = respond(&line);
        write!(
            stream,
            "HTTP/1.1 {status} S\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
    }
}

/// Notes what deviates from the document.
struct Drift(Asked);

impl Observer for Drift {
    fn findings(&self, operation: &'static str, report: &Report<'_>) {
        let mut noted = self.0.lock().unwrap();
        noted.extend(report.findings().map(|finding| format!("{operation}: {finding}")));
    }
}

fn invalid<T, B>(result: Result<T, Error<B>>) -> InvalidValue {
    match result {
        Err(Error::InvalidRequest(invalid)) => invalid,
        _ => panic!("the request is valid"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (asked, drift) = (Asked::default(), Asked::default());
    thread::spawn({
        let asked = Arc::clone(&asked);
        move || serve(listener, asked)
    });
    let client: Client = Client::builder()
        .base_url(BaseUrl::parse(&base_url).unwrap())
        .credentials(Credentials::none())
        .observer(Drift(Arc::clone(&drift)))
        .build()
        .unwrap();

    let pets = client.pets().list_pets().limit(2).tags(["a", "b c"]).sort(ListPetsSort::Name2);
    let pets = pets.x_trace_id("abc").await.unwrap();
    assert_eq!(pets.iter().map(|pet| pet.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);

    // Without the feature `serialize`, what may be private is written by `Redacted` only.
    let pet = &pets[0];
    serde_json::to_string(pet).unwrap_err();
    let redacted = serde_json::to_string(&Redacted::new(pet)).unwrap();
    assert!(redacted.contains(r#""name":"***""#), "{redacted}");
    let shown = serde_json::to_string(&Redacted::new(pet).with_private()).unwrap();
    assert!(shown.contains(r#""name":"Ada""#), "{shown}");

    let name = "Bo".parse().unwrap();
    let new = NewPetRequest { name, species: Some(Species::Dog), notes: Default::default() };
    let pet = client.create_pet(new).await.unwrap();
    assert_eq!(pet.species, Some(Species::Unknown("newt".to_owned())));

    let response = client.store().show_pet_by_id("1").with_response().await.unwrap();
    assert_eq!((response.status().as_u16(), response.attempts()), (200, 1));
    client.delete_pet("1").await.unwrap();
    let photo = client.get_photo("1", GetPhotoFormat::Png).await.unwrap();
    assert_eq!(photo.expose_bytes(), b"PNG");
    client.put_photo("1", PutPhotoFormat::Jpeg, b"JPEG".to_vec()).await.unwrap();
    client.put_note(7, "Likes fish.").await.unwrap();
    let order =
        NewOrder { pet_id: "1".to_owned(), amount: Some(NewOrderAmount::try_from(2).unwrap()) };
    let left = client.place_order(order).await.unwrap();
    assert_eq!(left.get("cat").map(|count| i64::from(*count)), Some(2));

    let error = client.show_pet_by_id("3").await.unwrap_err();
    assert_eq!(error.body().unwrap().title, "There is no such pet.");

    // Nothing of these is sent.
    let sent = asked.lock().unwrap().len();
    let list = || client.list_pets();
    for (invalid, parameter, rule) in [
        (invalid(list().limit(101).await), "limit", "is more than 100"),
        (invalid(list().tags(["x"; 4]).await), "tags", "has more than 3 items"),
        (invalid(list().tags(["x", "x"]).await), "tags", "has an item twice"),
        (
            invalid(list().tags([] as [&str; 0]).await),
            "tags",
            "is empty, so it would not be sent and ask for everything",
        ),
        (
            invalid(list().tags(["x"]).species(Species::Cat).await),
            "species",
            "cannot be sent together with tags",
        ),
        (invalid(client.show_pet_by_id("..").await), "petId", "is a relative path"),
        (
            invalid(client.show_pet_by_id("x".repeat(41)).await),
            "petId",
            "is longer than 40 characters",
        ),
    ] {
        assert_eq!((invalid.parameter, invalid.rule.as_ref()), (parameter, rule));
    }
    assert_eq!(asked.lock().unwrap().len(), sent);
    assert_eq!(format!("{:?}", list().limit(2)), r#"ListPets { set: ["limit"], .. }"#);

    for operation in Operation::ALL {
        assert_eq!(Operation::from_id(operation.id()), Some(*operation));
        println!("{} {}", operation.description().method, operation.description().path);
    }
    println!();
    for asked in asked.lock().unwrap().iter() {
        println!("{asked}");
    }
    println!();
    for drift in drift.lock().unwrap().iter() {
        println!("{drift}");
    }
}
