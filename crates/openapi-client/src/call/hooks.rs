//! What progenitor's client calls while it makes a call.

use std::sync::PoisonError;

use bytes::Bytes;
use reqwest::{Request, ResponseBuilderExt};

use super::{Call, route};

impl Call {
    /// Stands in for `ClientHooks::pre`: a request that leads elsewhere than its path template is not
    /// sent.
    ///
    /// # Errors
    ///
    /// The request leads elsewhere; [`Call::finish`] tells the caller.
    pub fn pre<E>(&self, request: &Request) -> Result<(), progenitor_client::Error<E>> {
        if route::is_of(request.url(), self.connection.base_url(), self.operation.path) {
            Ok(())
        } else {
            Err(progenitor_client::Error::Custom(String::new()))
        }
    }

    /// Stands in for `ClientHooks::exec`: makes attempts until one settles the call.
    ///
    /// # Errors
    ///
    /// None: what went wrong is noted for [`Call::finish`].
    pub async fn exec(&self, request: Request) -> reqwest::Result<reqwest::Response> {
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
