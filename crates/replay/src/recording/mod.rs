//! A recorded chain in memory, and what can be asked of it.

mod block;
mod builder;
mod compression;
mod derive;
mod gzip;
mod header;
mod info;
mod limits;
mod lines;
mod link;
mod order;
mod read;
mod write;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use event_streamer_models::{B256, BlockHeader, Extra, Log, LogsBloom};

pub(crate) use self::block::Block;
pub use self::builder::RecordingBuilder;
use self::derive::Timeline;
pub use self::header::RecordedHeader;
pub use self::info::RecordingInfo;
pub use self::limits::RecordingLimits;
pub use self::write::{RecordingSummary, RecordingWriter};
use crate::keccak::bloom_of;

/// A chain between two blocks, complete in hashes, parents, times and blooms.
///
/// Made by [`load`](Self::load), [`read`](Self::read) or a [`RecordingBuilder`]. Every block up to
/// [`last_block`](Self::last_block) can be asked for: those that are not recorded, between the
/// recorded ones as well as below [`first_block`](Self::first_block), are empty blocks.
#[derive(Debug)]
pub struct Recording {
    info: RecordingInfo,
    first: u64,
    last: u64,
    /// The recorded blocks, ascending.
    blocks: Vec<Block>,
    /// Blocks by hash: the recorded ones, and those that a recorded block names as its parent.
    numbers: HashMap<B256, u64>,
    timeline: Timeline,
}

impl Recording {
    /// What the first line says.
    #[must_use]
    pub fn info(&self) -> &RecordingInfo {
        &self.info
    }

    /// The EIP-155 chain id.
    #[must_use]
    pub fn chain_id(&self) -> u64 {
        self.info.chain_id
    }

    /// The first block covered.
    #[must_use]
    pub fn first_block(&self) -> u64 {
        self.first
    }

    /// The last block covered.
    #[must_use]
    pub fn last_block(&self) -> u64 {
        self.last
    }

    /// The numbers of the blocks that have a header or a log of their own, ascending.
    pub fn recorded_blocks(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        self.blocks.iter().map(|block| block.number)
    }

    /// How many logs there are.
    #[must_use]
    pub fn log_count(&self) -> u64 {
        self.blocks
            .iter()
            .map(|block| block.logs().len() as u64)
            .sum()
    }

    /// The logs of these blocks, ascending by (block, log index). Their `block_hash` is always
    /// there; their `block_timestamp` if it was recorded with the log.
    pub fn logs(&self, blocks: RangeInclusive<u64>) -> impl Iterator<Item = &Log> + '_ {
        self.blocks(blocks).iter().flat_map(Block::logs)
    }

    /// The hash of a block; `None` above [`last_block`](Self::last_block).
    #[must_use]
    pub fn block_hash(&self, number: u64) -> Option<B256> {
        if number > self.last {
            return None;
        }
        let next = self.blocks.partition_point(|block| block.number <= number);
        let below = next.checked_sub(1).and_then(|below| self.blocks.get(below));
        if let Some(block) = below
            && block.number == number
        {
            return Some(block.hash);
        }
        // Directly below a recorded block: that block knows the hash.
        if let Some(above) = self.blocks.get(next)
            && above.number - 1 == number
        {
            return Some(above.parent_hash);
        }
        Some(derive::gap_hash(
            self.chain_id(),
            number,
            below.map_or(B256::ZERO, |below| below.hash),
        ))
    }

    /// The number of the block with this hash.
    #[must_use]
    pub fn block_number(&self, hash: &B256) -> Option<u64> {
        if let Some(number) = self.numbers.get(hash) {
            return Some(*number);
        }
        let number = derive::number_in(hash);
        (self.block_hash(number).as_ref() == Some(hash)).then_some(number)
    }

    /// The header of a block; `None` above [`last_block`](Self::last_block).
    ///
    /// Its bloom is always there, its receipts root if it was recorded.
    #[must_use]
    pub fn header(&self, number: u64) -> Option<BlockHeader> {
        if let Some(block) = self.blocks(number..=number).first() {
            return Some(block.header());
        }
        let hash = self.block_hash(number)?;
        let parent_hash = match number.checked_sub(1) {
            Some(parent) => self.block_hash(parent)?,
            None => B256::ZERO,
        };
        Some(BlockHeader {
            number,
            hash,
            parent_hash,
            timestamp: self.timeline.at(number),
            logs_bloom: Some(LogsBloom::ZERO),
            receipts_root: None,
            extra: Extra::new(),
        })
    }

    /// The bloom that the logs of a block have: what a header that does not lie says. `None` above
    /// [`last_block`](Self::last_block).
    #[must_use]
    pub fn computed_bloom(&self, number: u64) -> Option<LogsBloom> {
        (number <= self.last).then(|| bloom_of(self.logs(number..=number)))
    }

    /// The recorded ones of these blocks.
    pub(crate) fn blocks(&self, numbers: RangeInclusive<u64>) -> &[Block] {
        let from = self
            .blocks
            .partition_point(|block| block.number < *numbers.start());
        let to = self
            .blocks
            .partition_point(|block| block.number <= *numbers.end());
        self.blocks.get(from..to).unwrap_or_default()
    }
}
