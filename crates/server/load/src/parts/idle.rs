//! Streams on which nothing happens, while the chain goes on.

use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::Address;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::sync::Semaphore;
use tokio::time::{interval, sleep};

use crate::Result;
use crate::client::{Stream, subscriptions};
use crate::figures::{Figure, kib, mib};
use crate::node::Node;
use crate::process::Service;

const STREAMS: usize = 10_000;
const GOAL: u64 = 20 * 1024;
const BLOCK_TIME: Duration = Duration::from_secs(2);
/// Two heartbeats of every stream.
const SETTLE: Duration = Duration::from_secs(65);

pub(super) async fn run() -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for (what, headers, streams, goal) in [
        (
            "memory of an idle stream, of 10,000",
            "",
            STREAMS,
            Some(GOAL),
        ),
        (
            "the same, compressed by zstd, of 1,000",
            "Accept-Encoding: zstd\r\n",
            1_000,
            None,
        ),
        (
            "the same, compressed by gzip, of 1,000",
            "Accept-Encoding: gzip\r\n",
            1_000,
            None,
        ),
    ] {
        let each = measure(headers, streams).await?;
        figures.push(Figure {
            what,
            goal: goal.map_or_else(String::new, |it| format!("≤ {}", kib(it))),
            measured: kib(each),
            reached: goal.is_none_or(|it| each <= it),
        });
    }
    Ok(figures)
}

/// Bytes of each stream.
async fn measure(headers: &'static str, streams: usize) -> Result<u64> {
    let node = Node::start(0, 0).await?;
    let service = Service::start(&node, 1_000).await?;
    let address = service.address;
    let miner = tokio::spawn(mine(node));
    // A contract without a log.
    let nobody = Some(Address([0xcc; 20]));
    let ids = subscriptions(address, streams, nobody, json!("latest")).await?;
    sleep(BLOCK_TIME * 2).await;
    let before = service.memory()?;
    let at_once = Arc::new(Semaphore::new(64));
    let opening: Vec<_> = ids
        .into_iter()
        .map(|id| {
            let at_once = Arc::clone(&at_once);
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await?;
                Stream::open(address, id, headers).await
            })
        })
        .collect();
    let mut open = Vec::with_capacity(streams);
    for stream in opening {
        open.push(stream.await??);
    }
    let readers: Vec<_> = open.into_iter().map(|it| tokio::spawn(read(it))).collect();
    sleep(SETTLE).await;
    let after = service.memory()?;
    if let Some(ended) = readers
        .into_iter()
        .find(tokio::task::JoinHandle::is_finished)
    {
        ended.await??;
        return Err("a stream ended".into());
    }
    miner.abort();
    println!(
        "  {streams} streams: {} before, {} with them",
        mib(before),
        mib(after)
    );
    Ok(after.saturating_sub(before) / streams as u64)
}

/// Reads, as a client does that is sent heartbeats, until the service hangs up.
async fn read(mut stream: Stream) -> Result<()> {
    let mut bytes = [0; 2048];
    while stream.socket.read(&mut bytes).await? > 0 {}
    Ok(())
}

async fn mine(node: Node) -> Result<()> {
    let mut ticks = interval(BLOCK_TIME);
    loop {
        ticks.tick().await;
        node.mine(20)?;
    }
}
