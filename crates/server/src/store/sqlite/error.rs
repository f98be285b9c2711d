//! What SQLite's result codes mean for us.

use std::path::Path;

use super::super::{StoreError, StoreErrorKind};

// Primary result codes, https://www.sqlite.org/rescode.html
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
const SQLITE_NOTADB: i64 = 26;

pub(super) trait StoreResultExt<T> {
    /// The error of a statement.
    fn or_failed(self) -> Result<T, StoreError>;

    /// The error of opening a file.
    fn or_store_error(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> StoreResultExt<T> for Result<T, sqlx::Error> {
    fn or_failed(self) -> Result<T, StoreError> {
        self.map_err(|error| {
            let kind = match primary_code(&error) {
                Some(SQLITE_CORRUPT | SQLITE_NOTADB) => damaged(&error),
                Some(SQLITE_FULL) => StoreErrorKind::Full,
                _ if matches!(error, sqlx::Error::PoolClosed) => StoreErrorKind::Closed,
                _ if is_unreadable(&error) => damaged(&error),
                _ => StoreErrorKind::Unavailable,
            };
            StoreError::with_source(kind, error)
        })
    }

    fn or_store_error(self, path: &Path) -> Result<T, StoreError> {
        match self {
            Err(error) if primary_code(&error) == Some(SQLITE_NOTADB) => {
                let what = format!("{} is not a database", path.display());
                Err(StoreError::with_source(
                    StoreErrorKind::Damaged { what },
                    error,
                ))
            }
            Err(error) if primary_code(&error) == Some(SQLITE_CANTOPEN) => {
                let kind = StoreErrorKind::Open {
                    path: path.to_owned(),
                };
                Err(StoreError::with_source(kind, error))
            }
            other => other.or_failed(),
        }
    }
}

fn damaged(error: &sqlx::Error) -> StoreErrorKind {
    StoreErrorKind::Damaged {
        what: error.to_string(),
    }
}

/// A column that is not what the schema says.
fn is_unreadable(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
            | sqlx::Error::ColumnIndexOutOfBounds { .. }
    )
}

/// The low byte of SQLite's extended result code.
fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let code = error.as_database_error()?.code()?;
    code.parse::<i64>().ok().map(|code| code & 0xff)
}
