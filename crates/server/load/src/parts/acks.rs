//! Acknowledgements, one batch a request, each on the disk before its answer.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, timeout};

use crate::Result;
use crate::client::{Caller, Stream, subscriptions};
use crate::figures::{Figure, Times};
use crate::node::Node;
use crate::process::Service;

const STREAMS: usize = 200;
/// Of each stream, with one event each.
const BATCHES: usize = 200;
const GOAL: f64 = 2_000.0;

pub(super) async fn run() -> Result<Vec<Figure>> {
    let node = Node::start(BATCHES as u64, 1).await?;
    let service = Service::start(&node, 1).await?;
    let ids = subscriptions(service.address, STREAMS, None, json!(0)).await?;
    let mut consumers = Vec::new();
    for id in ids {
        let mut stream = Stream::open(service.address, id, "").await?;
        let batches = batches(&mut stream).await?;
        let caller = Caller::connect(service.address).await?;
        consumers.push((id, stream, batches, caller));
    }
    let (began, cpu) = (Instant::now(), service.cpu_seconds()?);
    let acknowledging: Vec<_> = consumers
        .into_iter()
        .map(|(id, stream, batches, caller)| tokio::spawn(acknowledge(id, stream, batches, caller)))
        .collect();
    let mut times = Vec::new();
    for task in acknowledging {
        times.extend(task.await??);
    }
    let (took, cpu) = (began.elapsed(), service.cpu_seconds()? - cpu);
    let times = Times::new(times);
    println!(
        "  {} acks, {}, {cpu:.1} s of CPU",
        times.len(),
        times.summary()
    );
    #[allow(clippy::cast_precision_loss, reason = "some ten thousand")]
    let rate = times.len() as f64 / took.as_secs_f64();
    Ok(vec![Figure {
        what: "durable acknowledgements a second, one batch each, of 200 consumers",
        goal: format!("≥ {GOAL:.0}"),
        measured: format!("{rate:.0}"),
        reached: rate >= GOAL,
    }])
}

/// Reads until all batches are there, and gives their ids.
async fn batches(stream: &mut Stream) -> Result<Vec<String>> {
    let key = b"\"batch_id\":\"";
    let mut read = std::mem::take(&mut stream.rest);
    let complete = async {
        while memchr::memmem::find_iter(&read, key).count() < BATCHES {
            if stream.socket.read_buf(&mut read).await? == 0 {
                return Err("a stream ended".into());
            }
        }
        Result::Ok(())
    };
    timeout(Duration::from_secs(60), complete).await??;
    let ids = memchr::memmem::find_iter(&read, key).map(|at| {
        let id = &read[at + key.len()..];
        let end = memchr::memchr(b'"', id).unwrap_or(id.len());
        String::from_utf8_lossy(&id[..end]).into_owned()
    });
    Ok(ids.collect())
}

async fn acknowledge(
    subscription: u64,
    stream: Stream,
    batches: Vec<String>,
    mut caller: Caller,
) -> Result<Vec<Duration>> {
    let path = format!(
        "/subscriptions/{subscription}/stream/{}/ack/batch",
        stream.connection_id
    );
    let mut times = Vec::with_capacity(batches.len());
    for batch in batches {
        let began = Instant::now();
        let body: Value = json!({"batch_id": batch});
        let answer = caller.call("POST", &path, &body.to_string()).await?;
        if answer.status != 200 {
            return Err(String::from_utf8_lossy(&answer.body).into_owned().into());
        }
        times.push(began.elapsed());
    }
    Ok(times)
}
