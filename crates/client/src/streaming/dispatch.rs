//! Hands what was read to the handlers: in order, again when they fail; several lanes at a time if
//! that is wanted.

use std::sync::Arc;

use event_streamer_models::ReorgMessage;
use event_streamer_stream::Batch;

use super::attempts::{Attempts, Done, Halt, Outcome, carry_out, halted, is_halted};
use super::calls::{What, for_batch};
use super::context::{InTurn, RollbackContext};
use super::core::Core;
use super::handlers::Handlers;
use super::keeper::Step;
use super::lanes::Lanes;
use super::queue::{Item, QueueReceiver, Queued};
use crate::error::{Error, ErrorKind};

/// After so many batches.
const LOOKS_AT_THE_CLOCK: u64 = 32;

/// Handles what is in the queue until its other end is gone, or `halt` says so between two calls.
///
/// # Errors
///
/// When a handler failed for good, or there is none for an event.
pub(crate) async fn dispatch(
    core: Arc<Core>,
    handlers: Arc<Handlers>,
    queue: QueueReceiver,
    halt: Halt,
) -> Result<(), Error> {
    if core.options.concurrency.count() == 1 {
        return one_by_one(&core, &handlers, queue, halt).await;
    }
    Lanes::start(&core, &handlers, &halt).run(queue, halt).await
}

async fn one_by_one(
    core: &Arc<Core>,
    handlers: &Handlers,
    mut queue: QueueReceiver,
    mut halt: Halt,
) -> Result<(), Error> {
    let mut step: Step = 0;
    loop {
        // Taking it out makes room for the next while it is handled.
        let Some(item) = next(core, &mut queue, &mut halt).await else {
            return Ok(());
        };
        let (delivery, done) = match item {
            Item::Batch(delivery, batch) => {
                step += 1;
                let done = handle_batch(core, handlers, &batch, step, &mut halt).await?;
                if done == Done::Handled {
                    core.saw_handled(batch);
                }
                // Those who are never suspended look at the clock now and then.
                if step.is_multiple_of(LOOKS_AT_THE_CLOCK) {
                    core.look_at_the_clock();
                }
                (delivery, done)
            }
            Item::Rollback(delivery, reorg) => {
                step += 1;
                let done = handle_rollback(core, handlers, &reorg, step, &mut halt).await?;
                (delivery, done)
            }
            Item::Progress(_) => continue,
        };
        match done {
            Done::Handled => core.handled_lately(delivery),
            Done::Halted => return Ok(()),
        }
    }
}

/// The next item; `None` when there are no more, or no more are to be handled.
async fn next(core: &Core, queue: &mut QueueReceiver, halt: &mut Halt) -> Option<Item> {
    // What is there already is taken without waiting, but not for so long that others starve.
    tokio::task::consume_budget().await;
    if is_halted(halt) {
        return None;
    }
    if let Some(item) = queue.try_recv() {
        return Some(item);
    }
    let item = tokio::select! {
        biased;
        () = halted(halt) => None,
        item = queue.recv() => item,
    };
    core.look_at_the_clock();
    item
}

/// The same, as an item that keeps its room.
pub(crate) async fn next_held(queue: &mut QueueReceiver, halt: &mut Halt) -> Option<Queued> {
    tokio::task::consume_budget().await;
    if is_halted(halt) {
        return None;
    }
    tokio::select! {
        biased;
        () = halted(halt) => None,
        queued = queue.recv_held() => queued,
    }
}

async fn handle_batch(
    core: &Arc<Core>,
    handlers: &Handlers,
    batch: &Batch,
    step: Step,
    halt: &mut Halt,
) -> Result<Done, Error> {
    let calls = for_batch(core, handlers, batch)?;
    let batch = InTurn { core, batch, step };
    // One call that succeeded is not made again because another fails.
    for call in calls.iter() {
        if carry_out(call, batch, halt).await? == Done::Halted {
            return Ok(Done::Halted);
        }
    }
    Ok(Done::Handled)
}

pub(crate) async fn handle_rollback(
    core: &Arc<Core>,
    handlers: &Handlers,
    reorg: &ReorgMessage,
    step: Step,
    halt: &mut Halt,
) -> Result<Done, Error> {
    let Some(registered) = &handlers.reorg else {
        // It was not asked for, and what was delivered is undone: that must not go unheard.
        let block = reorg.rollback_to.number;
        return Err(Error::new(
            ErrorKind::Handler,
            format!("no handler for the notice of a rollback to block {block}: add on_reorg"),
        ));
    };
    let context = RollbackContext::new(Arc::clone(core), reorg.resume_token.clone(), step);
    let attempts = Attempts {
        core,
        what: &What::Rollback,
        policy: registered
            .policy
            .as_deref()
            .unwrap_or(&core.options.handlers),
        step,
    };
    let call = |attempt| (registered.handler)(reorg.clone(), context.at_attempt(attempt));
    match attempts.until_done(call, halt).await? {
        Outcome::Done(done) => Ok(done),
        Outcome::GivenUp(given_up) => Err(given_up.error),
    }
}
