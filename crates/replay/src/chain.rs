//! The chain as the node shows it: a recording up to a head that moves.

use std::sync::Arc;

use tokio::sync::watch;

use crate::recording::Recording;

/// A recording and how far it is mined. Shared by every connection.
#[derive(Debug)]
pub(crate) struct Chain {
    recording: Arc<Recording>,
    head: watch::Sender<u64>,
    safe_depth: u64,
    finalized_depth: u64,
}

impl Chain {
    pub(crate) fn new(
        recording: Arc<Recording>,
        head: u64,
        safe_depth: u64,
        finalized_depth: u64,
    ) -> Self {
        Self {
            recording,
            head: watch::Sender::new(head),
            safe_depth,
            finalized_depth,
        }
    }

    pub(crate) fn recording(&self) -> &Recording {
        &self.recording
    }

    pub(crate) fn head(&self) -> u64 {
        *self.head.borrow()
    }

    /// Tells of every movement of the head; movements that come fast may be seen as one.
    pub(crate) fn watch_head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    pub(crate) fn safe(&self) -> u64 {
        self.head().saturating_sub(self.safe_depth)
    }

    pub(crate) fn finalized(&self) -> u64 {
        self.head().saturating_sub(self.finalized_depth)
    }

    /// Moves the head up, at most to the last block; gives the new head.
    pub(crate) fn mine(&self, blocks: u64) -> u64 {
        self.head.send_if_modified(|head| {
            let before = *head;
            *head = before
                .saturating_add(blocks)
                .min(self.recording.last_block());
            *head != before
        });
        self.head()
    }

    /// Whether there is nothing left to mine.
    pub(crate) fn is_mined_out(&self) -> bool {
        self.head() == self.recording.last_block()
    }
}
