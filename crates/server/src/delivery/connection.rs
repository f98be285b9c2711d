//! One stream as everybody but its pump sees it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use event_streamer_models::{ConnectionId, Timestamp};
use tokio::sync::{Mutex as AsyncMutex, Notify, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::acks::{Ack, AckTracker};
use super::ending::Ending;
use super::ids::MessageIds;
use super::meter::Meter;
use super::refusals::Refusals;
use super::tally::Tally;
use crate::clock;
use crate::ingest::Cursor;
use crate::keys::HeldKey;
use crate::store::{Advanced, Store, StoreError};
use crate::subscription::Subscription;
use crate::sync::lock;
use crate::token::TokenScope;

/// A stream, open or ended not long ago.
#[derive(Debug)]
pub(crate) struct Connection {
    id: ConnectionId,
    scope: TokenScope,
    epoch: u64,
    ids: MessageIds,
    acks: Mutex<AckTracker>,
    refusals: Refusals,
    /// Whoever moves the position holds this until the store has answered: a repeated
    /// acknowledgement must not be confirmed while the first one is still on its way to the disk.
    storing: AsyncMutex<()>,
    /// The window of unacknowledged batches has moved.
    room: Notify,
    /// The subscription as it is now; the pump follows its changes.
    subscription: watch::Sender<Subscription>,
    ending: OnceLock<Ending>,
    ended: CancellationToken,
    life: Mutex<Life>,
    events_sent: AtomicU64,
    /// Messages that were sent, and batches that were acknowledged.
    exchanges: AtomicU64,
    /// Those of them that went wrong.
    faults: AtomicU64,
    /// Whatever it was opened with.
    key: Option<HeldKey>,
    /// Of its subscriber.
    tally: Arc<Tally>,
    /// Of its chain.
    meter: Arc<Meter>,
}

/// How a connection is doing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    pub(crate) started: Instant,
    /// The last heartbeat, acknowledgement or successful write.
    pub(crate) last_sign: Instant,
    /// The same by the wall clock, for people.
    pub(crate) last_sign_at: Timestamp,
    /// When its pump ended.
    pub(crate) closed: Option<Instant>,
    /// It has reached the head of the chain.
    pub(crate) live: bool,
    /// The block that it cannot pass because the nodes' answers contradict each other.
    pub(crate) waits_at: Option<u64>,
}

/// What a request to acknowledge did.
#[derive(Debug)]
pub(crate) struct AckOutcome {
    /// One for each batch, in order.
    pub(crate) acks: Vec<Ack>,
    /// The position of the subscription after it.
    pub(crate) position: StoredPosition,
}

/// The stored position after an attempt to move it.
#[derive(Debug)]
pub(crate) enum StoredPosition {
    At(Option<Cursor>),
    /// The position was reset since the connection began.
    Stale,
    /// The subscription is gone.
    NotFound,
}

impl Connection {
    /// A connection of `subscription` that starts after `start`; what happens on it is counted in
    /// `tally`.
    pub(crate) fn new(
        subscription: Subscription,
        start: Option<Cursor>,
        tally: Arc<Tally>,
    ) -> Self {
        let now = Instant::now();
        Self {
            id: ConnectionId::from(format!("conn_{}", Uuid::new_v4())),
            scope: subscription.token_scope(),
            epoch: subscription.epoch,
            ids: MessageIds::random(),
            acks: Mutex::new(AckTracker::new(
                subscription.spec.chain_id,
                subscription.epoch,
                start,
                &subscription.acknowledged,
            )),
            refusals: Refusals::default(),
            storing: AsyncMutex::new(()),
            room: Notify::new(),
            subscription: watch::Sender::new(subscription),
            ending: OnceLock::new(),
            ended: CancellationToken::new(),
            life: Mutex::new(Life {
                started: now,
                last_sign: now,
                last_sign_at: clock::now(),
                closed: None,
                live: false,
                waits_at: None,
            }),
            events_sent: AtomicU64::new(0),
            exchanges: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            key: None,
            tally,
            meter: Arc::default(),
        }
    }

    /// Counts in `meter` too.
    pub(crate) fn with_meter(mut self, meter: Arc<Meter>) -> Self {
        self.meter = meter;
        self
    }

    /// Sets the key that it lives as long as.
    pub(crate) fn with_key(mut self, key: Option<HeldKey>) -> Self {
        self.key = key;
        self
    }

    pub(crate) fn key(&self) -> Option<HeldKey> {
        self.key
    }

    pub(crate) fn id(&self) -> &ConnectionId {
        &self.id
    }

    pub(crate) fn scope(&self) -> TokenScope {
        self.scope
    }

    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(crate) fn ids(&self) -> &MessageIds {
        &self.ids
    }

    pub(crate) fn life(&self) -> Life {
        *lock(&self.life)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.life().closed.is_none()
    }

    /// The other side is alive.
    pub(crate) fn heard(&self) {
        let mut life = lock(&self.life);
        life.last_sign = Instant::now();
        life.last_sign_at = clock::now();
    }

    pub(crate) fn set_live(&self, live: bool) {
        lock(&self.life).live = live;
    }

    pub(crate) fn set_waits_at(&self, block: Option<u64>) {
        lock(&self.life).waits_at = block;
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.meter
    }

    pub(crate) fn events_sent(&self) -> u64 {
        self.events_sent.load(Ordering::Relaxed)
    }

    pub(crate) fn count_sent(&self, events: u64) {
        self.events_sent.fetch_add(events, Ordering::Relaxed);
        self.meter.batches.add(1);
        self.meter.events.add(events);
    }

    /// What is to be sent once more.
    pub(crate) fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// A message went out, or an acknowledgement came in.
    pub(crate) fn count_exchange(&self, is_fault: bool) {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        self.faults
            .fetch_add(u64::from(is_fault), Ordering::Relaxed);
    }

    /// The share of messages and acknowledgements that went wrong, 0 to 1: messages that could not
    /// be written, waits for nodes that contradict each other, acknowledgements of batches that
    /// were never sent.
    #[expect(clippy::cast_precision_loss, reason = "a share of counts below 2^53")]
    pub(crate) fn error_rate(&self) -> f64 {
        let all = self.exchanges.load(Ordering::Relaxed).max(1);
        self.faults.load(Ordering::Relaxed) as f64 / all as f64
    }

    /// Looks at, or changes, the state of the acknowledgements.
    pub(crate) fn with_acks<R>(&self, look: impl FnOnce(&mut AckTracker) -> R) -> R {
        look(&mut lock(&self.acks))
    }

    /// The position its client has acknowledged, if the store does not have it yet.
    pub(crate) fn unstored_position(&self) -> Option<Cursor> {
        self.with_acks(|acks| acks.acknowledged().copied().filter(|_| acks.is_unstored()))
    }

    /// Resolves when the window has moved since the last call.
    pub(crate) async fn room(&self) {
        self.room.notified().await;
    }

    /// Tells the pump that the subscription was changed.
    pub(crate) fn update(&self, subscription: &Subscription) {
        self.subscription.send_if_modified(|current| {
            let newer = subscription.revision > current.revision;
            if newer {
                current.clone_from(subscription);
            }
            newer
        });
    }

    /// Whose subscription it is.
    pub(crate) fn subscriber_id(&self) -> String {
        self.subscription.borrow().spec.subscriber_id.clone()
    }

    /// The revision of the subscription that the connection knows.
    pub(crate) fn revision(&self) -> u64 {
        self.subscription.borrow().revision
    }

    pub(crate) fn updates(&self) -> watch::Receiver<Subscription> {
        self.subscription.subscribe()
    }

    /// Tells the pump to end. The first reason counts.
    pub(crate) fn end(&self, ending: Ending) {
        // An error means that there is a reason already.
        let _ = self.ending.set(ending);
        self.ended.cancel();
    }

    /// Resolves when the pump is to end, with the reason.
    pub(crate) async fn ending(&self) -> Ending {
        self.ended.cancelled().await;
        self.ending.get().cloned().unwrap_or(Ending::Shutdown)
    }

    /// The pump has ended.
    pub(crate) fn closed(&self) {
        let mut life = lock(&self.life);
        life.closed = Some(Instant::now());
        life.live = false;
    }

    /// Acknowledges batches by their sequence numbers, `None` being an id of somebody else's.
    /// What it returns is durable.
    pub(crate) async fn acknowledge(
        &self,
        sequences: impl IntoIterator<Item = Option<u64>>,
        store: &dyn Store,
    ) -> Result<AckOutcome, StoreError> {
        self.heard();
        let _turn = self.storing.lock().await;
        let acks: Vec<Ack> = self.with_acks(|acks| {
            let each = |sequence: Option<u64>| {
                sequence.map_or(Ack::Unknown, |sequence| acks.acknowledge(sequence))
            };
            sequences.into_iter().map(each).collect::<Vec<_>>()
        });
        for ack in &acks {
            if let Ack::New { events } = ack {
                self.meter.acknowledged_batches.add(1);
                self.meter.acknowledged_events.add(*events);
            }
            self.count_exchange(*ack == Ack::Unknown);
        }
        Ok(AckOutcome {
            acks,
            position: self.store_position(store).await?,
        })
    }

    /// Acknowledges everything up to a position.
    pub(crate) async fn acknowledge_through(
        &self,
        cursor: &Cursor,
        store: &dyn Store,
    ) -> Result<StoredPosition, StoreError> {
        self.heard();
        let _turn = self.storing.lock().await;
        self.with_acks(|acks| acks.acknowledge_through(cursor));
        self.store_position(store).await
    }

    /// Stores what is acknowledged and not yet stored.
    pub(crate) async fn flush(&self, store: &dyn Store) -> Result<StoredPosition, StoreError> {
        let _turn = self.storing.lock().await;
        self.store_position(store).await
    }

    /// Only with `storing` held.
    async fn store_position(&self, store: &dyn Store) -> Result<StoredPosition, StoreError> {
        // A replayed one is done: whoever is told so finds it gone.
        let replayed = self.with_acks(AckTracker::take_replayed);
        for letter in replayed {
            store
                .delete_letter(self.scope.subscription_id, letter)
                .await?;
        }
        let Some(advance) = self.with_acks(|acks| acks.advance()) else {
            return Ok(StoredPosition::At(
                self.with_acks(|acks| acks.stored_position()),
            ));
        };
        let outcome = store
            .advance(self.scope.subscription_id, advance.clone())
            .await?;
        Ok(match outcome {
            Advanced::To(acknowledged) => {
                self.with_acks(|acks| acks.stored(&advance, &acknowledged));
                self.room.notify_one();
                StoredPosition::At(acknowledged.cursor)
            }
            Advanced::Stale => StoredPosition::Stale,
            Advanced::NotFound => StoredPosition::NotFound,
        })
    }
}
