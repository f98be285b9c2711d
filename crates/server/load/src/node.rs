//! A node whose blocks come, and are replaced, when told to: JSON-RPC over HTTP, and `newHeads`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event_streamer_abi::keccak256;
use event_streamer_models::{Address, B256, Log, LogsBloom, quantity};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

use crate::http::{self, Request};
use crate::{Error, Result};

/// The id of its chain.
pub const CHAIN: u64 = 31_337;
/// `Transfer(address,address,uint256)`.
pub const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/// The contract whose events are subscribed to.
pub const CONTRACT: Address = Address([0xaa; 20]);

struct Block {
    number: u64,
    hash: B256,
    header: Value,
    logs: Vec<Log>,
}

#[derive(Default)]
struct Chain {
    blocks: HashMap<B256, Arc<Block>>,
    canonical: Vec<Arc<Block>>,
    salt: u64,
}

struct Inner {
    chain: Mutex<Chain>,
    heads: watch::Sender<Value>,
    address: SocketAddr,
}

/// A running node; it ends with the process.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

impl Node {
    /// A node with `blocks` blocks of `logs` transfers each, below the first one 64 empty ones.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(blocks: u64, logs: u64) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let node = Self(Arc::new(Inner {
            chain: Mutex::default(),
            heads: watch::Sender::new(Value::Null),
            address: listener.local_addr()?,
        }));
        for _ in 0..64 {
            node.mine(0)?;
        }
        for _ in 0..blocks {
            node.mine(logs)?;
        }
        tokio::spawn(node.clone().accept(listener));
        Ok(node)
    }

    #[must_use]
    pub fn http_url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    #[must_use]
    pub fn websocket_url(&self) -> String {
        format!("ws://{}", self.0.address)
    }

    /// The newest block.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.chain().canonical.len() as u64 - 1
    }

    /// Mines and announces a block of so many transfers.
    ///
    /// # Errors
    /// Never: the constants are well-formed.
    pub fn mine(&self, logs: u64) -> Result<()> {
        let block = {
            let mut chain = self.chain();
            chain.salt += 1;
            let number = chain.canonical.len() as u64;
            let parent = chain.canonical.last().map_or(B256::ZERO, |it| it.hash);
            let block = Arc::new(block(number, parent, chain.salt, logs)?);
            chain.blocks.insert(block.hash, Arc::clone(&block));
            chain.canonical.push(Arc::clone(&block));
            // What nobody asks for any more.
            let lowest = number.saturating_sub(4_096);
            if number % 1_024 == 0 {
                chain.blocks.retain(|_, it| it.number >= lowest);
            }
            block
        };
        self.0.heads.send_replace(block.header.clone());
        Ok(())
    }

    /// Replaces the newest `depth` blocks by one more than that, of so many transfers each.
    ///
    /// # Errors
    /// As [`mine`](Self::mine).
    pub fn reorg(&self, depth: usize, logs: u64) -> Result<()> {
        {
            let mut chain = self.chain();
            let kept = chain.canonical.len().saturating_sub(depth).max(1);
            chain.canonical.truncate(kept);
        }
        (0..=depth).try_for_each(|_| self.mine(logs))
    }

    fn chain(&self) -> MutexGuard<'_, Chain> {
        self.0.chain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn accept(self, listener: TcpListener) {
        while let Ok((socket, _)) = listener.accept().await {
            let node = self.clone();
            // The service hangs up when it ends.
            tokio::spawn(async move { drop(node.serve(socket).await) });
        }
    }

    async fn serve(self, socket: TcpStream) -> Result<()> {
        socket.set_nodelay(true)?;
        let mut head = [0; 512];
        let length = socket.peek(&mut head).await?;
        if memchr::memmem::find(&head[..length].to_ascii_lowercase(), b"upgrade").is_some() {
            return self.announce(socket).await;
        }
        let mut socket = http::Socket::new(socket);
        while let Some(Request { body, .. }) = socket.request().await? {
            let answer = match serde_json::from_slice(&body)? {
                Value::Array(calls) => calls.iter().map(|call| self.answer(call)).collect(),
                call => self.answer(&call),
            };
            socket.respond(answer.to_string().as_bytes()).await?;
        }
        Ok(())
    }

    async fn announce(&self, socket: TcpStream) -> Result<()> {
        let mut socket = tokio_tungstenite::accept_async(socket).await?;
        let mut heads = self.0.heads.subscribe();
        loop {
            tokio::select! {
                biased;
                message = socket.next() => {
                    let Some(message) = message else { return Ok(()) };
                    if let Message::Text(text) = message? {
                        let call: Value = serde_json::from_str(&text)?;
                        let answer = json!({"jsonrpc": "2.0", "id": call["id"], "result": "0x1"});
                        socket.send(answer.to_string().into()).await?;
                    }
                }
                changed = heads.changed() => {
                    changed?;
                    let head = heads.borrow_and_update().clone();
                    let params = json!({"subscription": "0x1", "result": head});
                    let note = json!({
                        "jsonrpc": "2.0", "method": "eth_subscription", "params": params,
                    });
                    socket.send(note.to_string().into()).await?;
                }
            }
        }
    }

    fn answer(&self, call: &Value) -> Value {
        let params = &call["params"];
        let chain = self.chain();
        let result = match call["method"].as_str().unwrap_or_default() {
            "eth_chainId" => Ok(json!(quantity::format(CHAIN))),
            "eth_blockNumber" => Ok(json!(quantity::format(chain.canonical.len() as u64 - 1))),
            "eth_getBlockByNumber" => Ok(chain.by_tag(params[0].as_str().unwrap_or_default())),
            "eth_getBlockByHash" => Ok(chain
                .by_hash(&params[0])
                .map_or(Value::Null, |it| it.header.clone())),
            "eth_getLogs" => chain
                .logs(&params[0])
                .map_err(|error| (-32000, error.to_string())),
            method => Err((-32601, format!("the method {method} does not exist"))),
        };
        let id = &call["id"];
        match result {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "result": result}),
            Err((code, message)) => {
                json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
            }
        }
    }
}

impl Chain {
    fn by_tag(&self, tag: &str) -> Value {
        let head = self.canonical.len() as u64 - 1;
        let number = match tag {
            "latest" => Some(head),
            "safe" => head.checked_sub(32),
            "finalized" => head.checked_sub(64),
            "earliest" => Some(0),
            number => quantity::parse(number).ok(),
        };
        let block = number.and_then(|it| self.canonical.get(usize::try_from(it).ok()?));
        block.map_or(Value::Null, |it| it.header.clone())
    }

    fn by_hash(&self, hash: &Value) -> Option<&Arc<Block>> {
        self.blocks.get(&hash.as_str()?.parse().ok()?)
    }

    fn logs(&self, filter: &Value) -> Result<Value> {
        let blocks: Vec<_> = if filter["blockHash"].is_string() {
            vec![self.by_hash(&filter["blockHash"]).ok_or("unknown block")?]
        } else {
            let number = |key: &str| -> Result<usize> {
                let text = filter[key].as_str().ok_or("no range")?;
                Ok(usize::try_from(quantity::parse(text)?)?)
            };
            let to = number("toBlock")?.min(self.canonical.len() - 1);
            let range = number("fromBlock")?..=to;
            self.canonical
                .get(range)
                .unwrap_or_default()
                .iter()
                .collect()
        };
        // Whoever filters wants the transfers, and there is nothing else but the others' logs.
        let wanted = &filter["topics"][0];
        let wants_all = wanted.as_array().is_none_or(Vec::is_empty);
        let logs = blocks.into_iter().flat_map(|it| &it.logs);
        let logs = logs.filter(|log| wants_all || log.address == CONTRACT);
        serde_json::to_value(logs.collect::<Vec<_>>()).map_err(Error::from)
    }
}

fn block(number: u64, parent: B256, salt: u64, transfers: u64) -> Result<Block> {
    let hash = keccak256(&[&parent.0[..], &salt.to_be_bytes()].concat());
    let timestamp = 1_700_000_000 + 2 * number;
    let mut bloom = LogsBloom::ZERO;
    let mut logs = Vec::new();
    // Two logs that concern nobody.
    for index in 0..u32::try_from(transfers)? + 2 {
        let concerns = u64::from(index) < transfers;
        let topic0 = if concerns {
            TRANSFER.parse()?
        } else {
            B256([0x11; 32])
        };
        let address = if concerns {
            CONTRACT
        } else {
            Address([0xbb; 20])
        };
        let from = keccak256(&index.to_be_bytes());
        let mut padded = [0; 32];
        padded[12..].copy_from_slice(&from.0[12..]);
        let log = Log {
            address,
            topics: vec![topic0, B256(padded), B256(padded)],
            data: from.0.to_vec().into(),
            block_number: number,
            block_hash: Some(hash),
            log_index: index,
            transaction_hash: keccak256(&[&hash.0[..], &index.to_be_bytes()].concat()),
            block_timestamp: Some(timestamp),
            ..Log::default()
        };
        bloom.insert_hash(&keccak256(&log.address.0));
        for topic in &log.topics {
            bloom.insert_hash(&keccak256(&topic.0));
        }
        logs.push(log);
    }
    let header = json!({
        "number": quantity::format(number), "hash": hash, "parentHash": parent,
        "timestamp": quantity::format(timestamp), "logsBloom": bloom, "transactions": [],
    });
    Ok(Block {
        number,
        hash,
        header,
        logs,
    })
}
