//! Sockets that send a head byte by byte, beside clients that behave.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::{Instant, interval, sleep, timeout};

use crate::Result;
use crate::client::{Caller, Stream, connect, subscriptions};
use crate::figures::{Figure, Times, kib, milliseconds};
use crate::node::Node;
use crate::process::Service;

const SOCKETS: usize = 5_000;
const GOAL: Duration = Duration::from_secs(15);
/// Timers, and five thousand tasks of ours, are not exact.
const TOLERANCE: Duration = Duration::from_secs(1);
const HEAD: &[u8] = b"GET /subscriptions/1 HTTP/1.1\r\nHost: bench\r\nX-Slow: ";

pub(super) async fn run() -> Result<Vec<Figure>> {
    let node = Node::start(0, 0).await?;
    let service = Service::start(&node, 1_000).await?;
    let address = service.address;
    let ids = subscriptions(address, 1, None, json!("latest")).await?;
    let mut stream = Stream::open(address, ids[0], "").await?;
    let before = service.memory()?;
    let mut slow = Vec::with_capacity(SOCKETS);
    for _ in 0..SOCKETS {
        let socket = connect(address).await?;
        slow.push(tokio::spawn(drip(socket, Instant::now())));
    }
    let with_them = service.memory()?;
    // While they are there, others are served and streamed to.
    let mut caller = Caller::connect(address).await?;
    let (mut calls, began) = (Vec::new(), Instant::now());
    while began.elapsed() < GOAL {
        let called = Instant::now();
        let answer = caller
            .call("GET", &format!("/subscriptions/{}", ids[0]), "")
            .await?;
        if answer.status != 200 {
            return Err(answer.head.into());
        }
        calls.push(called.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    node.mine(10)?;
    let mut bytes = vec![0; 64 << 10];
    let event = timeout(Duration::from_secs(5), stream.socket.read(&mut bytes)).await??;
    let mut times = Vec::with_capacity(SOCKETS);
    for task in slow {
        times.push(task.await??);
    }
    let (times, calls) = (Times::new(times), Times::new(calls));
    println!("  closed after: {}", times.summary());
    let longest = times.quantile(1_000);
    Ok(vec![
        Figure {
            what: "5,000 sockets that send a head byte by byte are closed after, at most",
            goal: format!("≤ {} s", GOAL.as_secs()),
            measured: format!("{:.1} s", longest.as_secs_f64()),
            reached: longest <= GOAL + TOLERANCE,
        },
        Figure {
            what: "meanwhile a call takes, p99",
            goal: "answers".to_owned(),
            measured: milliseconds(calls.quantile(990)),
            reached: event > 0 && !calls.is_empty(),
        },
        Figure {
            what: "meanwhile such a socket takes",
            goal: String::new(),
            measured: kib(with_them.saturating_sub(before) / SOCKETS as u64),
            reached: true,
        },
    ])
}

/// Sends a byte a second until the service hangs up, and says how long that took.
async fn drip(mut socket: tokio::net::TcpStream, began: Instant) -> Result<Duration> {
    let mut ticks = interval(Duration::from_secs(1));
    let mut bytes = HEAD.iter().chain(std::iter::repeat(&b'x'));
    let mut answer = [0; 256];
    loop {
        tokio::select! {
            biased;
            read = socket.read(&mut answer) => match read {
                Ok(length) if length > 0 => {}
                // Closed, or reset since a byte was on its way.
                _ => return Ok(began.elapsed()),
            },
            _ = ticks.tick() => {
                let byte = bytes.next().copied().unwrap_or(b'x');
                if socket.write_all(&[byte]).await.is_err() {
                    return Ok(began.elapsed());
                }
            }
        }
    }
}
