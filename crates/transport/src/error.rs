//! What can go wrong in an exchange, typed, and without anything secret in its text.

use std::error::Error as StdError;
use std::fmt;

use crate::origin::Origin;

type Source = Box<dyn StdError + Send + Sync>;

/// Why an exchange gave no response.
///
/// The text names the origin (`scheme://host:port`) and nothing else of the URL: paths and
/// queries of node URLs carry keys. The cause below, if there is one, is in
/// [`source`](StdError::source) and is not repeated in the text.
pub struct TransportError {
    // Boxed: the error travels in every `Result` of the hot path and should not widen it.
    inner: Box<Inner>,
}

struct Inner {
    kind: TransportErrorKind,
    origin: Option<Origin>,
    detail: Option<String>,
    source: Option<Source>,
}

/// What went wrong; see [`TransportError::kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// A setting of the client is not usable (raised by
    /// [`HttpClientBuilder::build`](crate::HttpClientBuilder::build)).
    Configuration,
    /// The request cannot be sent as it is: relative URL, scheme other than http and https, ...
    InvalidRequest,
    /// No connection: name not found, refused, unreachable.
    Connect,
    /// No connection through the proxy: it cannot be reached, wants other credentials, or refuses.
    Proxy,
    /// A connection, but no trusted TLS session on it.
    Tls,
    /// One of the time limits passed.
    Timeout(TimeoutKind),
    /// The connection was reset or ended before the response was complete.
    Interrupted,
    /// The peer's answer is not the HTTP that we speak, or its head is too large.
    Protocol,
    /// The response body is longer than the limit, in bytes.
    BodyTooLarge {
        /// The limit that was passed.
        limit: usize,
    },
    /// The response body's compression cannot be undone: an encoding that was not asked for, a
    /// damaged form, or one that grows without reason.
    Compression,
    /// The client was closed.
    Closed,
}

/// Which of the time limits passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// For one of the client's connections to be free.
    Pool,
    /// Name lookup, TCP, proxy and TLS together.
    Connect,
    /// From the start of an attempt to the response's head.
    ResponseHead,
    /// Between two pieces of a response body.
    IdleBody,
    /// A whole call: all attempts, the waits between them, and the body.
    WholeCall,
}

impl TransportError {
    pub(crate) fn new(kind: TransportErrorKind) -> Self {
        let inner = Inner {
            kind,
            origin: None,
            detail: None,
            source: None,
        };
        Self {
            inner: Box::new(inner),
        }
    }

    pub(crate) fn configuration(detail: impl Into<String>) -> Self {
        Self::new(TransportErrorKind::Configuration).with_detail(detail)
    }

    pub(crate) fn invalid_request(detail: impl Into<String>) -> Self {
        Self::new(TransportErrorKind::InvalidRequest).with_detail(detail)
    }

    pub(crate) fn timeout(which: TimeoutKind) -> Self {
        Self::new(TransportErrorKind::Timeout(which))
    }

    pub(crate) fn with_origin(mut self, origin: &Origin) -> Self {
        self.inner.origin.get_or_insert_with(|| origin.clone());
        self
    }

    pub(crate) fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.inner.detail = Some(detail.into());
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.inner.kind
    }

    /// Whom the request was for, if the request got that far.
    #[must_use]
    pub fn origin(&self) -> Option<&Origin> {
        self.inner.origin.as_ref()
    }

    /// Whether the same exchange may succeed later without a change on this side.
    ///
    /// This says nothing about whether repeating it is *safe*: a request that was interrupted may
    /// have been carried out.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.inner.kind {
            TransportErrorKind::Connect
            | TransportErrorKind::Proxy
            | TransportErrorKind::Tls
            | TransportErrorKind::Timeout(_)
            | TransportErrorKind::Interrupted
            | TransportErrorKind::Protocol => true,
            TransportErrorKind::Configuration
            | TransportErrorKind::InvalidRequest
            | TransportErrorKind::BodyTooLarge { .. }
            | TransportErrorKind::Compression
            | TransportErrorKind::Closed => false,
        }
    }

    /// Whether a time limit passed, whichever.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.inner.kind, TransportErrorKind::Timeout(_))
    }

    /// Whether there was no connection (name lookup, TCP, proxy, TLS or their time limits), so that the
    /// request was certainly not carried out.
    #[must_use]
    pub fn is_connect(&self) -> bool {
        matches!(
            self.inner.kind,
            TransportErrorKind::Connect
                | TransportErrorKind::Proxy
                | TransportErrorKind::Tls
                | TransportErrorKind::Timeout(TimeoutKind::Connect | TimeoutKind::Pool)
        )
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            origin,
            detail,
            ..
        } = &*self.inner;
        match kind {
            TransportErrorKind::Configuration => f.write_str("unusable HTTP client setting")?,
            TransportErrorKind::InvalidRequest => f.write_str("the request cannot be sent")?,
            TransportErrorKind::Connect => f.write_str("no connection")?,
            TransportErrorKind::Proxy => f.write_str("no connection through the proxy")?,
            TransportErrorKind::Tls => f.write_str("no trusted TLS session")?,
            TransportErrorKind::Timeout(which) => f.write_str(match which {
                TimeoutKind::Pool => "no connection was free in time",
                TimeoutKind::Connect => "no connection in time",
                TimeoutKind::ResponseHead => "no response in time",
                TimeoutKind::IdleBody => "the response body stalled",
                TimeoutKind::WholeCall => "the call was not done in time",
            })?,
            TransportErrorKind::Interrupted => {
                f.write_str("the connection ended before the response was complete")?;
            }
            TransportErrorKind::Protocol => f.write_str("the answer is not valid HTTP")?,
            TransportErrorKind::BodyTooLarge { limit } => {
                write!(
                    f,
                    "the response body is longer than the limit of {limit} bytes"
                )?;
            }
            TransportErrorKind::Compression => {
                f.write_str("the response body cannot be decompressed")?;
            }
            TransportErrorKind::Closed => f.write_str("the client is closed")?,
        }
        if let Some(origin) = origin {
            write!(f, " ({origin})")?;
        }
        if let Some(detail) = detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            origin,
            detail,
            source,
        } = &*self.inner;
        f.debug_struct("TransportError")
            .field("kind", kind)
            .field("origin", origin)
            .field("detail", detail)
            .field("source", source)
            .finish()
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
