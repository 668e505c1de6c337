//! Swagger UI, a page to try the operations in; its files are part of the program.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui::{Config, serve};

use crate::error_response::ErrorResponse;

/// Where Swagger UI is.
pub(crate) const PATH: &str = "/swagger-ui";

/// Swagger UI for the document at this address.
pub(crate) fn routes(document: &'static str) -> Router {
    let config = Config::from(document)
        // Without the bar to load other documents with.
        .use_base_layout()
        .deep_linking(true)
        .display_request_duration(true)
        .persist_authorization(true)
        .default_models_expand_depth(0)
        // Nothing is asked of a server elsewhere.
        .validator_url("none");
    let index = async |State(config)| file("index.html", config);
    let files = async |Path(path): Path<String>, State(config)| file(&path, config);
    // The page names its files relative to itself.
    Router::new()
        .route(PATH, get(async || Redirect::permanent(&format!("{PATH}/"))))
        .route(&format!("{PATH}/"), get(index))
        .route(&format!("{PATH}/{{*path}}"), get(files))
        .with_state(Arc::new(config))
}

fn file(path: &str, config: Arc<Config<'static>>) -> Response {
    let Ok(Some(file)) = serve(path, config) else {
        return ErrorResponse::not_found().into_response();
    };
    let mut response = Response::new(Body::from(file.bytes));
    if let Ok(value) = HeaderValue::from_str(&file.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    response
}
