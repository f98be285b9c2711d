//! Blocks for unit tests: single headers, and trees of them.

use std::collections::HashMap;
use std::sync::Arc;

use event_streamer_models::B256;

use super::ring::Header;

/// A header whose hashes are one repeated byte each.
pub(crate) fn header(number: u64, hash: u8, parent: u8) -> Arc<Header> {
    Arc::new(Header {
        number,
        hash: B256([hash; 32]),
        parent_hash: B256([parent; 32]),
        timestamp: number,
        bloom: None,
    })
}

/// Every block that ever existed, on whatever branch. Block 0 is the first; ids count up.
pub(crate) struct BlockTree {
    blocks: Vec<(usize, Arc<Header>)>,
    ids: HashMap<B256, usize>,
}

impl BlockTree {
    pub(crate) fn new() -> Self {
        let first = header(0, 0xFF, 0);
        Self {
            ids: HashMap::from([(first.hash, 0)]),
            blocks: vec![(0, first)],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.blocks.len()
    }

    pub(crate) fn mine(&mut self, parent: usize) -> usize {
        let id = self.blocks.len();
        let below = self.header(parent);
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&(id as u64).to_be_bytes());
        let block = Header {
            number: below.number + 1,
            hash: B256(hash),
            parent_hash: below.hash,
            timestamp: below.timestamp + 1,
            bloom: None,
        };
        self.ids.insert(block.hash, id);
        self.blocks.push((parent, Arc::new(block)));
        id
    }

    /// The topmost of `count` blocks mined on each other.
    pub(crate) fn mine_many(&mut self, parent: usize, count: u64) -> usize {
        (0..count).fold(parent, |tip, _| self.mine(tip))
    }

    pub(crate) fn header(&self, id: usize) -> Arc<Header> {
        self.blocks[id].1.clone()
    }

    pub(crate) fn id(&self, hash: &B256) -> usize {
        self.ids[hash]
    }

    pub(crate) fn by_hash(&self, hash: &B256) -> Arc<Header> {
        self.header(self.id(hash))
    }

    /// The block `generations` below; the first block is its own parent.
    pub(crate) fn ancestor(&self, id: usize, generations: u64) -> usize {
        (0..generations).fold(id, |id, _| self.blocks[id].0)
    }

    pub(crate) fn common_ancestor(&self, a: usize, b: usize) -> usize {
        let (mut a, mut b) = (a, b);
        while a != b {
            // Ids count up along every branch.
            if a > b {
                a = self.blocks[a].0;
            } else {
                b = self.blocks[b].0;
            }
        }
        a
    }
}
