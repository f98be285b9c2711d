//! One block of one branch.

use event_streamer_models::{Address, B256, BlockRef, HexBytes, Log, LogsBloom, quantity};
use event_streamer_replay::bloom_of;
use serde_json::{Value, json};

/// A block of a [`SimNode`](super::SimNode), on whatever branch.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its number.
    pub number: u64,
    /// Its hash, which no other block has.
    pub hash: B256,
    /// The hash of the block below.
    pub parent: B256,
    /// The bloom of its logs.
    pub bloom: LogsBloom,
    /// Its logs, without the block's time.
    pub logs: Vec<Log>,
}

impl Block {
    /// Puts logs into a block: they get its number and hash, indexes from `first_index` on, and a
    /// transaction each.
    pub(super) fn seal(
        number: u64,
        parent: B256,
        salt: u64,
        first_index: u32,
        mut logs: Vec<Log>,
    ) -> Self {
        let hash = mixed(&parent, salt);
        for (log, index) in logs.iter_mut().zip(first_index..=u32::MAX) {
            log.block_number = number;
            log.block_hash = Some(hash);
            log.log_index = index;
            log.transaction_hash = mixed(&hash, u64::from(index));
        }
        let bloom = bloom_of(&logs);
        Self {
            number,
            hash,
            parent,
            bloom,
            logs,
        }
    }

    /// Number and hash.
    #[must_use]
    pub fn at(&self) -> BlockRef {
        BlockRef {
            number: self.number,
            hash: self.hash,
        }
    }

    /// Seconds since 1970; follows from the number.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        1_700_000_000 + self.number * 12
    }

    /// The block as `eth_getBlockByNumber` gives it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "number": quantity::format(self.number), "hash": self.hash, "parentHash": self.parent,
            "timestamp": quantity::format(self.timestamp()), "logsBloom": self.bloom,
            "transactions": self.logs.iter().map(|it| it.transaction_hash).collect::<Vec<_>>(),
        })
    }

    /// The receipts: each log is one of a transaction of its own.
    pub(super) fn receipts(&self) -> Vec<Value> {
        self.logs.iter().map(receipt).collect()
    }

    /// The logs as `eth_getLogs` gives them.
    pub(super) fn stamped(&self, stamps: bool) -> impl Iterator<Item = Log> {
        let time = stamps.then(|| self.timestamp());
        self.logs.iter().map(move |log| Log {
            block_timestamp: time,
            ..log.clone()
        })
    }
}

pub(super) fn receipt(log: &Log) -> Value {
    json!({ "transactionHash": log.transaction_hash, "status": "0x1", "logs": [log] })
}

/// Up to three logs of few contracts and topics, so that filters have something to choose from.
#[must_use]
pub fn some_logs(number: u64, salt: u64) -> Vec<Log> {
    (0..(salt * 7 + number) % 4)
        .map(|index| Log {
            address: Address([(salt + index) as u8 % 3; 20]),
            topics: vec![
                B256([((salt / 2 + index) % 3) as u8 + 1; 32]),
                B256([salt as u8; 32]),
            ],
            data: HexBytes(salt.to_be_bytes().to_vec()),
            ..Log::default()
        })
        .collect()
}

/// Another hash for each pair (splitmix64 over the words of the first).
fn mixed(seed: &B256, salt: u64) -> B256 {
    let mut state = salt;
    let mut next = |word: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ word;
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= z;
        z ^ (z >> 31)
    };
    // Twice over, so that the first word depends on the last one too.
    let words = || seed.0.chunks_exact(8).map(word_of);
    words().for_each(|word| _ = next(word));
    let mut hash = [0; 32];
    for (part, word) in hash.chunks_exact_mut(8).zip(words()) {
        part.copy_from_slice(&next(word).to_be_bytes());
    }
    B256(hash)
}

fn word_of(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |word, byte| word << 8 | u64::from(*byte))
}
