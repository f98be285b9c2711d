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

/// The connection's id in the path, if it looks like one of ours: the log is no place for others.
fn connection<'a>(request: &'a Request, route: Option<&str>) -> Option<&'a str> {
    const LENGTH: usize = "conn_".len() + 36;
    let place = route?.split('/').position(|it| it == "{connection_id}")?;
    let id = request.uri().path().split('/').nth(place)?;
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (id.starts_with("conn_") && id.len() == LENGTH && id.chars().all(letters)).then_some(id)
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
        // The stream that is spoken of, or opened.
        connection = connection(&request, route),
        socket = peer.map(|peer| peer.connection),
        client = peer.and_then(|peer| peer.client).map(tracing::field::display),
    );
    let mut response = next.run(request).instrument(span.clone()).await;
    if let Some(opened) = response.headers().get("x-connection-id") {
        span.record("connection", opened.to_str().ok());
    }
    span.in_scope(|| tracing::debug!(status = response.status().as_u16(), "answered"));
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn only_ids_of_ours_stand_in_the_log() {
        let route = "/stream/{connection_id}/heartbeat";
        let of = |id: &str| {
            let request = Request::post(format!("/stream/{id}/heartbeat"));
            let request = request.body(Body::empty()).unwrap();
            connection(&request, Some(route)).map(str::to_owned)
        };
        let ours = "conn_0a1b2c3d-0000-4000-8000-0123456789ab";
        assert_eq!(of(ours).as_deref(), Some(ours));
        for other in [
            "conn_1",
            "x",
            "conn_%0a1b2c3d-0000-4000-8000-0123456789a",
            &ours[..40],
        ] {
            assert_eq!(of(other), None, "{other}");
        }
        let request = Request::get("/health").body(Body::empty()).unwrap();
        assert_eq!(connection(&request, Some("/health")), None);
        assert_eq!(connection(&request, None), None);
    }
}
