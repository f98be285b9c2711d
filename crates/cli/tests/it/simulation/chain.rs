//! The chain of a simulation, and what a node says about it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use event_streamer::abi::keccak256;
use event_streamer::models::{Address, B256, Log, LogsBloom, quantity};
use event_streamer_testkit::{Random, Record};
use serde_json::{Value, json};

pub(super) const CHAIN_ID: u64 = 31_337;

/// `Transfer(address,address,uint256)`.
const TOPIC0: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

/// So deep a block is final. No reorg goes there.
const FINAL_AT: u64 = 12;

/// Every block that ever was, and which of them count. Clones are the same chain.
#[derive(Clone)]
pub(super) struct Chain(Arc<Mutex<State>>);

struct State {
    blocks: HashMap<B256, Block>,
    canonical: Vec<B256>,
    random: Random,
}

struct Block {
    number: u64,
    hash: B256,
    parent: B256,
    bloom: LogsBloom,
    logs: Vec<Log>,
}

impl Chain {
    /// A chain of block 0.
    pub(super) fn new(seed: u64) -> Self {
        let chain = Self(Arc::new(Mutex::new(State {
            blocks: HashMap::new(),
            canonical: Vec::new(),
            random: Random::new(seed),
        })));
        chain.mine(0);
        chain
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A block with some events, or none.
    pub(super) fn mine_some(&self) {
        let events = self.state().random.below(4) as u32;
        self.mine(events);
    }

    /// A block with so many events.
    pub(super) fn mine(&self, events: u32) {
        self.state().mine(events);
    }

    /// The last `depth` blocks give way to others, and one more.
    pub(super) fn reorg(&self, depth: u64) {
        let mut state = self.state();
        let kept = (state.canonical.len() as u64).saturating_sub(depth).max(1);
        let undone = state.canonical.len() as u64 - kept;
        state.canonical.truncate(kept as usize);
        for _ in 0..=undone {
            let events = state.random.below(4) as u32;
            state.mine(events);
        }
    }

    pub(super) fn head(&self) -> u64 {
        self.state().head()
    }

    /// Every event that counts, in order.
    pub(super) fn records(&self) -> Vec<Record> {
        let state = self.state();
        let blocks = state.canonical.iter().map(|hash| &state.blocks[hash]);
        let logs = blocks.flat_map(|block| &block.logs);
        logs.map(|log| Record::of_log(CHAIN_ID, log)).collect()
    }

    /// The answer to a JSON-RPC request, single or batch.
    pub(super) fn answer(&self, request: &Value) -> Value {
        match request.as_array() {
            Some(calls) => calls.iter().map(|call| self.answer_one(call)).collect(),
            None => self.answer_one(request),
        }
    }

    fn answer_one(&self, call: &Value) -> Value {
        let method = call["method"].as_str().unwrap_or_default();
        match self.state().result(method, &call["params"]) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": call["id"], "result": result}),
            Err((code, message)) => json!({
                "jsonrpc": "2.0", "id": call["id"], "error": {"code": code, "message": message},
            }),
        }
    }
}

impl State {
    fn head(&self) -> u64 {
        self.canonical.len() as u64 - 1
    }

    fn mine(&mut self, events: u32) {
        let number = self.canonical.len() as u64;
        let parent = self.canonical.last().copied().unwrap_or_default();
        let hash = keccak256(&[&parent.0[..], &self.random.number().to_be_bytes()].concat());
        let logs: Vec<Log> = (0..events)
            .map(|index| transfer(number, hash, index))
            .collect();
        let mut bloom = LogsBloom::ZERO;
        for log in &logs {
            bloom.insert_hash(&keccak256(&log.address.0));
            for topic in &log.topics {
                bloom.insert_hash(&keccak256(&topic.0));
            }
        }
        let block = Block {
            number,
            hash,
            parent,
            bloom,
            logs,
        };
        self.blocks.insert(hash, block);
        self.canonical.push(hash);
    }

    fn result(&self, method: &str, params: &Value) -> Result<Value, (i64, String)> {
        let hash = |text: &Value| -> Option<B256> { text.as_str()?.parse().ok() };
        match method {
            "eth_chainId" => Ok(json!(quantity::format(CHAIN_ID))),
            "eth_blockNumber" => Ok(json!(quantity::format(self.head()))),
            "eth_getBlockByNumber" => {
                let number = self.number(&params[0]);
                let found = number.and_then(|number| self.canonical.get(number as usize));
                Ok(found.map_or(Value::Null, |hash| self.blocks[hash].to_json()))
            }
            "eth_getBlockByHash" => {
                let found = hash(&params[0]).and_then(|hash| self.blocks.get(&hash));
                Ok(found.map_or(Value::Null, Block::to_json))
            }
            "eth_getLogs" => {
                let filter = &params[0];
                let blocks: Vec<&Block> = match hash(&filter["blockHash"]) {
                    Some(hash) => match self.blocks.get(&hash) {
                        Some(block) => vec![block],
                        None => return Err((-32_000, "unknown block".to_owned())),
                    },
                    None => self.range(filter),
                };
                let logs = blocks.into_iter().flat_map(|block| &block.logs);
                Ok(json!(logs.collect::<Vec<_>>()))
            }
            _ => Err((-32_601, format!("the method {method} does not exist"))),
        }
    }

    fn range(&self, filter: &Value) -> Vec<&Block> {
        let number = |key: &str| self.number(&filter[key]).unwrap_or_default();
        let to = number("toBlock").min(self.head());
        (number("fromBlock")..=to)
            .map(|number| &self.blocks[&self.canonical[number as usize]])
            .collect()
    }

    fn number(&self, tag: &Value) -> Option<u64> {
        match tag.as_str()? {
            "latest" => Some(self.head()),
            "safe" | "finalized" => Some(self.head().saturating_sub(FINAL_AT)),
            number => quantity::parse(number).ok(),
        }
    }
}

impl Block {
    fn to_json(&self) -> Value {
        json!({
            "number": quantity::format(self.number), "hash": self.hash, "parentHash": self.parent,
            "timestamp": quantity::format(1_700_000_000 + self.number), "logsBloom": self.bloom,
            "transactions": [self.hash],
        })
    }
}

fn transfer(number: u64, block_hash: B256, log_index: u32) -> Log {
    let mut data = [0; 32];
    data[28..].copy_from_slice(&log_index.to_be_bytes());
    Log {
        address: Address([0xaa; 20]),
        topics: vec![TOPIC0.parse().unwrap(), B256([0; 32]), B256([0; 32])],
        data: data.to_vec().into(),
        block_number: number,
        block_hash: Some(block_hash),
        block_timestamp: Some(1_700_000_000 + number),
        transaction_hash: block_hash,
        log_index,
        ..Log::default()
    }
}
