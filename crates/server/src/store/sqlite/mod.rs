//! The store in one SQLite file.
//!
//! WAL with `synchronous = FULL`: a commit is on the disk when it returns, and readers never wait
//! for the writer. One process at a time, held by a lock beside the file.

mod error;
mod lock;
mod positions;
mod schema;
mod subscriptions;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::time::Duration;

use event_streamer_models::{SubscriptionId, Timestamp};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool};

use super::{
    Advance, Advanced, Change, Page, PageQuery, Store, StoreError, StoreErrorKind, StoreFuture,
    Updated,
};
use crate::subscription::{Subscription, SubscriptionSpec};
use crate::token::TokenKey;
use error::StoreResultExt as _;
use lock::FileLock;
use writer::PositionWriter;

/// How long a statement waits for the file when something else reads it, a backup for instance.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a connection to the file.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Reads are short; more connections would only wait for the two cores that a small host has.
const READERS: u32 = 4;

/// The store in one SQLite file.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    /// SQLite has one writer anyway; a pool of one makes the others queue instead of fail.
    write: SqlitePool,
    read: SqlitePool,
    positions: PositionWriter,
    key: TokenKey,
    /// Held until everything above is gone.
    _lock: FileLock,
}

impl SqliteStore {
    /// Opens the file, making it and its tables if need be.
    ///
    /// # Errors
    ///
    /// The file is in use by another process, damaged, of another program, of a newer version, or
    /// cannot be opened.
    pub(crate) async fn open(path: &Path) -> Result<Self, StoreError> {
        lock::ensure_private_file(path).map_err(|error| StoreError::open(path, error))?;
        let lock = FileLock::acquire(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let write = pool(1).connect_with(writing).await.or_store_error(path)?;
        let key = match schema::prepare(&write, path).await {
            Ok(key) => key,
            Err(error) => {
                // Otherwise the file stays open, and locked, until the runtime ends.
                write.close().await;
                return Err(error);
            }
        };
        let read = pool(READERS).connect_lazy_with(options.read_only(true));
        let positions = PositionWriter::start(write.clone());
        Ok(Self {
            write,
            read,
            positions,
            key,
            _lock: lock,
        })
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

impl Store for SqliteStore {
    fn token_key(&self) -> &TokenKey {
        &self.key
    }

    fn insert<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Subscription> {
        Box::pin(subscriptions::insert(&self.write, spec, now))
    }

    fn get(&self, id: SubscriptionId) -> StoreFuture<'_, Option<Subscription>> {
        Box::pin(subscriptions::get(&self.read, id))
    }

    fn list<'a>(&'a self, page: PageQuery<'a>) -> StoreFuture<'a, Page> {
        Box::pin(subscriptions::list(&self.read, page))
    }

    fn update<'a>(&'a self, id: SubscriptionId, change: &'a Change) -> StoreFuture<'a, Updated> {
        Box::pin(subscriptions::update(&self.write, id, change))
    }

    fn set_failure<'a>(
        &'a self,
        id: SubscriptionId,
        failure: Option<&'a str>,
    ) -> StoreFuture<'a, ()> {
        Box::pin(subscriptions::set_failure(&self.write, id, failure))
    }

    fn delete(&self, id: SubscriptionId) -> StoreFuture<'_, bool> {
        Box::pin(subscriptions::delete(&self.write, id))
    }

    fn advance(&self, id: SubscriptionId, advance: Advance) -> StoreFuture<'_, Advanced> {
        Box::pin(self.positions.advance(id, advance))
    }

    fn check(&self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            sqlx::query("SELECT version FROM event_streamer_schema")
                .fetch_one(&self.read)
                .await
                .or_failed()?;
            Ok(())
        })
    }

    fn close(&self) -> StoreFuture<'_, ()> {
        Box::pin(async {
            self.positions.stop().await;
            self.read.close().await;
            // The last connection to close folds the WAL into the file.
            self.write.close().await;
            Ok(())
        })
    }
}

/// SQLite's integers are signed. Block numbers, chain ids and counters keep their bits and are
/// never compared inside SQL.
fn to_sql(value: u64) -> i64 {
    value.cast_signed()
}

fn from_sql(value: i64) -> u64 {
    value.cast_unsigned()
}

/// A store that was closed under a request.
fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Closed)
}
