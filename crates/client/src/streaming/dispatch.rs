//! Hands what was read to the handlers: in order, one delivery at a time, again when they fail.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::ReorgMessage;
use event_streamer_stream::{Batch, Events};
use tokio::sync::watch;

use super::context::BatchContext;
use super::core::Core;
use super::guard::{CatchPanic, Panicked};
use super::handlers::{EventHandler, HandlerError, Handlers, ReorgHandler};
use super::options::UnhandledEvents;
use super::queue::{Item, QueueReceiver, Queued};
use crate::error::{Error, ErrorKind};

/// What came of a delivery that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// It is handled.
    Handled,
    /// Its handler is not called again because the run ends: it will come again.
    Halted,
}

/// Says when to end.
type Halt = watch::Receiver<bool>;

async fn halted(halt: &mut Halt) {
    // A sender that is gone has halted too.
    let _ = halt.wait_for(|halt| *halt).await;
}

/// Handles what is in the queue until its other end is gone, or `halt` says so between two calls.
///
/// # Errors
///
/// When a handler failed for good, or there is none for an event.
pub(crate) async fn dispatch(
    core: Arc<Core>,
    handlers: Handlers,
    mut queue: QueueReceiver,
    mut halt: Halt,
) -> Result<(), Error> {
    loop {
        let queued = tokio::select! {
            biased;
            () = halted(&mut halt) => return Ok(()),
            queued = queue.recv() => queued,
        };
        // Taking it out makes room for the next while it is handled.
        let Some(Queued { item, .. }) = queued else {
            return Ok(());
        };
        let (delivery, done) = match item {
            Item::Batch(delivery, batch) => {
                let done = handle_batch(&core, &handlers, &batch, &mut halt).await?;
                (delivery, done)
            }
            Item::Rollback(delivery, reorg) => {
                let handler = handlers.reorg.as_ref();
                let done = handle_rollback(&core, handler, &reorg, &mut halt).await?;
                (delivery, done)
            }
            Item::Progress(_) => continue,
        };
        match done {
            Done::Handled => core.handled(delivery),
            Done::Halted => return Ok(()),
        }
    }
}

/// Calls every handler that a batch concerns. One that succeeded is not called again because another
/// fails.
async fn handle_batch(
    core: &Arc<Core>,
    handlers: &Handlers,
    batch: &Batch,
    halt: &mut Halt,
) -> Result<Done, Error> {
    let calls = calls_for(core, handlers, batch)?;
    let context = BatchContext::new(Arc::clone(core), batch.clone());
    for (what, handler, events) in calls {
        let call = |attempt| handler(events.clone(), context.at_attempt(attempt));
        if attempt_until_done(core, &what, call, halt).await? == Done::Halted {
            return Ok(Done::Halted);
        }
    }
    Ok(Done::Handled)
}

/// Who is called with what, the handlers of single names first.
fn calls_for(
    core: &Core,
    handlers: &Handlers,
    batch: &Batch,
) -> Result<Vec<(What, EventHandler, Events)>, Error> {
    let mut calls = Vec::new();
    for name in batch.names() {
        let events = batch.events_named(name);
        if events.is_empty() {
            continue;
        }
        match (handlers.by_name.get(name), &handlers.all) {
            (Some(handler), _) => {
                calls.push((What::Events(name.to_owned()), Arc::clone(handler), events));
            }
            (None, Some(_)) => {}
            (None, None) if core.options.unhandled_events == UnhandledEvents::Ignore => {
                core.count_ignored(events.len());
            }
            (None, None) => return Err(nobody_for(name)),
        }
    }
    if let Some(handler) = &handlers.all {
        calls.push((What::AllEvents, Arc::clone(handler), batch.events()));
    }
    Ok(calls)
}

fn nobody_for(name: &str) -> Error {
    let name = crate::error::excerpt(name, 100);
    Error::new(
        ErrorKind::Handler,
        format!(
            "no handler for events of the name `{name}`: add one, or on_all_events, or let such \
             events be ignored"
        ),
    )
}

async fn handle_rollback(
    core: &Core,
    handler: Option<&ReorgHandler>,
    reorg: &ReorgMessage,
    halt: &mut Halt,
) -> Result<Done, Error> {
    let Some(handler) = handler else {
        // It was not asked for, and what was delivered is undone: that must not go unheard.
        let block = reorg.rollback_to.number;
        return Err(Error::new(
            ErrorKind::Handler,
            format!("no handler for the notice of a rollback to block {block}: add on_reorg"),
        ));
    };
    attempt_until_done(core, &What::Rollback, |_| handler(reorg.clone()), halt).await
}

/// Calls until success, a bounded number of times.
async fn attempt_until_done<F, Fut>(
    core: &Core,
    what: &What,
    call: F,
    halt: &mut Halt,
) -> Result<Done, Error>
where
    F: Fn(u32) -> Fut,
    Fut: Future<Output = Result<(), HandlerError>>,
{
    let policy = &core.options.handlers;
    let mut attempt = 1;
    loop {
        let Err(failure) = call_once(core, what, || call(attempt)).await else {
            return Ok(Done::Handled);
        };
        core.count_handler_failure();
        let last = attempt >= policy.max_attempts;
        let error = failure.into_error(what, attempt);
        if last {
            return Err(error);
        }
        let delay = policy.delay(attempt);
        tracing::warn!(%error, ?delay, "a handler is called again");
        core.notices.report(core.subscription_id, &error, true);
        tokio::select! {
            biased;
            () = halted(halt) => return Ok(Done::Halted),
            () = tokio::time::sleep(delay) => attempt += 1,
        }
    }
}

/// One call, its panic caught, its time limited, its silence told.
async fn call_once<F, Fut>(core: &Core, what: &What, call: F) -> Result<(), Failure>
where
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<(), HandlerError>>,
{
    let policy = &core.options.handlers;
    // The closure itself may panic before there is a future.
    let mut running = CatchPanic::new(async { call().await });
    let mut waited = Duration::ZERO;
    loop {
        let left = policy.timeout.map(|limit| limit.saturating_sub(waited));
        let pause = left.map_or(policy.report_after, |left| left.min(policy.report_after));
        match tokio::time::timeout(pause, &mut running).await {
            Ok(Ok(outcome)) => return outcome.map_err(|error| Failure::Error(Arc::from(error))),
            Ok(Err(panic)) => return Err(Failure::Panic(panic)),
            Err(_) => waited = waited.saturating_add(pause),
        }
        if policy.timeout.is_some_and(|limit| waited >= limit) {
            return Err(Failure::Timeout(waited));
        }
        let seconds = waited.as_secs_f64();
        let message = format!("the handler for {what} has been running for {seconds} seconds");
        tracing::warn!("{message}");
        let error = Error::handler(message, None);
        core.notices.report(core.subscription_id, &error, true);
    }
}

/// What a handler is called for.
enum What {
    Events(String),
    AllEvents,
    Rollback,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Events(name) => write!(f, "`{}`", crate::error::excerpt(name, 100)),
            Self::AllEvents => f.write_str("all events"),
            Self::Rollback => f.write_str("a rollback"),
        }
    }
}

/// How a call failed.
enum Failure {
    Error(Arc<dyn StdError + Send + Sync>),
    Panic(Panicked),
    Timeout(Duration),
}

impl Failure {
    fn into_error(self, what: &What, attempt: u32) -> Error {
        let text = |how: &str| format!("the handler for {what} {how} in attempt {attempt}");
        match self {
            Self::Error(source) => Error::handler(text("failed"), Some(source)),
            Self::Panic(panic) => Error::handler(text("panicked"), Some(Arc::new(panic))),
            Self::Timeout(limit) => {
                let seconds = limit.as_secs_f64();
                Error::handler(text(&format!("took more than {seconds} seconds")), None)
            }
        }
    }
}
