//! A transport without a network: tests say what comes back.

use std::sync::{Arc, LazyLock, Mutex};

use openapi_client::reqwest::{self, Request, Response};
use openapi_client::{BoxFuture, ClientBuilder, Transport, TransportError};

use crate::api::{BASE_URL, Client};

/// What comes back for a request, after what time.
pub(crate) type Answer = Result<Response, TransportError>;

/// Answers requests by a function, which gets the number of the request, starting at 0.
#[derive(Clone)]
pub(crate) struct Fake {
    answer: Arc<dyn Fn(usize) -> BoxFuture<'static, Answer> + Send + Sync>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    pub(crate) fn new<F>(answer: impl Fn(usize) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        Self { answer: Arc::new(move |index| Box::pin(answer(index))), requests: Arc::default() }
    }

    /// The requests since this was last asked for.
    pub(crate) fn requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

impl Transport for Fake {
    fn send(&self, request: Request) -> BoxFuture<'_, Answer> {
        let mut requests = self.requests.lock().unwrap();
        requests.push(request);
        (self.answer)(requests.len() - 1)
    }
}

/// A client with a fake transport.
pub(crate) fn builder(fake: &Fake) -> ClientBuilder<Client> {
    // It builds requests; to set up TLS for each client anew takes long.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    Client::builder(BASE_URL).http_client(HTTP.clone()).transport(fake.clone())
}

/// A response of this status with these headers.
pub(crate) fn status(code: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = http::Response::builder().status(code);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.to_owned()).unwrap().into()
}
