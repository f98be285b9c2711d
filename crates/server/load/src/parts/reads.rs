//! Reads of subscriptions at a steady rate, while others stream.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, interval, sleep_until};

use crate::Result;
use crate::client::{Caller, Stream, subscriptions};
use crate::figures::{Figure, Times, milliseconds};
use crate::node::Node;
use crate::process::Service;

const RATE: u32 = 5_000;
const CALLERS: u32 = 50;
const TIME: Duration = Duration::from_secs(60);
const STREAMS: usize = 100;
const GOAL: Duration = Duration::from_millis(20);

pub(super) async fn run() -> Result<Vec<Figure>> {
    let node = Node::start(0, 0).await?;
    let service = Service::start(&node, 1_000).await?;
    let address = service.address;
    let ids = subscriptions(address, STREAMS, None, json!("latest")).await?;
    for &id in &ids {
        let stream = Stream::open(address, id, "").await?;
        tokio::spawn(read(stream));
    }
    let miner = tokio::spawn(mine(node));
    let cpu = service.cpu_seconds()?;
    let began = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let offset = Duration::from_secs(1) * number / RATE;
            tokio::spawn(call(address, ids.clone(), began + offset))
        })
        .collect();
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await??);
    }
    let took = began.elapsed().as_secs_f64();
    miner.abort();
    let cpu = service.cpu_seconds()? - cpu;
    let times = Times::new(times);
    #[allow(clippy::cast_precision_loss, reason = "some hundred thousand")]
    let rate = times.len() as f64 / took;
    println!("  {}, {cpu:.1} s of CPU in {took:.0} s", times.summary());
    let p99 = times.quantile(990);
    Ok(vec![
        Figure {
            what: "GET /subscriptions/{id} a second, for a minute beside 100 live streams",
            goal: format!("{RATE}"),
            measured: format!("{rate:.0}"),
            reached: rate >= 0.99 * f64::from(RATE),
        },
        Figure {
            what: "their time from when they were due, p99",
            goal: format!("≤ {}", milliseconds(GOAL)),
            measured: milliseconds(p99),
            reached: p99 <= GOAL,
        },
    ])
}

/// Calls when it is due, whether the call before was quick or not.
async fn call(
    address: std::net::SocketAddr,
    ids: Vec<u64>,
    first: Instant,
) -> Result<Vec<Duration>> {
    let mut caller = Caller::connect(address).await?;
    let count = RATE * u32::try_from(TIME.as_secs())? / CALLERS;
    let mut times = Vec::with_capacity(count as usize);
    for nth in 0..count {
        let due = first + Duration::from_secs(1) * nth * CALLERS / RATE;
        sleep_until(due).await;
        let id = ids[nth as usize % ids.len()];
        let answer = caller
            .call("GET", &format!("/subscriptions/{id}"), "")
            .await?;
        if answer.status != 200 {
            return Err(answer.head.into());
        }
        times.push(due.elapsed());
    }
    Ok(times)
}

async fn read(mut stream: Stream) -> Result<()> {
    let mut bytes = vec![0; 64 << 10];
    while stream.socket.read(&mut bytes).await? > 0 {}
    Ok(())
}

async fn mine(node: Node) -> Result<()> {
    let mut ticks = interval(Duration::from_secs(2));
    loop {
        ticks.tick().await;
        node.mine(50)?;
    }
}
