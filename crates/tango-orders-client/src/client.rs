//! The two operations, made safe to call.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::Duration;

use progenitor_client::{ClientHooks, OperationInfo, ResponseValue};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{StatusCode, Url, redirect};

use crate::credentials::Credentials;
use crate::error::{DecodeError, Error};
use crate::generated;
use crate::generated::requests;
use crate::generated::types::{AsyncOrder, ErrorBody, Order};

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one call may take, reply included.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Calls Tango's two read operations on orders.
///
/// It follows no redirection, sends no `Referer`, and speaks HTTPS only, except with a server on
/// this machine. Clones share their connections.
#[derive(Clone)]
pub struct Client {
    base_url: String,
    http: reqwest::Client,
}

/// Which line items of an async order to return; by default the first page of all.
#[derive(Clone, Debug, Default)]
pub struct LineItemQuery {
    /// Where to go on; without it, at the beginning.
    pub position: Option<Position>,
    /// The most line items of a page: 1 to 500, where the server's default is 100.
    pub max_results: Option<u32>,
    /// Only line items with one of these references.
    pub filter: Option<Filter>,
    /// Only line items that failed.
    pub failed_only: bool,
}

/// A place in the list of line items, told by a cursor of an earlier page.
#[derive(Clone, Debug)]
pub enum Position {
    /// The page after the one whose `pagination.next_cursor` this is.
    Next(String),
    /// The page before the one whose `pagination.prev_cursor` this is.
    Previous(String),
}

/// Picks line items by reference, 1 to 50 of them; the server takes one kind of reference at a time.
#[derive(Clone, Debug)]
pub enum Filter {
    /// The caller's own references, up to 100 characters each.
    ExternalReferences(Vec<String>),
    /// Tango's identifiers.
    References(Vec<String>),
}

impl Client {
    /// A client for the server at `base_url`, such as `https://integration-api.tangocard.com/raas/v2`.
    ///
    /// HTTPS needs a TLS feature of `reqwest`, which the application chooses.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] if the URL is none, is neither HTTPS nor on this machine, or
    /// carries a password, a query or a fragment; [`Error::Transport`] if TLS cannot be set up.
    pub fn new(base_url: &str, credentials: &Credentials) -> Result<Self, Error> {
        let is_plain = allows_plain_http(base_url)?;
        let headers = HeaderMap::from_iter([(AUTHORIZATION, credentials.authorization())]);
        let mut http = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .referer(false)
            .https_only(!is_plain)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT);
        if is_plain {
            // A proxy would take plain HTTP off this machine.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Error::Transport(error.without_url()))?;
        Ok(Self { base_url: base_url.trim_end_matches('/').to_owned(), http })
    }

    /// Gets the status of an async order and a page of its line items, without credentials.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] before anything is sent if an identifier is empty, is longer than
    /// documented, or could lead to another route, or if the query breaks a limit; otherwise any
    /// other [`Error`].
    pub async fn get_async_order(
        &self,
        customer_identifier: &str,
        account_identifier: &str,
        external_ref_id: &str,
        query: &LineItemQuery,
    ) -> Result<AsyncOrder, Error> {
        let customer = path_parameter("customer identifier", customer_identifier)?;
        let account = path_parameter("account identifier", account_identifier)?;
        let external_ref = path_parameter("external reference", external_ref_id)?;
        let (next, previous) = match &query.position {
            Some(Position::Next(cursor)) => (Some(requests::Cursor(cursor.clone())), None),
            Some(Position::Previous(cursor)) => (None, Some(requests::Cursor(cursor.clone()))),
            None => (None, None),
        };
        let (external_references, references) = match &query.filter {
            Some(Filter::ExternalReferences(ids)) => {
                const NAME: &str = "list of external references";
                let parsed =
                    ids.iter().map(|id| parameter("external reference of a line item", id));
                let parsed = parsed.collect::<Result<Vec<_>, _>>()?;
                (Some(filter(NAME, parsed, ids)?), None)
            }
            Some(Filter::References(ids)) => {
                (None, Some(filter("list of references", ids.clone(), ids)?))
            }
            None => (None, None),
        };
        let max_results = query.max_results.map(|most| {
            checked::<_, requests::MaxResults>("page size", i64::from(most), &most.to_string())
        });
        let max_results = max_results.transpose()?;
        let call = self.call();
        let reply = call
            .get_async_order(
                &customer,
                &account,
                &external_ref,
                external_references.as_ref(),
                query.failed_only.then_some(true),
                max_results.as_ref(),
                next.as_ref(),
                previous.as_ref(),
                references.as_ref(),
            )
            .await;
        call.finish(reply).await
    }

    /// Looks an order up, with the credentials that redeem its reward.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`] before anything is sent if the identifier is empty or could lead to
    /// another route; otherwise any other [`Error`].
    pub async fn get_order(&self, reference_order_id: &str) -> Result<Order, Error> {
        let id = path_parameter("reference order id", reference_order_id)?;
        let call = self.call();
        let reply = call.get_order(&id).await;
        call.finish(reply).await
    }

    fn call(&self) -> generated::Client {
        let (base_url, http) = (&self.base_url, self.http.clone());
        generated::Client::new_with_client(base_url, http, Exchange::default())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// What one call has seen of the server.
///
/// progenitor forgets the status of a reply that it cannot read, so its hooks note it here.
#[derive(Default)]
pub(crate) struct Exchange {
    status: OnceLock<StatusCode>,
}

impl ClientHooks<Exchange> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        // progenitor adds it to every request; the server knows no such header.
        request.headers_mut().remove("api-version");
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let response = self.client.execute(request).await?;
        self.inner.status.get_or_init(|| response.status());
        Ok(response)
    }
}

impl generated::Client {
    /// Turns progenitor's result into ours. The body of a reply that cannot be read ends here.
    async fn finish<T>(
        &self,
        reply: Result<ResponseValue<T>, progenitor_client::Error<ErrorBody>>,
    ) -> Result<T, Error> {
        use progenitor_client::Error as Failure;
        Err(match reply {
            Ok(reply) => return Ok(reply.into_inner()),
            Err(Failure::ErrorResponse(reply)) => {
                Error::Api { status: reply.status(), body: Box::new(reply.into_inner()) }
            }
            Err(Failure::UnexpectedResponse(reply)) => undocumented(reply).await,
            Err(Failure::InvalidResponsePayload(_, error)) => match self.inner.status.get() {
                Some(&status) if status.is_success() => {
                    Error::Decode { status, source: DecodeError::from(&error) }
                }
                status => Error::Unexpected { status: status.copied().unwrap_or_default() },
            },
            Err(
                Failure::CommunicationError(error)
                | Failure::ResponseBodyError(error)
                | Failure::InvalidUpgrade(error),
            ) => match self.inner.status.get() {
                // An error whose body breaks off is an error of that status all the same.
                Some(&status) if !status.is_success() => Error::Unexpected { status },
                _ => Error::Transport(error.without_url()),
            },
            Err(Failure::InvalidRequest(_) | Failure::Custom(_)) => {
                Error::invalid("request", "cannot be built", "")
            }
        })
    }
}

/// A status that the document does not list for the operation; the error body is known all the same.
async fn undocumented(reply: reqwest::Response) -> Error {
    let status = reply.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Error::Unexpected { status };
    }
    match reply.bytes().await {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(body) => Error::Api { status, body: Box::new(body) },
            Err(_) => Error::Unexpected { status },
        },
        Err(_) => Error::Unexpected { status },
    }
}

fn parameter<T: FromStr<Err: fmt::Display>>(name: &'static str, value: &str) -> Result<T, Error> {
    value.parse().map_err(|error| Error::invalid(name, format!("is {error}"), value))
}

/// Puts a value under the rules of the document; `text` is what an error tells the length of.
fn checked<V, T: TryFrom<V, Error: fmt::Display>>(
    name: &'static str,
    value: V,
    text: &str,
) -> Result<T, Error> {
    T::try_from(value).map_err(|error| Error::invalid(name, format!("is {error}"), text))
}

/// A list without references would not be sent, and the server would return all line items.
fn filter<V, T: TryFrom<Vec<V>, Error: fmt::Display>>(
    name: &'static str,
    values: Vec<V>,
    ids: &[String],
) -> Result<T, Error> {
    if values.is_empty() {
        return Err(Error::invalid(name, "is empty, which would ask for all line items", ""));
    }
    checked(name, values, &ids.concat())
}

/// Reads a value that becomes one segment of the path, and nothing else.
///
/// URL parsers drop or resolve `.` and `..`, also behind a backslash (WHATWG URL), servers may cut a
/// segment at a semicolon and decode an escaped slash, and an empty segment calls another
/// operation. None of these is part of an identifier, so they are refused rather than escaped.
fn path_parameter<T: FromStr<Err: fmt::Display>>(
    name: &'static str,
    value: &str,
) -> Result<T, Error> {
    let refused = |character: char| matches!(character, '/' | '\\' | ';') || character.is_control();
    let rule = if value.is_empty() {
        "is empty"
    } else if matches!(value, "." | "..") {
        "is a relative path"
    } else if value.contains(refused) {
        "has a slash, a backslash, a semicolon or a control character"
    } else {
        return parameter(name, value);
    };
    Err(Error::invalid(name, rule, value))
}

/// Checks a base URL, and tells whether its server may be spoken to in plain HTTP.
fn allows_plain_http(text: &str) -> Result<bool, Error> {
    let refuse = |rule: &str| Err(Error::invalid("base url", rule, text));
    let Ok(url) = Url::parse(text) else { return refuse("is not an absolute url") };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("carries credentials, which would be logged with it");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("has a query or a fragment");
    }
    let is_loopback = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => return refuse("has no host"),
    };
    match url.scheme() {
        "https" => Ok(false),
        "http" if is_loopback => Ok(true),
        _ => refuse("is neither https nor on this machine"),
    }
}
