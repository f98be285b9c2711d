//! What a handler can know and do beside the events it is given.

use std::fmt;
use std::sync::Arc;

use event_streamer_models::{BatchAcknowledgmentResponse, BatchId, ResumeToken};
use event_streamer_stream::Batch;

#[cfg(feature = "sqlx")]
use super::commit::commit_with;
use super::core::Core;
use super::keeper::{Step, Turn};
use crate::error::Error;

/// The batch that a handler's events are of. Cheap to clone.
#[derive(Clone)]
pub struct BatchContext {
    core: Arc<Core>,
    batch: Batch,
    #[cfg_attr(
        not(feature = "sqlx"),
        allow(dead_code, reason = "what is committed with the feature")
    )]
    turn: Turn,
    attempt: u32,
}

/// A batch whose turn it is: what the contexts of its calls are made of.
#[derive(Clone, Copy)]
pub(crate) struct InTurn<'a> {
    pub(crate) core: &'a Arc<Core>,
    pub(crate) batch: &'a Batch,
    pub(crate) step: Step,
}

impl InTurn<'_> {
    pub(crate) fn context(&self, attempt: u32) -> BatchContext {
        BatchContext {
            core: Arc::clone(self.core),
            batch: self.batch.clone(),
            turn: self.core.turn(self.step),
            attempt,
        }
    }
}

impl BatchContext {
    /// The whole batch, events of other names included.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// The id that acknowledges the batch; older services have none.
    #[must_use]
    pub fn batch_id(&self) -> Option<&BatchId> {
        self.batch.batch_id()
    }

    /// The position after the batch: to be kept with what the handler stores, to resume from.
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.batch.resume_token()
    }

    /// Which call this is for these events, from 1: above it, an earlier call failed.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Acknowledges the batch now, for streams without
    /// [`auto_acknowledge`](crate::StreamingOptions::auto_acknowledge). Returns when the service has
    /// it durably.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// // For streams without auto_acknowledge.
    /// stream.on_all_events(async |_events, context| context.acknowledge().await.map(drop));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Validation`](crate::ErrorKind::Validation) if the batch has no id;
    /// [`NotFound`](crate::ErrorKind::NotFound) if the service no longer knows the connection;
    /// otherwise as for any call.
    pub async fn acknowledge(&self) -> Result<BatchAcknowledgmentResponse, Error> {
        let Some(batch_id) = self.batch.batch_id() else {
            return Err(Error::validation(
                "the batch has no id to be acknowledged by",
            ));
        };
        self.core
            .acknowledge_now(self.batch.connection_id(), batch_id)
            .await
    }

    /// Writes the position behind the batch in the transaction that holds what the handler stores of
    /// it, for streams whose [`checkpoint_writer`](crate::StreamingOptions::checkpoint_writer) is the
    /// handler. Commit the transaction after it: both are there then, or neither is.
    ///
    /// If the commit's answer is lost, the store is asked before the handler is called again: what is
    /// committed is not handled twice.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # fn example(stream: &mut StreamingClient, pool: sqlx::SqlitePool) {
    /// stream.on_all_events(move |events, context| {
    ///     let pool = pool.clone();
    ///     async move {
    ///         let mut transaction = pool.begin().await?;
    ///         for event in &events {
    ///             sqlx::query("INSERT INTO rows (event) VALUES (?)")
    ///                 .bind(event.raw().to_owned())
    ///                 .execute(&mut *transaction)
    ///                 .await?;
    ///         }
    ///         context.commit_with(&mut transaction).await?;
    ///         transaction.commit().await?;
    ///         Ok::<_, HandlerError>(())
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Checkpoint`](crate::ErrorKind::Checkpoint) if the position is not written: roll back. Another
    /// consumer took it over, an earlier batch is not committed, this one is already, or the database
    /// failed. [`Validation`](crate::ErrorKind::Validation) if the stream is not set up for it.
    #[cfg(feature = "sqlx")]
    pub async fn commit_with<DB: crate::checkpoint::CheckpointDatabase>(
        &self,
        transaction: &mut sqlx::Transaction<'_, DB>,
    ) -> Result<(), Error> {
        commit_with(&self.core, transaction, self.turn, self.resume_token()).await
    }

    /// Asks the stream to stop once this handler has returned. Does not wait.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_event("Paused", async |_events, context| context.request_stop());
    /// # Ok(())
    /// # }
    /// ```
    pub fn request_stop(&self) {
        self.core.signals.request_stop();
    }
}

impl fmt::Debug for BatchContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchContext")
            .field("batch", &self.batch)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// The rollback that a handler is told of. Cheap to clone.
#[derive(Clone)]
pub struct RollbackContext {
    core: Arc<Core>,
    token: ResumeToken,
    #[cfg_attr(
        not(feature = "sqlx"),
        allow(dead_code, reason = "what is committed with the feature")
    )]
    turn: Turn,
    attempt: u32,
}

impl RollbackContext {
    pub(crate) fn new(core: Arc<Core>, token: ResumeToken, step: Step) -> Self {
        Self {
            turn: core.turn(step),
            core,
            token,
            attempt: 1,
        }
    }

    pub(crate) fn at_attempt(&self, attempt: u32) -> Self {
        Self {
            attempt,
            ..self.clone()
        }
    }

    /// The position after the rollback.
    #[must_use]
    pub fn resume_token(&self) -> &ResumeToken {
        &self.token
    }

    /// Which call this is for this rollback, from 1: above it, an earlier call failed.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Writes the position behind the rollback in the transaction that undoes what is above it: as
    /// [`BatchContext::commit_with`].
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # fn example(stream: &mut StreamingClient, pool: sqlx::SqlitePool) {
    /// stream.on_reorg(move |reorg, context| {
    ///     let pool = pool.clone();
    ///     async move {
    ///         let mut transaction = pool.begin().await?;
    ///         let last = i64::try_from(reorg.rollback_to.number)?;
    ///         sqlx::query("DELETE FROM rows WHERE block > ?")
    ///             .bind(last)
    ///             .execute(&mut *transaction)
    ///             .await?;
    ///         context.commit_with(&mut transaction).await?;
    ///         transaction.commit().await?;
    ///         Ok::<_, HandlerError>(())
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(feature = "sqlx")]
    pub async fn commit_with<DB: crate::checkpoint::CheckpointDatabase>(
        &self,
        transaction: &mut sqlx::Transaction<'_, DB>,
    ) -> Result<(), Error> {
        commit_with(&self.core, transaction, self.turn, Some(&self.token)).await
    }

    /// Asks the stream to stop once this handler has returned. Does not wait.
    pub fn request_stop(&self) {
        self.core.signals.request_stop();
    }
}

impl fmt::Debug for RollbackContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RollbackContext")
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
