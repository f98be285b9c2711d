//! What the errors of the databases mean for us.

use sqlx::error::DatabaseError;

use super::super::{StoreError, StoreErrorKind};

// Primary result codes of SQLite, https://www.sqlite.org/rescode.html
const SQLITE_CORRUPT: i64 = 11;
const SQLITE_FULL: i64 = 13;
const SQLITE_CANTOPEN: i64 = 14;
const SQLITE_NOTADB: i64 = 26;

// SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html
const DISK_FULL: &str = "53100";
const DATA_CORRUPTED: &str = "XX001";
const INDEX_CORRUPTED: &str = "XX002";
const DUPLICATE_TABLE: &str = "42P07";

pub(super) trait StoreResultExt<T> {
    /// The error of a statement.
    fn or_failed(self) -> Result<T, StoreError>;

    /// The error of opening `database`, which is its name for people.
    fn or_store_error(self, database: &str) -> Result<T, StoreError>;
}

impl<T> StoreResultExt<T> for Result<T, sqlx::Error> {
    fn or_failed(self) -> Result<T, StoreError> {
        self.map_err(|error| {
            let kind = match error.as_database_error().and_then(meaning) {
                Some(Meaning::Damaged | Meaning::NoDatabase) => damaged(&error),
                Some(Meaning::Full) => StoreErrorKind::Full,
                _ if matches!(error, sqlx::Error::PoolClosed) => StoreErrorKind::Closed,
                _ if is_unreadable(&error) => damaged(&error),
                _ => StoreErrorKind::Unavailable,
            };
            StoreError::with_source(kind, error)
        })
    }

    fn or_store_error(self, database: &str) -> Result<T, StoreError> {
        let error = match self {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        let database = database.to_owned();
        let kind = match error.as_database_error().and_then(meaning) {
            Some(Meaning::NoDatabase) => StoreErrorKind::Damaged {
                what: format!("{database} is not a database"),
            },
            Some(Meaning::CannotOpen) => StoreErrorKind::Open { database },
            Some(Meaning::TableExists) => StoreErrorKind::Foreign { database },
            _ => return Err(error).or_failed(),
        };
        Err(StoreError::with_source(kind, error))
    }
}

/// What a database says is wrong, as far as we act on it.
enum Meaning {
    Damaged,
    NoDatabase,
    Full,
    CannotOpen,
    TableExists,
}

fn meaning(error: &(dyn DatabaseError + 'static)) -> Option<Meaning> {
    let code = error.code()?;
    // Five characters are a SQLSTATE; SQLite's codes are numbers of at most four.
    if code.len() == 5 {
        return match &*code {
            DISK_FULL => Some(Meaning::Full),
            DATA_CORRUPTED | INDEX_CORRUPTED => Some(Meaning::Damaged),
            DUPLICATE_TABLE => Some(Meaning::TableExists),
            _ => None,
        };
    }
    // The low byte of an extended result code is the primary one.
    match code.parse::<i64>().ok()? & 0xff {
        SQLITE_CORRUPT => Some(Meaning::Damaged),
        SQLITE_NOTADB => Some(Meaning::NoDatabase),
        SQLITE_FULL => Some(Meaning::Full),
        SQLITE_CANTOPEN => Some(Meaning::CannotOpen),
        _ => None,
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
