//! Slow readers, readers that come and go, and a chain that reorganises itself, for a long time.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, interval, sleep};

use crate::Result;
use crate::client::{Caller, Stream, subscriptions};
use crate::figures::{Figure, mib};
use crate::node::Node;
use crate::process::Service;

/// Streams of each kind.
const STREAMS: usize = 100;
const GROWTH: u64 = 10 << 20;
const LOGS: u64 = 50;
const SAMPLE: Duration = Duration::from_secs(15);

pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let node = Node::start(0, 0).await?;
    let service = Service::start(&node, 1_000).await?;
    let address = service.address;
    let ids = subscriptions(address, 4 * STREAMS, None, json!("latest")).await?;
    for (number, &id) in ids.iter().enumerate() {
        match number % 4 {
            0 => tokio::spawn(steady(address, id, "X-Event-Streamer-Features: reorg\r\n")),
            1 => tokio::spawn(steady(address, id, "Accept-Encoding: zstd\r\n")),
            2 => tokio::spawn(slow(address, id)),
            _ => tokio::spawn(restless(address, id, number as u64)),
        };
    }
    let miner = tokio::spawn(mine(node));
    // The windows of what is unacknowledged and removable fill up in the first quarter.
    let warm_up = time / 4;
    let began = Instant::now();
    let (mut after_warm_up, mut most, mut last) = (Vec::new(), 0, 0);
    while began.elapsed() < time {
        sleep(SAMPLE.min(time / 20)).await;
        last = service.memory()?;
        most = most.max(last);
        if began.elapsed() >= warm_up {
            after_warm_up.push(last);
        }
        println!("  {:4} s: {}", began.elapsed().as_secs(), mib(last));
    }
    if miner.is_finished() {
        miner.await??;
    }
    // Of the first and the last quarter of what follows the warm-up, so that one sample says nothing.
    let quarter = (after_warm_up.len() / 4).max(1);
    let mean = |of: &[u64]| of.iter().sum::<u64>() / (of.len() as u64).max(1);
    let first = mean(&after_warm_up[..quarter.min(after_warm_up.len())]);
    let end = mean(&after_warm_up[after_warm_up.len().saturating_sub(quarter)..]);
    let growth = end.saturating_sub(first);
    println!(
        "  warm {}, at the end {}, most {}",
        mib(first),
        mib(last),
        mib(most)
    );
    Ok(vec![Figure {
        what: "growth of memory after the warm-up, with slow readers, reconnects and reorgs",
        goal: format!("≤ {}", mib(GROWTH)),
        measured: format!("{} in {} min", mib(growth), time.as_secs() / 60),
        reached: growth <= GROWTH,
    }])
}

/// Reads and acknowledges, as a client does.
async fn steady(address: std::net::SocketAddr, id: u64, headers: &str) -> Result<()> {
    let mut caller = Caller::connect(address).await?;
    let mut stream = Stream::open(address, id, headers).await?;
    consume(&mut stream, &mut caller, id, None).await
}

/// Reads until `end`, acknowledging what it can read.
async fn consume(
    stream: &mut Stream,
    caller: &mut Caller,
    id: u64,
    end: Option<Instant>,
) -> Result<()> {
    let mut bytes = vec![0; 64 << 10];
    let path = format!("/stream/{}/heartbeat", stream.connection_id);
    let mut told = Instant::now();
    loop {
        let length = stream.socket.read(&mut bytes).await?;
        if length == 0 || end.is_some_and(|end| Instant::now() >= end) {
            return Ok(());
        }
        if let Some(token) = last_token(&bytes[..length]) {
            let body = json!({"resume_token": token}).to_string();
            // A position behind a reorg's is refused; the next one is not.
            caller
                .call("POST", &format!("/subscriptions/{id}/position"), &body)
                .await?;
        }
        if told.elapsed() > Duration::from_secs(30) {
            told = Instant::now();
            caller.call("POST", &path, "{}").await?;
        }
    }
}

fn last_token(bytes: &[u8]) -> Option<&str> {
    let key = b"\"resume_token\":\"";
    let at = memchr::memmem::rfind(bytes, key)? + key.len();
    let end = memchr::memchr(b'"', &bytes[at..])?;
    std::str::from_utf8(&bytes[at..at + end]).ok()
}

/// Reads next to nothing.
async fn slow(address: std::net::SocketAddr, id: u64) -> Result<()> {
    let mut stream = Stream::open(address, id, "").await?;
    let mut bytes = [0; 1024];
    while stream.socket.read(&mut bytes).await? > 0 {
        sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// Comes and goes.
async fn restless(address: std::net::SocketAddr, id: u64, seed: u64) -> Result<()> {
    let mut caller = Caller::connect(address).await?;
    for turn in 0.. {
        let headers = ["", "Accept-Encoding: gzip\r\n"][usize::from(turn % 2 == 0)];
        let mut stream = Stream::open(address, id, headers).await?;
        let stay = Duration::from_millis(500 + (seed * 7919 + turn * 104_729) % 5_000);
        let end = Instant::now() + stay;
        let _ = tokio::time::timeout(stay, consume(&mut stream, &mut caller, id, Some(end))).await;
    }
    Ok(())
}

/// A block a second, and each twentieth time another branch.
async fn mine(node: Node) -> Result<()> {
    let mut ticks = interval(Duration::from_secs(1));
    for turn in 1_u64.. {
        ticks.tick().await;
        if turn % 20 == 0 {
            node.reorg(1 + usize::try_from(turn / 20 % 5)?, LOGS)?;
        } else {
            node.mine(LOGS)?;
        }
    }
    Ok(())
}
