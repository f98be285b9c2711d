//! Our service, on streams that are prepared: `replay EVENTS PER_BATCH plain|unbounded|default`.
//!
//! Prints `listening on ADDRESS`; subscription 1 is the one to stream. The lines of a stream are made
//! when it is opened, before the first goes out. Ends when standard input does.
//!
//! The service is as its defaults make it, except that a batch has so many events (and a line may be
//! as long as that takes), and that with `plain` nothing is compressed. With `unbounded` it does not
//! wait for acknowledgements either.

use std::io::{self, Write};
use std::net::Ipv4Addr;

use event_streamer_abi::parse_event_signature;
use event_streamer_client::EventStreamer;
use event_streamer_client_bench::{CHAIN, DECLARATION, FIRST_BLOCK, blocks};
use event_streamer_models::{ChainId, SubscriptionCreate};
use event_streamer_server::{
    ChainConfig, DatabaseConfig, DeliveryConfig, HttpConfig, PreparedBlocks, Service, ServiceConfig,
};
use tokio::net::TcpListener;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// An event with all its metadata has some 640 bytes.
const EVENT_BYTES: usize = 1_024;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [events, per_batch, manner] = arguments.as_slice() else {
        return Err("usage: replay EVENTS PER_BATCH plain|unbounded|default".into());
    };
    let blocks = PreparedBlocks::new(blocks(events.parse()?));
    // One thread, which leaves the other of two to the client.
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(serve(blocks, per_batch.parse()?, manner))
}

async fn serve(blocks: PreparedBlocks, per_batch: usize, manner: &str) -> Result<()> {
    let mut delivery = DeliveryConfig::default().with_max_batch_events(per_batch);
    delivery.max_line_bytes = delivery.max_line_bytes.max(per_batch * EVENT_BYTES);
    let mut http = HttpConfig::default();
    match manner {
        "default" => {}
        "plain" => http.max_compressed = 0,
        "unbounded" => {
            http.max_compressed = 0;
            delivery.unacknowledged_batches = usize::MAX;
        }
        other => return Err(format!("no manner {other}").into()),
    }
    let folder = std::env::temp_dir().join(format!("replay-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    // Nobody is there: what is streamed is prepared.
    let node = "http://127.0.0.1:9".parse()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let config = ServiceConfig::new(DatabaseConfig::Sqlite(folder.join("replay.sqlite")))
        .with_listen(listener.local_addr()?)
        .with_chain(ChainConfig::new(CHAIN).with_endpoint(node))
        .with_delivery(delivery)
        .with_http(http);
    let service = Service::start_prepared(listener, config, blocks).await?;

    let client = EventStreamer::new(service.url(), "bench")?;
    let transfer = parse_event_signature(DECLARATION)?;
    let create = SubscriptionCreate::new(transfer, ChainId::new(CHAIN), FIRST_BLOCK);
    let subscription = client.create_subscription(create).await?;
    if subscription.id.get() != 1 {
        return Err("a new database begins with subscription 1".into());
    }
    let mut stdout = io::stdout();
    writeln!(stdout, "listening on {}", service.local_addr())?;
    stdout.flush()?;
    tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    drop(service);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
