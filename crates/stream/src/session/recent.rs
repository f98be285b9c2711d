//! The batches seen lately, to recognise them when they come again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use event_streamer_models::{BatchId, ResponseId, ResumeToken};

use crate::batch::Batch;

/// How many batches are remembered.
const REMEMBERED: usize = 4_096;

/// The ids of the last batches.
#[derive(Debug, Default)]
pub(crate) struct RecentBatches {
    order: VecDeque<Arc<str>>,
    known: HashSet<Arc<str>>,
}

impl RecentBatches {
    pub(crate) fn contains(&self, batch: &Batch) -> bool {
        identity(batch).is_some_and(|id| self.known.contains(id.as_str()))
    }

    pub(crate) fn remember(&mut self, batch: &Batch) {
        let Some(id) = identity(batch).map(Identity::shared) else {
            return;
        };
        if !self.known.insert(Arc::clone(&id)) {
            return;
        }
        self.order.push_back(id);
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

/// What tells a batch from others.
#[derive(Clone, Copy)]
enum Identity<'a> {
    Batch(&'a BatchId),
    Response(&'a ResponseId),
    Position(&'a ResumeToken),
}

impl<'a> Identity<'a> {
    fn as_str(self) -> &'a str {
        match self {
            Self::Batch(id) => id.as_str(),
            Self::Response(id) => id.as_str(),
            Self::Position(token) => token.as_str(),
        }
    }

    /// The text that the batch has already, not a copy of it.
    fn shared(self) -> Arc<str> {
        match self {
            Self::Batch(id) => id.clone().into(),
            Self::Response(id) => id.clone().into(),
            Self::Position(token) => token.clone().into(),
        }
    }
}

/// Older services have no batch ids, D's examples no others.
fn identity(batch: &Batch) -> Option<Identity<'_>> {
    batch
        .batch_id()
        .map(Identity::Batch)
        .or_else(|| batch.response_id().map(Identity::Response))
        .or_else(|| batch.resume_token().map(Identity::Position))
}
