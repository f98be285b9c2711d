//! Handles eight contracts at a time, each in the order of its events.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{Concurrency, StreamingOptions};
use event_streamer::stream::LogPosition;
use event_streamer_examples::Demo;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo::start("parallel").await?;
    let client = demo.client()?;
    let event = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let subscription = demo.subscription(&client, event).await?;

    // The position moves only over what is handled without a gap, whatever finishes first.
    let options = StreamingOptions::default().with_concurrency(Concurrency::lanes(8));
    let mut stream = client.create_streaming_client(subscription, options);
    let last: Arc<Mutex<HashMap<_, LogPosition>>> = Arc::default();
    stream.on_all_events({
        let last = Arc::clone(&last);
        move |events, _context| {
            let last = Arc::clone(&last);
            async move {
                for event in events {
                    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                    let (Some(contract), Some(position)) = (event.address(), event.position())
                    else {
                        return Err("an event without a place");
                    };
                    if last.insert(contract, position) > Some(position) {
                        return Err("a contract's events are out of order");
                    }
                }
                Ok(())
            }
        }
    });
    stream.start_streaming().await?;
    stream.finished().await?;
    let contracts = last.lock().unwrap_or_else(PoisonError::into_inner).len();
    println!(
        "{} events of {contracts} contracts",
        stream.stats().events_handled
    );
    demo.stop().await;
    Ok(())
}
