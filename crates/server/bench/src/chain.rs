//! A chain of ERC-20 transfers whose answers are there before anybody asks.

use event_streamer_abi::keccak256;
use event_streamer_models::{Address, B256, LogsBloom, hex, quantity};
use serde_json::{Value, json};

use crate::random::Random;

/// The id of the chain.
pub const CHAIN_ID: u64 = 1_337;

/// What the logs are.
pub const EVENT: &str = "event Transfer(address indexed from, address indexed to, uint256 value)";

/// Different contracts and accounts: as many as a busy day has, not as many as there are logs.
const CONTRACTS: usize = 1_000;
const ACCOUNTS: usize = 20_000;

/// The time of block 0.
const GENESIS_TIME: u64 = 1_700_000_000;

/// Blocks 1 and up have the same number of logs each; block 0 has none.
pub struct Chain {
    /// Every log as geth writes it, each with a comma behind.
    json: Vec<u8>,
    /// Where the logs of each block end.
    ends: Vec<usize>,
    blooms: Vec<LogsBloom>,
}

/// A 20 or 32 byte value with its text and its hash, made once.
struct Word {
    text: String,
    hash: B256,
}

impl Word {
    fn topic(bytes: [u8; 32]) -> Self {
        Self {
            text: hex::encode(&bytes),
            hash: keccak256(&bytes),
        }
    }
}

impl Chain {
    /// Prepares blocks `1..=blocks` with `per_block` logs each.
    pub fn prepare(blocks: u64, per_block: u64) -> Self {
        let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
        let topic0 = Word::topic(keccak256(b"Transfer(address,address,uint256)").0);
        let contracts: Vec<(Address, B256)> = (0..CONTRACTS)
            .map(|_| Address(random.bytes()))
            .map(|it| (it, keccak256(&it.0)))
            .collect();
        let accounts: Vec<Word> = (0..ACCOUNTS)
            .map(|_| {
                let mut word = [0; 32];
                word[12..].copy_from_slice(&random.bytes::<20>());
                Word::topic(word)
            })
            .collect();
        let mut chain = Self {
            json: Vec::new(),
            ends: vec![0],
            blooms: vec![LogsBloom::ZERO],
        };
        for number in 1..=blocks {
            let mut bloom = LogsBloom::ZERO;
            bloom.insert_hash(&topic0.hash);
            for index in 0..per_block {
                let (contract, contract_hash) = &contracts[random.next() as usize % CONTRACTS];
                let from = &accounts[random.next() as usize % ACCOUNTS];
                let to = &accounts[random.next() as usize % ACCOUNTS];
                bloom.insert_hash(contract_hash);
                bloom.insert_hash(&from.hash);
                bloom.insert_hash(&to.hash);
                let value = u128::from(random.next()) << (random.next() % 24);
                let log = format!(
                    r#"{{"address":"{contract}","topics":["{}","{}","{}"],"data":"0x{value:064x}","blockNumber":"{}","transactionHash":"{}","transactionIndex":"{}","blockHash":"{}","blockTimestamp":"{}","logIndex":"{}","removed":false}},"#,
                    topic0.text,
                    from.text,
                    to.text,
                    quantity::format(number),
                    B256(random.bytes()),
                    quantity::format(index / 2),
                    hash(number),
                    quantity::format(time(number)),
                    quantity::format(index),
                );
                chain.json.extend_from_slice(log.as_bytes());
            }
            chain.ends.push(chain.json.len());
            chain.blooms.push(bloom);
        }
        chain
    }

    /// The last block.
    pub fn head(&self) -> u64 {
        self.ends.len() as u64 - 1
    }

    /// The logs of some blocks, with commas between.
    pub fn logs(&self, from: u64, to: u64) -> &[u8] {
        let to = to.min(self.head()) as usize;
        let from = from.max(1) as usize;
        if from > to {
            return &[];
        }
        let end = self.ends[to];
        &self.json[self.ends[from - 1]..end.saturating_sub(1).max(self.ends[from - 1])]
    }

    /// A block as a node gives it, without what nobody looks at.
    pub fn header(&self, number: u64) -> Value {
        let Some(bloom) = self.blooms.get(number as usize) else {
            return Value::Null;
        };
        json!({
            "number": quantity::format(number),
            "hash": hash(number),
            "parentHash": number.checked_sub(1).map_or(B256::ZERO, hash),
            "timestamp": quantity::format(time(number)),
            "logsBloom": bloom,
        })
    }
}

/// The hash of a block, which has its number in it.
pub fn hash(number: u64) -> B256 {
    let mut hash = keccak256(&number.to_be_bytes());
    hash.0[24..].copy_from_slice(&number.to_be_bytes());
    hash
}

/// The number of the block of a hash.
pub fn number(hash: &B256) -> Option<u64> {
    let (_, number) = hash.0.split_last_chunk()?;
    let number = u64::from_be_bytes(*number);
    (self::hash(number) == *hash).then_some(number)
}

fn time(number: u64) -> u64 {
    GENESIS_TIME + 12 * number
}
