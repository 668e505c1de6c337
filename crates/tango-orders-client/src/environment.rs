//! Which of Tango's systems to call.

use openapi_client::{BaseUrl, SetupError};

const SANDBOX: BaseUrl = BaseUrl::from_static("https://integration-api.tangocard.com/raas/v2");
const PRODUCTION: BaseUrl = BaseUrl::from_static("https://api.tangocard.com/raas/v2");

/// Which of Tango's systems to call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// `https://integration-api.tangocard.com/raas/v2`, for integrating; not for load tests.
    Sandbox,
    /// `https://api.tangocard.com/raas/v2`, where rewards are worth money.
    Production,
    /// Any other, made by [`Environment::at`].
    Other(BaseUrl),
}

impl Environment {
    /// Any server with this API, such as `http://127.0.0.1:8080/raas/v2`. For plain HTTP to another
    /// machine, such as a container, see [`BaseUrl::danger_plain_http`].
    ///
    /// # Errors
    ///
    /// [`SetupError::Invalid`] if the URL is none, is neither HTTPS nor on this machine, or carries a
    /// password, a query or a fragment.
    pub fn at(url: &str) -> Result<Self, SetupError> {
        BaseUrl::parse(url).map(Self::Other)
    }
}

impl From<Environment> for BaseUrl {
    fn from(environment: Environment) -> Self {
        match environment {
            Environment::Sandbox => SANDBOX,
            Environment::Production => PRODUCTION,
            Environment::Other(url) => url,
        }
    }
}
