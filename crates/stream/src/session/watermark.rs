//! How far on the chain the delivered events reach.

use event_streamer_models::B256;

use crate::position::LogPosition;

/// An event's place, and the branch it is on as far as the service tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Watermark {
    pub(crate) position: LogPosition,
    /// The hash of the event's block; sent with the feature `metadata`.
    pub(crate) block_hash: Option<B256>,
}

impl Watermark {
    /// Whether both speak of one block and disagree about its hash.
    pub(crate) fn contradicts(&self, other: &Self) -> bool {
        self.position.block_number == other.position.block_number
            && match (self.block_hash, other.block_hash) {
                (Some(ours), Some(theirs)) => ours != theirs,
                _ => false,
            }
    }
}
