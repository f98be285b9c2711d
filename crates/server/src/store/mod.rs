//! What must survive the process: subscriptions, acknowledged positions, the key of the tokens.
//!
//! The chain itself is the log; events are never stored.

mod advance;
mod chain;
mod creation;
mod error;
mod latency;
pub(crate) mod letter;
pub(crate) mod memory;
mod secret;
mod sql;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use event_streamer_models::{SubscriptionId, Timestamp};

pub(crate) use advance::{Advance, AdvanceStep};
pub(crate) use chain::{ChainCreated, ChainSpec, StoredChain};
pub(crate) use creation::{Created, CreationKey};
pub(crate) use error::{StoreError, StoreErrorKind};
pub(crate) use latency::{BOUNDS, StoreTimes, Work};
pub(crate) use letter::{Kept, Letter, LetterLimits, NewLetter};
pub(crate) use secret::random_key;
use sql::SqlStore;

use crate::config::DatabaseConfig;
use crate::keys::{ApiKey, NewKey, StoredKey};
use crate::subscription::{Acknowledged, Subscription, SubscriptionSpec};
use crate::token::TokenKey;

/// The answer of a store, when it is there.
pub(crate) type StoreFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The state of the service.
///
/// A change is durable when its future resolves: it survives a power loss.
pub(crate) trait Store: fmt::Debug + Send + Sync {
    /// The key of the resume tokens, made when the store was.
    fn token_key(&self) -> &TokenKey;

    /// Stores a new subscription and gives it an id that no other ever had.
    fn insert<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Subscription>;

    /// The same, unless the key named a creation before.
    fn insert_once<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        key: &'a CreationKey,
        now: Timestamp,
    ) -> StoreFuture<'a, Created>;

    /// One subscription.
    fn get(&self, id: SubscriptionId) -> StoreFuture<'_, Option<Subscription>>;

    /// A page of subscriptions in the order of their ids.
    fn list<'a>(&'a self, page: PageQuery<'a>) -> StoreFuture<'a, Page>;

    /// Changes a subscription, if it is still at the revision the change was made from.
    fn update<'a>(&'a self, id: SubscriptionId, change: &'a Change) -> StoreFuture<'a, Updated>;

    /// Notes why a subscription's streams cannot go on, or that they can again. Not a revision.
    /// Nothing happens if the position was reset since `epoch`: what failed is gone.
    fn set_failure<'a>(
        &'a self,
        id: SubscriptionId,
        epoch: u64,
        failure: Option<&'a str>,
    ) -> StoreFuture<'a, ()>;

    /// Forgets a subscription and its position. False if there was none.
    fn delete(&self, id: SubscriptionId) -> StoreFuture<'_, bool>;

    /// Moves the acknowledged position as [`Advance`] says, and returns where it is then.
    fn advance(&self, id: SubscriptionId, advance: Advance) -> StoreFuture<'_, Advanced>;

    /// The chains that were set through the API, deactivated ones too, in the order of their ids.
    fn chains(&self) -> StoreFuture<'_, Vec<StoredChain>>;

    /// Stores a new chain, or one in the place of a deactivated one; with a key unless that named a
    /// creation before. Where there are more than `max_chains` then, the one that was deactivated
    /// longest ago is forgotten.
    fn insert_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        key: Option<&'a CreationKey>,
        max_chains: u32,
        now: Timestamp,
    ) -> StoreFuture<'a, ChainCreated>;

    /// Changes a chain, and activates it if it is not active. `None` if there is none.
    fn update_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Option<StoredChain>>;

    /// Deactivates a chain. `None` if there is none.
    fn deactivate_chain(
        &self,
        chain_id: u64,
        now: Timestamp,
    ) -> StoreFuture<'_, Option<StoredChain>>;

    /// Stores a new API key and gives it a number that no other ever had.
    fn insert_key<'a>(&'a self, new: &'a NewKey) -> StoreFuture<'a, ApiKey>;

    /// One API key, whether it is good or not.
    fn find_key(&self, id: u64) -> StoreFuture<'_, Option<StoredKey>>;

    /// API keys in the order of their numbers, from behind `after`.
    fn list_keys(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<ApiKey>>;

    /// Takes an API key back. False if there was no good one.
    fn revoke_key(&self, id: u64, now: Timestamp) -> StoreFuture<'_, bool>;

    /// Keeps a refused batch, unless the subscription has as many as it may.
    fn keep_letter<'a>(
        &'a self,
        letter: &'a NewLetter,
        limits: LetterLimits,
    ) -> StoreFuture<'a, Kept>;

    /// Refused batches of a subscription in the order of their numbers, from behind `after`,
    /// without their events.
    fn letters(&self, of: SubscriptionId, after: u64, limit: u32) -> StoreFuture<'_, Vec<Letter>>;

    /// One refused batch.
    fn letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, Option<Letter>>;

    /// Forgets a refused batch. False if there was none.
    fn delete_letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, bool>;

    /// Adds to the audit log, whose oldest entries make room.
    fn note<'a>(&'a self, entry: &'a AuditEntry) -> StoreFuture<'a, ()>;

    /// The newest entries of the audit log, newest first.
    fn audit(&self, limit: u32) -> StoreFuture<'_, Vec<AuditEntry>>;

    /// Waits for a change that another instance made. Our own changes may be told as well.
    fn changed(&self) -> StoreFuture<'_, StoreChange>;

    /// How long it has taken so far; `None` of one without a disk.
    fn times(&self) -> Option<&StoreTimes> {
        None
    }

    /// Whether the store answers.
    fn check(&self) -> StoreFuture<'_, ()>;

    /// Finishes what is under way and lets go of the store.
    fn close(&self) -> StoreFuture<'_, ()>;
}

/// Opens the store of the settings.
pub(crate) async fn open(database: &DatabaseConfig) -> Result<Arc<dyn Store>, StoreError> {
    Ok(match database {
        DatabaseConfig::Sqlite(path) => Arc::new(SqlStore::open_sqlite(path).await?),
        DatabaseConfig::Postgres(config) => Arc::new(SqlStore::open_postgres(config).await?),
        DatabaseConfig::Memory(database) => Arc::new(database.clone()),
    })
}

/// One administrative call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    pub(crate) at: Timestamp,
    /// Who called.
    pub(crate) actor: String,
    /// What was done, as `key.create`.
    pub(crate) action: String,
    /// To what.
    pub(crate) subject: String,
}

/// Which page of the subscriptions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageQuery<'a> {
    /// Only those of this subscriber.
    pub(crate) subscriber_id: Option<&'a str>,
    /// Only those of this chain.
    pub(crate) chain_id: Option<u64>,
    /// How many to leave out at the front.
    pub(crate) offset: u64,
    pub(crate) limit: u32,
}

/// One page, and how many subscriptions all pages have.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) subscriptions: Vec<Subscription>,
    pub(crate) total: u64,
}

/// A subscription's new state.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The revision the change was made from.
    pub(crate) revision: u64,
    pub(crate) spec: SubscriptionSpec,
    pub(crate) paused: bool,
    /// Forgets the acknowledged position, and voids acknowledgements that are still under way.
    pub(crate) reset_position: bool,
    pub(crate) now: Timestamp,
}

/// What became of an update.
#[derive(Debug)]
pub(crate) enum Updated {
    Done(Box<Subscription>),
    /// Somebody else changed the subscription meanwhile: read it again.
    Conflict,
    NotFound,
}

/// What another instance has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreChange {
    /// Changed or deleted.
    Subscription(SubscriptionId),
    /// An API key was made, or taken back.
    Keys,
    /// A chain was made, changed, deactivated or forgotten.
    Chains,
    /// The store was out of reach for a while.
    Anything,
}

/// What became of an advance.
#[derive(Debug, PartialEq)]
pub(crate) enum Advanced {
    /// The position the subscription has now: at least the wanted one, or a further one.
    To(Acknowledged),
    /// The position was reset since the acknowledged events were sent.
    Stale,
    NotFound,
}
