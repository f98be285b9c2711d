//! Reports to the application beside the events. They are told in order, by a task of their own, and
//! never hold up the stream.

use std::pin::pin;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use event_streamer_models::{
    ConnectionId, ErrorCode, ProgressMessage, ResumeToken, StreamingError, StreamingHeartbeat,
    SubscriptionId,
};
use tokio::sync::mpsc;

use super::guard::CatchPanic;
use super::handlers::{Listener, Listeners};
use crate::api::now;
use crate::dead_letter::error_text;
use crate::error::{Error, ErrorKind};

/// How many reports may wait to be told.
const CAPACITY: usize = 1_024;

/// Turns in the life of a stream.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Lifecycle {
    /// A connection is open.
    Connected {
        /// Its id, if the service gave one.
        connection_id: Option<ConnectionId>,
    },
    /// The connection broke or could not be opened; another is opened after a delay.
    Reconnecting {
        /// How often in a row without moving on, from 1.
        attempt: u32,
        /// The delay.
        delay: Duration,
        /// What happened.
        cause: Error,
    },
    /// The connection goes on behind a position, instead of where the service says.
    ResumedAt {
        /// The position. A secret of sorts: not to be logged.
        resume_token: ResumeToken,
    },
    /// Everything up to the head of the chain, as the service sees it, is handled. Told again when
    /// that is so again after the stream fell behind.
    CaughtUp {
        /// The head.
        block: u64,
    },
    /// A handler has been running for long, and still does. Told again each time it is as much longer.
    SlowHandler {
        /// What it was called for.
        handler: String,
        /// For how long.
        running_for: Duration,
    },
    /// Reading has been waiting for long for the application to take what was read; the service is
    /// held back meanwhile. Told again each time it is as much longer.
    SlowConsumer {
        /// For how long.
        waiting_for: Duration,
    },
    /// The subscription is delivered to its end.
    Completed,
}

/// Something to tell.
#[derive(Debug)]
pub(crate) enum Notice {
    Error(StreamingError),
    Heartbeat(StreamingHeartbeat),
    Progress(ProgressMessage),
    Lifecycle(Lifecycle),
}

/// Where reports are handed in.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    queue: Mutex<Option<mpsc::Sender<Notice>>>,
    dropped: AtomicU64,
}

impl Notices {
    /// Opens the queue of a run.
    pub(crate) fn open(&self) -> mpsc::Receiver<Notice> {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        self.set(Some(sender));
        receiver
    }

    /// Closes it: what was handed in is still told, nothing more is.
    pub(crate) fn close(&self) {
        self.set(None);
    }

    fn set(&self, sender: Option<mpsc::Sender<Notice>>) {
        *self.queue.lock().unwrap_or_else(PoisonError::into_inner) = sender;
    }

    /// Hands a report in, or drops it if the listeners are too far behind.
    pub(crate) fn tell(&self, notice: Notice) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = &*queue else { return };
        if let Err(mpsc::error::TrySendError::Full(_)) = queue.try_send(notice) {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Reports what went wrong on this side, in the form of the service's own reports.
    pub(crate) fn report(&self, subscription: SubscriptionId, error: &Error, recoverable: bool) {
        let code = error.code().cloned().unwrap_or(match error.kind() {
            ErrorKind::Connection | ErrorKind::Timeout => ErrorCode::ConnectionLost,
            ErrorKind::RateLimited => ErrorCode::RateLimited,
            _ => ErrorCode::StreamError,
        });
        self.tell(Notice::Error(StreamingError {
            connection_id: None,
            subscription_id: Some(subscription),
            error_code: code,
            // A listener gets no more than this text: what caused it belongs to it.
            error_message: error_text(error),
            recoverable,
            timestamp: Some(now()),
            step: None,
            extra: event_streamer_models::Extra::new(),
        }));
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }
}

/// Tells what is handed in, until the queue is closed and empty.
pub(crate) async fn tell_listeners(mut queue: mpsc::Receiver<Notice>, listeners: Listeners) {
    while let Some(notice) = queue.recv().await {
        match notice {
            Notice::Error(error) => tell(listeners.error.as_ref(), error, "on_error").await,
            Notice::Heartbeat(heartbeat) => {
                tell(listeners.heartbeat.as_ref(), heartbeat, "on_heartbeat").await;
            }
            Notice::Progress(progress) => {
                tell(listeners.progress.as_ref(), progress, "on_progress").await;
            }
            Notice::Lifecycle(turn) => {
                tell(listeners.lifecycle.as_ref(), turn, "on_lifecycle").await;
            }
        }
    }
}

async fn tell<T>(listener: Option<&Listener<T>>, told: T, name: &str) {
    let Some(listener) = listener else { return };
    if let Err(panic) = CatchPanic::new(pin!(async { listener(told).await })).await {
        tracing::error!(listener = name, %panic, "a listener panicked");
    }
}
