//! From a request to a response.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use hyper::body::Incoming;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tango_orders_client::Operation;
use tower_service::Service;

use crate::access::Access;
use crate::api;
use crate::clock::Clock;
use crate::data::{Draw, mix};
use crate::endpoint::{BASE_PATH, BodyKey, Endpoints};
use crate::error_response::{ErrorResponse, JSON};
use crate::fault::{Fault, Faults, Target};
use crate::faulty_response::{self, Damage};
use crate::home_page;
use crate::hosts::Hosts;
use crate::none_failed::NoneFailed;
use crate::observer::{Observer, Performed};
use crate::orders::Orders;
use crate::pagination::Context;
use crate::rate::Limiter;
use crate::request_head;
use crate::request_id::RequestId;
use crate::seal::Seal;
use crate::socket::Peer;
use crate::state::Setup;
#[cfg(feature = "swagger-ui")]
use crate::swagger_ui;
use crate::token::{self, Tokens};

/// How many bytes are kept of bodies for the next time they are asked for.
///
/// An allocator that has given many sizes out and back holds about a third more, which stays below
/// 32 MiB.
const CACHE_BYTES: u64 = 24 << 20;

/// What a body takes beside its bytes, about.
const OVERHEAD: usize = 256;

/// How many bodies are expected to be kept.
const CACHE_ITEMS: usize = 2_000;

/// Where the document of the API is.
const DOCUMENT_PATH: &str = "/openapi.json";

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How a request asks for misbehaviour.
const FAULT: HeaderName = HeaderName::from_static("x-sandbox-fault");

/// What answers requests, however they come in.
pub(crate) struct Server {
    pub(crate) seed: u64,
    pub(crate) seal: Seal,
    /// What the identifiers of responses follow from; it does not tell the seed.
    pub(crate) id_seed: u64,
    pub(crate) setup: Setup,
    pub(crate) orders: Orders,
    pub(crate) access: Access,
    pub(crate) tokens: Tokens,
    pub(crate) hosts: Hosts,
    pub(crate) clock: Clock,
    pub(crate) none_failed: NoneFailed,
    pub(crate) cursor_lifetime: Option<Duration>,
    pub(crate) observer: Observer,
    pub(crate) bodies: Bodies,
    pub(crate) calls: AtomicU64,
    pub(crate) faults: Faults,
    pub(crate) limiter: Option<Limiter>,
}

/// Rendered bodies, no more than a bounded number of bytes.
pub(crate) struct Bodies(Cache<BodyKey, Bytes, BySize>);

#[derive(Clone)]
struct BySize;

impl Weighter<BodyKey, Bytes> for BySize {
    fn weight(&self, _: &BodyKey, body: &Bytes) -> u64 {
        u64::try_from(body.len() + OVERHEAD).unwrap_or(u64::MAX)
    }
}

impl Default for Bodies {
    fn default() -> Self {
        Self(Cache::with_weighter(CACHE_ITEMS, CACHE_BYTES, BySize))
    }
}

/// The whole of what a sandbox serves.
pub(crate) fn router(server: &Arc<Server>) -> serde_json::Result<Router> {
    let Endpoints { router, document } = api::endpoints();
    let document = Bytes::from(serde_json::to_vec_pretty(&document)?);
    let index = async |State(server): State<Arc<Server>>, headers: HeaderMap| {
        Html(home_page::render(&server, &headers))
    };
    // What is for people stands beside the API; it needs no credentials.
    let router = router
        .route("/", get(index))
        .route(DOCUMENT_PATH, get(async move || json(document.clone())))
        .route(token::PATH, post(token::respond))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(Arc::clone(server));
    #[cfg(feature = "swagger-ui")]
    let router = router.merge(swagger_ui::routes(DOCUMENT_PATH));
    Ok(router)
}

async fn not_found(State(server): State<Arc<Server>>, request: Request) -> ErrorResponse {
    server.admit_to_api(&request).err().unwrap_or_else(ErrorResponse::not_found)
}

async fn method_not_allowed(State(server): State<Arc<Server>>, request: Request) -> ErrorResponse {
    server.admit_to_api(&request).err().unwrap_or_else(ErrorResponse::method_not_allowed)
}

pub(crate) fn json(body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// A request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    /// How many requests came before; what is left to chance follows from it.
    pub(crate) number: u64,
    peer: Peer,
}

impl Server {
    /// Answers one request.
    pub(crate) async fn answer(
        self: Arc<Self>,
        mut router: Router,
        request: hyper::Request<Incoming>,
        peer: Peer,
    ) -> Response {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let id = RequestId::new(mix(self.id_seed, number), mix(self.id_seed, !number));
        let mut request = request.map(Body::new);
        let seen = self.observer.see(&request);
        request.extensions_mut().insert(Arrival { number, peer });
        // Only an error repeats the path.
        let path = request.uri().clone();
        let mut response = match request_head::check_framing(&request)
            .and_then(|()| self.hosts.check(&request))
            .and_then(|()| request_head::decode(path.path()))
        {
            Ok(_) => router.call(request).await.unwrap_or_else(|never| match never {}),
            Err(error) => error.into_response(),
        };
        let error = response.extensions_mut().remove::<ErrorResponse>();
        let is_error_body = error.is_some();
        if let Some(error) = error {
            let mut rendered = error.render(id.as_str(), path.path(), self.clock.now());
            // The router names the methods that it knows; a fault says when to come back.
            for name in [header::ALLOW, header::RETRY_AFTER] {
                if let Some(value) = response.headers_mut().remove(&name) {
                    rendered.headers_mut().insert(name, value);
                }
            }
            *rendered.extensions_mut() = std::mem::take(response.extensions_mut());
            response = rendered;
        }
        if let Some(damage) = response.extensions_mut().remove::<Damage>() {
            // Each connection has room for this future; what is rare is not to take any of it.
            response = Box::pin(damage.apply(response, is_error_body)).await;
        }
        if let Ok(value) = HeaderValue::from_str(id.as_str()) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        self.observer.tell(seen, &response, &id);
        response
    }

    /// Performs an operation for a caller who is allowed to ask for it.
    pub(crate) async fn perform(
        &self,
        operation: Operation,
        head: &Parts,
        body: impl FnOnce(&Fault) -> Result<Bytes, ErrorResponse>,
    ) -> Response {
        let admitted = self.admit(&head.headers).and_then(|()| self.check_rate(operation));
        let body = |fault: &Fault| body(fault).map(json).into_response();
        self.under_fault(Target::Operation(operation), head, admitted, body).await
    }

    /// Lets go wrong what is to go wrong with a call, if it may pass at all.
    pub(crate) async fn under_fault(
        &self,
        target: Target,
        head: &Parts,
        admitted: Result<(), ErrorResponse>,
        body: impl FnOnce(&Fault) -> Response,
    ) -> Response {
        let fault = admitted.and_then(|()| self.fault(target, head));
        let mut response = match &fault {
            Ok(Some((fault, latency))) => {
                if wait(*latency, head).await {
                    faulty_response::response(target, fault, || body(fault))
                } else {
                    faulty_response::reset()
                }
            }
            Ok(None) => body(&Fault::default()),
            Err(error) => error.clone().into_response(),
        };
        if self.observer.is_interested() {
            let fault = fault.ok().flatten().map(|(fault, _)| fault);
            response.extensions_mut().insert(Performed { target, fault });
        }
        response
    }

    /// What is to go wrong with a call, and how long that takes.
    fn fault(
        &self,
        target: Target,
        head: &Parts,
    ) -> Result<Option<(Fault, Duration)>, ErrorResponse> {
        let mut wishes = head.headers.get_all(FAULT).iter().peekable();
        if wishes.peek().is_none() && self.faults.is_empty() {
            return Ok(None);
        }
        let number = head.extensions.get().map_or(0, |arrival: &Arrival| arrival.number);
        let mut draw = Draw::new(mix(mix(self.seed, number), u64::MAX));
        let fault = if wishes.peek().is_none() {
            self.faults.next(target, &mut draw)
        } else {
            // Several headers of one name are one list (RFC 9110, section 5.3).
            let wishes: Vec<_> =
                wishes.map(|wish| String::from_utf8_lossy(wish.as_bytes())).collect();
            let fault: Fault = wishes.join(",").parse().map_err(refused)?;
            if let Some(item) = fault.idle_item(target) {
                let problem = "has nothing to act on in this response";
                return Err(refused(format!("apply the fault `{item}`: it {problem}")));
            }
            Some(fault)
        };
        Ok(fault.map(|fault| {
            let latency = fault.latency.map(|latency| latency.duration(&mut draw));
            (fault, latency.unwrap_or_default())
        }))
    }

    fn check_rate(&self, operation: Operation) -> Result<(), ErrorResponse> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if limiter.take(operation, self.clock.precisely()) {
            return Ok(());
        }
        Err(ErrorResponse::too_many_requests(operation.id(), limiter.calls_per_second))
    }

    /// Whether the request may pass, if it is one to the API.
    fn admit_to_api(&self, request: &Request) -> Result<(), ErrorResponse> {
        if request.uri().path().starts_with(BASE_PATH) {
            self.admit(request.headers())
        } else {
            Ok(())
        }
    }

    /// Whether the request may pass, whatever it asks for.
    fn admit(&self, headers: &HeaderMap) -> Result<(), ErrorResponse> {
        self.access.check(headers, &self.tokens, self.clock.elapsed())?;
        request_head::check_media_types(headers)
    }

    /// A body that is kept, or made and kept.
    pub(crate) fn body(
        &self,
        key: Option<BodyKey>,
        render: impl FnOnce() -> serde_json::Result<Bytes>,
    ) -> Result<Bytes, ErrorResponse> {
        if let Some(body) = key.and_then(|key| self.bodies.0.get(&key)) {
            return Ok(body);
        }
        let body = render().map_err(|_| ErrorResponse::internal_server_error())?;
        if let Some(key) = key {
            // What is kept has no room to grow in.
            self.bodies.0.insert(key, Bytes::copy_from_slice(&body));
        }
        Ok(body)
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            seal: &self.seal,
            now: self.clock.now(),
            elapsed: self.clock.elapsed(),
            cursor_lifetime: self.cursor_lifetime,
        }
    }
}

/// A fault that cannot be had.
fn refused(error: impl fmt::Display) -> ErrorResponse {
    let message = format!("The sandbox failed to {error}");
    ErrorResponse::whole_request(StatusCode::BAD_REQUEST, "400.001", message, Vec::new())
}

/// Waits, unless the client leaves meanwhile; then there is nobody to answer.
async fn wait(latency: Duration, head: &Parts) -> bool {
    let Some(Arrival { peer, .. }) = head.extensions.get().filter(|_| !latency.is_zero()) else {
        return true;
    };
    tokio::select! {
        () = tokio::time::sleep(latency) => true,
        () = peer.left() => false,
    }
}
