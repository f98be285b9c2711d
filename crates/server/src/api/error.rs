//! Errors as the API tells them, all in one shape.

use std::error::Error as _;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use event_streamer_models::{ErrorCode, ErrorResponse, SubscriptionId, Timestamp};

use crate::clock;
use crate::store::{StoreError, StoreErrorKind};

/// How long a client is asked to wait when the service cannot answer now.
const RETRY_AFTER: Duration = Duration::from_secs(5);

pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// A request that was not granted.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: ErrorCode,
    error: String,
    detail: Option<String>,
    retry_after: Option<Duration>,
}

impl ApiError {
    pub(crate) fn new(
        status: StatusCode,
        code: impl Into<ErrorCode>,
        error: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code: code.into(),
            error: error.into(),
            detail: None,
            retry_after: None,
        }
    }

    /// Older clients know this answer by the number in its text, so here it stands in front, and
    /// nowhere else does it stand at all.
    pub(crate) fn not_found(code: impl Into<ErrorCode>, what: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            code,
            format!("404 Not Found: {what}"),
        )
    }

    pub(crate) fn subscription_not_found(id: SubscriptionId) -> Self {
        let what = format!("subscription {id} does not exist");
        Self::not_found(ErrorCode::SubscriptionNotFound, &what)
    }

    pub(crate) fn connection_not_found(id: &str) -> Self {
        let id: String = id.chars().take(64).collect();
        Self::not_found(
            ErrorCode::ConnectionNotFound,
            &format!("Connection {id} not found"),
        )
    }

    /// The body reads as JSON but does not say what it should: all faults at once.
    pub(crate) fn invalid(faults: &str) -> Self {
        let error = "the request is not valid";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "VALIDATION_FAILED", error).with_detail(faults)
    }

    pub(crate) fn conflict(code: impl Into<ErrorCode>, error: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, error)
    }

    /// Not now; a client that waits will be served.
    pub(crate) fn unavailable(code: impl Into<ErrorCode>, error: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, error).with_retry_after(RETRY_AFTER)
    }

    /// A fault of ours; the log has the details.
    pub(crate) fn internal() -> Self {
        let error = "the service failed to answer; its log has the details";
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::Internal,
            error,
        )
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    #[cfg(test)]
    pub(crate) fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let cause = error.source().map(ToString::to_string);
        tracing::error!(%error, cause, "the store failed");
        match error.kind() {
            // Waiting does not mend these.
            StoreErrorKind::Damaged { .. } => Self::internal(),
            StoreErrorKind::Full => Self::unavailable("STORE_UNAVAILABLE", error.to_string()),
            _ => Self::unavailable("STORE_UNAVAILABLE", "the database does not answer"),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorResponse {
            detail: self.detail,
            ..ErrorResponse::new(self.code, self.error, error_time())
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(wait) = self.retry_after {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// The time of an error, never one that reads `.404Z`: the Python client 0.5.0 takes every error
/// whose text contains "404" for "not found", and then gives up its connection.
fn error_time() -> Timestamp {
    let now = clock::now();
    let millis = now.unix_millis();
    if millis.rem_euclid(1000) == 404 {
        Timestamp::from_unix_millis(millis + 1)
    } else {
        now
    }
}
