//! What progenitor's client calls to send a request.

use std::sync::PoisonError;

use bytes::Bytes;
use reqwest::{Request, ResponseBuilderExt};

use super::{Call, route};

impl Call {
    /// Sends a request for progenitor's client: makes attempts until one settles the call.
    ///
    /// # Errors
    ///
    /// The request leads elsewhere than the path template, so it is not sent. Whatever else goes wrong
    /// is noted for [`Call::finish`].
    pub async fn send<E>(
        &self,
        request: Request,
    ) -> Result<reqwest::Response, progenitor_client::Error<E>> {
        if !route::is_of(request.url(), self.connection.base_url(), self.operation.path) {
            return Err(progenitor_client::Error::Custom(String::new()));
        }
        let outcome = self.run(&request).await;
        // Without a URL, one would be parsed for each response.
        let mut response = http::Response::builder().url(request.url().clone());
        let mut body = Bytes::new();
        if let Ok(received) = &outcome {
            response = response.status(received.head.status());
            body = received.body.clone();
        }
        let response = response.body(body).unwrap_or_default();
        // If there is none, `Call::finish` does not look at what progenitor makes of this.
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        Ok(response.into())
    }
}
