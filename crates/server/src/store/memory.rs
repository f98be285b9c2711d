//! A store for tests of what is above it: in memory, and failing when told to.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use event_streamer_models::{SubscriptionId, Timestamp};

use super::{
    Advance, Advanced, Change, Page, PageQuery, Store, StoreError, StoreErrorKind, StoreFuture,
    Updated,
};
use crate::subscription::{Acknowledged, Subscription, SubscriptionSpec};
use crate::sync::lock;
use crate::token::TokenKey;

#[derive(Debug)]
pub(crate) struct MemoryStore {
    key: TokenKey,
    subscriptions: Mutex<BTreeMap<u64, Subscription>>,
    fails: AtomicBool,
}

impl MemoryStore {
    pub(crate) fn new() -> Self {
        Self {
            key: TokenKey::new([9; 32]),
            subscriptions: Mutex::default(),
            fails: AtomicBool::new(false),
        }
    }

    /// From now on, or no longer, no position can be stored.
    pub(crate) fn fail(&self, fails: bool) {
        self.fails.store(fails, Ordering::SeqCst);
    }

    pub(crate) fn acknowledged(&self, id: SubscriptionId) -> Acknowledged {
        lock(&self.subscriptions)[&id.get()].acknowledged.clone()
    }

    fn with<T>(&self, id: SubscriptionId, act: impl FnOnce(Option<&mut Subscription>) -> T) -> T {
        act(lock(&self.subscriptions).get_mut(&id.get()))
    }
}

fn done<'a, T: Send + 'a>(result: Result<T, StoreError>) -> StoreFuture<'a, T> {
    Box::pin(ready(result))
}

impl Store for MemoryStore {
    fn token_key(&self) -> &TokenKey {
        &self.key
    }

    fn insert<'a>(
        &'a self,
        spec: &'a SubscriptionSpec,
        now: Timestamp,
    ) -> StoreFuture<'a, Subscription> {
        let mut subscriptions = lock(&self.subscriptions);
        let id = subscriptions.len() as u64 + 1;
        let subscription = Subscription {
            id: SubscriptionId::new(id).unwrap(),
            spec: spec.clone(),
            paused: false,
            failure: None,
            revision: 0,
            epoch: 0,
            created_at: now,
            updated_at: now,
            acknowledged: Acknowledged::default(),
        };
        subscriptions.insert(id, subscription.clone());
        done(Ok(subscription))
    }

    fn get(&self, id: SubscriptionId) -> StoreFuture<'_, Option<Subscription>> {
        done(Ok(lock(&self.subscriptions).get(&id.get()).cloned()))
    }

    fn list<'a>(&'a self, _: PageQuery<'a>) -> StoreFuture<'a, Page> {
        let subscriptions: Vec<_> = lock(&self.subscriptions).values().cloned().collect();
        done(Ok(Page {
            total: subscriptions.len() as u64,
            subscriptions,
        }))
    }

    fn update<'a>(&'a self, id: SubscriptionId, change: &'a Change) -> StoreFuture<'a, Updated> {
        done(Ok(self.with(id, |found| {
            let Some(found) = found else {
                return Updated::NotFound;
            };
            found.spec = change.spec.clone();
            found.revision += 1;
            Updated::Done(Box::new(found.clone()))
        })))
    }

    fn set_failure<'a>(
        &'a self,
        id: SubscriptionId,
        failure: Option<&'a str>,
    ) -> StoreFuture<'a, ()> {
        self.with(id, |found| {
            found.unwrap().failure = failure.map(str::to_owned);
        });
        done(Ok(()))
    }

    fn delete(&self, id: SubscriptionId) -> StoreFuture<'_, bool> {
        done(Ok(lock(&self.subscriptions).remove(&id.get()).is_some()))
    }

    fn advance(&self, id: SubscriptionId, advance: Advance) -> StoreFuture<'_, Advanced> {
        if self.fails.load(Ordering::SeqCst) {
            return done(Err(StoreError::new(StoreErrorKind::Full)));
        }
        done(Ok(self.with(id, |found| {
            let Some(found) = found else {
                return Advanced::NotFound;
            };
            if let Some(moved) = advance.apply(&found.acknowledged) {
                found.acknowledged = moved;
            }
            Advanced::To(found.acknowledged.clone())
        })))
    }

    fn check(&self) -> StoreFuture<'_, ()> {
        done(Ok(()))
    }

    fn close(&self) -> StoreFuture<'_, ()> {
        done(Ok(()))
    }
}
