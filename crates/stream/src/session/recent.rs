//! The batches seen lately, to recognise them when they come again.

use std::collections::{HashSet, VecDeque};

use event_streamer_models::{BatchId, ResponseId, ResumeToken};

use crate::batch::Batch;

/// How many batches are remembered.
const REMEMBERED: usize = 4_096;

/// The ids of the last batches.
#[derive(Debug, Default)]
pub(crate) struct RecentBatches {
    order: VecDeque<Box<str>>,
    known: HashSet<Box<str>>,
}

impl RecentBatches {
    pub(crate) fn contains(&self, batch: &Batch) -> bool {
        identity(batch).is_some_and(|id| self.known.contains(id))
    }

    pub(crate) fn remember(&mut self, batch: &Batch) {
        let Some(id) = identity(batch) else { return };
        if !self.known.insert(id.into()) {
            return;
        }
        self.order.push_back(id.into());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Whether the batch has anything to be recognised by.
    pub(crate) fn can_recognise(batch: &Batch) -> bool {
        identity(batch).is_some()
    }

    pub(crate) fn clear(&mut self) {
        self.order.clear();
        self.known.clear();
    }
}

/// What tells a batch from others; older services have no batch ids, D's examples no others.
fn identity(batch: &Batch) -> Option<&str> {
    batch
        .batch_id()
        .map(BatchId::as_str)
        .or_else(|| batch.response_id().map(ResponseId::as_str))
        .or_else(|| batch.resume_token().map(ResumeToken::as_str))
}
