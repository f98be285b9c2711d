//! One run of a stream: its parts put together, and taken apart again in order.

use std::sync::Arc;

use tokio::sync::watch;
use tracing::Instrument as _;

use super::core::Core;
use super::dispatch::dispatch;
use super::guard::TaskGuard;
use super::handlers::{Handlers, Listeners};
use super::notices::tell_listeners;
use super::options::Features;
use super::queue::{QueueReceiver, QueueSender};
use super::reader::{Reading, read};
use super::{acker, checkpointer, heartbeat};
use crate::error::{Error, ErrorKind};

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamEnd {
    /// The subscription is delivered to its end, and everything is handled.
    Completed,
    /// The application stopped it.
    Stopped,
}

/// Who takes the events.
pub(crate) enum Consumer {
    /// Handlers; the queue's end is theirs.
    Handlers(Arc<Handlers>, QueueReceiver),
    /// The application pulls; the queue's end is there already.
    Pull(Listeners),
}

/// A run under way, or over. Dropping it ends its tasks.
#[derive(Debug)]
pub(crate) struct Run {
    end: Ending,
    _task: TaskGuard<()>,
}

/// Where the end of a run is told.
#[derive(Debug, Clone)]
pub(crate) struct Ending(watch::Receiver<Option<Result<StreamEnd, Error>>>);

impl Run {
    /// Starts a run as a task of its own.
    pub(crate) fn start(core: Arc<Core>, queue: QueueSender, consumer: Consumer) -> Self {
        core.begin();
        let (told, end) = watch::channel(None);
        let span = tracing::info_span!("stream", subscription = %core.subscription_id);
        let task = async move {
            let end = run_to_end(&core, queue, consumer).await;
            core.session().rewind();
            told.send_replace(Some(end));
        };
        Self {
            end: Ending(end),
            _task: TaskGuard::spawn(task.instrument(span)),
        }
    }

    pub(crate) fn ending(&self) -> Ending {
        self.end.clone()
    }
}

impl Ending {
    /// Whether the run is over, in whatever way.
    pub(crate) fn has_come(&self) -> bool {
        self.0.borrow().is_some() || self.0.has_changed().is_err()
    }

    /// Waits for the end.
    pub(crate) async fn wait(mut self) -> Result<StreamEnd, Error> {
        match self.0.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(end)) => end.clone(),
            // The task is gone without a word.
            Ok(None) | Err(_) => Err(Error::stopped("the stream was dropped before its end")),
        }
    }
}

async fn run_to_end(
    core: &Arc<Core>,
    queue: QueueSender,
    consumer: Consumer,
) -> Result<StreamEnd, Error> {
    let (halt, halted) = watch::channel(false);
    let how = how_to_read(core, &consumer)?;
    let (listeners, mut handling) = match consumer {
        Consumer::Pull(listeners) => (listeners, None),
        Consumer::Handlers(handlers, items) => {
            let listeners = handlers.listeners.clone();
            let task = dispatch(Arc::clone(core), handlers, items, halted);
            (listeners, Some(TaskGuard::spawn(task.in_current_span())))
        }
    };
    let telling = TaskGuard::spawn(tell_listeners(core.notices.open(), listeners));
    let mut acking = std::pin::pin!(acker::acknowledge(core));
    let mut keeping = std::pin::pin!(keep_positions(core));

    let mut end = {
        let reading = async {
            read(core, queue, &how).await?;
            core.all_handled().await;
            Ok(StreamEnd::Completed)
        };
        let taking_over = async {
            match core.keeper()? {
                Some(keeper) => checkpointer::take_over(core, keeper).await,
                None => Ok(()),
            }
        };
        let streaming = async {
            // Whoever lost the position to somebody else must not even begin.
            taking_over.await?;
            tokio::select! {
                biased;
                Err(error) = handling_failed(handling.as_mut()) => Err(error),
                end = reading => end,
                Err(error) = &mut keeping => Err(error),
                Err(error) = &mut acking => Err(error),
                Err(error) = heartbeat::beat(core) => Err(error),
                error = core.signals.fatal() => Err(error),
            }
        };
        tokio::select! {
            biased;
            () = core.signals.stop_requested() => Ok(StreamEnd::Stopped),
            end = streaming => end,
            never = publish_meters(core) => match never {},
        }
    };
    // Whoever is not let in need not try to acknowledge; nor may `acking` be polled again when that
    // is how it ended, whatever a handler makes of the end below. The same for checkpoints.
    let shut_out = end.as_ref().err().is_some_and(Error::ends_calls);
    let not_kept = end.as_ref().err().is_some_and(is_checkpoint);
    // The reading is dropped, and its connection with it.
    core.session().disconnected();
    halt.send_replace(true);
    let limit = core.options.stop_timeout;
    if let Some(handling) = &mut handling {
        let finished = tokio::time::timeout(limit, handling_done(handling)).await;
        // A handler that failed explains the end better than what followed from it; not so where it
        // failed because the position was taken over.
        if let Ok(Err(error)) = finished
            && !not_kept
        {
            end = Err(error);
        }
    }
    drop(handling);

    let mut unkept = false;
    if !not_kept {
        core.flush_checkpoints();
        let kept = tokio::time::timeout(limit, keeping).await;
        unkept = !matches!(kept, Ok(Ok(())));
        if let (Ok(_), Ok(Err(error))) = (&end, &kept) {
            end = Err(error.clone());
        }
    }
    if !shut_out && end.as_ref().err().is_none_or(|error| !error.ends_calls()) {
        core.flush();
        let flushed = tokio::time::timeout(limit, acking).await;
        if end.is_ok() && (unkept || !matches!(flushed, Ok(Ok(())))) {
            end = Err(unconfirmed(core));
        }
    }
    #[cfg(feature = "metrics")]
    super::meters::tell(core);
    tell_the_end(core, &end, telling).await;
    end
}

async fn publish_meters(core: &Core) -> std::convert::Infallible {
    #[cfg(feature = "metrics")]
    return super::meters::publish(core).await;
    #[cfg(not(feature = "metrics"))]
    {
        let _ = core;
        std::future::pending().await
    }
}

/// Keeps the position as it moves, if there is a store; until [`Core::flush_checkpoints`].
async fn keep_positions(core: &Core) -> Result<(), Error> {
    match core.keeper()? {
        Some(keeper) => checkpointer::keep(core, keeper).await,
        None => {
            while !core.signals.is_flushing_checkpoints() {
                core.checkpointer.notified().await;
            }
            Ok(())
        }
    }
}

fn is_checkpoint(error: &Error) -> bool {
    error.kind() == ErrorKind::Checkpoint
}

/// Listeners may take their time, but not more than stopping may.
async fn tell_the_end(core: &Core, end: &Result<StreamEnd, Error>, mut telling: TaskGuard<()>) {
    if let Err(error) = end {
        tracing::error!(subscription = %core.subscription_id, %error, "the stream ended");
        core.notices.report(core.subscription_id, error, false);
    }
    core.notices.close();
    let _ = tokio::time::timeout(core.options.stop_timeout, telling.join()).await;
}

fn how_to_read(core: &Core, consumer: &Consumer) -> Result<Reading, Error> {
    let wanted = core.options.features;
    let (features, pull) = match consumer {
        Consumer::Pull(_) => (wanted, true),
        Consumer::Handlers(handlers, _) => {
            // Nobody would hear the notice; the service then reports the rollback as an error.
            let reorg = wanted.reorg && handlers.reorg.is_some();
            (Features { reorg, ..wanted }, false)
        }
    };
    Ok(Reading {
        features: features.header(),
        metadata: core.options.metadata_header()?,
        // An application that pulls may hold as many deliveries as it likes.
        drain_first: !pull,
        queue_progress: pull,
    })
}

/// Waits for the handlers to fail; for ever if they do not, or there are none.
async fn handling_failed(handling: Option<&mut TaskGuard<Result<(), Error>>>) -> Result<(), Error> {
    match handling {
        Some(handling) => match handling_done(handling).await {
            Err(error) => Err(error),
            Ok(()) => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

async fn handling_done(handling: &mut TaskGuard<Result<(), Error>>) -> Result<(), Error> {
    handling.join().await.unwrap_or_else(|| {
        // Handlers' panics are caught, so this is one of ours.
        Err(Error::handler(
            "the handling of events ended unexpectedly",
            None,
        ))
    })
}

fn unconfirmed(core: &Core) -> Error {
    let seconds = core.options.stop_timeout.as_secs_f64();
    Error::new(
        ErrorKind::Timeout,
        format!(
            "not every acknowledgement was confirmed within {seconds} seconds of stopping: without a \
             resume token those batches come again"
        ),
    )
}
