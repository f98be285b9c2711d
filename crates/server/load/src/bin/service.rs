//! The service as a process: `service FOLDER HTTP_URL WEBSOCKET_URL MAX_BATCH_EVENTS`. Says where it
//! listens, and ends with its standard input.

use std::io::Write as _;
use std::path::Path;

use event_streamer_server::{ChainConfig, DatabaseConfig, DeliveryConfig, Service, ServiceConfig};
use event_streamer_server_load::{Result, node};
use tokio::io::{AsyncReadExt as _, stdin};

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, http, websocket, max_batch_events] = arguments.as_slice() else {
        return Err("usage: service FOLDER HTTP_URL WEBSOCKET_URL MAX_BATCH_EVENTS".into());
    };
    let database = DatabaseConfig::Sqlite(Path::new(folder).join("events.db"));
    let chain = ChainConfig::new(node::CHAIN)
        .with_endpoint(http.parse()?)
        .with_endpoint(websocket.parse()?);
    let delivery = DeliveryConfig::default().with_max_batch_events(max_batch_events.parse()?);
    let config = ServiceConfig::new(database)
        .with_chain(chain)
        .with_delivery(delivery);
    let service = Service::start(config).await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on {}", service.local_addr())?;
    stdout.flush()?;
    let mut nothing = [0; 64];
    while stdin().read(&mut nothing).await? > 0 {}
    service.shutdown().await;
    Ok(())
}
