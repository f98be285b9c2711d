//! How long a block takes from the node's announcement to the handler: `head BLOCKS MILLISECONDS
//! LOGS_PER_BLOCK` announces so many blocks, so far apart, to the service and to a bare `logs`
//! subscription, and prints a line for each of the two: its name and the 50th, 99th and 100th
//! percentile in microseconds.
//!
//! All in one process, so that there is one clock; node, service and consumers have threads of
//! their own.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use event_streamer_client::{Compression, EventStreamer, StreamingOptions};
use event_streamer_models::{ChainId, StartBlock, SubscriptionCreate, quantity};
use event_streamer_server::{ChainConfig, DatabaseConfig, MemoryDatabase, Service, ServiceConfig};
use event_streamer_server_bench::chain::{self, CHAIN_ID, Chain};
use event_streamer_server_bench::node::Node;
use event_streamer_server_bench::{Result, contender};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

/// The chain is so long before the first block that counts.
const BEFORE: u64 = 100;
/// How long everybody has to get ready, and to hear the last block.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who heard of a block, and when.
type Heard = mpsc::Sender<(&'static str, u64, Instant)>;

/// The node's WebSockets, by what they subscribed to.
#[derive(Default)]
struct Sockets(Mutex<Vec<(String, WebSocket<TcpStream>)>>);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [blocks, milliseconds, per_block] = arguments.as_slice() else {
        return Err("usage: head BLOCKS MILLISECONDS LOGS_PER_BLOCK".into());
    };
    let (blocks, per_block): (u64, u64) = (blocks.parse()?, per_block.parse()?);
    let apart = Duration::from_millis(milliseconds.parse()?);
    let node = Node::at(Chain::prepare(BEFORE + blocks, per_block), BEFORE);
    let (http, sockets) = (node.listen()?, Arc::new(Sockets::default()));
    let websocket = sockets.listen()?;
    let (heard, hearing) = mpsc::channel();
    bare(websocket, per_block, heard.clone())?;
    thread::spawn(move || {
        if let Err(error) = service(http, websocket, heard) {
            contender::say(&format!("the service: {error}"));
        }
    });
    sockets.wait_for(&["newHeads", "logs"])?;
    // The stream is not open as soon as the service listens to the node.
    hearing.recv_timeout(PATIENCE)?;
    let mut announced = HashMap::new();
    for number in BEFORE + 1..=BEFORE + blocks {
        thread::sleep(apart);
        node.set_head(number);
        for (who, at) in sockets.announce(&node.chain, number)? {
            announced.insert((who, number), at);
        }
    }
    let mut latencies: HashMap<&str, Vec<Duration>> = HashMap::new();
    while latencies.values().map(Vec::len).sum::<usize>() < 2 * usize::try_from(blocks)? {
        let (who, number, at) = hearing.recv_timeout(PATIENCE)?;
        if let Some(announced) = announced.get(&(who, number)) {
            latencies.entry(who).or_default().push(at - *announced);
        }
    }
    for who in ["bare", "service"] {
        let latencies = latencies.entry(who).or_default();
        latencies.sort_unstable();
        let at = |percent: usize| latencies[(latencies.len() - 1) * percent / 100].as_micros();
        contender::say(&format!("{who} {} {} {}", at(50), at(99), at(100)));
    }
    Ok(())
}

/// The service, and a handler of its stream.
fn service(http: SocketAddr, websocket: SocketAddr, heard: Heard) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let service = runtime.block_on(async {
        let chain = ChainConfig::new(CHAIN_ID)
            .with_endpoint(format!("http://{http}").parse()?)
            .with_endpoint(format!("ws://{websocket}").parse()?)
            // The announcements are to make it fast, not the clock.
            .with_block_time(Duration::from_secs(12));
        let config = ServiceConfig::new(DatabaseConfig::Memory(MemoryDatabase::new()));
        Result::Ok(Service::start(config.with_chain(chain)).await?)
    })?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(handle(service.url(), heard))
}

async fn handle(url: String, heard: Heard) -> Result<()> {
    #[derive(Deserialize)]
    struct Place {
        block_number: u64,
    }
    let client = EventStreamer::builder(url.as_str(), "bench")
        .compression(Compression::Off)
        .build()?;
    let event = event_streamer_abi::parse_event_signature(chain::EVENT)?;
    let start = StartBlock::Number(BEFORE);
    let subscription = SubscriptionCreate::new(event, ChainId::from(CHAIN_ID), start);
    let subscription = client.create_subscription(subscription).await?;
    let mut stream = client.create_streaming_client(subscription.id, StreamingOptions::default());
    stream.on_event("Transfer", move |events, _| {
        let at = Instant::now();
        let mut blocks: Vec<u64> = events
            .iter()
            .filter_map(|it| it.deserialize::<Place>().ok())
            .map(|it| it.block_number)
            .collect();
        blocks.dedup();
        for block in blocks {
            // At the end nobody listens any more.
            let _ = heard.send(("service", block, at));
        }
        async move { Ok::<_, std::convert::Infallible>(()) }
    });
    stream.start_streaming().await?;
    Err(format!("the stream ended: {:?}", stream.finished().await).into())
}

/// Somebody who subscribes to `logs` and believes every word.
fn bare(node: SocketAddr, per_block: u64, heard: Heard) -> Result<()> {
    let (mut socket, _) = tungstenite::connect(format!("ws://{node}"))?;
    let request = json!({
        "jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["logs", {}],
    });
    socket.send(Message::text(request.to_string()))?;
    thread::spawn(move || {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        while let Ok(message) = socket.read() {
            let Some(block) = block_of(&message) else {
                continue;
            };
            let count = counts.entry(block).or_default();
            *count += 1;
            if *count == per_block {
                let _ = heard.send(("bare", block, Instant::now()));
            }
        }
    });
    Ok(())
}

fn block_of(message: &Message) -> Option<u64> {
    let message: Value = serde_json::from_str(message.to_text().ok()?).ok()?;
    let number = message["params"]["result"]["blockNumber"].as_str()?;
    quantity::parse(number).ok()
}

impl Sockets {
    fn listen(self: &Arc<Self>) -> Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let sockets = Arc::clone(self);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sockets = Arc::clone(&sockets);
                thread::spawn(move || sockets.subscribe(stream));
            }
        });
        Ok(address)
    }

    /// Answers what is asked until somebody subscribes.
    fn subscribe(&self, stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut socket = tungstenite::accept(stream)?;
        loop {
            let message = socket.read()?;
            if !message.is_text() {
                continue;
            }
            let request: Value = serde_json::from_str(message.to_text()?)?;
            let result = match request["method"].as_str().unwrap_or_default() {
                "eth_chainId" => json!(quantity::format(CHAIN_ID)),
                "eth_getBlockByNumber" => {
                    json!({"number": "0x0", "hash": chain::hash(0), "parentHash": chain::hash(0),
                        "timestamp": "0x0"})
                }
                _ => json!("0x1"),
            };
            let answer = json!({"jsonrpc": "2.0", "id": request["id"], "result": result});
            socket.send(Message::text(answer.to_string()))?;
            if request["method"] == "eth_subscribe" {
                let to = request["params"][0].as_str().unwrap_or_default().to_owned();
                self.lock().push((to, socket));
                return Ok(());
            }
        }
    }

    fn wait_for(&self, kinds: &[&str]) -> Result<()> {
        let began = Instant::now();
        while kinds
            .iter()
            .any(|kind| !self.lock().iter().any(|(to, _)| to == kind))
        {
            if began.elapsed() > PATIENCE {
                return Err("not everybody has subscribed".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// To one first, then to the other, and the other way round with the next block. Gives when
    /// each was told.
    fn announce(&self, chain: &Chain, number: u64) -> Result<Vec<(&'static str, Instant)>> {
        let logs = [b"[", chain.logs(number, number), b"]"].concat();
        let logs: Vec<Value> = serde_json::from_slice(&logs)?;
        let logs: Vec<Message> = logs.into_iter().map(notification).collect();
        let head = notification(chain.header(number));
        let mut sockets = self.lock();
        sockets.reverse();
        let mut told = Vec::new();
        for (to, socket) in sockets.iter_mut() {
            let (who, messages) = match to.as_str() {
                "newHeads" => ("service", std::slice::from_ref(&head)),
                _ => ("bare", &logs[..]),
            };
            told.push((who, Instant::now()));
            for message in messages {
                socket.send(message.clone())?;
            }
        }
        Ok(told)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(String, WebSocket<TcpStream>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn notification(result: Value) -> Message {
    let message = json!({
        "jsonrpc": "2.0", "method": "eth_subscription",
        "params": {"subscription": "0x1", "result": result},
    });
    Message::text(message.to_string())
}
