//! How a source of tokens is set up.

use std::fmt;
use std::time::Duration;

use form_urlencoded::byte_serialize;
use reqwest::Url;

use super::OAuth2;
use super::endpoint::Endpoint;
use crate::base_url::BaseUrl;
use crate::setup_error::{InvalidValue, SetupError};
use crate::timeouts::{LONGEST, Timeouts};
use crate::values::Secret;

/// How long a token lives if neither the response nor the application says: the hour of the examples in
/// RFC 6749.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Sets up an [`OAuth2`].
#[must_use = "a builder does nothing until it builds a source"]
pub struct OAuth2Builder {
    url: BaseUrl,
    /// As it was given: a slash at the end makes another URL.
    text: String,
    client: Option<(String, Secret)>,
    account: Option<(String, Secret)>,
    scope: Option<String>,
    audience: Option<String>,
    lifetime: Duration,
    http: Option<reqwest::Client>,
}

impl OAuth2Builder {
    pub(super) fn new(url: BaseUrl, text: &str) -> Self {
        Self {
            url,
            text: text.to_owned(),
            client: None,
            account: None,
            scope: None,
            audience: None,
            lifetime: LIFETIME,
            http: None,
        }
    }

    /// The client that asks: without a service account, it is what gets the token (grant type
    /// `client_credentials`).
    pub fn client(mut self, id: &str, secret: &str) -> Self {
        self.client = Some((id.to_owned(), Secret::from(secret.to_owned())));
        self
    }

    /// The service account that gets the token (grant type `password`).
    pub fn service_account(mut self, username: &str, password: &str) -> Self {
        self.account = Some((username.to_owned(), Secret::from(password.to_owned())));
        self
    }

    /// What the token is good for (`scope`); several scopes are separated by spaces.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = Some(scope.to_owned());
        self
    }

    /// Whom the token is for (`audience`), which some servers ask for.
    pub fn audience(mut self, audience: &str) -> Self {
        self.audience = Some(audience.to_owned());
        self
    }

    /// How long a token lives if the response does not say (`expires_in`); an hour by default.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// An HTTP client of one's own; see [`ClientBuilder::http_client`](crate::ClientBuilder::http_client)
    /// for what is up to the caller then.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// A source that has no token yet.
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the client is missing; [`SetupError::Tls`] if TLS cannot be set up.
    pub fn build(self) -> Result<OAuth2, SetupError> {
        let missing = || InvalidValue::new("oauth2 client", "must be set");
        let (id, secret) = self.client.as_ref().ok_or_else(missing)?;
        let mut fields =
            vec![("client_id", id.as_str()), ("client_secret", secret.expose_secret())];
        if let Some((username, password)) = &self.account {
            fields
                .extend([("username", username.as_str()), ("password", password.expose_secret())]);
        }
        let grant = if self.account.is_some() { "password" } else { "client_credentials" };
        fields.extend(self.scope.as_deref().map(|scope| ("scope", scope)));
        fields.extend(self.audience.as_deref().map(|audience| ("audience", audience)));
        fields.push(("grant_type", grant));
        let http = match self.http {
            Some(http) => http,
            None => self.url.http_client(Timeouts::default().connect)?,
        };
        let unreadable = |_| InvalidValue::new("token endpoint", "is not an absolute url");
        let url = Url::parse(&self.text).map_err(unreadable)?;
        let lifetime = self.lifetime.min(LONGEST);
        Ok(OAuth2::new(Endpoint { url, form: form(&fields), lifetime, http }))
    }
}

/// `application/x-www-form-urlencoded`, in one piece of memory: what a text leaves behind where it grows
/// is not overwritten.
fn form(fields: &[(&str, &str)]) -> Secret {
    // A byte takes three at the most, and a field two more.
    let length = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
    let mut form = String::with_capacity(length);
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.extend(byte_serialize(name.as_bytes()));
        form.push('=');
        form.extend(byte_serialize(value.as_bytes()));
    }
    form.into()
}

impl fmt::Debug for OAuth2Builder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("OAuth2Builder").field("url", &self.url).finish_non_exhaustive()
    }
}
