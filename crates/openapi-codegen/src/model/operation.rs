//! Operations with what they carry.

use super::{Parameter, Schema};
use crate::source::Span;
use crate::vocabulary::{is_json, media_type};

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub pointer: String,
    pub span: Span,
    /// `operationId`, or the method and the path where there is none.
    pub id: String,
    /// In lower case, as the document writes it.
    pub method: String,
    pub path: String,
    pub summary: Option<String>,
    pub description: Option<String>,
    pub deprecated: bool,
    /// The names of its tags.
    pub tags: Vec<String>,
    /// Those of its path item first, except what the operation overrides.
    pub parameters: Vec<Parameter>,
    pub request_body: Option<RequestBody>,
    pub responses: Vec<Response>,
    /// `x-mutually-exclusive`
    pub exclusive: Vec<Vec<String>>,
    /// The names of the security schemes of each alternative; the document's own where the
    /// operation says nothing.
    pub security: Vec<Vec<String>>,
}

/// The body of a request, references followed.
#[derive(Clone, Debug)]
pub struct RequestBody {
    pub span: Span,
    pub description: Option<String>,
    pub required: bool,
    pub content: Vec<MediaType>,
}

/// A response, references followed.
#[derive(Clone, Debug)]
pub struct Response {
    pub span: Span,
    /// As the document writes it: `200`, `4XX`, `default`.
    pub status: String,
    pub description: String,
    pub content: Vec<MediaType>,
}

/// An entry of `content`.
#[derive(Clone, Debug)]
pub struct MediaType {
    pub span: Span,
    /// As the document writes it, parameters included.
    pub name: String,
    pub schema: Option<Schema>,
}

impl Operation {
    /// The schema of the JSON body of requests.
    pub fn request_schema(&self) -> Option<&Schema> {
        json(&self.request_body.as_ref()?.content)?.schema.as_ref()
    }

    /// The schemas of its JSON bodies and of its parameters.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        let responses = self.responses.iter().filter_map(Response::schema);
        let parameters = self.parameters.iter().map(|parameter| &parameter.schema);
        responses.chain(self.request_schema()).chain(parameters)
    }
}

impl RequestBody {
    /// The media type that is JSON.
    pub fn json(&self) -> Option<&MediaType> {
        json(&self.content)
    }

    /// The media type in which a body is sent that is neither JSON nor a form, and that is one in which
    /// a caller can write it.
    pub fn raw(&self) -> Option<&MediaType> {
        self.content.iter().find(|media| media.is_writable())
    }

    /// The media type that is `application/x-www-form-urlencoded`.
    pub fn form(&self) -> Option<&MediaType> {
        self.content
            .iter()
            .find(|media| media.essence().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    }
}

impl Response {
    /// The media type that is JSON.
    pub fn json(&self) -> Option<&MediaType> {
        json(&self.content)
    }

    /// The schema of the JSON body.
    pub fn schema(&self) -> Option<&Schema> {
        self.json()?.schema.as_ref()
    }
}

/// The first media type that is JSON, or else one that stands for all and thus for JSON.
fn json(content: &[MediaType]) -> Option<&MediaType> {
    let is_range = |media: &&MediaType| matches!(media.essence(), "*/*" | "application/*");
    let json = content.iter().find(|media| is_json(&media.name));
    json.or_else(|| content.iter().find(is_range))
}

impl MediaType {
    /// Whether a body as a whole can be of this media type: it is neither a range nor a body of several
    /// parts, and a header can hold it.
    pub fn is_writable(&self) -> bool {
        media_type(&self.name).is_some_and(|(kind, subtype)| {
            !kind.eq_ignore_ascii_case("multipart") && !kind.contains('*') && !subtype.contains('*')
        })
    }

    /// The name without its parameters (RFC 9110, section 8.3.1).
    pub fn essence(&self) -> &str {
        self.name.split(';').next().unwrap_or_default().trim()
    }
}
