//! The one error of the client: what went wrong, as a kind, with what the service said.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use event_streamer_abi::AbiError;
use event_streamer_models::{ErrorCode, ErrorResponse, StreamingError};
use event_streamer_stream::{DecodeError, FrameError, ProtocolFault};
use event_streamer_transport::{TransportError, TransportErrorKind, retry_after};
use http::{HeaderMap, StatusCode};

use crate::checkpoint::CheckpointError;
use crate::dead_letter::DeadLetterError;

/// The most of a response body that an error keeps, in bytes.
const BODY_EXCERPT: usize = 512;

/// The most of one text of the service that an error message quotes, in bytes.
const TEXT_EXCERPT: usize = 300;

/// What went wrong, with what the service said about it. Cheap to clone.
///
/// The text says what was being done, what happened and, where the service answered, what it said.
/// It holds no credentials, no resume tokens and no events. The cause below is in
/// [`source`](StdError::source) and is not repeated in the text.
#[derive(Clone)]
pub struct Error {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    kind: ErrorKind,
    message: String,
    status: Option<StatusCode>,
    code: Option<ErrorCode>,
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
    /// The service wants other credentials (401, 403).
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
            message: "the position in the checkpoint store".to_owned(),
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

    /// There was no answer to `operation`.
    pub(crate) fn transport(operation: &str, error: TransportError) -> Self {
        let (kind, what) = match error.kind() {
            TransportErrorKind::Configuration | TransportErrorKind::InvalidRequest => {
                (ErrorKind::Validation, "the request cannot be sent")
            }
            TransportErrorKind::Timeout(_) => (ErrorKind::Timeout, "no answer in time"),
            TransportErrorKind::Protocol | TransportErrorKind::BodyTooLarge { .. } => {
                (ErrorKind::Protocol, "the answer is not one to be read")
            }
            TransportErrorKind::Connect | TransportErrorKind::Tls => {
                (ErrorKind::Connection, "the service could not be reached")
            }
            _ => (ErrorKind::Connection, "the connection broke"),
        };
        Self::from_inner(Inner {
            kind,
            message: format!("{operation}: {what}"),
            source: Some(Arc::new(error)),
            ..Inner::default()
        })
    }

    /// The service answered `operation` with something else than success.
    pub(crate) fn response(
        operation: &str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let said: Option<ErrorResponse> = serde_json::from_slice(body).ok();
        let text = excerpt(&String::from_utf8_lossy(body), BODY_EXCERPT);
        let mut message = format!("{operation}: the service answered {}", status.as_u16());
        match &said {
            Some(said) => {
                message += ": ";
                message += &excerpt(&said.error, TEXT_EXCERPT);
                if let Some(detail) = &said.detail {
                    message += &format!(" ({})", excerpt(detail, TEXT_EXCERPT));
                }
            }
            None if status.is_redirection() => {
                message += ", a redirect, which is not followed; use the address it leads to";
            }
            None if !text.is_empty() => {
                message += &format!(": {}", excerpt(&text, TEXT_EXCERPT));
            }
            None => {}
        }
        Self::from_inner(Inner {
            kind: kind_of(status),
            message,
            status: Some(status),
            code: said.and_then(|said| said.code),
            body: Some(text),
            retry_after: retry_after(headers, SystemTime::now()),
            source: None,
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

    /// The service answered `operation` with success and a body that cannot be read.
    pub(crate) fn unreadable(
        operation: &str,
        status: StatusCode,
        body: &[u8],
        error: &serde_json::Error,
    ) -> Self {
        let reason = excerpt(&error.to_string(), TEXT_EXCERPT);
        Self::from_inner(Inner {
            kind: ErrorKind::Protocol,
            message: format!("{operation}: the answer cannot be read: {reason}"),
            status: Some(status),
            body: Some(excerpt(&String::from_utf8_lossy(body), BODY_EXCERPT)),
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
        let inner = &self.inner;
        Self::from_inner(Inner {
            kind: inner.kind,
            message: inner.message.clone(),
            status: inner.status,
            code: inner.code.clone().or(Some(code)),
            body: inner.body.clone(),
            retry_after: inner.retry_after,
            source: inner.source.clone(),
        })
    }

    /// The same error, given up on after so many attempts.
    pub(crate) fn given_up(self, attempts: u32) -> Self {
        let inner = &self.inner;
        Self::from_inner(Inner {
            kind: inner.kind,
            message: format!("{} (given up after attempt {attempts})", inner.message),
            status: inner.status,
            code: inner.code.clone(),
            body: inner.body.clone(),
            retry_after: inner.retry_after,
            source: inner.source.clone(),
        })
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

fn kind_of(status: StatusCode) -> ErrorKind {
    match status.as_u16() {
        401 | 403 => ErrorKind::Auth,
        404 | 410 => ErrorKind::NotFound,
        408 => ErrorKind::Timeout,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited,
        400..=499 => ErrorKind::Validation,
        500..=599 => ErrorKind::Service,
        _ => ErrorKind::Protocol,
    }
}

/// The beginning of a text on one line, cut at a character.
pub(crate) fn excerpt(text: &str, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    let kept = text.get(..end).unwrap_or_default().trim();
    let mut excerpt: String = kept
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if end < text.len() {
        excerpt.push('…');
    }
    excerpt
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
