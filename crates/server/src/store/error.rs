//! Why the store could not do what it was asked to.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A failure of the store.
///
/// Cheap to clone: one failed commit fails everything that was in it.
#[derive(Clone, Debug)]
pub(crate) struct StoreError {
    kind: StoreErrorKind,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// What kind of failure a [`StoreError`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StoreErrorKind {
    /// Another process has the file. The number is its process id, if it could be read.
    Locked { path: PathBuf, holder: Option<u32> },
    /// The file cannot be opened or made.
    Open { database: String },
    /// The server cannot be reached, or does not let us in.
    Unreachable { database: String },
    /// Written by a newer version of this program.
    NewerSchema {
        database: String,
        found: i64,
        supported: i64,
    },
    /// A database, but not one of ours.
    Foreign { database: String },
    /// The file is damaged, or no database at all.
    Damaged { what: String },
    /// The disk is full.
    Full,
    /// The database did not answer in time, or the operating system refused.
    Unavailable,
    /// The store was closed.
    Closed,
}

impl StoreError {
    pub(crate) fn new(kind: StoreErrorKind) -> Self {
        Self { kind, source: None }
    }

    pub(crate) fn with_source(
        kind: StoreErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: Some(Arc::from(source.into())),
        }
    }

    pub(crate) fn open(path: &Path, source: std::io::Error) -> Self {
        Self::with_source(
            StoreErrorKind::Open {
                database: path.display().to_string(),
            },
            source,
        )
    }

    /// Something stored does not read as what was written.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::new(StoreErrorKind::Damaged { what: what.into() })
    }

    /// The cause underneath.
    pub(crate) fn into_source(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.source.map(|source| Box::new(Shared(source)) as _)
    }

    pub(crate) fn kind(&self) -> &StoreErrorKind {
        &self.kind
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            StoreErrorKind::Locked { path, holder } => {
                write!(f, "the database {} is in use by ", path.display())?;
                match holder {
                    Some(process) => write!(f, "process {process}")?,
                    None => f.write_str("another process")?,
                }
                f.write_str("; end it, or give this one a file of its own")
            }
            StoreErrorKind::Open { database } => write!(
                f,
                "the database {database} cannot be opened; check that its folder exists and may be \
                 written to"
            ),
            StoreErrorKind::Unreachable { database } => write!(
                f,
                "the database {database} cannot be reached; check that it runs and exists, and \
                 the user and password"
            ),
            StoreErrorKind::NewerSchema {
                database,
                found,
                supported,
            } => write!(
                f,
                "the database {database} was written by a newer version (schema {found}, this one \
                 knows {supported}); upgrade, or use another one"
            ),
            StoreErrorKind::Foreign { database } => write!(
                f,
                "{database} is a database of another program; use another one"
            ),
            StoreErrorKind::Damaged { what } => {
                write!(
                    f,
                    "the database is damaged: {what}; restore it from a backup"
                )
            }
            StoreErrorKind::Full => {
                f.write_str("the disk of the database is full; nothing was stored")
            }
            StoreErrorKind::Unavailable => f.write_str("the database did not answer"),
            StoreErrorKind::Closed => f.write_str("the database was closed"),
        }
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// A cause that several errors have.
#[derive(Debug)]
struct Shared(Arc<dyn StdError + Send + Sync>);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Shared {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
