//! The life of one subscription's stream, across all its connections: a state machine without IO.

mod acks;
mod action;
mod arrival;
mod backoff;
mod checkpoints;
mod config;
mod continuity;
mod counters;
mod fault;
mod identity;
mod ledger;
mod recent;
mod watermark;

use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::{ConnectionId, ResumeToken};

pub use acks::{AckOutcome, AckRequest, AckVerdict};
pub use action::Action;
pub use checkpoints::Checkpoint;
pub use config::{AckPolicy, PositionKeeper, ReconnectPolicy, SessionConfig};
pub use counters::SessionCounters;
pub use fault::{FaultKind, ProtocolFault, Recovery};
pub use ledger::DeliveryId;

use acks::AckQueue;
use backoff::Backoff;
use checkpoints::Checkpoints;
use ledger::{Ledger, Mark};
use recent::RecentBatches;
pub(crate) use watermark::Watermark;

/// The state of one subscription's stream: position, what is delivered, handled and acknowledged,
/// and when to try again.
///
/// The caller owns the connection, the clock and the dice; it hands in what happens and does what it
/// is told. `now` is the time since any fixed moment; `unit` is a random number in 0..1.
///
/// What holds, whatever the caller and the service do:
///
/// * the position moves only when everything before it is handled, and a batch is acknowledged only
///   when it and everything before it is handled and, with a checkpoint store, kept there durably:
///   handler, checkpoint, acknowledgement, in this order;
/// * of the batches of a connection none is left out, and nothing else moves the position over one: a
///   gap breaks the connection, and the next one begins behind what was delivered;
/// * nothing is delivered twice, as long as its ids or positions tell;
/// * the delays between attempts do not shrink while the position stands still.
///
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use event_streamer_models::SubscriptionId;
/// use event_streamer_stream::{Action, Session, SessionConfig, StreamMessage};
///
/// let id = SubscriptionId::new(1)?;
/// let mut session = Session::new(SessionConfig::new(id));
/// assert_eq!(session.resume_token(), None);
/// session.connected(Some("conn_1".into()));
///
/// let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
/// let now = Duration::ZERO;
/// let Action::Deliver(delivery, _batch) = session.receive(now, StreamMessage::decode(line)?) else {
///     panic!("a new batch is delivered");
/// };
/// assert_eq!(session.position(), None);
/// session.handled(now, delivery);
/// assert_eq!(session.position().map(|token| token.as_str()), Some("rt_1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    config: SessionConfig,
    ledger: Ledger,
    checkpoints: Checkpoints,
    acks: AckQueue,
    backoff: Backoff,
    protocol_faults: u32,
    connection: Option<Connection>,
    recent: RecentBatches,
    /// How far the delivered events reach.
    delivered: Option<Watermark>,
    /// How far the handled events reach.
    handled: Option<Watermark>,
    /// The position behind everything delivered.
    next: Option<ResumeToken>,
    /// The position behind everything handled.
    position: Option<ResumeToken>,
    counters: SessionCounters,
}

/// The connection that is open.
#[derive(Debug)]
struct Connection {
    id: Option<Arc<ConnectionId>>,
    /// The sequence of the next batch.
    sequence: u64,
    /// The step of the next message that moves the position.
    step: u64,
    /// The last block that was read with the last message that moved the position, if it told no step.
    covered: Option<u64>,
    /// Whether new events came on it, so that its events cannot lie before delivered ones any more.
    advanced: bool,
}

impl Session {
    /// A session that has not connected.
    #[must_use]
    pub fn new(config: SessionConfig) -> Self {
        let position = config.resume_token.clone();
        Self {
            ledger: Ledger::default(),
            checkpoints: Checkpoints::new(config.keeper, position.clone()),
            acks: AckQueue::new(config.acks.clone()),
            backoff: Backoff::new(config.reconnect.base, config.reconnect.cap),
            protocol_faults: 0,
            connection: None,
            recent: RecentBatches::default(),
            delivered: None,
            handled: None,
            next: position.clone(),
            position,
            counters: SessionCounters::default(),
            config,
        }
    }

    /// Where the next connection begins: behind everything delivered. `None`: where the service says.
    ///
    /// While everything delivered is handled this is the [`position`](Self::position). Behind it lie
    /// only deliveries that the application still holds: they would come again otherwise, and if
    /// their blocks were rolled back in the meantime the service could not know that it must say so.
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.next.as_ref()
    }

    /// The position behind everything handled: what to keep, to resume from after a restart.
    #[must_use]
    pub fn position(&self) -> Option<&ResumeToken> {
        self.position.as_ref()
    }

    /// The position that the checkpoint store has durably, never past [`position`](Self::position).
    /// Where the service keeps the position it is the same.
    #[must_use]
    pub fn checkpointed_position(&self) -> Option<&ResumeToken> {
        self.checkpoints.position()
    }

    /// The position up to which the service confirmed every batch of this session, never past
    /// [`checkpointed_position`](Self::checkpointed_position).
    #[must_use]
    pub fn acknowledged_position(&self) -> Option<&ResumeToken> {
        self.acks.position()
    }

    /// The sequence that the next batch of the open connection is to have.
    #[must_use]
    pub fn next_sequence(&self) -> Option<u64> {
        Some(self.connection.as_ref()?.sequence)
    }

    /// Deliveries that the application has not handled: those in flight.
    #[must_use]
    pub fn unhandled(&self) -> usize {
        self.ledger.unhandled()
    }

    /// False when so much is outstanding that no more is to be read.
    #[must_use]
    pub fn has_room(&self) -> bool {
        self.ledger.len() < self.config.max_in_flight
            && self.acks.outstanding() + self.checkpoints.waiting() < self.config.max_in_flight
    }

    /// What the session has seen so far.
    #[must_use]
    pub fn counters(&self) -> SessionCounters {
        SessionCounters {
            batches_acknowledged: self.acks.acknowledged(),
            checkpoints: self.checkpoints.count(),
            ..self.counters
        }
    }

    /// The id of the open connection.
    #[must_use]
    pub fn connection_id(&self) -> Option<&ConnectionId> {
        self.connection.as_ref()?.id.as_deref()
    }

    /// Whether a connection is open.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connection.is_some()
    }

    /// Says that a connection was opened, and its id if the service gave one.
    pub fn connected(&mut self, id: Option<ConnectionId>) {
        self.counters.connections += 1;
        self.connection = Some(Connection {
            id: id.map(Arc::new),
            sequence: 1,
            step: 1,
            covered: None,
            advanced: false,
        });
    }

    /// Says that the connection is closed, in peace.
    pub fn disconnected(&mut self) {
        self.connection = None;
    }

    /// Says that the connection broke, or could not be opened; answers what to do.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use event_streamer_models::SubscriptionId;
    /// # use event_streamer_stream::*;
    /// # let now = Duration::ZERO;
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
    /// let mut session = Session::new(SessionConfig::new(SubscriptionId::new(1)?));
    /// let retry_after = Some(Duration::from_secs(7));
    /// let Recovery::Reconnect { delay, attempt } = session.fault(FaultKind::Unavailable { retry_after }, 0.5) else {
    ///     panic!("a busy service is asked again");
    /// };
    /// assert_eq!((delay, attempt), (Duration::from_secs(7), 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fault(&mut self, kind: FaultKind, unit: f64) -> Recovery {
        self.connection = None;
        let policy = &self.config.reconnect;
        let mut wait = Duration::ZERO;
        match kind {
            FaultKind::Connection => {}
            FaultKind::Unavailable { retry_after } => wait = retry_after.unwrap_or_default(),
            FaultKind::Protocol => {
                self.protocol_faults += 1;
                self.counters.protocol_faults += 1;
            }
        }
        if self.protocol_faults > policy.max_protocol_faults
            || policy
                .max_attempts
                .is_some_and(|most| self.backoff.attempts() >= most)
            || wait > policy.max_retry_after
        {
            return Recovery::Stop;
        }
        let delay = self.backoff.next(unit).max(wait);
        Recovery::Reconnect {
            delay,
            attempt: self.backoff.attempts(),
        }
    }

    /// Says that a delivery is handled. Saying it twice does no harm.
    pub fn handled(&mut self, now: Duration, delivery: DeliveryId) {
        if self.ledger.handle(delivery) {
            self.settle(now);
        }
    }

    /// Whether a delivery is the next to be handled: everything before it is. Only then may its
    /// position be written in the application's own transaction, beside what the handler writes.
    #[must_use]
    pub fn is_next(&self, delivery: DeliveryId) -> bool {
        self.ledger.is_next(delivery)
    }

    /// Says that a delivery is handled and that the position behind it is durable, as both were
    /// written in one transaction. It was the [next](Self::is_next) when that began.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use event_streamer_models::SubscriptionId;
    /// # use event_streamer_stream::*;
    /// # let now = Duration::ZERO;
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
    /// let mut config = SessionConfig::new(SubscriptionId::new(1)?);
    /// config.keeper = PositionKeeper::Store;
    /// let mut session = Session::new(config);
    /// session.connected(Some("conn_1".into()));
    /// let Action::Deliver(delivery, batch) = session.receive(now, StreamMessage::decode(line)?) else {
    ///     panic!("a new batch is delivered");
    /// };
    /// assert!(session.is_next(delivery));
    /// // Here the application's transaction writes its rows and the batch's token, and commits.
    /// session.committed(now, delivery);
    /// assert_eq!(session.checkpointed_position(), batch.resume_token());
    /// assert_eq!(session.due_checkpoint(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn committed(&mut self, now: Duration, delivery: DeliveryId) {
        self.ledger.keep(delivery);
        self.handled(now, delivery);
    }

    /// The checkpoint to be kept, if something is handled that the store does not have yet. Asked
    /// again before [`checkpointed`](Self::checkpointed), it may be a later one.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use event_streamer_models::SubscriptionId;
    /// # use event_streamer_stream::{Action, PositionKeeper, Session, SessionConfig, StreamMessage};
    /// # let now = Duration::ZERO;
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
    /// let mut config = SessionConfig::new(SubscriptionId::new(1)?);
    /// config.keeper = PositionKeeper::Store;
    /// let mut session = Session::new(config);
    /// session.connected(Some("conn_1".into()));
    /// let Action::Deliver(delivery, _batch) = session.receive(now, StreamMessage::decode(line)?) else {
    ///     panic!("a new batch is delivered");
    /// };
    /// session.handled(now, delivery);
    ///
    /// let checkpoint = session.due_checkpoint().ok_or("a batch is handled")?;
    /// assert_eq!(checkpoint.token().as_str(), "rt_1");
    /// assert_eq!(session.poll_ack(now, true), None);
    /// // Here the store writes the token and syncs.
    /// session.checkpointed(now, &checkpoint);
    /// assert!(session.poll_ack(now, true).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn due_checkpoint(&self) -> Option<Checkpoint> {
        self.checkpoints.due(self.position.as_ref())
    }

    /// Says that the store has a checkpoint durably. Saying it twice, or of an older one, does no harm.
    pub fn checkpointed(&mut self, now: Duration, checkpoint: &Checkpoint) {
        self.checkpoints.kept(checkpoint);
        self.release_acks(now);
    }

    /// Forgets what was delivered and not handled, to begin again at the position. An acknowledgement
    /// on its way is sent again.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use event_streamer_models::SubscriptionId;
    /// # use event_streamer_stream::*;
    /// # let now = Duration::ZERO;
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
    /// let mut session = Session::new(SessionConfig::new(SubscriptionId::new(1)?));
    /// session.connected(Some("conn_1".into()));
    /// let Action::Deliver(..) = session.receive(now, StreamMessage::decode(line)?) else {
    ///     panic!("a new batch is delivered");
    /// };
    /// assert!(session.resume_token().is_some());
    /// // The application stops with the batch in its hands.
    /// session.rewind();
    /// assert_eq!((session.unhandled(), session.resume_token()), (0, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rewind(&mut self) {
        self.connection = None;
        self.acks.recall();
        self.ledger.clear();
        self.recent.clear();
        self.delivered = self.handled;
        self.next.clone_from(&self.position);
        self.backoff.reset();
        self.protocol_faults = 0;
    }

    /// When [`poll_ack`](Self::poll_ack) will have a request, if nothing else happens.
    #[must_use]
    pub fn ack_deadline(&self, flush: bool) -> Option<Duration> {
        self.acks.deadline(flush)
    }

    /// The acknowledgement that is due, if there is one. One is on its way at a time: the next comes
    /// after [`ack_outcome`](Self::ack_outcome). With `flush` the interval is not waited for.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use bytes::Bytes;
    /// # use event_streamer_models::SubscriptionId;
    /// # use event_streamer_stream::*;
    /// # let now = Duration::ZERO;
    /// # let line = Bytes::from_static(br#"{"type":"event_batch","batch_id":"batch_1","resume_token":"rt_1","events":{"Paused":[{}]}}"#);
    /// let mut session = Session::new(SessionConfig::new(SubscriptionId::new(1)?));
    /// session.connected(Some("conn_1".into()));
    /// let Action::Deliver(delivery, _batch) = session.receive(now, StreamMessage::decode(line)?) else {
    ///     panic!("a new batch is delivered");
    /// };
    /// assert_eq!(session.poll_ack(now, true), None);
    /// session.handled(now, delivery);
    /// let Some(AckRequest::Batches { batch_ids, .. }) = session.poll_ack(now, true) else {
    ///     panic!("what is handled is acknowledged");
    /// };
    /// assert_eq!(batch_ids[0].as_str(), "batch_1");
    /// // Here the request is sent and answered.
    /// let verdict = session.ack_outcome(now, AckOutcome::Acknowledged { failed: Vec::new() }, 0.5);
    /// assert_eq!(verdict, AckVerdict::Settled);
    /// assert!(session.acks_settled());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn poll_ack(&mut self, now: Duration, flush: bool) -> Option<AckRequest> {
        self.acks.poll(now, self.checkpoints.position(), flush)
    }

    /// Says what came of the acknowledgement on its way.
    pub fn ack_outcome(&mut self, now: Duration, outcome: AckOutcome, unit: f64) -> AckVerdict {
        let current = self.connection.as_ref().and_then(|open| open.id.as_deref());
        self.acks.on_outcome(now, outcome, current, unit)
    }

    /// True when everything handled is acknowledged; not while something waits for a checkpoint.
    #[must_use]
    pub fn acks_settled(&self) -> bool {
        self.acks.is_settled() && self.checkpoints.waiting() == 0
    }

    /// Moves the position behind the handled beginning of the ledger.
    fn settle(&mut self, now: Duration) {
        let mut moved = false;
        let mut known = false;
        while let Some(mark) = self.ledger.settle() {
            let Mark {
                token,
                end,
                ack,
                events,
                forgets,
                kept,
            } = mark;
            let onward = token.is_some() && token != self.position;
            moved |= events > 0 || onward;
            // Of a batch that has nothing to be recognised by it is not known whether it came before:
            // behind it the same poison could come for ever.
            known |= onward || (events > 0 && (end.is_some() || ack.is_some()));
            let ack = ack.filter(|_| self.config.acknowledge);
            let ack = ack.map(|target| (target, token.clone()));
            if token.is_some() {
                self.position = token;
            }
            self.checkpoints.settle(self.position.as_ref(), ack, kept);
            if forgets {
                self.handled = None;
            }
            if end.is_some() {
                self.handled = end;
            }
            self.counters.events_handled += events;
        }
        self.release_acks(now);
        if moved {
            self.backoff.reset();
        }
        if known {
            self.protocol_faults = 0;
        }
    }

    /// Lets acknowledgements go whose checkpoint is durable.
    fn release_acks(&mut self, now: Duration) {
        while let Some((target, token)) = self.checkpoints.release() {
            self.acks.push(now, target, token);
        }
    }
}

#[cfg(test)]
mod tests;
