//! What a follower hands out.

use event_streamer_models::{BlockRef, Log};

/// The next thing that happened on a chain, as far as one filter is concerned.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Every matching log of some consecutive blocks. The segments of a follower have neither gap
    /// nor overlap.
    Logs(Segment),
    /// The branch that the position was on died. Undo everything above
    /// [`Rollback::rollback_to`]; the next segment begins right after it.
    Reorg(Rollback),
    /// The nodes' answers contradict each other or the headers, and the position may not move before
    /// one tells the truth. Said once for each position; nothing is asked of the consumer.
    Incomplete(Incomplete),
    /// The end block was passed. Nothing else comes, unless a reorg replaces that block: see
    /// [`Follower::reopened`](super::Follower::reopened).
    End,
}

/// What keeps a position from moving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// The block at which the answers contradict each other.
    pub block: u64,
    /// What is wrong, in words, without secrets.
    pub reason: String,
}

/// Every matching log of the blocks `from_block..=to`: complete, checked, in the order
/// (block, log index), no log twice.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// The first block that is covered. Of a block that was partly delivered before, the rest.
    pub from_block: u64,
    /// The last block that is covered.
    pub to: BlockRef,
    /// May be empty.
    pub logs: Vec<Log>,
    /// True if the segment reaches the newest block that has the wanted finality.
    pub live: bool,
    /// The head of the chain when the segment was read.
    pub head_block: u64,
}

/// How far back the chain went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// The last block that is still good. Where the dead branch is no longer known to any node,
    /// this is a block safely below the fork, not the fork itself.
    pub rollback_to: BlockRef,
    /// How many blocks below the position that is.
    pub depth: u64,
}
