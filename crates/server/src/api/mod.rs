//! The HTTP API (`docs/protocol.md`, section 2).

mod acks;
mod auth;
mod breakers;
mod chains;
mod connections;
mod error;
mod extract;
mod guard;
mod health;
mod idempotency;
mod keys;
mod metrics;
mod openapi;
mod position;
mod prometheus;
mod refusals;
mod routes;
mod stream;
mod subscriptions;
mod trace;
mod validate;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::routing::head;

use self::error::ApiError;
use crate::app::App;
use crate::http::compression::{self, Codecs};

pub(crate) type AppState = Arc<App>;

/// The API, from the endpoints of `routes`.
pub(crate) fn router(app: AppState) -> Router {
    let max_compressed = app.config.http.max_compressed;
    let router = routes::endpoints()
        .into_iter()
        .fold(Router::new(), |router, endpoint| endpoint.mount(router))
        // HEAD would open a stream to throw it away.
        .route("/subscriptions/{id}/stream", head(method_not_allowed))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app),
            auth::authenticate,
        ))
        // Also where the caller is refused.
        .layer(middleware::from_fn(idempotency::echo))
        .with_state(Arc::clone(&app));
    let codecs = Codecs::new(max_compressed);
    let router = router
        .layer(middleware::from_fn_with_state(
            codecs,
            compression::compress,
        ))
        .layer(middleware::from_fn_with_state(app, guard::guard));
    trace::traced(router)
}

async fn not_found(uri: Uri) -> ApiError {
    let path: String = uri.path().chars().take(200).collect();
    ApiError::not_found("NOT_FOUND", &format!("there is nothing at {path}"))
}

async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let path: String = uri.path().chars().take(200).collect();
    let error = format!("{method} is not allowed at {path}");
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", error)
}
