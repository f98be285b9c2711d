//! The store in a relational database: one set of statements, spoken to SQLite and PostgreSQL.

mod chains;
mod columns;
mod creations;
mod dialect;
mod failure;
mod keys;
mod letters;
mod positions;
mod postgres;
mod schema;
mod sqlite;
mod subscriptions;
#[cfg(test)]
mod tests;
mod writer;

use std::future::Future;
use std::time::Duration;

use event_streamer_models::{SubscriptionId, Timestamp};
use sqlx::AnyPool;
use sqlx::any::AnyPoolOptions;
use tokio::time::{Instant, timeout};

use super::{
    Advance, Advanced, AuditEntry, ChainCreated, ChainSpec, Change, Created, CreationKey, Kept,
    Letter, LetterLimits, NewLetter, Page, PageQuery, Store, StoreChange, StoreError,
    StoreErrorKind, StoreFuture, StoreTimes, StoredChain, Updated, Work,
};
use crate::keys::{ApiKey, NewKey, StoredKey};
use crate::subscription::{Subscription, SubscriptionSpec};
use crate::token::TokenKey;
use dialect::Dialect;
use failure::StoreResultExt as _;
use postgres::Listener;
use sqlite::FileLock;
use writer::PositionWriter;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long anything may take: a database that hangs must not hang those who wait for it.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// The store in a relational database.
#[derive(Debug)]
pub(crate) struct SqlStore {
    write: AnyPool,
    /// The same as `write` where there are many writers.
    read: AnyPool,
    positions: PositionWriter,
    times: StoreTimes,
    key: TokenKey,
    /// What other instances change; `None` where there are none.
    listener: Option<Listener>,
    /// Held until everything above is gone.
    _lock: Option<FileLock>,
}

fn pool(connections: u32) -> AnyPoolOptions {
    sqlx::any::install_default_drivers();
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Fails what takes too long. A transaction that is dropped is rolled back.
async fn bounded<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    let late = |error| StoreError::with_source(StoreErrorKind::Unavailable, error);
    timeout(STATEMENT_TIMEOUT, work).await.map_err(late)?
}

impl SqlStore {
    fn dialect(&self) -> Dialect {
        self.positions.dialect()
    }

    fn timed<'a, T: 'a>(
        &'a self,
        kind: Work,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let began = Instant::now();
            let answer = bounded(work).await;
            self.times.took(kind, began.elapsed());
            answer
        })
    }

    fn read<'a, T: 'a>(
        &'a self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.timed(Work::Read, work)
    }

    fn write<'a, T: 'a>(
        &'a self,
        work: impl Future<Output = Result<T, StoreError>> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.timed(Work::Write, work)
    }
}

/// A store that was closed under a request.
fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Closed)
}

impl Store for SqlStore {
    fn token_key(&self) -> &TokenKey {
        &self.key
    }

    fn insert<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Subscription> {
        self.write(subscriptions::insert(&self.write, spec, now))
    }

    fn insert_once<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        key: &'a CreationKey,
        now: Timestamp,
    ) -> StoreFuture<'a, Created> {
        self.write(creations::insert_once(&self.write, spec, key, now))
    }

    fn get(&self, id: SubscriptionId) -> StoreFuture<'_, Option<Subscription>> {
        self.read(subscriptions::get(&self.read, id))
    }

    fn list<'a>(&'a self, page: PageQuery<'a>) -> StoreFuture<'a, Page> {
        self.read(subscriptions::list(&self.read, page))
    }

    fn update<'a>(&'a self, id: SubscriptionId, change: &'a Change) -> StoreFuture<'a, Updated> {
        self.write(subscriptions::update(&self.write, id, change))
    }

    fn set_failure<'a>(
        &'a self,
        id: SubscriptionId,
        epoch: u64,
        failure: Option<&'a str>,
    ) -> StoreFuture<'a, ()> {
        self.write(subscriptions::set_failure(&self.write, id, epoch, failure))
    }

    fn delete(&self, id: SubscriptionId) -> StoreFuture<'_, bool> {
        self.write(subscriptions::delete(&self.write, id))
    }

    fn advance(&self, id: SubscriptionId, advance: Advance) -> StoreFuture<'_, Advanced> {
        // Bounded in the writer, which commits for several at once.
        Box::pin(async move {
            let began = Instant::now();
            let answer = self.positions.advance(id, advance).await;
            self.times.took(Work::Acknowledge, began.elapsed());
            answer
        })
    }

    fn chains(&self) -> StoreFuture<'_, Vec<StoredChain>> {
        self.read(chains::list(&self.read))
    }

    fn insert_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        key: Option<&'a CreationKey>,
        max_chains: u32,
        now: Timestamp,
    ) -> StoreFuture<'a, ChainCreated> {
        self.write(chains::insert(&self.write, spec, key, max_chains, now))
    }

    fn update_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Option<StoredChain>> {
        self.write(chains::update(&self.write, spec, now))
    }

    fn deactivate_chain(
        &self,
        chain_id: u64,
        now: Timestamp,
    ) -> StoreFuture<'_, Option<StoredChain>> {
        self.write(chains::deactivate(&self.write, chain_id, now))
    }

    fn insert_key<'a>(&'a self, new: &'a NewKey) -> StoreFuture<'a, ApiKey> {
        self.write(keys::insert(&self.write, new))
    }

    fn find_key(&self, id: u64) -> StoreFuture<'_, Option<StoredKey>> {
        self.read(keys::find(&self.read, id))
    }

    fn list_keys(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<ApiKey>> {
        self.read(keys::list(&self.read, after, limit))
    }

    fn revoke_key(&self, id: u64, now: Timestamp) -> StoreFuture<'_, bool> {
        self.write(keys::revoke(&self.write, id, now))
    }

    fn keep_letter<'a>(
        &'a self,
        letter: &'a NewLetter,
        limits: LetterLimits,
    ) -> StoreFuture<'a, Kept> {
        self.write(letters::keep(self.dialect(), &self.write, letter, limits))
    }

    fn letters(&self, of: SubscriptionId, after: u64, limit: u32) -> StoreFuture<'_, Vec<Letter>> {
        self.read(letters::list(&self.read, of, after, limit))
    }

    fn letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, Option<Letter>> {
        self.read(letters::get(&self.read, of, id))
    }

    fn delete_letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, bool> {
        self.write(letters::delete(&self.write, of, id))
    }

    fn note<'a>(&'a self, entry: &'a AuditEntry) -> StoreFuture<'a, ()> {
        self.write(keys::note(&self.write, entry))
    }

    fn audit(&self, limit: u32) -> StoreFuture<'_, Vec<AuditEntry>> {
        self.read(keys::audit(&self.read, limit))
    }

    fn changed(&self) -> StoreFuture<'_, StoreChange> {
        Box::pin(async {
            match &self.listener {
                Some(listener) => listener.next().await,
                None => std::future::pending().await,
            }
        })
    }

    fn times(&self) -> Option<&StoreTimes> {
        Some(&self.times)
    }

    fn check(&self) -> StoreFuture<'_, ()> {
        self.read(async {
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
            if let Some(listener) = &self.listener {
                listener.close().await;
            }
            self.read.close().await;
            // The last connection to close folds SQLite's WAL into the file.
            self.write.close().await;
            Ok(())
        })
    }
}
