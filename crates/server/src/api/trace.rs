//! A request id in every answer and log line.

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::HeaderValue;
use axum::middleware::{self, Next};
use axum::response::Response;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::http::Peer;

const REQUEST_ID: &str = "x-request-id";

/// Gives every request an id and a span. Neither holds the query, where resume tokens stand.
pub(super) fn traced(router: Router) -> Router {
    router.layer(middleware::from_fn(trace))
}

async fn trace(request: Request, next: Next) -> Response {
    let id = Uuid::new_v4();
    // The template, not the path: the same text for all subscriptions.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str);
    let peer = request.extensions().get::<Peer>();
    let span = tracing::info_span!(
        "request",
        %id,
        method = %request.method(),
        route = route.unwrap_or("-"),
        // Of the socket; the id of a stream's connection stands in the lines about it.
        socket = peer.map(|peer| peer.connection),
        client = peer.and_then(|peer| peer.client).map(tracing::field::display),
    );
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| tracing::debug!(status = response.status().as_u16(), "answered"));
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
