//! Keeps the position in a file: run it again and again, and each run takes the next 500 events.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{Delivery, FileCheckpoints, StreamingOptions};
use event_streamer_examples::Demo;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo::start("checkpoint_file").await?;
    let client = demo.client()?;
    let event = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let subscription = demo.subscription(&client, event).await?;

    // Written after a batch is handled and before it is acknowledged: what a crash leaves between the
    // two comes again, nothing is left out.
    let options = StreamingOptions::default()
        .with_checkpoint_store(FileCheckpoints::new(demo.folder()))
        .with_checkpoint_name("billing");
    let mut deliveries = client
        .create_streaming_client(subscription, options)
        .into_deliveries();
    let mut events = 0;
    while events < 500 {
        match deliveries.next().await? {
            Some(Delivery::Batch(batch)) => {
                events += batch.batch().len();
                let extent = batch.batch().extent();
                println!(
                    "{} events up to {:?}",
                    batch.batch().len(),
                    extent.map(|it| it.1)
                );
                batch.ack().await?;
            }
            Some(Delivery::Rollback(rollback)) => rollback.ack().await?,
            Some(_) => {}
            None => {
                println!(
                    "that was the last; remove {} to begin anew",
                    demo.folder().display()
                );
                break;
            }
        }
    }
    deliveries.close().await?;
    demo.stop().await;
    Ok(())
}
