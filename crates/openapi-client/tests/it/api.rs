//! An API of two operations, by hand, in the shape in which codegen writes one.

use std::pin::pin;

use openapi_client::check::{Number, Parameter, Rule};
use openapi_client::progenitor_client::{Error as Failure, QueryParam, ResponseValue, encode_path};
use openapi_client::{
    Call, ClientBuilder, Connection, Credentials, Decimal, ErrorBody, InvalidValue, List,
    OperationDescription, ParameterDescription, Private, RawBody, Request, Response, Secret,
    Timestamp, open_enum, request, reqwest,
};
use serde::{Deserialize, Serialize};

pub(crate) const BASE_URL: &str = "https://api.example.com/v1";

pub(crate) type Error = openapi_client::Error<Problem>;

/// What a success brings.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Thing {
    pub(crate) id: String,
    pub(crate) state: Option<State>,
    pub(crate) price: Option<Decimal>,
    #[serde(rename = "madeAt")]
    pub(crate) made_at: Option<Timestamp>,
    pub(crate) owner: Option<Private>,
    pub(crate) code: Option<Secret>,
    #[serde(default)]
    pub(crate) parts: List<Thing>,
}

/// What the server says of an error.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    #[serde(rename = "requestId")]
    request_id: Option<String>,
    code: Option<String>,
    pub(crate) message: Option<Private>,
}

impl ErrorBody for Problem {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn code(&self) -> Option<&str> {
        let code = self.code.as_deref()?;
        code.bytes().all(|byte| byte.is_ascii_digit()).then_some(code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    New,
    Done,
    Unknown(String),
}

impl State {
    pub(crate) const KNOWN: &'static [Self] = &[Self::New, Self::Done];

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::New => "NEW",
            Self::Done => "DONE",
            Self::Unknown(value) => value,
        }
    }
}

impl From<String> for State {
    fn from(value: String) -> Self {
        match value.as_str() {
            "NEW" => Self::New,
            "DONE" => Self::Done,
            _ => Self::Unknown(value),
        }
    }
}

open_enum!(State);

/// Calls both operations.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    connection: Connection,
}

impl From<Connection> for Client {
    fn from(connection: Connection) -> Self {
        Self { connection }
    }
}

impl Client {
    /// Sets up a client with a token.
    pub(crate) fn builder(base_url: &str) -> ClientBuilder<Self> {
        let credentials = Credentials::bearer("token").unwrap();
        ClientBuilder::new().base_url(base_url.parse().unwrap()).credentials(credentials)
    }

    pub(crate) fn get_thing(&self, id: impl Into<String>) -> GetThing {
        let connection = self.connection.clone();
        GetThing { connection, id: id.into(), most_parts: None, tags: None, owner: None }
    }

    pub(crate) fn make_thing(&self, id: impl Into<String>) -> MakeThing {
        MakeThing { connection: self.connection.clone(), id: id.into() }
    }
}

#[derive(Clone)]
pub(crate) struct GetThing {
    connection: Connection,
    id: String,
    most_parts: Option<i64>,
    tags: Option<Vec<String>>,
    owner: Option<String>,
}

impl GetThing {
    pub(crate) fn most_parts(mut self, most_parts: i64) -> Self {
        self.most_parts = Some(most_parts);
        self
    }

    pub(crate) fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags = Some(tags.into_iter().map(Into::into).collect());
        self
    }

    pub(crate) fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }
}

impl Request for GetThing {
    type Value = Thing;
    type ErrorBody = Problem;
    const OPERATION: &'static OperationDescription = &OperationDescription {
        id: "get_thing",
        method: "GET",
        path: "/things/{id}",
        parameters: &[
            ParameterDescription::path("id", &[Rule::MinLength(1), Rule::MaxLength(100)]),
            ParameterDescription::query(
                "mostParts",
                &[Rule::Minimum(Number::Integer(1)), Rule::Maximum(Number::Integer(500))],
            ),
            ParameterDescription::query("tags", &[Rule::MaxItems(50)]),
            ParameterDescription::query("owner", &[]),
        ],
        responses: &[("200", Some("Thing")), ("404", Some("Problem"))],
        exclusive: &[&["tags", "owner"]],
        is_idempotent: true,
    };

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn parameters(&self) -> Vec<&dyn Parameter> {
        vec![&self.id, &self.most_parts, &self.tags, &self.owner]
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Thing>, Error> {
        let client = Progenitor::new(self)?;
        let tags = self.tags.as_ref();
        let call = client.get_thing(&self.id, self.most_parts, tags, self.owner.as_deref());
        client.inner.finish(self, pin!(call), keep_body).await
    }
}

request!(GetThing);

#[derive(Clone)]
pub(crate) struct MakeThing {
    connection: Connection,
    id: String,
}

impl Request for MakeThing {
    type Value = Thing;
    type ErrorBody = Problem;
    const OPERATION: &'static OperationDescription = &OperationDescription {
        id: "make_thing",
        method: "POST",
        path: "/things",
        parameters: &[],
        responses: &[("201", Some("Thing"))],
        exclusive: &[],
        is_idempotent: false,
    };

    fn connection(&self) -> &Connection {
        &self.connection
    }

    fn parameters(&self) -> Vec<&dyn Parameter> {
        Vec::new()
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Thing>, Error> {
        let client = Progenitor::new(self)?;
        client.inner.finish(self, pin!(client.make_thing(&self.id)), keep_body).await
    }
}

request!(MakeThing);

/// What progenitor generates.
struct Progenitor {
    baseurl: String,
    client: reqwest::Client,
    inner: Call,
}

impl Progenitor {
    fn new<R: Request>(request: &R) -> Result<Self, InvalidValue> {
        let connection = request.connection();
        Ok(Self {
            baseurl: connection.base_url().to_owned(),
            client: connection.http_client().clone(),
            inner: Call::new(request)?,
        })
    }

    async fn get_thing(
        &self,
        id: &str,
        most_parts: Option<i64>,
        tags: Option<&Vec<String>>,
        owner: Option<&str>,
    ) -> Result<ResponseValue<Thing>, Failure<Problem>> {
        let request = self
            .client
            .get(format!("{}/things/{}", self.baseurl, encode_path(id)))
            .header("accept", "application/json")
            .query(&QueryParam::new("mostParts", &most_parts))
            .query(&QueryParam::new("tags", &tags))
            .query(&QueryParam::new("owner", &owner))
            .build()?;
        let response = self.inner.send(request).await?;
        match response.status().as_u16() {
            200 => RawBody::read_json(response).await,
            404 => Err(Failure::ErrorResponse(RawBody::read_json(response).await?)),
            _ => Err(Failure::UnexpectedResponse(response)),
        }
    }

    async fn make_thing(&self, id: &str) -> Result<ResponseValue<Thing>, Failure<Problem>> {
        let request = self.client.post(format!("{}/things", self.baseurl));
        let request = request.json(&serde_json::json!({ "id": id })).build()?;
        let response = self.inner.send(request).await?;
        match response.status().as_u16() {
            201 => RawBody::read_json(response).await,
            _ => Err(Failure::UnexpectedResponse(response)),
        }
    }
}
