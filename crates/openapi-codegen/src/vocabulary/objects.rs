//! The objects of OpenAPI 3.0.3, as a table.

use Object as O;
use Shape::{
    Any, AnyMap, Bool, Callbacks, Groups, List, Map, One, Paths, Responses, Security, Text,
    TextMap, Texts,
};

/// The objects that the OpenAPI specification (3.0.3, section 4.7) defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object {
    OpenApi,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    ExternalDocumentation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Example,
    Link,
    Callback,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
}

/// What the value of a key may be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Any,
    Text,
    Bool,
    Count,
    Number,
    Texts,
    TextMap,
    Groups,
    AnyList,
    AnyMap,
    One(Object),
    List(Object),
    Map(Object),
    /// A map whose keys start with a slash.
    Paths,
    /// A map whose keys are status codes.
    Responses,
    /// A map of callbacks, each of which is a map from an expression to a path item.
    Callbacks,
    /// A schema or a boolean.
    AdditionalProperties,
    /// A list of maps from a scheme's name to its scopes.
    Security,
}

/// A key of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    pub required: bool,
}

pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: true }
}

pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field { name, shape, required: false }
}

impl Object {
    /// The name that the OpenAPI specification uses.
    pub fn name(self) -> &'static str {
        match self {
            O::OpenApi => "the OpenAPI object",
            O::Info => "an info object",
            O::Contact => "a contact object",
            O::License => "a license object",
            O::Server => "a server object",
            O::ServerVariable => "a server variable object",
            O::Components => "the components object",
            O::PathItem => "a path item object",
            O::Operation => "an operation object",
            O::ExternalDocumentation => "an external documentation object",
            O::Parameter => "a parameter object",
            O::RequestBody => "a request body object",
            O::MediaType => "a media type object",
            O::Encoding => "an encoding object",
            O::Response => "a response object",
            O::Example => "an example object",
            O::Link => "a link object",
            O::Callback => "a callback object",
            O::Header => "a header object",
            O::Tag => "a tag object",
            O::Schema => "a schema object",
            O::Discriminator => "a discriminator object",
            O::Xml => "an XML object",
            O::SecurityScheme => "a security scheme object",
            O::OAuthFlows => "an OAuth flows object",
            O::OAuthFlow => "an OAuth flow object",
        }
    }

    /// Where `$ref` targets of this object live; none where a reference is not allowed.
    pub fn components(self) -> Option<&'static str> {
        Some(match self {
            O::Parameter => "parameters",
            O::RequestBody => "requestBodies",
            O::Response => "responses",
            O::Example => "examples",
            O::Link => "links",
            O::Callback => "callbacks",
            O::Header => "headers",
            O::Schema => "schemas",
            O::SecurityScheme => "securitySchemes",
            _ => return None,
        })
    }

    /// The keys that it may have.
    #[expect(clippy::too_many_lines, reason = "it is a table")]
    pub fn fields(self) -> &'static [Field] {
        match self {
            O::OpenApi => {
                const {
                    &[
                        must("openapi", Text),
                        must("info", One(O::Info)),
                        may("servers", List(O::Server)),
                        must("paths", Paths),
                        may("components", One(O::Components)),
                        may("security", Security),
                        may("tags", List(O::Tag)),
                        may("externalDocs", One(O::ExternalDocumentation)),
                    ]
                }
            }
            O::Info => {
                const {
                    &[
                        must("title", Text),
                        may("description", Text),
                        may("termsOfService", Text),
                        may("contact", One(O::Contact)),
                        may("license", One(O::License)),
                        must("version", Text),
                    ]
                }
            }
            O::Contact => const { &[may("name", Text), may("url", Text), may("email", Text)] },
            O::License => const { &[must("name", Text), may("url", Text)] },
            O::Server => {
                const {
                    &[
                        must("url", Text),
                        may("description", Text),
                        may("variables", Map(O::ServerVariable)),
                    ]
                }
            }
            O::ServerVariable => {
                const { &[may("enum", Texts), must("default", Text), may("description", Text)] }
            }
            O::Components => {
                const {
                    &[
                        may("schemas", Map(O::Schema)),
                        may("responses", Map(O::Response)),
                        may("parameters", Map(O::Parameter)),
                        may("examples", Map(O::Example)),
                        may("requestBodies", Map(O::RequestBody)),
                        may("headers", Map(O::Header)),
                        may("securitySchemes", Map(O::SecurityScheme)),
                        may("links", Map(O::Link)),
                        may("callbacks", Callbacks),
                    ]
                }
            }
            O::PathItem => {
                const {
                    &[
                        may("$ref", Text),
                        may("summary", Text),
                        may("description", Text),
                        may("get", One(O::Operation)),
                        may("put", One(O::Operation)),
                        may("post", One(O::Operation)),
                        may("delete", One(O::Operation)),
                        may("options", One(O::Operation)),
                        may("head", One(O::Operation)),
                        may("patch", One(O::Operation)),
                        may("trace", One(O::Operation)),
                        may("servers", List(O::Server)),
                        may("parameters", List(O::Parameter)),
                    ]
                }
            }
            O::Operation => {
                const {
                    &[
                        may("tags", Texts),
                        may("summary", Text),
                        may("description", Text),
                        may("externalDocs", One(O::ExternalDocumentation)),
                        may("operationId", Text),
                        may("parameters", List(O::Parameter)),
                        may("requestBody", One(O::RequestBody)),
                        must("responses", Responses),
                        may("callbacks", Callbacks),
                        may("deprecated", Bool),
                        may("security", Security),
                        may("servers", List(O::Server)),
                        may("x-mutually-exclusive", Groups),
                    ]
                }
            }
            O::ExternalDocumentation => const { &[may("description", Text), must("url", Text)] },
            O::Parameter => {
                const {
                    &[
                        must("name", Text),
                        must("in", Text),
                        may("description", Text),
                        may("required", Bool),
                        may("deprecated", Bool),
                        may("allowEmptyValue", Bool),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                        may("schema", One(O::Schema)),
                        may("example", Any),
                        may("examples", Map(O::Example)),
                        may("content", Map(O::MediaType)),
                    ]
                }
            }
            O::RequestBody => {
                const {
                    &[
                        may("description", Text),
                        must("content", Map(O::MediaType)),
                        may("required", Bool),
                    ]
                }
            }
            O::MediaType => {
                const {
                    &[
                        may("schema", One(O::Schema)),
                        may("example", Any),
                        may("examples", Map(O::Example)),
                        may("encoding", Map(O::Encoding)),
                    ]
                }
            }
            O::Encoding => {
                const {
                    &[
                        may("contentType", Text),
                        may("headers", Map(O::Header)),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                    ]
                }
            }
            O::Response => {
                const {
                    &[
                        must("description", Text),
                        may("headers", Map(O::Header)),
                        may("content", Map(O::MediaType)),
                        may("links", Map(O::Link)),
                    ]
                }
            }
            O::Example => {
                const {
                    &[
                        may("summary", Text),
                        may("description", Text),
                        may("value", Any),
                        may("externalValue", Text),
                    ]
                }
            }
            O::Link => {
                const {
                    &[
                        may("operationRef", Text),
                        may("operationId", Text),
                        may("parameters", AnyMap),
                        may("requestBody", Any),
                        may("description", Text),
                        may("server", One(O::Server)),
                    ]
                }
            }
            O::Header => {
                const {
                    &[
                        may("description", Text),
                        may("required", Bool),
                        may("deprecated", Bool),
                        may("allowEmptyValue", Bool),
                        may("style", Text),
                        may("explode", Bool),
                        may("allowReserved", Bool),
                        may("schema", One(O::Schema)),
                        may("example", Any),
                        may("examples", Map(O::Example)),
                        may("content", Map(O::MediaType)),
                    ]
                }
            }
            O::Tag => {
                const {
                    &[
                        must("name", Text),
                        may("description", Text),
                        may("externalDocs", One(O::ExternalDocumentation)),
                    ]
                }
            }
            // Its keys are expressions.
            O::Callback => &[],
            O::Schema => &super::keywords::FIELDS,
            O::Discriminator => const { &[must("propertyName", Text), may("mapping", TextMap)] },
            O::Xml => {
                const {
                    &[
                        may("name", Text),
                        may("namespace", Text),
                        may("prefix", Text),
                        may("attribute", Bool),
                        may("wrapped", Bool),
                    ]
                }
            }
            O::SecurityScheme => {
                const {
                    &[
                        must("type", Text),
                        may("description", Text),
                        may("name", Text),
                        may("in", Text),
                        may("scheme", Text),
                        may("bearerFormat", Text),
                        may("flows", One(O::OAuthFlows)),
                        may("openIdConnectUrl", Text),
                    ]
                }
            }
            O::OAuthFlows => {
                const {
                    &[
                        may("implicit", One(O::OAuthFlow)),
                        may("password", One(O::OAuthFlow)),
                        may("clientCredentials", One(O::OAuthFlow)),
                        may("authorizationCode", One(O::OAuthFlow)),
                    ]
                }
            }
            O::OAuthFlow => {
                const {
                    &[
                        may("authorizationUrl", Text),
                        may("tokenUrl", Text),
                        may("refreshUrl", Text),
                        must("scopes", TextMap),
                    ]
                }
            }
        }
    }
}
