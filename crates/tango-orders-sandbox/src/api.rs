//! The API as a whole: its document, but for the operations.

use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes, SecurityScheme,
};
use utoipa::{Modify, OpenApi};

use crate::endpoint::Endpoints;

/// The document without its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tango orders",
        version = "2.0.0",
        description = "A local stand-in for read operations of Tango's rewards API. \
                       It answers with made-up orders.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    servers((url = "/raas/v2", description = "This sandbox.")),
    tags(
        (name = "audit", description = "What an audit of deliveries needs, without reward credentials."),
        (name = "support", description = "What a support desk needs to help a recipient.")
    ),
    security(
        ("basic" = []),
        ("oauth2_sandbox" = ["raas.all"]),
        ("oauth2_production" = ["raas.all"])
    ),
    modifiers(&Schemes)
)]
struct Frame;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        let mut basic = Http::new(HttpAuthScheme::Basic);
        basic.description =
            Some("The user name is the platform name, the password the platform key.".to_owned());
        components.add_security_scheme("basic", SecurityScheme::Http(basic));
        let hosts = [
            ("oauth2_sandbox", "sandbox-auth.tangocard.com"),
            ("oauth2_production", "auth.tangocard.com"),
        ];
        for (name, host) in hosts {
            components.add_security_scheme(name, SecurityScheme::OAuth2(oauth2(host)));
        }
    }
}

fn oauth2(host: &str) -> OAuth2 {
    let token_url = format!("https://{host}/oauth/token");
    let scopes = Scopes::one("raas.all", "The whole rewards API.");
    let flows = [
        Flow::Password(Password::new(&token_url, scopes.clone())),
        Flow::ClientCredentials(ClientCredentials::new(&token_url, scopes)),
    ];
    OAuth2::with_description(
        flows,
        "A token that the sandbox was started with, sent as a Bearer token; it gives out none.",
    )
}

/// The operations and the document that describes them.
pub(crate) fn endpoints() -> Endpoints {
    Endpoints::of(Frame::openapi())
}
