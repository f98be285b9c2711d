//! What can be wrong with the bytes of a stream.

use std::fmt;

/// The most of an offending text that an error quotes, in bytes.
const EXCERPT: usize = 120;

/// The bytes cannot be cut into lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct FrameError {
    line: u64,
    kind: FrameErrorKind,
}

/// How framing failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// A line is longer than the limit.
    #[error(
        "longer than the limit of {limit} bytes; raise the line limit if such lines are expected"
    )]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The stream ended inside a line.
    #[error("the stream ended inside the line, after {received} bytes of it")]
    Truncated {
        /// Bytes of the line that came.
        received: usize,
    },
}

impl FrameError {
    pub(crate) fn too_long(line: u64, limit: usize) -> Self {
        Self {
            line,
            kind: FrameErrorKind::TooLong { limit },
        }
    }

    pub(crate) fn truncated(line: u64, received: usize) -> Self {
        Self {
            line,
            kind: FrameErrorKind::Truncated { received },
        }
    }

    /// The number of the line, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &FrameErrorKind {
        &self.kind
    }
}

/// A line is not a message, or an event is not what was asked for.
///
/// The text says what and where, and quotes at most 120 bytes of the input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct DecodeError {
    what: String,
}

impl DecodeError {
    /// `error` was met in `subject`.
    pub(crate) fn json(subject: impl fmt::Display, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The error ends with its place, which a cut would lose; lines have one line.
        let reason = text.rfind(" at line ").map_or(&*text, |end| &text[..end]);
        let column = error.column();
        Self::new(format!(
            "{subject} is not readable: {} at column {column}",
            excerpt(reason)
        ))
    }

    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

/// The beginning of a text, cut at a character within the bound of an error message.
pub(crate) fn excerpt(text: &str) -> &str {
    let end = text.floor_char_boundary(EXCERPT);
    &text[..end]
}
