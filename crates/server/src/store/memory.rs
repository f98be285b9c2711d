//! A store in memory, for tests and simulations: no thread, no file, no time but tokio's.

mod chains;
mod letters;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_models::{SubscriptionId, Timestamp};
use tokio::time::sleep;

use super::{
    Advance, Advanced, AuditEntry, ChainCreated, ChainSpec, Change, Created, CreationKey, Kept,
    Letter, LetterLimits, NewLetter, Page, PageQuery, Store, StoreChange, StoreError, StoreFuture,
    StoredChain, Updated, secret,
};
use crate::keys::{ApiKey, NewKey, StoredKey};
use crate::subscription::{Acknowledged, Subscription, SubscriptionSpec};
use crate::sync::lock;
use crate::token::TokenKey;

/// Entries of the audit log that are kept.
const AUDIT_ENTRIES: usize = 10_000;

/// What a service would keep in a database, kept in memory: it outlives the service and its
/// restarts, and is gone with the last clone. For tests and simulations.
///
/// Clones are the same database. A write that is under way when the service is dropped is done or
/// not done, as one to a disk would be.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_server::{DatabaseConfig, MemoryDatabase, ServiceConfig};
///
/// let disk = MemoryDatabase::new().with_write_time(Duration::from_millis(5));
/// let config = ServiceConfig::new(DatabaseConfig::Memory(disk.clone()));
/// # let _ = config;
/// ```
#[derive(Clone)]
pub struct MemoryDatabase {
    shared: Arc<Shared>,
    write_time: Duration,
}

struct Shared {
    key: TokenKey,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    subscriptions: BTreeMap<u64, Subscription>,
    /// Oldest first.
    creations: VecDeque<Creation>,
    chains: chains::Chains,
    letters: letters::Letters,
    keys: Vec<StoredKey>,
    /// Newest first.
    audit: VecDeque<AuditEntry>,
    /// The last id that was given.
    last_id: u64,
    #[cfg(test)]
    fails: bool,
}

/// A creation that may be asked for again.
struct Creation {
    hash: [u8; 32],
    request: [u8; 32],
    /// The subscription as it was made.
    made: Subscription,
}

impl State {
    fn insert(
        &mut self,
        spec: &SubscriptionSpec,
        now: Timestamp,
    ) -> Result<Subscription, StoreError> {
        self.last_id += 1;
        let id = SubscriptionId::new(self.last_id)
            .map_err(|_| StoreError::damaged("a subscription has the id 0"))?;
        let subscription = Subscription::new(id, spec.clone(), now);
        self.subscriptions.insert(id.get(), subscription.clone());
        Ok(subscription)
    }

    fn insert_once(
        &mut self,
        spec: &SubscriptionSpec,
        key: &CreationKey,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let subscriber = &spec.subscriber_id;
        let oldest = key.forgotten_before(now);
        self.creations.retain(|it| it.made.created_at >= oldest);
        let of_subscriber = |it: &&Creation| it.made.spec.subscriber_id == *subscriber;
        let mut before = self.creations.iter().filter(of_subscriber);
        if let Some(found) = before.find(|it| it.hash == key.hash) {
            return Ok(if found.request == key.request {
                Created::Before(found.made.clone())
            } else {
                Created::OtherRequest
            });
        }
        let made = self.insert(spec, now)?;
        self.creations.push_back(Creation {
            hash: key.hash,
            request: key.request,
            made: made.clone(),
        });
        let count = self.creations.iter().filter(of_subscriber).count();
        let mut surplus = count.saturating_sub(key.max_count as usize);
        self.creations.retain(|it| {
            let goes = surplus > 0 && of_subscriber(&it);
            surplus -= usize::from(goes);
            !goes
        });
        Ok(Created::New(made))
    }
}

impl MemoryDatabase {
    /// An empty database.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "each is another database, with a key of its own"
    )]
    pub fn new() -> Self {
        Self {
            shared: Arc::new(Shared {
                key: TokenKey::new(secret::random_key()),
                state: Mutex::default(),
            }),
            write_time: Duration::ZERO,
        }
    }

    /// Sets how long a write takes: it is done after half of that, and answered after all of it.
    #[must_use]
    pub fn with_write_time(mut self, time: Duration) -> Self {
        self.write_time = time;
        self
    }

    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&lock(&self.shared.state))
    }

    /// Writes as a disk does: whoever is gone before the half has written nothing, whoever is gone
    /// after it has written and does not know.
    fn write<'a, T: Send + 'a>(
        &'a self,
        write: impl FnOnce(&mut State) -> Result<T, StoreError> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let half = self.write_time / 2;
            if !half.is_zero() {
                sleep(half).await;
            }
            let written = write(&mut lock(&self.shared.state));
            if !half.is_zero() {
                sleep(half).await;
            }
            written
        })
    }
}

fn done<'a, T: Send + 'a>(value: T) -> StoreFuture<'a, T> {
    Box::pin(std::future::ready(Ok(value)))
}

impl Store for MemoryDatabase {
    fn token_key(&self) -> &TokenKey {
        &self.shared.key
    }

    fn insert<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Subscription> {
        self.write(move |state| state.insert(spec, now))
    }

    fn insert_once<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        key: &'a CreationKey,
        now: Timestamp,
    ) -> StoreFuture<'a, Created> {
        self.write(move |state| state.insert_once(spec, key, now))
    }

    fn get(&self, id: SubscriptionId) -> StoreFuture<'_, Option<Subscription>> {
        done(self.read(|state| state.subscriptions.get(&id.get()).cloned()))
    }

    fn list<'a>(&'a self, page: PageQuery<'a>) -> StoreFuture<'a, Page> {
        let wanted = |subscription: &&Subscription| {
            let spec = &subscription.spec;
            page.subscriber_id.is_none_or(|id| id == spec.subscriber_id)
                && page.chain_id.is_none_or(|id| id == spec.chain_id.get())
        };
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        done(self.read(|state| {
            let all = || state.subscriptions.values().filter(wanted);
            let of_page = all().skip(offset).take(page.limit as usize);
            Page {
                subscriptions: of_page.cloned().collect(),
                total: all().count() as u64,
            }
        }))
    }

    fn update<'a>(&'a self, id: SubscriptionId, change: &'a Change) -> StoreFuture<'a, Updated> {
        self.write(move |state| {
            let Some(found) = state.subscriptions.get_mut(&id.get()) else {
                return Ok(Updated::NotFound);
            };
            if found.revision != change.revision {
                return Ok(Updated::Conflict);
            }
            found.spec = change.spec.clone();
            found.paused = change.paused;
            found.failure = None;
            found.revision += 1;
            found.updated_at = change.now;
            if change.reset_position {
                found.epoch += 1;
                found.acknowledged = Acknowledged::default();
            }
            Ok(Updated::Done(Box::new(found.clone())))
        })
    }

    fn set_failure<'a>(
        &'a self,
        id: SubscriptionId,
        epoch: u64,
        failure: Option<&'a str>,
    ) -> StoreFuture<'a, ()> {
        self.write(move |state| {
            if let Some(found) = state.subscriptions.get_mut(&id.get())
                && found.epoch == epoch
            {
                found.failure = failure.map(str::to_owned);
            }
            Ok(())
        })
    }

    fn delete(&self, id: SubscriptionId) -> StoreFuture<'_, bool> {
        self.write(move |state| {
            state.letters.forget(id);
            Ok(state.subscriptions.remove(&id.get()).is_some())
        })
    }

    fn advance(&self, id: SubscriptionId, advance: Advance) -> StoreFuture<'_, Advanced> {
        self.write(move |state| {
            #[cfg(test)]
            if state.fails {
                return Err(StoreError::new(super::StoreErrorKind::Full));
            }
            let Some(found) = state.subscriptions.get_mut(&id.get()) else {
                return Ok(Advanced::NotFound);
            };
            if found.epoch != advance.epoch {
                return Ok(Advanced::Stale);
            }
            if let Some(moved) = advance.apply(&found.acknowledged) {
                found.acknowledged = moved;
            }
            Ok(Advanced::To(found.acknowledged.clone()))
        })
    }

    fn chains(&self) -> StoreFuture<'_, Vec<StoredChain>> {
        done(self.read(|state| state.chains.list()))
    }

    fn insert_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        key: Option<&'a CreationKey>,
        max_chains: u32,
        now: Timestamp,
    ) -> StoreFuture<'a, ChainCreated> {
        self.write(move |state| Ok(state.chains.insert(spec, key, max_chains, now)))
    }

    fn update_chain<'a>(
        &'a self,
        spec: &'a ChainSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Option<StoredChain>> {
        self.write(move |state| Ok(state.chains.update(spec, now)))
    }

    fn deactivate_chain(
        &self,
        chain_id: u64,
        now: Timestamp,
    ) -> StoreFuture<'_, Option<StoredChain>> {
        self.write(move |state| Ok(state.chains.deactivate(chain_id, now)))
    }

    fn insert_key<'a>(&'a self, new: &'a NewKey) -> StoreFuture<'a, ApiKey> {
        self.write(move |state| {
            let key = ApiKey {
                id: state.keys.len() as u64 + 1,
                name: new.name.clone(),
                scope: new.scope.clone(),
                created_at: new.now,
                expires_at: new.expires_at,
                revoked_at: None,
            };
            state.keys.push(StoredKey {
                key: key.clone(),
                hash: new.hash,
            });
            Ok(key)
        })
    }

    fn find_key(&self, id: u64) -> StoreFuture<'_, Option<StoredKey>> {
        done(self.read(|state| state.keys.iter().find(|it| it.key.id == id).cloned()))
    }

    fn list_keys(&self, after: u64, limit: u32) -> StoreFuture<'_, Vec<ApiKey>> {
        done(self.read(|state| {
            let keys = state.keys.iter().map(|it| &it.key);
            let listed = keys.filter(|key| key.id > after).take(limit as usize);
            listed.cloned().collect()
        }))
    }

    fn revoke_key(&self, id: u64, now: Timestamp) -> StoreFuture<'_, bool> {
        self.write(move |state| {
            let found = state.keys.iter_mut().map(|it| &mut it.key);
            let good = found
                .filter(|key| key.id == id && key.revoked_at.is_none())
                .map(|key| key.revoked_at = Some(now));
            Ok(good.count() > 0)
        })
    }

    fn keep_letter<'a>(
        &'a self,
        letter: &'a NewLetter,
        limits: LetterLimits,
    ) -> StoreFuture<'a, Kept> {
        self.write(move |state| {
            if !state
                .subscriptions
                .contains_key(&letter.subscription_id.get())
            {
                return Ok(Kept::NotFound);
            }
            Ok(state.letters.keep(letter, limits))
        })
    }

    fn letters(&self, of: SubscriptionId, after: u64, limit: u32) -> StoreFuture<'_, Vec<Letter>> {
        done(self.read(|state| state.letters.list(of, after, limit)))
    }

    fn letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, Option<Letter>> {
        done(self.read(|state| state.letters.get(of, id)))
    }

    fn delete_letter(&self, of: SubscriptionId, id: u64) -> StoreFuture<'_, bool> {
        self.write(move |state| Ok(state.letters.delete(of, id)))
    }

    fn note<'a>(&'a self, entry: &'a AuditEntry) -> StoreFuture<'a, ()> {
        self.write(move |state| {
            state.audit.push_front(entry.clone());
            state.audit.truncate(AUDIT_ENTRIES);
            Ok(())
        })
    }

    fn audit(&self, limit: u32) -> StoreFuture<'_, Vec<AuditEntry>> {
        done(self.read(|state| state.audit.iter().take(limit as usize).cloned().collect()))
    }

    fn changed(&self) -> StoreFuture<'_, StoreChange> {
        // It has one service at a time.
        Box::pin(std::future::pending())
    }

    fn check(&self) -> StoreFuture<'_, ()> {
        done(())
    }

    fn close(&self) -> StoreFuture<'_, ()> {
        done(())
    }
}

#[cfg(test)]
impl MemoryDatabase {
    /// From now on, or no longer, no position can be stored.
    pub(crate) fn fail(&self, fails: bool) {
        lock(&self.shared.state).fails = fails;
    }

    pub(crate) fn acknowledged(&self, id: SubscriptionId) -> Acknowledged {
        self.read(|state| state.subscriptions[&id.get()].acknowledged.clone())
    }
}

impl PartialEq for MemoryDatabase {
    /// Whether it is the same one.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl Eq for MemoryDatabase {}

impl fmt::Debug for MemoryDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subscriptions = self.read(|state| state.subscriptions.len());
        f.debug_struct("MemoryDatabase")
            .field("subscriptions", &subscriptions)
            .finish_non_exhaustive()
    }
}
