//! What changes the course of a run: a stop, an end, a connection that is gone.

use std::sync::atomic::{AtomicBool, Ordering};

use event_streamer_models::ConnectionId;
use tokio::sync::watch;

use crate::error::Error;

/// Set by whoever knows, heard by whoever must act. [`begin`](Self::begin) clears them for the next run.
#[derive(Default)]
pub(crate) struct Signals {
    /// What ends the run at once.
    fatal: watch::Sender<Option<Error>>,
    /// The connection that the service no longer knows, and how that showed.
    gone: watch::Sender<Option<(ConnectionId, Error)>>,
    /// Whether the application wants the run to end.
    stop: watch::Sender<bool>,
    /// Whether the run is at its end and only keeps checkpoints.
    flushing_checkpoints: AtomicBool,
    /// Whether the run is at its end and only acknowledges.
    flushing: AtomicBool,
    /// Whether the subscription is delivered to its end.
    completed: AtomicBool,
}

impl Signals {
    /// A run begins.
    pub(crate) fn begin(&self) {
        self.fatal.send_replace(None);
        self.gone.send_replace(None);
        self.stop.send_replace(false);
        self.flushing_checkpoints.store(false, Ordering::Release);
        self.flushing.store(false, Ordering::Release);
        self.completed.store(false, Ordering::Release);
    }

    /// Ends the run at once.
    #[cfg(feature = "sqlx")]
    pub(crate) fn end_with(&self, error: Error) {
        self.fatal.send_replace(Some(error));
    }

    /// Waits for what ends the run at once.
    pub(crate) async fn fatal(&self) -> Error {
        let mut fatal = self.fatal.subscribe();
        let error = match fatal.wait_for(Option::is_some).await {
            Ok(error) => error.clone(),
            // The sender lives in `self`.
            Err(_) => None,
        };
        error.unwrap_or_else(|| Error::stopped("the stream ended unexpectedly"))
    }

    /// Says that the service no longer knows a connection.
    pub(crate) fn tell_gone(&self, connection: ConnectionId, error: Error) {
        self.gone.send_replace(Some((connection, error)));
    }

    /// Waits until a connection that is meant is gone.
    pub(crate) async fn gone(&self, is_meant: impl Fn(&ConnectionId) -> bool) -> Error {
        let mut gone = self.gone.subscribe();
        loop {
            if let Some((connection, error)) = &*gone.borrow_and_update()
                && is_meant(connection)
            {
                return error.clone();
            }
            // The sender lives in `self`.
            let _ = gone.changed().await;
        }
    }

    /// Says that the application wants the run to end.
    pub(crate) fn request_stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits until the application wants the run to end.
    pub(crate) async fn stop_requested(&self) {
        let mut stop = self.stop.subscribe();
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// From now on the checkpoint that is due is the last.
    pub(crate) fn flush_checkpoints(&self) {
        self.flushing_checkpoints.store(true, Ordering::Release);
    }

    pub(crate) fn is_flushing_checkpoints(&self) -> bool {
        self.flushing_checkpoints.load(Ordering::Acquire)
    }

    /// From now on acknowledgements do not wait for others.
    pub(crate) fn flush(&self) {
        self.flushing.store(true, Ordering::Release);
    }

    pub(crate) fn is_flushing(&self) -> bool {
        self.flushing.load(Ordering::Acquire)
    }

    /// Says that nothing more will be delivered.
    pub(crate) fn complete(&self) {
        self.completed.store(true, Ordering::Release);
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.completed.load(Ordering::Acquire)
    }
}
