//! What can go wrong between us and a node.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// The longest piece of a node's text that is carried in an error.
const EXCERPT_CHARS: usize = 200;

/// A call to a node that failed.
///
/// The kind is a hint at what helps, no more: nodes have no common language for their faults, so
/// nothing that matters for correctness may depend on it. `Display` names the method and the
/// endpoint by its origin only; the node's own text is shortened, its control characters and the
/// secrets of the URL are taken out.
pub struct RpcError {
    // Boxed: it travels in every `Result` of the ingest and should not widen it.
    inner: Box<Inner>,
}

struct Inner {
    kind: RpcErrorKind,
    method: &'static str,
    endpoint: String,
    message: String,
    retry_after: Option<Duration>,
    range_hint: Option<u64>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure an [`RpcError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RpcErrorKind {
    /// No complete answer came: connection, TLS, time-out.
    Transport,
    /// The node asks for patience: the same question may be answered later.
    RateLimited,
    /// Too many blocks, too many results, or an answer larger than our own limit: a smaller
    /// question may be answered.
    TooLarge,
    /// The node does not have the block it was asked about (any more, or yet).
    NotFound,
    /// An answer came that is not JSON-RPC, or not an answer to this question.
    Protocol,
    /// An HTTP status other than 2xx whose body is no JSON-RPC error.
    Http {
        /// The status code.
        status: u16,
    },
    /// Any other JSON-RPC error.
    Node {
        /// The `code` of the error object.
        code: i64,
    },
}

impl RpcError {
    pub(crate) fn new(kind: RpcErrorKind, method: &'static str, endpoint: String) -> Self {
        let inner = Inner {
            kind,
            method,
            endpoint,
            message: String::new(),
            retry_after: None,
            range_hint: None,
            source: None,
        };
        Self {
            inner: Box::new(inner),
        }
    }

    /// Adds an explanation, shortened and cleaned.
    pub(crate) fn with_message(mut self, message: &str) -> Self {
        self.inner.message = excerpt(message);
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner.retry_after = wait;
        self
    }

    pub(crate) fn with_range_hint(mut self, blocks: Option<u64>) -> Self {
        self.inner.range_hint = blocks;
        self
    }

    pub(crate) fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.inner.source = Some(Box::new(source));
        self
    }

    /// What kind of failure it is; a hint.
    #[must_use]
    pub fn kind(&self) -> RpcErrorKind {
        self.inner.kind
    }

    /// The JSON-RPC method that was called.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.inner.method
    }

    /// How long the node asked to be left alone (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// How many blocks the node says it would have taken in one request. A hint read from free
    /// text: it may be wrong, and may even be what was just refused.
    #[must_use]
    pub fn range_hint(&self) -> Option<u64> {
        self.inner.range_hint
    }

    /// True if the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.inner.kind {
            RpcErrorKind::Transport
            | RpcErrorKind::RateLimited
            | RpcErrorKind::NotFound
            | RpcErrorKind::Protocol => true,
            RpcErrorKind::Http { status } => status >= 500 || status == 408,
            RpcErrorKind::TooLarge => false,
            // -32601 "method not found" and -32602 "invalid params" will not change their mind.
            RpcErrorKind::Node { code } => !matches!(code, -32602 | -32601),
        }
    }
}

impl fmt::Display for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: ", self.inner.method, self.inner.endpoint)?;
        match self.inner.kind {
            RpcErrorKind::Transport => f.write_str("no answer")?,
            RpcErrorKind::RateLimited => f.write_str("rate limited")?,
            RpcErrorKind::TooLarge => f.write_str("range or answer too large")?,
            RpcErrorKind::NotFound => f.write_str("block not found")?,
            RpcErrorKind::Protocol => f.write_str("not a valid JSON-RPC answer")?,
            RpcErrorKind::Http { status } => write!(f, "HTTP status {status}")?,
            RpcErrorKind::Node { code } => write!(f, "error {code} from the node")?,
        }
        if !self.inner.message.is_empty() {
            write!(f, ": {}", self.inner.message)?;
        }
        Ok(())
    }
}

impl fmt::Debug for RpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            method,
            endpoint,
            message,
            retry_after,
            range_hint,
            source,
        } = &*self.inner;
        f.debug_struct("RpcError")
            .field("kind", kind)
            .field("method", method)
            .field("endpoint", endpoint)
            .field("message", message)
            .field("retry_after", retry_after)
            .field("range_hint", range_hint)
            .field("source", source)
            .finish()
    }
}

impl StdError for RpcError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|it| it as &(dyn StdError + 'static))
    }
}

/// At most [`EXCERPT_CHARS`] characters of `text` on one line.
pub(crate) fn excerpt(text: &str) -> String {
    let text = text.trim();
    let mut short: String = text
        .chars()
        .take(EXCERPT_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(EXCERPT_CHARS).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_happened_where() {
        let error = RpcError::new(
            RpcErrorKind::Node { code: -32000 },
            "eth_getLogs",
            "http://node".into(),
        )
        .with_message("boom\r\nX-Injected: 1");
        assert_eq!(
            error.to_string(),
            "eth_getLogs at http://node: error -32000 from the node: boom  X-Injected: 1"
        );
    }

    #[test]
    fn a_long_text_is_cut() {
        let error = RpcError::new(RpcErrorKind::Protocol, "eth_chainId", "http://node".into())
            .with_message(&"é".repeat(100_000));
        assert!(error.to_string().chars().count() < 300);
        assert!(error.to_string().ends_with('…'));
    }
}
