//! All streams of this process: those that are open, and those whose late acknowledgements are
//! still taken.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_models::{SubscriptionId, Timestamp};
use tokio::time::Instant;

use super::connection::Connection;
use super::ending::Ending;
use crate::keys::HeldKey;
use crate::subscription::Subscription;
use crate::sync::lock;

/// Ended connections that one subscription keeps: a client that reconnects without pause must
/// not fill the memory.
const ENDED_PER_SUBSCRIPTION: usize = 32;

/// How many streams may be open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectionLimits {
    pub(crate) total: usize,
    pub(crate) per_subscription: usize,
}

/// Why a stream was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The service has as many as it may.
    Total,
    /// The subscription has as many as it may.
    Subscription,
    /// The service is shutting down.
    Closing,
}

/// The streams of this process.
#[derive(Debug)]
pub(crate) struct Connections {
    limits: ConnectionLimits,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    by_id: HashMap<String, Arc<Connection>>,
    /// In the order they were opened.
    by_subscription: HashMap<SubscriptionId, Vec<Arc<Connection>>>,
    open: usize,
    closing: bool,
}

impl Connections {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self {
            limits,
            inner: Mutex::default(),
        }
    }

    /// Takes in a stream.
    pub(crate) fn open(&self, connection: &Arc<Connection>) -> Result<(), Refused> {
        let mut inner = lock(&self.inner);
        if inner.closing {
            return Err(Refused::Closing);
        }
        if inner.open >= self.limits.total {
            return Err(Refused::Total);
        }
        let siblings = inner
            .by_subscription
            .entry(connection.scope().subscription_id)
            .or_default();
        if siblings.iter().filter(|it| it.is_open()).count() >= self.limits.per_subscription {
            return Err(Refused::Subscription);
        }
        siblings.push(Arc::clone(connection));
        inner
            .by_id
            .insert(connection.id().as_str().to_owned(), Arc::clone(connection));
        inner.open += 1;
        Ok(())
    }

    /// A stream has ended; its acknowledgements are taken for a while yet.
    pub(crate) fn close(&self, connection: &Connection) {
        let mut inner = lock(&self.inner);
        connection.closed();
        inner.open -= 1;
        let siblings = inner
            .by_subscription
            .get(&connection.scope().subscription_id);
        let ended: Vec<_> = siblings
            .into_iter()
            .flatten()
            .filter(|it| !it.is_open())
            .map(Arc::clone)
            .collect();
        let surplus = ended.len().saturating_sub(ENDED_PER_SUBSCRIPTION);
        for oldest in &ended[..surplus] {
            inner.forget(oldest);
        }
    }

    /// Forgets a stream at once, acknowledgements and all.
    pub(crate) fn forget(&self, connection: &Connection) {
        lock(&self.inner).forget(connection);
    }

    /// Forgets those that ended longer ago than `timeout`.
    pub(crate) fn sweep(&self, timeout: Duration) {
        let now = Instant::now();
        let expired = |it: &Connection| {
            it.life()
                .closed
                .is_some_and(|closed| now.duration_since(closed) >= timeout)
        };
        let mut inner = lock(&self.inner);
        let gone: Vec<_> = inner
            .by_id
            .values()
            .filter(|it| expired(it))
            .map(Arc::clone)
            .collect();
        for connection in gone {
            inner.forget(&connection);
        }
    }

    /// One stream, open or not.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Connection>> {
        lock(&self.inner).by_id.get(id).map(Arc::clone)
    }

    /// All streams of a subscription, open or not.
    pub(crate) fn of(&self, subscription: SubscriptionId) -> Vec<Arc<Connection>> {
        let inner = lock(&self.inner);
        inner
            .by_subscription
            .get(&subscription)
            .cloned()
            .unwrap_or_default()
    }

    /// All open streams.
    pub(crate) fn all_open(&self) -> Vec<Arc<Connection>> {
        let inner = lock(&self.inner);
        inner
            .by_id
            .values()
            .filter(|it| it.is_open())
            .map(Arc::clone)
            .collect()
    }

    /// The subscriptions that have streams here, open or not.
    pub(crate) fn subscriptions(&self) -> Vec<SubscriptionId> {
        lock(&self.inner).by_subscription.keys().copied().collect()
    }

    /// Tells the streams of a subscription how it is now, whoever changed it.
    ///
    /// Those of before a reset of the position end, and what they could still acknowledge is void.
    /// Of a paused subscription all end. The others follow in place.
    pub(crate) fn follow(&self, subscription: &Subscription) {
        for connection in self.of(subscription.id) {
            if connection.epoch() < subscription.epoch {
                let why = format!(
                    "the subscription now starts at block {} of chain {}; stream again without a \
                     resume token",
                    subscription.spec.start_block, subscription.spec.chain_id
                );
                connection.end(Ending::Stopped(why));
                self.forget(&connection);
            } else if subscription.paused && subscription.revision > connection.revision() {
                let why = "the subscription was paused".to_owned();
                connection.end(Ending::Stopped(why));
            } else {
                connection.update(subscription);
            }
        }
    }

    /// The keys that open streams were opened with.
    pub(crate) fn keys(&self) -> BTreeSet<u64> {
        let open = self.all_open();
        open.iter().filter_map(|it| Some(it.key()?.id)).collect()
    }

    /// Ends the streams that were opened with a key that is not good any more.
    pub(crate) fn key_ended(&self, key: u64) {
        self.end_by_key(|it| it.id == key);
    }

    /// Ends the streams whose keys have expired.
    pub(crate) fn expire(&self, now: Timestamp) {
        self.end_by_key(|it| it.is_expired(now));
    }

    fn end_by_key(&self, ended: impl Fn(&HeldKey) -> bool) {
        for connection in self.all_open() {
            if connection.key().is_some_and(|it| ended(&it)) {
                connection.end(Ending::KeyEnded);
            }
        }
    }

    /// Ends all streams of a subscription that is gone.
    pub(crate) fn deleted(&self, subscription: SubscriptionId) {
        for connection in self.of(subscription) {
            connection.end(Ending::Deleted);
            self.forget(&connection);
        }
    }

    /// Ends all streams, and takes in no more.
    pub(crate) fn shut_down(&self) {
        lock(&self.inner).closing = true;
        for connection in self.all_open() {
            connection.end(Ending::Shutdown);
        }
    }
}

impl Inner {
    fn forget(&mut self, connection: &Connection) {
        if self.by_id.remove(connection.id().as_str()).is_none() {
            return;
        }
        let subscription = connection.scope().subscription_id;
        if let Some(siblings) = self.by_subscription.get_mut(&subscription) {
            siblings.retain(|it| it.id() != connection.id());
            if siblings.is_empty() {
                self.by_subscription.remove(&subscription);
            }
        }
    }
}
