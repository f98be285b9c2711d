//! Writes the events of a call that failed for good where the application wants them.

use event_streamer_stream::{Batch, DecodedEvent};

use super::attempts::GivenUp;
use super::calls::Call;
use super::core::Core;
use crate::api::now;
use crate::dead_letter::{DeadLetter, error_text};
use crate::error::Error;

/// Writes the events of a call as dead letters, as often as a handler would be called.
///
/// # Errors
///
/// If they could not be written: the events are not handled then.
pub(super) async fn bury(
    core: &Core,
    call: &Call,
    batch: &Batch,
    given_up: &GivenUp,
) -> Result<(), Error> {
    let Some(sink) = &core.options.dead_letters else {
        return Err(given_up.error.clone());
    };
    let letter = |event: DecodedEvent| DeadLetter {
        failed_at: now(),
        subscription_id: core.subscription_id,
        batch_id: batch.batch_id().cloned(),
        handler: call.what.to_string(),
        attempts: given_up.attempts,
        error: error_text(&given_up.error),
        event_name: event.name().to_owned(),
        event: event.raw().to_owned(),
    };
    let letters: Vec<DeadLetter> = call.events().into_iter().map(letter).collect();
    let policy = &core.options.handlers;
    let mut attempt = 1;
    while let Err(error) = sink.write(&letters).await {
        let error = Error::dead_letter(&call.what, error);
        if attempt >= policy.max_attempts {
            return Err(error);
        }
        let delay = policy.delay(attempt);
        tracing::warn!(%error, ?delay, "dead letters are written again");
        core.notices.report(core.subscription_id, &error, true);
        tokio::time::sleep(delay).await;
        attempt += 1;
    }
    tracing::warn!(error = %given_up.error, events = letters.len(), "events became dead letters");
    core.count_dead_letters(letters.len());
    core.notices
        .report(core.subscription_id, &given_up.error, true);
    Ok(())
}
