//! Why a letter could not be written, or not be read.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Why a dead letter was not written or read. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DeadLetterError {
    kind: DeadLetterErrorKind,
    message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kinds of [`DeadLetterError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeadLetterErrorKind {
    /// The sink cannot be reached, read or written now.
    Unavailable,
    /// The sink takes no more.
    Full,
    /// A line of the file is not one that was written there, or not whole.
    Damaged,
}

impl DeadLetterError {
    /// An error of a sink.
    #[must_use]
    pub fn new(kind: DeadLetterErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// The same with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> DeadLetterErrorKind {
        self.kind
    }
}

impl fmt::Display for DeadLetterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for DeadLetterError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
