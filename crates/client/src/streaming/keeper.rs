//! The position in its store: taken over at the start, written, asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_streamer_models::{ResumeToken, SubscriptionId};

use super::options::StreamingOptions;
use crate::checkpoint::{
    CheckpointError, CheckpointKey, CheckpointStore, CheckpointWriter, SavedPosition,
};
use crate::error::Error;

/// The number of a delivery since the position was claimed, from 1.
pub(crate) type Step = u64;

/// Which delivery it is: the claim that it was made under, and its number since.
///
/// The claim belongs to it. A handler may leave a task behind that outlives its run; the next run counts
/// from 1 again, and its first delivery may hold more than the one before held.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    #[cfg_attr(
        not(feature = "sqlx"),
        allow(dead_code, reason = "what is committed with the feature")
    )]
    pub(crate) epoch: u64,
    pub(crate) step: Step,
}

/// A store, and this client's claim on one of its positions.
#[derive(Debug)]
pub(crate) struct Keeper {
    store: Arc<dyn CheckpointStore>,
    pub(crate) key: CheckpointKey,
    pub(crate) writer: CheckpointWriter,
    epoch: AtomicU64,
    /// The step of the last position that is known to be kept.
    kept: AtomicU64,
}

impl Keeper {
    /// The keeper that the options ask for, if they do.
    pub(crate) fn of(
        id: SubscriptionId,
        options: &StreamingOptions,
    ) -> Result<Option<Self>, Error> {
        let Some(store) = &options.checkpoint_store else {
            if options.checkpoint_writer == CheckpointWriter::Handler {
                return Err(Error::validation(
                    "handlers are to write the checkpoint, and there is no checkpoint store to resume from",
                ));
            }
            return Ok(None);
        };
        Ok(Some(Self {
            store: Arc::clone(store),
            key: CheckpointKey::new(id, options.checkpoint_name.clone())?,
            writer: options.checkpoint_writer,
            epoch: AtomicU64::new(0),
            kept: AtomicU64::new(0),
        }))
    }

    /// Takes the position over; answers where to go on.
    pub(crate) async fn claim(&self) -> Result<Option<ResumeToken>, CheckpointError> {
        let saved = self.store.claim(&self.key).await?;
        self.epoch.store(saved.epoch, Ordering::Release);
        self.kept.store(saved.step, Ordering::Release);
        Ok(saved.resume_token)
    }

    /// The number of the claim.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Keeps a position that everything before is handled, on the client's account.
    pub(crate) async fn save(&self, token: &ResumeToken) -> Result<(), CheckpointError> {
        self.save_at(self.kept.load(Ordering::Acquire), Some(token))
            .await
    }

    /// Keeps the position behind a delivery in its handler's place.
    pub(crate) async fn save_step(
        &self,
        step: Step,
        token: Option<&ResumeToken>,
    ) -> Result<(), CheckpointError> {
        self.save_at(step, token).await?;
        self.kept.store(step, Ordering::Release);
        Ok(())
    }

    async fn save_at(
        &self,
        step: Step,
        token: Option<&ResumeToken>,
    ) -> Result<(), CheckpointError> {
        let position = SavedPosition {
            resume_token: token.cloned(),
            epoch: self.epoch(),
            step,
        };
        self.store.save(&self.key, &position).await
    }

    /// Whether the position behind a delivery is in the store, by its handler's transaction.
    pub(crate) async fn has(&self, step: Step) -> Result<bool, CheckpointError> {
        let saved = self.store.load(&self.key).await?;
        let saved = saved.filter(|saved| saved.epoch == self.epoch());
        let saved = saved.ok_or_else(|| CheckpointError::superseded(&self.key))?;
        self.kept.fetch_max(saved.step, Ordering::AcqRel);
        Ok(saved.step >= step)
    }
}
