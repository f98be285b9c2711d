//! The chain behind a node: what is true.

use std::collections::HashMap;

use event_streamer_models::{B256, Log, quantity};
use serde_json::{Value, json};

use super::block::{Block, receipt};
use super::filter::Filter;
use super::lie::{Asked, Lie};

/// The most logs that a chain's history holds is bounded by the test that mines it.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) chain_id: u64,
    /// Every block that ever was.
    pub(super) blocks: HashMap<B256, Block>,
    pub(super) canonical: Vec<B256>,
    /// The node acts as if its head were this.
    pub(super) lag: Option<u64>,
    pub(super) safe: Option<u64>,
    pub(super) finalized: Option<u64>,
    /// Blocks of dead branches are not known by their hash.
    pub(super) forgets: bool,
    /// Logs carry the time of their block.
    pub(super) stamps_logs: bool,
    pub(super) has_receipts: bool,
    pub(super) salt: u64,
}

impl Chain {
    /// Without any block.
    pub(super) fn new(chain_id: u64, salt: u64) -> Self {
        Self {
            chain_id,
            blocks: HashMap::new(),
            canonical: Vec::new(),
            lag: None,
            safe: None,
            finalized: None,
            forgets: false,
            stamps_logs: true,
            has_receipts: false,
            salt,
        }
    }

    pub(super) fn mine(
        &mut self,
        first_index: u32,
        logs: impl FnOnce(u64, u64) -> Vec<Log>,
    ) -> Block {
        self.salt += 1;
        let number = self.canonical.len() as u64;
        let parent = self.canonical.last().copied().unwrap_or_default();
        let logs = logs(number, self.salt);
        let block = Block::seal(number, parent, self.salt, first_index, logs);
        self.canonical.push(block.hash);
        self.blocks.insert(block.hash, block.clone());
        block
    }

    pub(super) fn switch_to(&mut self, tip: B256) {
        let mut branch = Vec::new();
        let mut next = Some(tip);
        while let Some(block) = next.and_then(|it| self.blocks.get(&it)) {
            branch.push(block.hash);
            next = Some(block.parent);
        }
        branch.reverse();
        self.canonical = branch;
    }

    pub(super) fn block(&self, number: u64) -> &Block {
        &self.blocks[&self.canonical[number as usize]]
    }

    pub(super) fn head(&self) -> u64 {
        let head = self.canonical.len() as u64 - 1;
        self.lag.map_or(head, |lag| lag.min(head))
    }

    pub(super) fn truth(&self, asked: &Asked) -> Lie {
        let params = &asked.params;
        let hash = || -> Option<B256> { params[0].as_str()?.parse().ok() };
        match asked.method.as_str() {
            "eth_chainId" => Lie::Result(json!(quantity::format(self.chain_id))),
            "eth_blockNumber" => Lie::Result(json!(quantity::format(self.head()))),
            "eth_getBlockByNumber" => self.by_tag(params[0].as_str().unwrap_or_default()),
            "eth_getBlockByHash" => {
                let block = hash().and_then(|it| self.known(&it));
                Lie::Result(block.map_or(Value::Null, Block::to_json))
            }
            "eth_getLogs" => self.get_logs(&params[0]),
            "eth_getBlockReceipts" if self.has_receipts => {
                let block = hash().and_then(|it| self.known(&it));
                Lie::Result(block.map_or(Value::Null, |it| json!(it.receipts())))
            }
            "eth_getTransactionReceipt" if self.has_receipts => {
                let mut logs = self.canonical.iter().flat_map(|it| &self.blocks[it].logs);
                let log = logs.find(|it| Some(it.transaction_hash) == hash());
                Lie::Result(log.map_or(Value::Null, receipt))
            }
            method => Lie::Error(-32601, format!("the method {method} does not exist")),
        }
    }

    fn by_tag(&self, tag: &str) -> Lie {
        let number = match tag {
            "latest" => Some(self.head()),
            "safe" => self.safe,
            "finalized" => self.finalized,
            number => quantity::parse(number).ok(),
        };
        let Some(number) = number else {
            return Lie::Error(-39001, format!("{tag} block not found"));
        };
        let hash = self.canonical.get(number as usize);
        let hash = hash.filter(|_| number <= self.head());
        Lie::Result(hash.map_or(Value::Null, |it| self.blocks[it].to_json()))
    }

    fn known(&self, hash: &B256) -> Option<&Block> {
        let block = self.blocks.get(hash)?;
        let is_canonical = self.canonical.get(block.number as usize) == Some(hash);
        let is_known = if is_canonical {
            block.number <= self.head()
        } else {
            !self.forgets
        };
        is_known.then_some(block)
    }

    fn get_logs(&self, query: &Value) -> Lie {
        let blocks: Vec<&Block> = if let Some(hash) = query["blockHash"].as_str() {
            match hash.parse().ok().and_then(|it| self.known(&it)) {
                Some(block) => vec![block],
                None => return Lie::Error(-32000, "unknown block".to_owned()),
            }
        } else {
            let number = |key: &str| quantity::parse(query[key].as_str().unwrap()).unwrap();
            // A node answers for what it has, and says nothing about what it has not.
            let to = number("toBlock").min(self.head());
            (number("fromBlock")..=to)
                .map(|it| self.block(it))
                .collect()
        };
        let filter = Filter::read(query);
        let logs = blocks
            .into_iter()
            .flat_map(|it| it.stamped(self.stamps_logs));
        Lie::Result(json!(
            logs.filter(|it| filter.passes(it)).collect::<Vec<_>>()
        ))
    }
}
