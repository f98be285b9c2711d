//! Positions in the application's own transactions.

use event_streamer_models::ResumeToken;

use super::core::Core;
use super::keeper::Turn;
use crate::checkpoint::{CheckpointDatabase, CheckpointErrorKind, Commit};
use crate::error::{Error, ErrorKind};

/// Writes the position behind a delivery in a transaction of the application.
pub(crate) async fn commit_with<DB: CheckpointDatabase>(
    core: &Core,
    transaction: &mut sqlx::Transaction<'_, DB>,
    turn: Turn,
    token: Option<&ResumeToken>,
) -> Result<(), Error> {
    let Some(keeper) = core.handlers_keeper()? else {
        return Err(Error::validation(
            "commit_with is for streams with a checkpoint store that the handler writes: see \
             with_checkpoint_writer",
        ));
    };
    let Some(token) = token else {
        return Err(Error::new(
            ErrorKind::Checkpoint,
            "the batch has no resume token, so that there is no position to commit",
        ));
    };
    let commit = Commit {
        key: &keeper.key,
        epoch: turn.epoch,
        step: turn.step,
        token,
    };
    let written = DB::commit(transaction, commit).await;
    written.map_err(|error| {
        let superseded = error.kind() == CheckpointErrorKind::Superseded;
        let error = Error::checkpoint(error);
        // What an earlier run left behind is no matter of the present one.
        if superseded && turn.epoch == keeper.epoch() {
            core.signals.end_with(error.clone());
        }
        error
    })
}
