//! Handles ERC-20 transfers as Rust structs, generated from the ABI.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_streamer::abi::catalogue::erc20;
use event_streamer::abi::{FromEvent, parse_event_signature};
use event_streamer::client::{StreamingOptions, Typed, UnhandledEvents};
use event_streamer_examples::Demo;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo::start("typed").await?;
    let client = demo.client()?;
    // Subscribing with the struct's own declaration gives the parameters the names of its fields.
    let event = parse_event_signature(erc20::Transfer::DECLARATION)?;
    let subscription = demo.subscription(&client, event).await?;

    // ERC-721 transfers share the topic, and arrive undecoded.
    let options = StreamingOptions::default().with_unhandled_events(UnhandledEvents::Ignore);
    let mut stream = client.create_streaming_client(subscription, options);
    let count = Arc::new(AtomicU64::new(0));
    stream.on({
        let count = Arc::clone(&count);
        move |transfer: Typed<erc20::Transfer>| {
            if count.fetch_add(1, Ordering::Relaxed) < 5 {
                let block = transfer.event().block_number();
                println!(
                    "{block:?}: {} to {}: {}",
                    transfer.from, transfer.to, transfer.value
                );
            }
            async {}
        }
    });
    stream.start_streaming().await?;
    stream.finished().await?;
    println!("{} transfers", count.load(Ordering::Relaxed));
    demo.stop().await;
    Ok(())
}
