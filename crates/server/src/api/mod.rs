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
mod position;
mod prometheus;
mod refusals;
mod stream;
mod subscriptions;
mod trace;
mod validate;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware;
use axum::routing::{delete, get, post};

use self::error::ApiError;
use crate::app::App;
use crate::http::compression::{self, Codecs};

pub(crate) type AppState = Arc<App>;

/// Every endpoint there is.
pub(crate) fn router(app: AppState) -> Router {
    let max_compressed = app.config.http.max_compressed;
    let router = Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .route(
            "/subscriptions",
            post(subscriptions::create).get(subscriptions::list),
        )
        .route(
            "/subscriptions/{id}",
            get(subscriptions::get)
                .put(subscriptions::update)
                .patch(subscriptions::update)
                .delete(subscriptions::delete),
        )
        // Without HEAD, which would open a stream to throw it away.
        .route(
            "/subscriptions/{id}/stream",
            get(stream::open).head(method_not_allowed),
        )
        .route(
            "/subscriptions/{id}/stream/{connection_id}/ack/batch",
            post(acks::one),
        )
        .route(
            "/subscriptions/{id}/stream/{connection_id}/ack/batch/bulk",
            post(acks::bulk),
        )
        .route(
            "/subscriptions/{id}/stream/{connection_id}/nack/batch",
            post(refusals::refuse),
        )
        .route("/subscriptions/{id}/dead-letters", get(refusals::list))
        .route(
            "/subscriptions/{id}/dead-letters/{letter}",
            get(refusals::get).delete(refusals::delete),
        )
        .route(
            "/subscriptions/{id}/dead-letters/{letter}/replay",
            post(refusals::replay),
        )
        .route("/subscriptions/{id}/position", post(position::advance))
        .route(
            "/subscriptions/{id}/processing-status",
            get(position::processing_status),
        )
        .route(
            "/subscriptions/{id}/last-processed-block",
            get(position::last_processed_block),
        )
        .route(
            "/stream/{connection_id}/heartbeat",
            post(connections::heartbeat),
        )
        .route("/confirmations", post(acks::confirm))
        .route("/api/connections", get(connections::list))
        .route("/api/chains", get(chains::list).post(chains::create))
        .route("/api/chains/stats", get(chains::stats))
        .route("/api/chains/refresh", post(chains::refresh))
        .route(
            "/api/chains/{chain_id}",
            get(chains::get)
                .put(chains::update)
                .delete(chains::deactivate),
        )
        .route("/api/chains/{chain_id}/gaps", get(chains::gaps))
        .route("/metrics", get(prometheus::metrics))
        .route("/api/metrics", get(metrics::service))
        .route("/api/streaming/metrics", get(metrics::streaming))
        .route("/api/circuit-breakers/status", get(breakers::status))
        .route("/api/circuit-breakers/health", get(breakers::health))
        .route("/api/circuit-breakers/config", get(breakers::config))
        .route("/api/circuit-breakers/reset", post(breakers::reset_all))
        .route(
            "/api/circuit-breakers/{name}/metrics",
            get(breakers::metrics),
        )
        .route("/api/circuit-breakers/{name}/reset", post(breakers::reset))
        .route("/api/keys", post(keys::create).get(keys::list))
        .route("/api/keys/{key_id}", delete(keys::revoke))
        .route("/api/audit", get(keys::audit))
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
