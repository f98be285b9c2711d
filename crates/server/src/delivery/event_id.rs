//! The identity of an event on its chain.

use event_streamer_models::{B256, ChainId, EventId};

/// Which log an event was: unique on a chain, also across reorgs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventRef {
    pub(crate) block_hash: B256,
    pub(crate) log_index: u32,
}

impl EventRef {
    /// `{chain_id}-{block_hash}-{log_index}` (`docs/protocol.md`, section 4).
    pub(crate) fn id(&self, chain_id: ChainId) -> EventId {
        EventId::at(chain_id, &self.block_hash, self.log_index)
    }

    /// The first of its block.
    pub(crate) fn of_block(self) -> Self {
        Self {
            log_index: 0,
            ..self
        }
    }
}
