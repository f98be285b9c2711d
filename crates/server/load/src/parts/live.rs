//! Many streams at the head, each of which gets every event of every block.

use std::sync::Arc;
use std::time::Duration;

use memchr::memmem::Finder;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use crate::Result;
use crate::client::{Stream, subscriptions};
use crate::figures::{Figure, Times, mib, milliseconds};
use crate::node::Node;
use crate::process::Service;

const STREAMS: usize = 1_000;
const LOGS: usize = 500;
const BLOCKS: usize = 20;
const PAUSE: Duration = Duration::from_secs(1);
const GOAL: Duration = Duration::from_millis(250);
/// What each event of a batch has once.
const EVENT: &[u8] = b"\"log_index\":";

pub(super) async fn run() -> Result<Vec<Figure>> {
    let node = Node::start(0, 0).await?;
    let service = Service::start(&node, 1_000).await?;
    let ids = subscriptions(service.address, STREAMS, None, json!("latest")).await?;
    let (done, mut all_done) = mpsc::channel(STREAMS);
    let finder = Arc::new(Finder::new(EVENT));
    for id in ids {
        let stream = Stream::open(service.address, id, "").await?;
        tokio::spawn(read(stream, Arc::clone(&finder), done.clone()));
    }
    let mut times = Vec::with_capacity(BLOCKS * STREAMS);
    // The first block warms up.
    for block in 0..=BLOCKS {
        sleep(PAUSE).await;
        let (cpu, announced) = (service.cpu_seconds()?, Instant::now());
        node.mine(LOGS as u64)?;
        for _ in 0..STREAMS {
            let at: Instant = timeout(Duration::from_secs(60), all_done.recv())
                .await?
                .ok_or("the streams have ended")?;
            if block > 0 {
                times.push(at.saturating_duration_since(announced));
            }
        }
        if block % 5 == 0 {
            let used = service.cpu_seconds()? - cpu;
            println!(
                "  block {block}: {used:.2} s of CPU, {}",
                mib(service.memory()?)
            );
        }
    }
    let times = Times::new(times);
    println!("  {}", times.summary());
    let p99 = times.quantile(990);
    Ok(vec![Figure {
        what: "1,000 live streams, every event of a 500-log block behind its announcement, p99",
        goal: format!("≤ {}", milliseconds(GOAL)),
        measured: milliseconds(p99),
        reached: p99 <= GOAL,
    }])
}

/// Says when every event of a block is there, block by block.
async fn read(
    mut stream: Stream,
    event: Arc<Finder<'_>>,
    done: mpsc::Sender<Instant>,
) -> Result<()> {
    let mut bytes = vec![0; 128 << 10];
    // The end of what came before may hold the front of an event's mark.
    let (mut kept, mut events) = (0, 0);
    loop {
        let length = stream.socket.read(&mut bytes[kept..]).await?;
        if length == 0 {
            return Err("a stream ended".into());
        }
        let filled = kept + length;
        events += event.find_iter(&bytes[..filled]).count();
        kept = filled.min(EVENT.len() - 1);
        bytes.copy_within(filled - kept..filled, 0);
        if events >= LOGS {
            events -= LOGS;
            done.send(Instant::now()).await?;
        }
    }
}
