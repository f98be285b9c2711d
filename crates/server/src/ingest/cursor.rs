//! Where a follower stands.

use std::cmp::Ordering;

use event_streamer_models::{B256, BlockRef};

/// A position in a chain: everything up to it has been delivered.
///
/// It names its block by number *and* hash, so that a position on a branch that died is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last block of which anything was delivered. A zero hash means that the hash is not
    /// known; such a cursor is taken to be on whatever branch the node has.
    pub block: BlockRef,
    /// The last delivered log of that block, or `None` if the whole block is done.
    pub log_index: Option<u32>,
}

impl Cursor {
    /// Everything up to and including this block is done.
    #[must_use]
    pub fn after_block(block: BlockRef) -> Self {
        Self {
            block,
            log_index: None,
        }
    }

    /// Everything up to and including this log is done.
    #[must_use]
    pub fn after_log(block: BlockRef, log_index: u32) -> Self {
        Self {
            block,
            log_index: Some(log_index),
        }
    }

    /// False if only the number of the block is known.
    #[must_use]
    pub fn has_hash(&self) -> bool {
        self.block.hash != B256::ZERO
    }

    /// Which of two positions on one branch is further on. A whole block lies behind each of its
    /// logs. The hashes are not looked at: positions on different branches have no order.
    #[must_use]
    pub fn position_cmp(&self, other: &Self) -> Ordering {
        let rank = |it: &Self| (it.block.number, it.log_index.map_or(u64::MAX, u64::from));
        rank(self).cmp(&rank(other))
    }
}

/// Where a follower begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowStart {
    /// With this block.
    Block(u64),
    /// With the newest block that has the wanted finality when the first step is taken.
    Latest,
    /// With the first log after a position. If the position's branch died meanwhile, the first
    /// step is a [`Step::Reorg`](super::Step::Reorg).
    After(Cursor),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_block_is_behind_its_logs() {
        let block = |number| BlockRef {
            number,
            hash: B256::ZERO,
        };
        let ascending = [
            Cursor::after_log(block(7), 0),
            Cursor::after_log(block(7), u32::MAX),
            Cursor::after_block(block(7)),
            Cursor::after_log(block(8), 3),
        ];
        for (i, a) in ascending.iter().enumerate() {
            for (j, b) in ascending.iter().enumerate() {
                assert_eq!(a.position_cmp(b), i.cmp(&j));
            }
        }
    }
}
