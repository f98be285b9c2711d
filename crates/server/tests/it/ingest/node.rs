//! A JSON-RPC node whose chain and whose lies are written by the test.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};
use axum::routing::post;
use event_streamer_abi::keccak256;
use event_streamer_models::{Address, B256, BlockRef, HexBytes, Log, LogsBloom, quantity};
use event_streamer_server::ingest::LogFilter;
use event_streamer_server::rpc::RpcUrl;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::fold::soon;

pub(crate) const CHAIN_ID: u64 = 1337;

/// One block of one branch.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    pub(crate) hash: B256,
    pub(crate) parent: B256,
    pub(crate) bloom: LogsBloom,
    pub(crate) logs: Vec<Log>,
}

impl Block {
    pub(crate) fn at(&self) -> BlockRef {
        BlockRef {
            number: self.number,
            hash: self.hash,
        }
    }

    /// The time of every block follows from its number.
    pub(crate) fn timestamp(&self) -> u64 {
        1_700_000_000 + self.number * 12
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "number": quantity::format(self.number), "hash": self.hash, "parentHash": self.parent,
            "timestamp": quantity::format(self.timestamp()), "logsBloom": self.bloom,
            "transactions": self.logs.iter().map(|it| it.transaction_hash).collect::<Vec<_>>(),
        })
    }

    /// The receipts: each log is one of a transaction of its own.
    fn receipts(&self) -> Vec<Value> {
        self.logs.iter().map(receipt).collect()
    }
}

fn receipt(log: &Log) -> Value {
    json!({ "transactionHash": log.transaction_hash, "status": "0x1", "logs": [log] })
}

/// What is asked of the node.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) params: Value,
}

impl Asked {
    /// First and last block of an `eth_getLogs` by range.
    pub(crate) fn range(&self) -> Option<(u64, u64)> {
        let number = |key: &str| quantity::parse(self.params[0][key].as_str()?).ok();
        (self.method == "eth_getLogs").then_some((number("fromBlock")?, number("toBlock")?))
    }

    /// The block of an `eth_getLogs` by hash.
    pub(crate) fn pinned(&self) -> Option<B256> {
        let hash = self.params[0]["blockHash"].as_str()?;
        (self.method == "eth_getLogs").then(|| hash.parse().unwrap())
    }
}

/// What a lie makes of a call, instead of the truth.
#[derive(Clone, Debug)]
pub(crate) enum Lie {
    Result(Value),
    Error(i64, String),
    /// An HTTP answer that is no JSON-RPC.
    Status(u16, &'static str),
    /// Status 429 with a `Retry-After` in seconds.
    Busy(u32),
    /// No answer at all.
    Silence,
    /// The item is missing from its batch.
    Omit,
}

/// Gets each call, with the answer that would be true.
type Script = Box<dyn FnMut(&Asked, &Value) -> Option<Lie> + Send>;

struct Chain {
    chain_id: u64,
    /// Every block that ever was.
    blocks: HashMap<B256, Block>,
    canonical: Vec<B256>,
    /// The node acts as if its head were this.
    lag: Option<u64>,
    safe: Option<u64>,
    finalized: Option<u64>,
    /// Blocks of dead branches are not known by their hash.
    forgets: bool,
    /// Logs carry the time of their block.
    stamps_logs: bool,
    takes_batches: bool,
    has_receipts: bool,
    /// Asked for a block it has not got, it lets another call go first.
    dawdles: bool,
    salt: u64,
    scripts: Vec<Script>,
    asked: Vec<Asked>,
}

struct Inner {
    chain: Mutex<Chain>,
    /// How often the head was asked for.
    polls: watch::Sender<u64>,
    /// How often anything was asked for.
    calls: watch::Sender<u64>,
}

/// A running node. Ends with the last clone.
#[derive(Clone)]
pub(crate) struct Node {
    inner: Arc<Inner>,
    address: SocketAddr,
    _server: Arc<Abort>,
}

struct Abort(JoinHandle<()>);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Node {
    /// A node with block 0 alone, which is the same one for all nodes.
    pub(crate) async fn start() -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// A node with a block 0 that no other node has.
    pub(crate) async fn start_other() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let salt = listener.local_addr().unwrap().port().into();
        Self::salted(listener, salt)
    }

    pub(crate) fn listen(listener: TcpListener) -> Self {
        Self::salted(listener, 0)
    }

    fn salted(listener: TcpListener, salt: u64) -> Self {
        let chain = Chain {
            chain_id: CHAIN_ID,
            blocks: HashMap::new(),
            canonical: Vec::new(),
            lag: None,
            safe: None,
            finalized: None,
            forgets: false,
            stamps_logs: true,
            takes_batches: true,
            has_receipts: false,
            dawdles: false,
            salt,
            scripts: Vec::new(),
            asked: Vec::new(),
        };
        let inner = Arc::new(Inner {
            chain: Mutex::new(chain),
            polls: watch::Sender::new(0),
            calls: watch::Sender::new(0),
        });
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .fallback(post(serve))
            .with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let node = Self {
            inner,
            address,
            _server: Arc::new(Abort(server)),
        };
        node.mine(1);
        node
    }

    pub(crate) fn url(&self) -> RpcUrl {
        format!("http://{}/v3/0123456789abcdef", self.address)
            .parse()
            .unwrap()
    }

    fn chain(&self) -> MutexGuard<'_, Chain> {
        self.inner.chain.lock().unwrap()
    }

    /// Mines blocks with a few logs each.
    pub(crate) fn mine(&self, count: u64) {
        for _ in 0..count {
            self.mine_with(some_logs);
        }
    }

    /// Mines a block whose logs are made from its number and a number no other block has.
    pub(crate) fn mine_with(&self, logs: impl FnOnce(u64, u64) -> Vec<Log>) -> Block {
        let mut chain = self.chain();
        chain.salt += 1;
        let (number, salt) = (chain.canonical.len() as u64, chain.salt);
        let parent = chain.canonical.last().copied().unwrap_or_default();
        let hash = keccak256(&[&parent.0[..], &salt.to_be_bytes()].concat());
        let mut block = Block {
            number,
            hash,
            parent,
            bloom: LogsBloom::ZERO,
            logs: logs(number, salt),
        };
        for (log, index) in block.logs.iter_mut().zip(0..) {
            log.block_number = number;
            log.block_hash = Some(hash);
            log.log_index = index;
            log.transaction_hash = keccak256(&[&hash.0[..], &[index as u8]].concat());
            block.bloom.insert_hash(&keccak256(&log.address.0));
            for topic in &log.topics {
                block.bloom.insert_hash(&keccak256(&topic.0));
            }
        }
        chain.canonical.push(hash);
        chain.blocks.insert(hash, block.clone());
        block
    }

    /// Replaces the top `depth` blocks by `count` others. Gives the last common block.
    pub(crate) fn reorg(&self, depth: u64, count: u64) -> BlockRef {
        let mut chain = self.chain();
        let len = chain.canonical.len() - depth as usize;
        chain.canonical.truncate(len);
        drop(chain);
        let fork = self.head();
        self.mine(count);
        fork
    }

    /// Makes a block that exists the head again.
    pub(crate) fn switch_to(&self, tip: B256) {
        let mut chain = self.chain();
        let mut branch = Vec::new();
        let mut next = Some(tip);
        while let Some(block) = next.and_then(|it| chain.blocks.get(&it)) {
            branch.push(block.hash);
            next = Some(block.parent);
        }
        branch.reverse();
        chain.canonical = branch;
    }

    pub(crate) fn head(&self) -> BlockRef {
        let number = self.chain().canonical.len() as u64 - 1;
        self.block(number).at()
    }

    /// The canonical block of a number.
    pub(crate) fn block(&self, number: u64) -> Block {
        let chain = self.chain();
        chain.blocks[&chain.canonical[number as usize]].clone()
    }

    /// The canonical logs of some blocks that pass a filter, as they should arrive.
    pub(crate) fn logs(&self, filter: &LogFilter, from: u64, to: u64) -> Vec<Log> {
        let blocks = (from..=to).map(|it| self.block(it));
        let stamped = blocks.flat_map(|block| {
            let time = block.timestamp();
            block.logs.into_iter().map(move |log| Log {
                block_timestamp: Some(time),
                ..log
            })
        });
        stamped.filter(|it| filter.matches(it)).collect()
    }

    /// Takes over the chain of another node as it is now.
    pub(crate) fn copy(&self, other: &Node) {
        let (blocks, canonical) = {
            let chain = other.chain();
            (chain.blocks.clone(), chain.canonical.clone())
        };
        let mut chain = self.chain();
        (chain.blocks, chain.canonical) = (blocks, canonical);
        // Blocks mined here from now on are none of the other's.
        chain.salt += 1_000_000;
    }

    pub(crate) fn set_chain_id(&self, chain_id: u64) {
        self.chain().chain_id = chain_id;
    }

    pub(crate) fn set_lag(&self, head: Option<u64>) {
        self.chain().lag = head;
    }

    pub(crate) fn set_finality(&self, safe: Option<u64>, finalized: Option<u64>) {
        let mut chain = self.chain();
        (chain.safe, chain.finalized) = (safe, finalized);
    }

    pub(crate) fn forget_dead_branches(&self) {
        self.chain().forgets = true;
    }

    pub(crate) fn stamp_no_logs(&self) {
        self.chain().stamps_logs = false;
    }

    /// From now on calls for blocks that the node lacks are overtaken by others.
    pub(crate) fn dawdle(&self) {
        self.chain().dawdles = true;
    }

    pub(crate) fn refuse_batches(&self) {
        self.chain().takes_batches = false;
    }

    pub(crate) fn have_receipts(&self) {
        self.chain().has_receipts = true;
    }

    /// Lets a script look at every call from now on; the first one that lies is believed.
    pub(crate) fn script(
        &self,
        script: impl FnMut(&Asked, &Value) -> Option<Lie> + Send + 'static,
    ) {
        self.chain().scripts.push(Box::new(script));
    }

    /// From now on the truth.
    pub(crate) fn be_honest(&self) {
        self.chain().scripts.clear();
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.chain().asked.clone()
    }

    /// How many calls of a kind were made so far.
    pub(crate) fn count(&self, of: impl Fn(&Asked) -> bool) -> usize {
        self.chain().asked.iter().filter(|it| of(it)).count()
    }

    /// Waits until the head was asked for `count` more times.
    pub(crate) async fn polled(&self, count: u64) {
        grown(&self.inner.polls, count).await;
    }

    /// Waits until `count` more calls were made, of any kind.
    pub(crate) async fn asked_times(&self, count: u64) {
        grown(&self.inner.calls, count).await;
    }
}

async fn grown(counter: &watch::Sender<u64>, count: u64) {
    let mut counter = counter.subscribe();
    let goal = *counter.borrow() + count;
    soon("a call", counter.wait_for(|it| *it >= goal))
        .await
        .unwrap();
}

/// Up to three logs of few contracts and topics, so that filters have something to choose from.
pub(crate) fn some_logs(number: u64, salt: u64) -> Vec<Log> {
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

async fn serve(State(inner): State<Arc<Inner>>, body: Bytes) -> Response<Body> {
    let request: Value = serde_json::from_slice(&body).unwrap();
    let (calls, is_batch) = match request {
        Value::Array(calls) => (calls, true),
        call => (vec![call], false),
    };
    if is_batch && !inner.chain.lock().unwrap().takes_batches {
        let error = json!({ "id": null, "error": { "code": -32600, "message": "no batches" } });
        return reply(StatusCode::OK, error.to_string());
    }
    let mut answers = Vec::new();
    for call in calls {
        let asked = Asked {
            method: call["method"].as_str().unwrap().to_owned(),
            params: call["params"].clone(),
        };
        let is_overtaken = inner.chain.lock().unwrap().is_overtaken(&asked);
        if is_overtaken {
            grown(&inner.calls, 1).await;
        }
        let answer = inner.chain.lock().unwrap().answer(&asked);
        inner.calls.send_modify(|it| *it += 1);
        if asked.method == "eth_getBlockByNumber" && asked.params[0] == "latest" {
            inner.polls.send_modify(|it| *it += 1);
        }
        let id = &call["id"];
        answers.push(match answer {
            Lie::Result(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
            Lie::Error(code, message) => {
                json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
            }
            Lie::Status(status, body) => {
                return reply(StatusCode::from_u16(status).unwrap(), body.to_owned());
            }
            Lie::Busy(seconds) => {
                let mut response = reply(StatusCode::TOO_MANY_REQUESTS, String::new());
                response.headers_mut().insert("retry-after", seconds.into());
                return response;
            }
            Lie::Silence => {
                tokio::time::sleep(Duration::from_secs(3_600)).await;
                continue;
            }
            Lie::Omit => continue,
        });
    }
    // The order of a batch's answers is nobody's promise.
    answers.reverse();
    let body = if is_batch {
        Value::Array(answers)
    } else {
        answers.remove(0)
    };
    reply(StatusCode::OK, body.to_string())
}

fn reply(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response
}

impl Chain {
    fn answer(&mut self, asked: &Asked) -> Lie {
        self.asked.push(asked.clone());
        let truth = self.truth(asked);
        let mut scripts = std::mem::take(&mut self.scripts);
        let shown = if let Lie::Result(value) = &truth {
            value
        } else {
            &Value::Null
        };
        let lie = scripts.iter_mut().find_map(|script| script(asked, shown));
        self.scripts = scripts;
        lie.unwrap_or(truth)
    }

    fn is_overtaken(&self, asked: &Asked) -> bool {
        let is_block = asked.method == "eth_getBlockByNumber";
        self.dawdles && is_block && matches!(self.truth(asked), Lie::Result(Value::Null))
    }

    fn truth(&self, asked: &Asked) -> Lie {
        let params = &asked.params;
        match asked.method.as_str() {
            "eth_chainId" => Lie::Result(json!(quantity::format(self.chain_id))),
            "eth_blockNumber" => Lie::Result(json!(quantity::format(self.head()))),
            "eth_getBlockByNumber" => self.by_tag(params[0].as_str().unwrap()),
            "eth_getBlockByHash" => {
                let hash = params[0].as_str().unwrap().parse().unwrap();
                Lie::Result(self.known(&hash).map_or(Value::Null, Block::to_json))
            }
            "eth_getLogs" => self.get_logs(&params[0]),
            "eth_getBlockReceipts" if self.has_receipts => {
                let hash = params[0].as_str().unwrap().parse().unwrap();
                Lie::Result(
                    self.known(&hash)
                        .map_or(Value::Null, |it| json!(it.receipts())),
                )
            }
            "eth_getTransactionReceipt" if self.has_receipts => {
                let hash: B256 = params[0].as_str().unwrap().parse().unwrap();
                let mut logs = self.canonical.iter().flat_map(|it| &self.blocks[it].logs);
                let log = logs.find(|it| it.transaction_hash == hash);
                Lie::Result(log.map_or(Value::Null, receipt))
            }
            method => Lie::Error(-32601, format!("the method {method} does not exist")),
        }
    }

    fn head(&self) -> u64 {
        let head = self.canonical.len() as u64 - 1;
        self.lag.map_or(head, |lag| lag.min(head))
    }

    fn by_tag(&self, tag: &str) -> Lie {
        let number = match tag {
            "latest" => Some(self.head()),
            "safe" => self.safe,
            "finalized" => self.finalized,
            number => quantity::parse(number).ok(),
        };
        match number {
            None => Lie::Error(-39001, format!("{tag} block not found")),
            Some(number) => {
                let hash = self
                    .canonical
                    .get(number as usize)
                    .filter(|_| number <= self.head());
                Lie::Result(hash.map_or(Value::Null, |it| self.blocks[it].to_json()))
            }
        }
    }

    fn known(&self, hash: &B256) -> Option<&Block> {
        let block = self.blocks.get(hash)?;
        let is_canonical = self.canonical.get(block.number as usize) == Some(hash);
        (if is_canonical {
            block.number <= self.head()
        } else {
            !self.forgets
        })
        .then_some(block)
    }

    fn get_logs(&self, filter: &Value) -> Lie {
        let blocks: Vec<&Block> = if let Some(hash) = filter["blockHash"].as_str() {
            match self.known(&hash.parse().unwrap()) {
                Some(block) => vec![block],
                None => return Lie::Error(-32000, "unknown block".to_owned()),
            }
        } else {
            let number = |key: &str| quantity::parse(filter[key].as_str().unwrap()).unwrap();
            // A node answers for what it has, and says nothing about what it has not.
            let to = number("toBlock").min(self.head());
            let hashes = (number("fromBlock")..=to).map(|it| &self.canonical[it as usize]);
            hashes.map(|it| &self.blocks[it]).collect()
        };
        let filter = read_filter(filter);
        let logs = blocks.into_iter().flat_map(|block| {
            let time = self.stamps_logs.then(|| block.timestamp());
            block.logs.iter().map(move |log| Log {
                block_timestamp: time,
                ..log.clone()
            })
        });
        Lie::Result(json!(
            logs.filter(|it| filter.matches(it)).collect::<Vec<Log>>()
        ))
    }
}

fn read_filter(filter: &Value) -> LogFilter {
    let mut read = LogFilter::default();
    if let Some(addresses) = filter["address"].as_array() {
        read.addresses = addresses
            .iter()
            .map(|it| it.as_str().unwrap().parse().unwrap())
            .collect();
    }
    for (position, topics) in filter["topics"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let topics = topics.as_array().into_iter().flatten();
        read.topics[position] = topics
            .map(|it| it.as_str().unwrap().parse().unwrap())
            .collect();
    }
    read
}
