//! Why a position could not be kept, or not be read.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use super::CheckpointKey;

/// Why a [`CheckpointStore`](super::CheckpointStore) did not do as it was asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CheckpointError {
    kind: CheckpointErrorKind,
    message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// The kinds of [`CheckpointError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CheckpointErrorKind {
    /// The store cannot be reached, read or written now; tried again it may be.
    Unavailable,
    /// What is kept cannot be trusted.
    Damaged,
    /// Somebody else holds the key.
    InUse,
    /// Somebody else took the key over.
    Superseded,
    /// A position was to be written out of its turn.
    OutOfOrder,
    /// The position is written already.
    AlreadyCommitted,
}

impl CheckpointError {
    /// An error of a store.
    #[must_use]
    pub fn new(kind: CheckpointErrorKind, message: impl Into<String>) -> Self {
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

    /// Somebody else took a key over.
    #[must_use]
    pub fn superseded(key: &CheckpointKey) -> Self {
        Self::new(
            CheckpointErrorKind::Superseded,
            format!("another consumer took the checkpoint {key} over: only one at a time may run"),
        )
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> CheckpointErrorKind {
        self.kind
    }

    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind == CheckpointErrorKind::Unavailable
    }
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for CheckpointError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
