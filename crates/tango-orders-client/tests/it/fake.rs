//! A transport without a network: tests say what comes back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tango_orders_client::reqwest::{Request, Response};
use tango_orders_client::{
    BoxFuture, Client, ClientBuilder, Credentials, Environment, Transport, TransportError,
};

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
    Client::builder(Environment::Sandbox)
        .credentials(Credentials::bearer("token").unwrap())
        .transport(fake.clone())
        .pace(Duration::ZERO)
}

/// A response of this status with these headers.
pub(crate) fn status(code: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let mut response = http::Response::builder().status(code);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(body.to_owned()).unwrap().into()
}
