//! The store in one SQLite file.
//!
//! WAL with `synchronous = FULL`: a commit is on the disk when it returns, and readers never wait
//! for the writer. One process at a time, held by a lock beside the file.

mod lock;

use std::path::Path;

use sqlx::any::AnyConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _, Row as _};

use super::super::{StoreError, StoreErrorKind, StoreTimes};
use super::dialect::Dialect;
use super::failure::StoreResultExt as _;
use super::writer::PositionWriter;
use super::{SqlStore, pool, schema};
pub(super) use lock::FileLock;

/// Reads are short; more connections would only wait for the two cores that a small host has.
const READERS: u32 = 4;

pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
];

/// For every connection. Waits up to 5 s when something else reads the file, a backup for
/// instance.
const PRAGMAS: &str = "PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";
const WRITER_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";

impl SqlStore {
    /// Opens the file, making it and its tables if need be.
    ///
    /// # Errors
    ///
    /// The file is in use by another process, damaged, of another program, of a newer version, or
    /// cannot be opened.
    pub(crate) async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        lock::ensure_private_file(path).map_err(|error| StoreError::open(path, error))?;
        let lock = FileLock::acquire(path)?;
        let database = path.display().to_string();
        try_out(path).await.or_store_error(&database)?;
        // SQLite has one writer anyway; a pool of one makes the others queue instead of fail.
        let write = pool(1)
            .after_connect(|connection, _| Box::pin(prepare(connection, WRITER_PRAGMAS)))
            .connect_with(options(path, "rwc")?)
            .await
            .or_store_error(&database)?;
        let key = match open(&write, &database).await {
            Ok(key) => key,
            Err(error) => {
                // Otherwise the file stays open, and locked, until the runtime ends.
                write.close().await;
                return Err(error);
            }
        };
        let read = pool(READERS)
            .after_connect(|connection, _| Box::pin(prepare(connection, "")))
            .connect_lazy_with(options(path, "ro")?);
        let positions = PositionWriter::start(Dialect::Sqlite, write.clone());
        Ok(Self {
            write,
            read,
            positions,
            times: StoreTimes::default(),
            key,
            listener: None,
            _lock: Some(lock),
        })
    }
}

/// Opens the file once: a pool would try again and again what cannot work.
async fn try_out(path: &Path) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .disable_statement_logging();
    let mut connection = options.connect().await?;
    let tried = connection.execute(sqlx::raw_sql(WRITER_PRAGMAS)).await;
    // Also after a failure: a connection that is still open would hold the file.
    connection.close().await.and(tried.map(drop))
}

async fn prepare(connection: &mut AnyConnection, more: &'static str) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(PRAGMAS)).await?;
    connection.execute(sqlx::raw_sql(more)).await?;
    Ok(())
}

async fn open(pool: &AnyPool, database: &str) -> Result<crate::token::TokenKey, StoreError> {
    check_integrity(pool, database).await?;
    let transaction = pool
        .begin_with("BEGIN IMMEDIATE")
        .await
        .or_store_error(database)?;
    schema::prepare(Dialect::Sqlite, transaction, database).await
}

/// Reads the whole file once. It holds subscriptions and positions, no events, and is small.
async fn check_integrity(pool: &AnyPool, database: &str) -> Result<(), StoreError> {
    let found: String = sqlx::query("PRAGMA quick_check(1)")
        .fetch_one(pool)
        .await
        .and_then(|row| row.try_get(0))
        .or_store_error(database)?;
    if found == "ok" {
        return Ok(());
    }
    // SQLite's own words name pages and tables, never contents.
    Err(StoreError::damaged(format!("{database}: {found}")))
}

/// The path as the URL that sqlx takes.
fn options(path: &Path, mode: &str) -> Result<AnyConnectOptions, StoreError> {
    let unnameable = || {
        StoreError::new(StoreErrorKind::Open {
            database: path.display().to_string(),
        })
    };
    let path = std::path::absolute(path).map_err(|error| StoreError::open(path, error))?;
    let text = path.to_str().ok_or_else(unnameable)?;
    let url = format!("sqlite://{}?mode={mode}", percent_encoded(text));
    let options: AnyConnectOptions = url.parse().map_err(|_| unnameable())?;
    Ok(options.disable_statement_logging())
}

/// Everything but letters, digits and what separates folders.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn any_name_will_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ünd %41 ? # & = :memory: .db");
        let store = SqlStore::open_sqlite(&path).await.unwrap();
        assert!(path.is_file());
        assert!(std::fs::metadata(&path).unwrap().len() > 0);
        crate::store::Store::close(&store).await.unwrap();
    }
}
