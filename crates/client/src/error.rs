//! The one error of the client: what went wrong, as a kind, with what the service said.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use event_streamer_abi::AbiError;
use event_streamer_models::{ErrorCode, StreamingError};
use event_streamer_stream::{DecodeError, FrameError, ProtocolFault};
use event_streamer_transport::{TransportError, TransportErrorKind};
use http::StatusCode;

use crate::checkpoint::CheckpointError;
use crate::dead_letter::DeadLetterError;

mod answer;
mod text;

use text::TEXT_EXCERPT;
pub(crate) use text::excerpt;

/// What went wrong, with what the service said about it. Cheap to clone.
///
/// The text says what was being done, what happened and, where the service answered, what it said.
/// It holds no credentials, no resume tokens and no events. The cause below is in
/// [`source`](StdError::source) and is not repeated in the text.
#[derive(Clone)]
pub struct Error {
    inner: Arc<Inner>,
}

#[derive(Clone, Default)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
    request_id: Option<String>,
    body: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kinds of [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service could not be reached, or the connection broke.
    #[default]
    Connection,
    /// The service wants other credentials (401, 403), or a proxy does (407).
    Auth,
    /// A time limit passed.
    Timeout,
    /// The request or a setting is not acceptable (400, 405, 413, 415, 422, or found here).
    Validation,
    /// What was asked for is not there, or no longer (404, 410).
    NotFound,
    /// The request contradicts the present state (409).
    Conflict,
    /// Too many requests (429).
    RateLimited,
    /// The service failed (5xx).
    Service,
    /// The service ended the subscription's stream for good.
    Subscription,
    /// What came breaks the protocol.
    Protocol,
    /// A handler failed for good, or there is none for an event.
    Handler,
    /// The position could not be kept, or not be read, or somebody else took it over; the
    /// [source](StdError::source) is a [`CheckpointError`].
    Checkpoint,
    /// The stream was stopped or closed.
    Stopped,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self::from_inner(Inner {
            kind,
            message: message.into(),
            ..Inner::default()
        })
    }

    pub(crate) fn caused(kind: ErrorKind, message: impl Into<String>, cause: Self) -> Self {
        Self::from_inner(Inner {
            kind,
            message: message.into(),
            source: Some(Arc::new(cause)),
            ..Inner::default()
        })
    }

    fn from_inner(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
        }
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Validation, message)
    }

    pub(crate) fn stopped(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Stopped, message)
    }

    /// A handler failed; `source` is its own error if it gave one.
    pub(crate) fn handler(
        message: impl Into<String>,
        source: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::from_inner(Inner {
            kind: ErrorKind::Handler,
            message: message.into(),
            source,
            ..Inner::default()
        })
    }

    /// The store of positions failed.
    pub(crate) fn checkpoint(error: CheckpointError) -> Self {
        Self::from_inner(Inner {
            kind: ErrorKind::Checkpoint,
            message: "the checkpoint store could not read or keep the position".to_owned(),
            source: Some(Arc::new(error)),
            ..Inner::default()
        })
    }

    /// The events of a handler that failed could not be put aside.
    pub(crate) fn dead_letter(what: &dyn fmt::Display, error: DeadLetterError) -> Self {
        Self::handler(
            format!("the handler for {what} failed, and its events could not become dead letters"),
            Some(Arc::new(error)),
        )
    }

    /// A contract's ABI cannot be read.
    pub(crate) fn abi(error: AbiError) -> Self {
        Self::from_inner(Inner {
            kind: ErrorKind::Validation,
            message: "the contract abi cannot be used".to_owned(),
            source: Some(Arc::new(error)),
            ..Inner::default()
        })
    }

    /// The service no longer knows the connection of an open stream, as its answer `cause` shows.
    pub(crate) fn connection_gone(cause: Self) -> Self {
        Self::from_inner(Inner {
            kind: ErrorKind::Connection,
            message: "the stream: the service no longer knows its connection".to_owned(),
            status: cause.status(),
            code: Some(ErrorCode::ConnectionLost),
            source: Some(Arc::new(cause)),
            ..Inner::default()
        })
    }

    /// The service reports an error on the stream.
    pub(crate) fn stream(error: &StreamingError) -> Self {
        let kind = match error.error_code {
            ErrorCode::SubscriptionNotFound => ErrorKind::NotFound,
            ErrorCode::RateLimited => ErrorKind::RateLimited,
            _ => ErrorKind::Subscription,
        };
        let said = excerpt(&error.error_message, TEXT_EXCERPT);
        Self::from_inner(Inner {
            kind,
            message: format!("the service ended the stream: {}: {said}", error.error_code),
            code: Some(error.error_code.clone()),
            ..Inner::default()
        })
    }

    /// The same error with a code, where it has none.
    pub(crate) fn with_code(self, code: ErrorCode) -> Self {
        let code = self.inner.code.clone().or(Some(code));
        Self::from_inner(Inner {
            code,
            ..self.into_inner()
        })
    }

    /// The same error, given up on after so many attempts.
    pub(crate) fn given_up(self, attempts: u32) -> Self {
        self.with_words(&format!(" (given up after attempt {attempts})"))
    }

    /// The same error with more to say at the end of its text.
    pub(crate) fn with_words(self, words: &str) -> Self {
        let mut inner = self.into_inner();
        inner.message += words;
        Self::from_inner(inner)
    }

    /// Whether no later call will succeed either: the service wants other credentials, or the client
    /// is closed.
    pub(crate) fn ends_calls(&self) -> bool {
        let closed = |error: &TransportError| error.kind() == TransportErrorKind::Closed;
        self.is_auth() || self.transport_error().is_some_and(closed)
    }

    fn transport_error(&self) -> Option<&TransportError> {
        self.inner.source.as_deref()?.downcast_ref()
    }

    /// Whether the request may have been carried out though there was no answer to it.
    pub(crate) fn may_have_been_sent(&self) -> bool {
        self.transport_error().is_some_and(|error| {
            let unsent = matches!(
                error.kind(),
                TransportErrorKind::Configuration
                    | TransportErrorKind::InvalidRequest
                    | TransportErrorKind::Closed
            );
            !unsent && !error.is_connect()
        })
    }

    fn into_inner(self) -> Inner {
        Arc::unwrap_or_clone(self.inner)
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The status the service answered with.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The code the service gave.
    #[must_use]
    pub fn code(&self) -> Option<&ErrorCode> {
        self.inner.code.as_ref()
    }

    /// The id under which the service's own records know the request (`X-Request-Id`), at most 128
    /// bytes.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.inner.request_id.as_deref()
    }

    /// The beginning of the response's body, at most 512 bytes, control characters replaced.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.inner.body.as_deref()
    }

    /// How long the service wants to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// Whether the same may succeed later without a change on this side.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(
            self.inner.kind,
            ErrorKind::Connection
                | ErrorKind::Timeout
                | ErrorKind::RateLimited
                | ErrorKind::Service
        )
    }

    /// Whether a time limit passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.inner.kind == ErrorKind::Timeout
    }

    /// Whether the request contradicts the present state.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.inner.kind == ErrorKind::Conflict
    }

    /// Whether there were too many requests; see [`retry_after`](Self::retry_after).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.inner.kind == ErrorKind::RateLimited
    }

    /// Whether what was asked for is not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.inner.kind == ErrorKind::NotFound
    }

    /// Whether the service wants other credentials.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.inner.kind == ErrorKind::Auth
    }
}

impl From<FrameError> for Error {
    fn from(error: FrameError) -> Self {
        Self::new(ErrorKind::Protocol, format!("the stream: {error}"))
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self::new(ErrorKind::Protocol, format!("the stream: {error}"))
    }
}

impl From<ProtocolFault> for Error {
    fn from(fault: ProtocolFault) -> Self {
        Self::new(ErrorKind::Protocol, format!("the stream: {fault}"))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        let mut debug = f.debug_struct("Error");
        debug
            .field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(status) = inner.status {
            debug.field("status", &status.as_u16());
        }
        if let Some(code) = &inner.code {
            debug.field("code", code);
        }
        if let Some(id) = &inner.request_id {
            debug.field("request_id", id);
        }
        if let Some(wait) = inner.retry_after {
            debug.field("retry_after", &wait);
        }
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests;
