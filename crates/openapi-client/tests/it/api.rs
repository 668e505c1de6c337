//! An API of two operations, by hand, in the shape in which codegen writes one.

use std::fmt;

use openapi_client::check::{self, Number, Rule};
use openapi_client::progenitor_client::{
    ClientHooks, ClientInfo, Error as Failure, OperationInfo, QueryParam, ResponseValue,
    encode_path,
};
use openapi_client::{
    BoxFuture, Call, ClientBuilder, Connection, Credentials, Decimal, ErrorBody, InvalidValue,
    List, OperationDescription, Private, Request, Response, Secret, Timestamp, WithResponse,
    debug_request, open_enum, reqwest,
};
use serde::Deserialize;

pub(crate) const BASE_URL: &str = "https://api.example.com/v1";

pub(crate) type Error = openapi_client::Error<Problem>;

/// What a success brings.
#[derive(Clone, Debug, Deserialize)]
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

    pub(crate) fn with_response(self) -> WithResponse<Self> {
        WithResponse::new(self)
    }

    fn is_set(&self) -> [(&'static str, bool); 3] {
        [
            ("mostParts", self.most_parts.is_some()),
            ("tags", self.tags.is_some()),
            ("owner", self.owner.is_some()),
        ]
    }

    fn check(&self) -> Result<(), InvalidValue> {
        check::path_segment("id", &self.id)?;
        check::parameter("id", &self.id, &[Rule::MinLength(1), Rule::MaxLength(100)])?;
        let limits = [Rule::Minimum(Number::Integer(1)), Rule::Maximum(Number::Integer(500))];
        check::parameter("mostParts", &self.most_parts, &limits)?;
        check::parameter("tags", &self.tags, &[Rule::MaxItems(50)])?;
        check::exclusive(Self::OPERATION.exclusive, &self.is_set())
    }
}

impl Request for GetThing {
    type Value = Thing;
    type ErrorBody = Problem;
    const OPERATION: &'static OperationDescription = &OperationDescription {
        id: "get_thing",
        method: "GET",
        path: "/things/{id}",
        responses: &[("200", Some("Thing")), ("404", Some("Problem"))],
        exclusive: &[&["tags", "owner"]],
        is_idempotent: true,
    };

    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Thing>, Error> {
        self.check()?;
        let client = Progenitor::new(&self.connection, Self::OPERATION);
        let call =
            client.get_thing(&self.id, self.most_parts, self.tags.as_ref(), self.owner.as_deref());
        client.inner.finish(self, call, keep_body).await
    }
}

impl IntoFuture for GetThing {
    type Output = Result<Thing, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

impl fmt::Debug for GetThing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_request("GetThing", &self.is_set(), formatter)
    }
}

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
        responses: &[("201", Some("Thing"))],
        exclusive: &[],
        is_idempotent: false,
    };

    fn connection(&self) -> &Connection {
        &self.connection
    }

    async fn send(&self, keep_body: bool) -> Result<Response<Thing>, Error> {
        let client = Progenitor::new(&self.connection, Self::OPERATION);
        client.inner.finish(self, client.make_thing(&self.id), keep_body).await
    }
}

impl IntoFuture for MakeThing {
    type Output = Result<Thing, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.send(false).await.map(Response::into_value) })
    }
}

/// What progenitor generates.
struct Progenitor {
    baseurl: String,
    client: reqwest::Client,
    inner: Call,
}

impl Progenitor {
    fn new(connection: &Connection, operation: &'static OperationDescription) -> Self {
        Self {
            baseurl: connection.base_url().to_owned(),
            client: connection.http_client().clone(),
            inner: Call::new(connection.clone(), operation),
        }
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
        let info = OperationInfo { operation_id: "get_thing" };
        let response = self.call(request, &info).await?;
        match response.status().as_u16() {
            200 => ResponseValue::from_response(response).await,
            404 => Err(Failure::ErrorResponse(ResponseValue::from_response(response).await?)),
            _ => Err(Failure::UnexpectedResponse(response)),
        }
    }

    async fn make_thing(&self, id: &str) -> Result<ResponseValue<Thing>, Failure<Problem>> {
        let request = self.client.post(format!("{}/things", self.baseurl));
        let request = request.json(&serde_json::json!({ "id": id })).build()?;
        let info = OperationInfo { operation_id: "make_thing" };
        let response = self.call(request, &info).await?;
        match response.status().as_u16() {
            201 => ResponseValue::from_response(response).await,
            _ => Err(Failure::UnexpectedResponse(response)),
        }
    }

    async fn call(
        &self,
        mut request: reqwest::Request,
        info: &OperationInfo,
    ) -> Result<reqwest::Response, Failure<Problem>> {
        self.pre(&mut request, info).await?;
        let result = self.exec(request, info).await;
        self.post(&result, info).await?;
        Ok(result?)
    }
}

impl ClientInfo<Call> for Progenitor {
    fn api_version() -> &'static str {
        "1"
    }

    fn baseurl(&self) -> &str {
        &self.baseurl
    }

    fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn inner(&self) -> &Call {
        &self.inner
    }
}

impl ClientHooks<Call> for Progenitor {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Failure<E>> {
        self.inner.pre(request)
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        self.inner.exec(request).await
    }
}
