//! The API as a whole: its document, but for the operations.

use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{
    ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Password, Scopes, SecurityScheme,
};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa::{Modify, OpenApi};

use crate::endpoint::Endpoints;
use crate::token;

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
        for name in ["oauth2_sandbox", "oauth2_production"] {
            components.add_security_scheme(name, SecurityScheme::OAuth2(oauth2()));
        }
    }
}

fn oauth2() -> OAuth2 {
    let scopes = Scopes::one("raas.all", "The whole rewards API.");
    let flows = [
        Flow::Password(Password::new(token::PATH, scopes.clone())),
        Flow::ClientCredentials(ClientCredentials::new(token::PATH, scopes)),
    ];
    OAuth2::with_description(flows, TOKENS)
}

/// How tokens are granted.
const TOKENS: &str = "\
A Bearer token that the sandbox was started with, or one that it granted.

`POST /oauth/token` with a form of `grant_type`, `client_id` and `client_secret`, and if wanted with \
`scope` (`raas.all`) and `audience`; the client may be in an `Authorization` header instead (HTTP Basic). \
With `grant_type=password`, `username` and `password` are the name and the key of a platform.

The audience `https://api.tangocard.com/`, which is the default, gives a token for 24 hours, \
`tango-api.bhn.com/fiveminute` one for five minutes. A client gets one token of 24 hours in 20 hours of the \
sandbox's time. A refusal is a 400 or a 401 with `error` and `error_description` of RFC 6749, section \
5.2; the vendor's has no documented form.";

/// The operations and the document that describes them.
pub(crate) fn endpoints() -> Endpoints {
    let mut endpoints = Endpoints::of(Frame::openapi());
    say_words_for_no_line_items(&mut endpoints.document);
    endpoints
}

/// Says that a word may stand in place of the line items, which the type of the member reads and does
/// not tell.
fn say_words_for_no_line_items(document: &mut Document) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    let Some(RefOr::T(Schema::Object(order))) = schemas.get_mut("AsyncOrder") else { return };
    if let Some(RefOr::T(Schema::Array(list))) = order.properties.get("lineItems") {
        let mut list = list.clone();
        let description = list.description.take();
        list.schema_type = SchemaType::Type(Type::Array);
        let words = ["NONE", "NULL"];
        let words = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
        let null = ObjectBuilder::new().schema_type(Type::Null);
        let choice = OneOfBuilder::new().item(list).item(words).item(null).description(description);
        let choice = RefOr::T(Schema::OneOf(choice.build()));
        order.properties.insert("lineItems".to_owned(), choice);
    }
}
