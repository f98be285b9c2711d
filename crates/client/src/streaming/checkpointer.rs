//! Writes checkpoints as they fall due, and asks for those that handlers wrote.

use std::future::Future;
use std::time::Duration;

use event_streamer_models::ResumeToken;
use tokio::time::Instant;

use super::core::Core;
use super::keeper::{Keeper, Step};
use crate::checkpoint::{CheckpointError, CheckpointErrorKind, CheckpointWriter};
use crate::error::{Error, ErrorKind};

/// Keeps the position as it moves. Returns when, after [`Core::flush_checkpoints`], all is kept.
///
/// While one is written others become due, and only the last of them is written next: a slow store
/// holds up acknowledgements, not handlers.
///
/// # Errors
///
/// When the store keeps failing, or somebody else took the position over.
pub(crate) async fn keep(core: &Core, keeper: &Keeper) -> Result<(), Error> {
    let mut rested = Instant::now();
    loop {
        let flush = core.signals.is_flushing_checkpoints();
        let (due, idle) = {
            let session = core.session();
            (session.due_checkpoint(), session.unhandled() == 0)
        };
        let now = Instant::now();
        match due {
            Some(checkpoint) if flush || keeper.writer == CheckpointWriter::Client => {
                write(core, keeper, &checkpoint).await?;
            }
            // Handlers write their own positions; between them lie only blocks without events. So
            // as not to disturb their transactions, those are written at leisure.
            Some(checkpoint) if idle && now >= rested => {
                write(core, keeper, &checkpoint).await?;
                rested = Instant::now() + core.options.acks.interval;
            }
            None if flush => return Ok(()),
            due => {
                let rest = async {
                    match due {
                        Some(_) if idle => tokio::time::sleep_until(rested).await,
                        _ => std::future::pending().await,
                    }
                };
                tokio::select! {
                    biased;
                    () = rest => {}
                    () = core.checkpointer.notified() => {}
                }
            }
        }
    }
}

async fn write(
    core: &Core,
    keeper: &Keeper,
    checkpoint: &event_streamer_stream::Checkpoint,
) -> Result<(), Error> {
    persist(core, || keeper.save(checkpoint.token())).await?;
    let now = core.now();
    core.session().checkpointed(now, checkpoint);
    core.acker.notify_one();
    core.reader.notify_one();
    Ok(())
}

/// Takes the position over at the start of a run, and begins where the store says.
///
/// # Errors
///
/// As [`keep`].
pub(crate) async fn take_over(core: &Core, keeper: &Keeper) -> Result<(), Error> {
    let kept = persist(core, || keeper.claim()).await?;
    match core.take_override() {
        Some(token) => {
            persist(core, || keeper.save(&token)).await?;
            core.begin_at(token);
        }
        None => {
            if let Some(token) = kept {
                core.begin_at(token);
            }
        }
    }
    Ok(())
}

/// Whether the handler of a delivery wrote its position.
pub(crate) async fn is_committed(core: &Core, keeper: &Keeper, step: Step) -> Result<bool, Error> {
    persist(core, || keeper.has(step)).await
}

/// Writes the position behind a delivery that became a dead letter.
pub(crate) async fn commit_for_handler(
    core: &Core,
    keeper: &Keeper,
    step: Step,
    token: Option<&ResumeToken>,
) -> Result<(), Error> {
    persist(core, || keeper.save_step(step, token)).await
}

/// Asks the store until it answers, as often as a handler would be called.
async fn persist<T, Fut>(core: &Core, ask: impl Fn() -> Fut) -> Result<T, Error>
where
    Fut: Future<Output = Result<T, CheckpointError>>,
{
    let policy = &core.options.handlers;
    let mut attempt = 1;
    loop {
        match telling_of_silence(core, ask()).await {
            Ok(answer) => return Ok(answer),
            Err(error) if error.is_retryable() && attempt < policy.max_attempts => {
                let delay = policy.delay(attempt);
                let error = Error::checkpoint(error);
                tracing::warn!(%error, ?delay, "the checkpoint store is asked again");
                core.notices.report(core.subscription_id, &error, true);
                tokio::time::sleep(delay).await;
                attempt += 1;
            }
            Err(error) => return Err(Error::checkpoint(error)),
        }
    }
}

/// Waits for the store's answer, and tells when that takes long: an answer that does not come is no
/// error, and to stop asking would not say whether the position is kept.
async fn telling_of_silence<F: Future>(core: &Core, answer: F) -> F::Output {
    let mut answer = std::pin::pin!(answer);
    let pause = core.options.handlers.report_after;
    let mut waited = Duration::ZERO;
    loop {
        if let Ok(answer) = tokio::time::timeout(pause, &mut answer).await {
            return answer;
        }
        waited = waited.saturating_add(pause);
        let message = format!(
            "the checkpoint store has not answered for {} seconds; nothing is acknowledged meanwhile",
            waited.as_secs_f64()
        );
        tracing::warn!("{message}");
        let error = Error::new(ErrorKind::Checkpoint, message);
        core.notices.report(core.subscription_id, &error, true);
    }
}

/// The handler said that all went well, and its position is not in the store.
pub(crate) fn not_committed(what: &dyn std::fmt::Display) -> Error {
    Error::checkpoint(CheckpointError::new(
        CheckpointErrorKind::OutOfOrder,
        format!(
            "the handler for {what} returned, and its position is not in the store: call commit_with in \
             its transaction, and commit that"
        ),
    ))
}
