//! Our client as a contender: `consumer URL EVENTS count|read|stall plain|default`.
//!
//! With `plain` it asks for what the reference client asks for, and for no compression, so that both
//! read the same bytes; with `default` for all that it asks for by default.
//!
//! Prints `first` when the first batch is with the handler, and `last` with what was counted when the
//! last event is; stays until standard input ends, so that what it used can be read from outside.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use event_streamer_client::{Compression, EventStreamer, Features, StreamingOptions};
use event_streamer_client_bench::EVENT;
use event_streamer_models::SubscriptionId;
use event_streamer_stream::{DecodeError, Events};
use serde::Deserialize;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Handler {
    /// Takes the number of events.
    Count,
    /// Reads every field of every event.
    Read,
    /// Takes the first batch and is never done with it.
    Stall,
}

/// Every field that an event has in whatever manner it is asked for.
#[derive(Deserialize)]
struct Transfer<'a> {
    from: &'a str,
    to: &'a str,
    value: &'a str,
    block_number: u64,
    transaction_hash: &'a str,
    log_index: u32,
    address: &'a str,
    timestamp: &'a str,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, events, handler, manner] = arguments.as_slice() else {
        return Err("usage: consumer URL EVENTS count|read|stall plain|default".into());
    };
    let handler = match handler.as_str() {
        "count" => Handler::Count,
        "read" => Handler::Read,
        "stall" => Handler::Stall,
        other => return Err(format!("no handler {other}").into()),
    };
    // One thread, as the reference client has it.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(consume(url, events.parse()?, handler, manner == "plain"))
}

async fn consume(url: &str, wanted: u64, handler: Handler, plain: bool) -> Result<()> {
    let (mut client, mut options) = (
        EventStreamer::builder(url, "bench"),
        StreamingOptions::default(),
    );
    if plain {
        client = client.compression(Compression::Off);
        options = options.with_features(Features::none());
    }
    let client = client.build()?;
    let mut stream = client.create_streaming_client(SubscriptionId::new(1)?, options);
    let seen = Arc::new(AtomicU64::new(0));
    stream.on_event(EVENT, move |events, _| {
        let taken = take(&events, &seen, wanted, handler);
        async move {
            if taken? == Taken::All || handler == Handler::Stall {
                std::future::pending::<()>().await;
            }
            Ok::<_, DecodeError>(())
        }
    });
    stream.start_streaming().await?;
    let until_told = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    tokio::select! {
        end = stream.finished() => Err(format!("the stream ended: {end:?}").into()),
        told = until_told => {
            told??;
            Ok(())
        }
    }
}

#[derive(PartialEq, Eq)]
enum Taken {
    Some,
    All,
}

fn take(
    events: &Events,
    seen: &AtomicU64,
    wanted: u64,
    handler: Handler,
) -> std::result::Result<Taken, DecodeError> {
    let count = events.len() as u64;
    let before = seen.fetch_add(count, Ordering::Relaxed);
    if before == 0 {
        say("first");
    }
    if handler == Handler::Read {
        for event in events {
            std::hint::black_box(sum(&event.deserialize()?));
        }
    }
    if before + count < wanted {
        return Ok(Taken::Some);
    }
    say(&format!("last {}", before + count));
    Ok(Taken::All)
}

fn sum(transfer: &Transfer<'_>) -> u64 {
    let texts = [
        transfer.from,
        transfer.to,
        transfer.value,
        transfer.transaction_hash,
        transfer.address,
        transfer.timestamp,
    ];
    let lengths: usize = texts.iter().map(|text| text.len()).sum();
    lengths as u64 + transfer.block_number + u64::from(transfer.log_index)
}

/// Whoever started this and went away is not waited for.
fn say(line: &str) {
    let mut stdout = io::stdout();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
