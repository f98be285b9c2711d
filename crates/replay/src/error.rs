//! What can go wrong: with a recording ([`RecordingError`]) and with a node ([`NodeError`]).

use std::error::Error as StdError;
use std::fmt;
use std::net::SocketAddr;

/// How much of foreign text an error repeats at most, in bytes.
const MAX_EXCERPT: usize = 200;

type Source = Box<dyn StdError + Send + Sync>;

/// Why a recording could not be read, built or written.
///
/// Its text says what was found, in which line (counted from 1, after decompression), and what to
/// do about it. Text taken from the recording is cut to 200 bytes.
///
/// ```
/// use event_streamer_replay::{Recording, RecordingErrorKind};
///
/// let text = "{\"recording\":1,\"chain_id\":1,\"first_block\":7,\"last_block\":7}\n{\"log\":{}}\n";
/// let error = Recording::read(text.as_bytes()).unwrap_err();
/// assert_eq!(error.kind(), RecordingErrorKind::Syntax);
/// assert_eq!(error.line(), Some(2));
/// assert!(error.to_string().starts_with("line 2: "), "{error}");
/// ```
#[derive(Debug)]
pub struct RecordingError {
    kind: RecordingErrorKind,
    line: Option<u64>,
    message: String,
    source: Option<Source>,
}

/// The kinds of [`RecordingError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordingErrorKind {
    /// The file or the reader or writer failed.
    Io,
    /// The gzip or zstd data is damaged or ends early.
    Compression,
    /// A line, the whole, or the number of blocks is above its limit
    /// ([`RecordingLimits`](crate::RecordingLimits)).
    Limit,
    /// A line is not JSON, or not in the shape of the format.
    Syntax,
    /// The first line names a version of the format that this crate does not know.
    Version,
    /// Blocks or logs do not ascend, or come twice.
    Order,
    /// Two statements of the recording contradict each other.
    Conflict,
    /// The recording holds less than its first line announces, or nothing at all.
    Incomplete,
}

impl RecordingError {
    pub(crate) fn new(kind: RecordingErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            line: None,
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> RecordingErrorKind {
        self.kind
    }

    /// The line it was found in, counted from 1; `None` where no single line is at fault.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.line
    }
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl StdError for RecordingError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// Why a [`ReplayNode`](crate::ReplayNode) did not start.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct NodeError {
    kind: NodeErrorKind,
    message: String,
    source: Option<std::io::Error>,
}

/// The kinds of [`NodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NodeErrorKind {
    /// The address could not be listened on.
    Listen,
    /// A setting does not fit the recording or another setting.
    Setting,
}

impl NodeError {
    pub(crate) fn listen(address: SocketAddr, source: std::io::Error) -> Self {
        Self {
            kind: NodeErrorKind::Listen,
            message: format!("cannot listen on {address}: choose a free port, or port 0 for any"),
            source: Some(source),
        }
    }

    pub(crate) fn setting(message: impl Into<String>) -> Self {
        Self {
            kind: NodeErrorKind::Setting,
            message: message.into(),
            source: None,
        }
    }

    /// What kind of fault it is.
    #[must_use]
    pub fn kind(&self) -> NodeErrorKind {
        self.kind
    }
}

/// The text of a JSON error, bounded. Where the whole JSON is one line of a file, the parser's own
/// "at line 1" would mislead.
pub(crate) fn json_fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&position) {
        Some(text) => format!("{} (column {})", excerpt(text), error.column()),
        None => excerpt(&text),
    }
}

/// Cuts foreign text to a length that an error may repeat.
pub(crate) fn excerpt(text: &str) -> String {
    if text.len() <= MAX_EXCERPT {
        return text.to_owned();
    }
    let mut end = MAX_EXCERPT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        let text = "ü".repeat(300);
        let cut = excerpt(&text);
        assert_eq!(cut.chars().count(), MAX_EXCERPT / 2 + 1);
        assert!(cut.ends_with('…'));
        assert_eq!(excerpt("short"), "short");
    }

    #[test]
    fn a_json_fault_names_the_column_only() {
        let error = serde_json::from_str::<u8>("1 1").unwrap_err();
        let text = json_fault(&error);
        assert!(text.ends_with("(column 3)"), "{text}");
        assert!(!text.contains("line"), "{text}");
        let error = serde_json::from_value::<u8>("x".repeat(1_000).into()).unwrap_err();
        assert!(json_fault(&error).len() < 300);
    }

    #[test]
    fn the_source_is_reachable_and_not_repeated() {
        let error = RecordingError::new(RecordingErrorKind::Io, "cannot read the recording")
            .with_source(std::io::Error::other("disk on fire"));
        assert_eq!(error.to_string(), "cannot read the recording");
        assert_eq!(error.source().unwrap().to_string(), "disk on fire");
    }
}
