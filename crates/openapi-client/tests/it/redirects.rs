//! A redirection is an error: following one would take the request to another server, which would
//! then supply the answer.

use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use openapi_client::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use openapi_client::{Breach, Retry, reqwest};

use crate::api::{Client, Error};
use crate::calls;
use crate::server::{Server, response};

const THING: &str = r#"{"id":"EVIL"}"#;

/// A server that nobody should call.
struct Elsewhere(TcpListener);

impl Elsewhere {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}/v1/things/EVIL", self.0.local_addr().unwrap())
    }

    fn is_untouched(&self) -> bool {
        thread::sleep(Duration::from_millis(20));
        self.0.accept().is_err()
    }
}

#[tokio::test]
async fn no_form_of_redirection_is_followed() {
    for form in
        ["301", "302", "303", "307", "308", "300", "302 relative", "302 //host", "200 refresh"]
    {
        let elsewhere = Elsewhere::new();
        let url = elsewhere.url();
        let header = match form {
            "302 relative" => "location: /v1/things/EVIL".to_owned(),
            "302 //host" => format!("location: {}", url.trim_start_matches("http:")),
            "200 refresh" => format!("refresh: 0; url={url}"),
            _ => format!("location: {url}"),
        };
        let status = format!("{} Whatever\r\nx-request-id: r-1\r\n{header}", &form[..3]);
        let server = Server::answering(response(&status, "application/json", ""));
        let error = calls::client(&server.base_url).get_thing("1").await.unwrap_err();
        match &error {
            Error::Contract { breach, .. } => assert_eq!(*breach, Breach::Redirection, "{form}"),
            // A success without a thing; browsers would go on from there.
            Error::Decode { .. } => assert_eq!(form, "200 refresh"),
            error => panic!("{form}: {error:?}"),
        }
        assert_eq!(error.status().unwrap().as_str(), &form[..3]);
        assert_eq!(error.request_id(), Some("r-1"));
        assert!(!calls::everything_it_prints(&error).contains("EVIL"), "{error:?}");
        assert!(elsewhere.is_untouched(), "{form} was followed");
    }
}

#[tokio::test]
async fn a_redirection_that_an_http_client_of_ones_own_follows_is_found_out() {
    let elsewhere = Server::answering(response("200 OK", "application/json", THING));
    let url = format!("{}/things/1", elsewhere.base_url);
    let status = format!("302 Found\r\nlocation: {url}");
    let server = Server::answering(response(&status, "text/plain", ""));
    let client = Client::builder(&server.base_url)
        .retry(Retry::none())
        .http_client(reqwest::Client::new())
        .build()
        .unwrap();
    let error = client.get_thing("1").await.unwrap_err();
    assert!(matches!(error, Error::Contract { breach: Breach::Redirection, .. }), "{error:?}");
    assert_eq!(error.to_string(), "the server redirects to another url (status 200)");
}

/// Resolves every name to one address.
struct Everywhere(SocketAddr);

impl Resolve for Everywhere {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

#[tokio::test]
async fn no_host_has_a_name_that_lets_a_redirection_pass() {
    // What reqwest calls the host of a response that has no URL.
    let elsewhere = Server::answering(response("200 OK", "application/json", THING));
    let port = elsewhere.base_url.split(['/', ':']).nth(4).unwrap().to_owned();
    let status = format!("302 Found\r\nlocation: http://no.url.provided.local:{port}/");
    let server = Server::answering(response(&status, "text/plain", ""));
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let http = reqwest::Client::builder().dns_resolver(Everywhere(address)).no_proxy();
    let client = Client::builder(&server.base_url).retry(Retry::none());
    let client = client.http_client(http.build().unwrap()).build().unwrap();
    let error = client.get_thing("1").await.unwrap_err();
    assert!(matches!(error, Error::Contract { breach: Breach::Redirection, .. }), "{error:?}");
    assert!(elsewhere.request().contains("no.url.provided.local"), "it was followed");
}
