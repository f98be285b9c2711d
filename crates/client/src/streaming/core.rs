//! What the parts of a stream share: the session, the clock, the dice, the bells that wake them, and the
//! counters.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use event_streamer_models::{
    BatchAcknowledgmentResponse, BatchId, ConnectionId, ResumeToken, SubscriptionId,
};
use event_streamer_stream::{Batch, DeliveryId, PositionKeeper, Session, SessionConfig};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::heads::Heads;
use super::keeper::{Keeper, Step, Turn};
use super::notices::{Lifecycle, Notice, Notices};
use super::options::StreamingOptions;
use super::signals::Signals;
use super::stats::StreamStats;
use crate::api::Api;
use crate::checkpoint::CheckpointWriter;
use crate::error::{Error, ErrorKind};
use crate::random::Random;

/// Shared by the tasks of a stream and the application's handles on it.
pub(crate) struct Core {
    pub(crate) api: Api,
    pub(crate) subscription_id: SubscriptionId,
    pub(crate) options: StreamingOptions,
    pub(crate) random: Random,
    /// Reports for the listeners of the present run.
    pub(crate) notices: Notices,
    session: Mutex<Session>,
    /// What the session's time is counted from.
    epoch: Instant,
    /// The time when somebody looked last, in nanoseconds of the session's.
    lately: AtomicU64,
    /// Rung when the reader may have room, or everything is handled.
    pub(crate) reader: Notify,
    /// Whether the reader waits for that.
    reader_waits: AtomicBool,
    /// Rung when an acknowledgement may be due.
    pub(crate) acker: Notify,
    /// Rung when a checkpoint may be due.
    pub(crate) checkpointer: Notify,
    /// Whether the run's own task has something to do that a handler's task brought about.
    awaited: AtomicBool,
    /// Where the position is kept, if it is; the error if it cannot be there.
    keeper: Result<Option<Keeper>, Error>,
    /// Where to begin whatever the store has, once.
    start_at: Mutex<Option<ResumeToken>>,
    /// How far the chain and the stream are.
    heads: Mutex<Heads>,
    /// What changes the course of a run.
    pub(crate) signals: Signals,
    heartbeats: AtomicU64,
    handler_failures: AtomicU64,
    events_ignored: AtomicU64,
    dead_letters: AtomicU64,
}

impl Core {
    pub(crate) fn new(
        api: Api,
        subscription_id: SubscriptionId,
        options: StreamingOptions,
    ) -> Self {
        let random = options
            .jitter_seed
            .map_or_else(Random::from_system, Random::seeded);
        let session = Session::new(session_config(subscription_id, &options));
        Self {
            api,
            subscription_id,
            random,
            notices: Notices::default(),
            session: Mutex::new(session),
            epoch: Instant::now(),
            lately: AtomicU64::new(0),
            reader: Notify::new(),
            reader_waits: AtomicBool::new(false),
            acker: Notify::new(),
            checkpointer: Notify::new(),
            awaited: AtomicBool::new(false),
            keeper: Keeper::of(subscription_id, &options),
            start_at: Mutex::new(None),
            heads: Mutex::default(),
            signals: Signals::default(),
            heartbeats: AtomicU64::new(0),
            handler_failures: AtomicU64::new(0),
            events_ignored: AtomicU64::new(0),
            dead_letters: AtomicU64::new(0),
            options,
        }
    }

    /// The session, for a moment: never across an await.
    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        lock(&self.session)
    }

    pub(crate) fn now(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// The time when somebody looked last: whoever waited does, and who takes in what is there already
    /// does so now and then. What is counted from it is early, never late.
    pub(crate) fn lately(&self) -> Duration {
        Duration::from_nanos(self.lately.load(Ordering::Relaxed))
    }

    /// Looks at the clock for [`lately`](Self::lately).
    pub(crate) fn look_at_the_clock(&self) {
        // More than five hundred years are no use.
        let now = u64::try_from(self.now().as_nanos()).unwrap_or(u64::MAX);
        self.lately.fetch_max(now, Ordering::Relaxed);
    }

    /// The moment of a session's time.
    pub(crate) fn instant(&self, at: Duration) -> Option<Instant> {
        self.epoch.checked_add(at)
    }

    /// A run begins: whatever was not handled before comes again.
    pub(crate) fn begin(&self) {
        self.session().rewind();
        self.signals.begin();
    }

    /// The same stream, begun anew at a position.
    pub(crate) fn anew(&self, position: Option<ResumeToken>) -> Self {
        let mut options = self.options.clone();
        options.resume_token = position;
        Self::new(self.api.clone(), self.subscription_id, options)
    }

    /// The same stream, begun anew at a position, whatever a checkpoint store has.
    pub(crate) fn anew_at(&self, position: ResumeToken) -> Self {
        let core = self.anew(Some(position.clone()));
        *lock(&core.start_at) = Some(position);
        core
    }

    /// Where to begin whatever the store has, the first time it is asked.
    pub(crate) fn take_override(&self) -> Option<ResumeToken> {
        lock(&self.start_at).take()
    }

    /// Begins where the store says, which may be where the session is anyway.
    pub(crate) fn begin_at(&self, token: ResumeToken) {
        let mut session = self.session();
        if session.checkpointed_position() != Some(&token) {
            let config = SessionConfig {
                resume_token: Some(token),
                ..session_config(self.subscription_id, &self.options)
            };
            *session = Session::new(config);
        }
    }

    /// Where the position is kept, if it is.
    pub(crate) fn keeper(&self) -> Result<Option<&Keeper>, Error> {
        self.keeper
            .as_ref()
            .map(Option::as_ref)
            .map_err(Clone::clone)
    }

    /// The same if it is the handlers who write it.
    pub(crate) fn handlers_keeper(&self) -> Result<Option<&Keeper>, Error> {
        let keeper = self.keeper()?;
        Ok(keeper.filter(|keeper| keeper.writer == CheckpointWriter::Handler))
    }

    /// A delivery of the present run.
    pub(crate) fn turn(&self, step: Step) -> Turn {
        let epoch = match &self.keeper {
            Ok(Some(keeper)) => keeper.epoch(),
            Ok(None) | Err(_) => 0,
        };
        Turn { epoch, step }
    }

    /// Says that a delivery is handled, and wakes whoever waits for that.
    pub(crate) fn handled(&self, delivery: DeliveryId) {
        self.look_at_the_clock();
        self.handled_lately(delivery);
    }

    /// The same where somebody has looked at the clock not long ago.
    pub(crate) fn handled_lately(&self, delivery: DeliveryId) {
        let by_handler = matches!(self.handlers_keeper(), Ok(Some(_)));
        let mut session = self.session();
        let due_before = session.ack_deadline(false);
        if by_handler {
            session.committed(self.lately(), delivery);
        } else {
            session.handled(self.lately(), delivery);
        }
        let due = session.ack_deadline(false);
        let idle = session.unhandled() == 0;
        drop(session);
        if due != due_before {
            self.awaited.store(true, Ordering::Release);
            self.acker.notify_one();
        }
        self.checkpoint_may_be_due();
        // It says so before it looks at the session, which was changed before this.
        if self.reader_waits.load(Ordering::Acquire) {
            self.reader.notify_one();
        }
        if idle {
            self.tell_if_caught_up();
        }
    }

    /// Wakes whoever keeps checkpoints, where they are kept.
    pub(crate) fn checkpoint_may_be_due(&self) {
        if matches!(self.keeper, Ok(Some(_))) {
            self.awaited.store(true, Ordering::Release);
            self.checkpointer.notify_one();
        }
    }

    /// Says that the reader waits for room, which handling makes.
    pub(crate) fn reader_waits(&self) {
        self.awaited.store(true, Ordering::Release);
    }

    /// Lets the run's own task go first if it may have been woken from here. A handler that blocks its
    /// thread would keep it from running: tokio runs the last task that was woken on the thread that
    /// woke it, and no other thread takes it over.
    pub(crate) async fn let_the_run_go_first(&self) {
        if self.awaited.swap(false, Ordering::AcqRel) {
            let mut gone = false;
            // Behind whatever is ready, at no more than that; `yield_now` would look after the network.
            std::future::poll_fn(|context| {
                if std::mem::replace(&mut gone, true) {
                    return std::task::Poll::Ready(());
                }
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
        }
    }

    /// Remembers the last batch that was handled.
    pub(crate) fn saw_handled(&self, batch: Batch) {
        let before = lock(&self.heads).handled(batch);
        // Not under the lock: it may be the last of a long line.
        drop(before);
    }

    /// The service told its head, and up to which block everything was sent.
    pub(crate) fn heard(&self, head: Option<u64>, read_to: Option<u64>) {
        lock(&self.heads).heard(head, read_to);
        if self.session().unhandled() == 0 {
            self.tell_if_caught_up();
        }
    }

    fn tell_if_caught_up(&self) {
        let at = lock(&self.heads).catch_up();
        if let Some(block) = at {
            self.notices
                .tell(Notice::Lifecycle(Lifecycle::CaughtUp { block }));
        }
    }

    /// Waits until the application has handled everything it was given.
    pub(crate) async fn all_handled(&self) {
        let handled = |session: &mut Session| session.unhandled() == 0;
        self.once(handled, |_| ()).await;
    }

    /// Acts on the session once it takes more.
    pub(crate) async fn with_room<R>(&self, act: impl FnOnce(&mut Session) -> R) -> R {
        self.once(|session| session.has_room(), act).await
    }

    /// Acts on the session once it is in some state that handling or acknowledging leads to.
    async fn once<R>(
        &self,
        is_so: impl Fn(&mut Session) -> bool,
        act: impl FnOnce(&mut Session) -> R,
    ) -> R {
        // Mostly it is.
        {
            let mut session = self.session();
            if is_so(&mut session) {
                return act(&mut session);
            }
        }
        let _waits = Waits::new(&self.reader_waits);
        loop {
            {
                let mut session = self.session();
                if is_so(&mut session) {
                    return act(&mut session);
                }
            }
            self.reader_waits();
            self.reader.notified().await;
            self.look_at_the_clock();
        }
    }

    /// Says that the service no longer knows a connection. The reader leaves it if it is the present
    /// one.
    pub(crate) fn connection_gone(&self, connection: ConnectionId, cause: Error) {
        self.signals
            .tell_gone(connection, Error::connection_gone(cause));
    }

    /// Waits until the present connection is known to be gone.
    pub(crate) async fn present_connection_gone(&self) -> Error {
        let is_present = |gone: &ConnectionId| self.session().connection_id() == Some(gone);
        self.signals.gone(is_present).await
    }

    /// From now on the checkpoint that is due is the last.
    pub(crate) fn flush_checkpoints(&self) {
        self.signals.flush_checkpoints();
        self.checkpointer.notify_one();
    }

    /// From now on acknowledgements do not wait for others.
    pub(crate) fn flush(&self) {
        self.signals.flush();
        self.acker.notify_one();
    }

    /// The number of the next heartbeat, from 1.
    pub(crate) fn next_heartbeat(&self) -> u64 {
        self.heartbeats.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn count_handler_failure(&self) {
        self.handler_failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_ignored(&self, events: usize) {
        self.events_ignored
            .fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(crate) fn count_dead_letters(&self, letters: usize) {
        self.dead_letters
            .fetch_add(letters as u64, Ordering::Relaxed);
    }

    pub(crate) fn stats(&self) -> StreamStats {
        let (counters, idle) = {
            let session = self.session();
            (session.counters(), session.unhandled() == 0)
        };
        let lag = lock(&self.heads).lag(idle, crate::api::now());
        StreamStats {
            dead_letters: self.dead_letters.load(Ordering::Relaxed),
            head_block: lag.head_block,
            lag_blocks: lag.blocks,
            lag: lag.time,
            handler_failures: self.handler_failures.load(Ordering::Relaxed),
            events_ignored: self.events_ignored.load(Ordering::Relaxed),
            notices_dropped: self.notices.dropped(),
            ..StreamStats::of(counters)
        }
    }

    /// The id of the present connection.
    pub(crate) fn connection_id(&self) -> Result<ConnectionId, Error> {
        let id = self.session().connection_id().cloned();
        id.ok_or_else(|| {
            Error::new(
                ErrorKind::Connection,
                "no stream is open to be spoken of; start streaming first",
            )
        })
    }

    /// Acknowledges a batch at once, on its own connection if it says which, else on the present one.
    pub(crate) async fn acknowledge_now(
        &self,
        connection: Option<&ConnectionId>,
        batch_id: &BatchId,
    ) -> Result<BatchAcknowledgmentResponse, Error> {
        let connection = match connection {
            Some(connection) => connection.clone(),
            None => self.connection_id()?,
        };
        self.api
            .acknowledge(self.subscription_id, &connection, batch_id.clone())
            .await
    }
}

/// True as long as this is there.
struct Waits<'a>(&'a AtomicBool);

impl<'a> Waits<'a> {
    fn new(flag: &'a AtomicBool) -> Self {
        flag.store(true, Ordering::Release);
        Self(flag)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// For a moment: never across an await. A panic under one of these locks would be a bug of ours, and
/// leaves values that are whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn session_config(subscription_id: SubscriptionId, options: &StreamingOptions) -> SessionConfig {
    SessionConfig {
        resume_token: options.resume_token.clone(),
        acknowledge: options.auto_acknowledge,
        reconnect: options.reconnect.clone(),
        acks: options.acks.clone(),
        keeper: match options.checkpoint_store {
            Some(_) => PositionKeeper::Store,
            None => PositionKeeper::Service,
        },
        ..SessionConfig::new(subscription_id)
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("subscription_id", &self.subscription_id)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
