//! The batches seen lately, to recognise them when they come again.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

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
        identity(batch).is_some_and(|id| self.known.contains(&id))
    }

    pub(crate) fn remember(&mut self, batch: &Batch) {
        let Some(id) = identity(batch) else { return };
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

/// What tells a batch from others; older services have no batch ids, D's examples no others.
fn identity(batch: &Batch) -> Option<Arc<str>> {
    batch
        .batch_id()
        .map(|id| id.clone().into())
        .or_else(|| batch.response_id().map(|id| id.clone().into()))
        .or_else(|| batch.resume_token().map(|id| id.clone().into()))
}
