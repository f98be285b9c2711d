//! `Idempotency-Key`: a creation that may be asked for again (draft-ietf-httpapi-idempotency-key-header).

use axum::extract::{FromRequestParts, MatchedPath, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::AppState;
use super::error::{ApiError, ApiResult};
use crate::config::IdempotencyConfig;
use crate::store::CreationKey;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest key, in bytes.
const MAX_BYTES: usize = 255;

/// Where creations are asked for.
const CREATIONS: [&str; 2] = ["/subscriptions", "/api/chains"];

/// What a client calls its creation; `None` if it gives it no name.
#[derive(Clone, Debug)]
pub(crate) struct IdempotencyKey(Option<HeaderValue>);

impl IdempotencyKey {
    fn read(headers: &HeaderMap) -> ApiResult<Self> {
        let mut values = headers.get_all(HEADER).iter();
        let key = values.next();
        if values.next().is_some() || !key.is_none_or(is_usable) {
            return Err(unusable());
        }
        Ok(Self(key.cloned()))
    }

    /// The key as it is stored, with what is asked for.
    pub(crate) fn of(&self, request: &Value, settings: &IdempotencyConfig) -> Option<CreationKey> {
        let key = self.0.as_ref()?;
        // The same request is the same whatever order its members are written in.
        let mut request = request.clone();
        request.sort_all_objects();
        Some(CreationKey {
            hash: Sha256::digest(key.as_bytes()).into(),
            request: Sha256::digest(request.to_string()).into(),
            max_age: settings.max_age,
            max_count: settings.max_per_subscriber,
        })
    }
}

fn is_usable(key: &HeaderValue) -> bool {
    let bytes = key.as_bytes();
    (1..=MAX_BYTES).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
}

fn unusable() -> ApiError {
    let error = format!("Idempotency-Key is not one of 1 to {MAX_BYTES} visible ascii characters");
    ApiError::new(StatusCode::BAD_REQUEST, "INVALID_IDEMPOTENCY_KEY", error)
}

pub(super) fn other_request() -> ApiError {
    let error = "the Idempotency-Key was used for another request; take another key";
    ApiError::conflict("IDEMPOTENCY_KEY_REUSED", error)
}

impl FromRequestParts<AppState> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> ApiResult<Self> {
        Self::read(&parts.headers)
    }
}

/// Echoes the key in every answer to a request that can have one, so that its client knows that
/// repeating it is safe.
pub(super) async fn echo(request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let known =
        request.method() == Method::POST && path.is_some_and(|it| CREATIONS.contains(&it.as_str()));
    let key = IdempotencyKey::read(request.headers()).ok();
    let mut response = next.run(request).await;
    if known && let Some(IdempotencyKey(Some(key))) = key {
        response.headers_mut().insert(HEADER, key);
    }
    response
}
