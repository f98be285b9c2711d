//! Handles events with handlers, and goes on where the last run stopped.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example shows what it does"
)]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{EventStreamer, StreamingOptions};
use event_streamer::models::{ChainId, SubscriptionCreate};
use event_streamer::stream::DecodeError;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(service), Some(chain_id)) = (arguments.next(), arguments.next()) else {
        return Err("usage: handlers SERVICE_URL CHAIN_ID".into());
    };
    let client = EventStreamer::new(service, "handlers-example")?;
    // The service remembers what was acknowledged: the same subscription goes on there.
    let subscription = match client.list_subscriptions(1, 1).await?.subscriptions.first() {
        Some(earlier) => earlier.id,
        None => {
            let transfer = parse_event_signature(
                "event Transfer(address indexed from, address indexed to, uint256 value)",
            )?;
            client
                .create_subscription(SubscriptionCreate::new(
                    transfer,
                    ChainId::new(chain_id.parse()?),
                    0,
                ))
                .await?
                .id
        }
    };

    let mut stream = client.create_streaming_client(subscription, StreamingOptions::default());
    stream
        .on_event("Transfer", async |events, _context| {
            for event in &events {
                let value: Option<String> = event.field("value")?;
                println!(
                    "block {:?}: {}",
                    event.block_number(),
                    value.unwrap_or_default()
                );
            }
            Ok::<_, DecodeError>(())
        })
        // ERC-721 transfers share the topic of ERC-20's and do not decode as one.
        .on_event("$undecoded", async |events, _context| {
            println!("{} others", events.len());
        })
        .on_reorg(async |reorg, _context| {
            println!("undo everything above block {}", reorg.rollback_to.number);
        })
        .on_error(async |error| eprintln!("{}: {}", error.error_code, error.error_message));
    stream.start_streaming().await?;
    tokio::signal::ctrl_c().await?;
    stream.stop_streaming().await?;
    println!("acknowledged up to {:?}", stream.current_resume_token());
    Ok(())
}
