//! What a handler can know and do beside the events it is given.

use std::fmt;
use std::sync::Arc;

use event_streamer_models::{BatchAcknowledgmentResponse, BatchId, ResumeToken};
use event_streamer_stream::Batch;

use super::core::Core;
use crate::error::Error;

/// The batch that a handler's events are of. Cheap to clone.
#[derive(Clone)]
pub struct BatchContext {
    core: Arc<Core>,
    batch: Batch,
    attempt: u32,
}

impl BatchContext {
    pub(crate) fn new(core: Arc<Core>, batch: Batch) -> Self {
        Self {
            core,
            batch,
            attempt: 1,
        }
    }

    pub(crate) fn at_attempt(&self, attempt: u32) -> Self {
        Self {
            attempt,
            ..self.clone()
        }
    }

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

    /// Asks the stream to stop once this handler has returned. Does not wait.
    pub fn request_stop(&self) {
        self.core.request_stop();
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
