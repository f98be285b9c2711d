//! Who reads the service: `reader SERVICE_URL CHAIN_ID EVENTS` makes a subscription, says `ready`,
//! waits for a line, and says `last COUNT` when it has handled so many events from block 0 on.
//!
//! It acknowledges as the SDK does by default. Without compression, which on a loopback costs more
//! than it saves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_streamer_client::{Compression, EventStreamer, StreamingOptions};
use event_streamer_models::{ChainId, StartBlock, SubscriptionCreate};
use event_streamer_server_bench::{Result, chain, contender};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, chain_id, events] = arguments.as_slice() else {
        return Err("usage: reader SERVICE_URL CHAIN_ID EVENTS".into());
    };
    let (chain_id, wanted): (u64, u64) = (chain_id.parse()?, events.parse()?);
    let client = EventStreamer::builder(url.as_str(), "bench")
        .compression(Compression::Off)
        .build()?;
    let event = event_streamer_abi::parse_event_signature(chain::EVENT)?;
    let start = StartBlock::Number(0);
    let subscription = SubscriptionCreate::new(event, ChainId::from(chain_id), start);
    let subscription = client.create_subscription(subscription).await?;
    let mut stream = client.create_streaming_client(subscription.id, StreamingOptions::default());
    let seen = Arc::new(AtomicU64::new(0));
    stream.on_event("Transfer", move |events, _| {
        let count = events.len() as u64;
        let seen = seen.fetch_add(count, Ordering::Relaxed) + count;
        if seen >= wanted {
            contender::say(&format!("last {seen}"));
        }
        async move { Ok::<_, std::convert::Infallible>(()) }
    });
    contender::say("ready");
    tokio::task::spawn_blocking(contender::wait_for_line).await??;
    stream.start_streaming().await?;
    let until_told = tokio::task::spawn_blocking(contender::wait_for_end);
    tokio::select! {
        biased;
        end = stream.finished() => Err(format!("the stream ended: {end:?}").into()),
        told = until_told => {
            told??;
            stream.stop_streaming().await?;
            Ok(())
        }
    }
}
