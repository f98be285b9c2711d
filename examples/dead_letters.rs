//! Puts aside what a handler cannot take, and goes on; then looks after it.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{
    AfterFailure, DeadLetterFile, HandlerError, HandlerPolicy, StreamingOptions,
};
use event_streamer_examples::Demo;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let demo = Demo::start("dead_letters").await?;
    let client = demo.client()?;
    let event = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let subscription = demo.subscription(&client, event).await?;

    let file = DeadLetterFile::new(demo.folder().join("dead-letters.ndjson"));
    let aside = HandlerPolicy::default()
        .with_max_attempts(1)
        .with_after_failure(AfterFailure::DeadLetter);
    let options = StreamingOptions::default().with_dead_letters(file.clone());
    let mut stream = client.create_streaming_client(subscription, options);
    stream
        .on_event("Transfer", async |_events, _context| {})
        // This handler takes no undecoded event. That may not stop the others.
        .on_event_with("$undecoded", aside, async |events, _context| {
            Err::<(), HandlerError>(format!("cannot take {} undecoded events", events.len()).into())
        });
    stream.start_streaming().await?;
    stream.finished().await?;

    // `event-streamer dead-letters list FILE` shows the same, and `replay` hands them to a program.
    let mut letters = 0;
    for letter in file.open_letters()? {
        let (id, letter) = letter?;
        if letters < 3 {
            println!("{}: {} ({})", letter.event_name, letter.error, letter.event);
        }
        file.settle(id)?;
        letters += 1;
    }
    println!("{letters} letters settled");
    demo.stop().await;
    Ok(())
}
