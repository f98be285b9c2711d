//! A node whose answers are in memory, over HTTP.

use std::io::BufReader;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use event_streamer_models::{B256, quantity};
use serde_json::{Value, json};

use crate::chain::{self, CHAIN_ID, Chain};
use crate::{Result, http};

/// How far finality is behind the head.
const UNFINAL: u64 = 64;

/// A chain, and how far it has grown.
pub struct Node {
    pub chain: Chain,
    head: AtomicU64,
    /// Whether everything is final.
    is_history: bool,
}

impl Node {
    /// All of a chain, long ago.
    pub fn history(chain: Chain) -> Arc<Self> {
        let head = AtomicU64::new(chain.head());
        Arc::new(Self {
            chain,
            head,
            is_history: true,
        })
    }

    /// A chain that is at this block.
    pub fn at(chain: Chain, head: u64) -> Arc<Self> {
        Arc::new(Self {
            chain,
            head: AtomicU64::new(head),
            is_history: false,
        })
    }

    /// The head is another one now.
    pub fn set_head(&self, head: u64) {
        self.head.store(head, Ordering::Release);
    }

    fn head(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Serves on a free port of the loopback until the process ends.
    ///
    /// # Errors
    ///
    /// If there is no port.
    pub fn listen(self: &Arc<Self>) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let node = Arc::clone(self);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let node = Arc::clone(&node);
                // A client that has seen enough hangs up: that is how most connections end.
                thread::spawn(move || drop(node.serve(&socket)));
            }
        });
        Ok(address)
    }

    fn serve(&self, socket: &TcpStream) -> Result<()> {
        socket.set_nodelay(true)?;
        let mut input = BufReader::new(socket);
        while let Some(body) = http::read_request(&mut input)? {
            let request: Value = serde_json::from_slice(&body)?;
            if let Some((id, from, to)) = self.asked_logs(&request) {
                let before = format!(r#"{{"jsonrpc":"2.0","id":{id},"result":["#);
                http::answer(
                    socket,
                    &[
                        before.as_bytes(),
                        self.chain.logs(from, to.min(self.head())),
                        b"]}",
                    ],
                )?;
                continue;
            }
            let answer = match &request {
                Value::Array(calls) => calls.iter().map(|it| self.answer(it)).collect(),
                call => self.answer(call),
            };
            http::answer(socket, &[answer.to_string().as_bytes()])?;
        }
        Ok(())
    }

    /// The id of a single `eth_getLogs`, and its blocks.
    fn asked_logs<'a>(&self, request: &'a Value) -> Option<(&'a Value, u64, u64)> {
        if request["method"] != "eth_getLogs" {
            return None;
        }
        let filter = &request["params"][0];
        let (from, to) = match filter["blockHash"].as_str() {
            Some(hash) => {
                let number = chain::number(&hash.parse::<B256>().ok()?)?;
                (number, number)
            }
            None => (
                self.block_of(&filter["fromBlock"])?,
                self.block_of(&filter["toBlock"])?,
            ),
        };
        Some((&request["id"], from, to))
    }

    fn answer(&self, call: &Value) -> Value {
        let first = &call["params"][0];
        let result = match call["method"].as_str().unwrap_or_default() {
            "eth_chainId" => json!(quantity::format(CHAIN_ID)),
            "eth_blockNumber" => json!(quantity::format(self.head())),
            "eth_getBlockByNumber" => self
                .block_of(first)
                .map_or(Value::Null, |it| self.header(it)),
            "eth_getBlockByHash" => first
                .as_str()
                .and_then(|it| chain::number(&it.parse().ok()?))
                .map_or(Value::Null, |it| self.header(it)),
            other => {
                let error = json!({"code": -32601, "message": format!("no method {other}")});
                return json!({"jsonrpc": "2.0", "id": call["id"], "error": error});
            }
        };
        json!({"jsonrpc": "2.0", "id": call["id"], "result": result})
    }

    /// The number that a tag means.
    fn block_of(&self, tag: &Value) -> Option<u64> {
        let head = self.head();
        match tag.as_str()? {
            "latest" => Some(head),
            "safe" | "finalized" if self.is_history => Some(head),
            "safe" | "finalized" => Some(head.saturating_sub(UNFINAL)),
            "earliest" => Some(0),
            number => quantity::parse(number).ok(),
        }
    }

    fn header(&self, number: u64) -> Value {
        match number <= self.head() {
            true => self.chain.header(number),
            false => Value::Null,
        }
    }
}
