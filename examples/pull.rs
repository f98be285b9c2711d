//! Pulls batches from a running service, and acknowledges each when it is done with.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{Delivery, EventStreamer, StreamingOptions};
use event_streamer::models::{ChainId, SubscriptionCreate};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(service), Some(chain_id)) = (arguments.next(), arguments.next()) else {
        return Err("usage: pull SERVICE_URL CHAIN_ID".into());
    };
    let client = EventStreamer::new(service, "pull-example")?;
    let transfer = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let create = SubscriptionCreate::new(transfer, ChainId::new(chain_id.parse()?), 0);
    let subscription = client.create_subscription(create).await?;

    let mut deliveries = client
        .create_streaming_client(subscription.id, StreamingOptions::default())
        .into_deliveries();
    let mut events = 0;
    while let Some(delivery) = deliveries.next().await? {
        match delivery {
            Delivery::Batch(batch) => {
                events += batch.batch().len();
                // Whatever must survive is stored here, before the acknowledgement.
                batch.ack().await?;
                println!("{events} events");
            }
            Delivery::Rollback(rollback) => {
                println!(
                    "undo everything above block {}",
                    rollback.reorg().rollback_to.number
                );
                rollback.ack().await?;
            }
            _ => {}
        }
    }
    deliveries.close().await?;
    Ok(())
}
