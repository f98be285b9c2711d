//! The service as a contender: `service NODE_URL CHAIN_ID DATABASE_FILE` prints `listening on URL`
//! and runs until standard input ends. Every setting is the default one.

use event_streamer_server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};
use event_streamer_server_bench::{Result, contender};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [nodes @ .., chain_id, database] = arguments.as_slice() else {
        return Err("usage: service NODE_URL.. CHAIN_ID DATABASE_FILE".into());
    };
    let mut chain = ChainConfig::new(chain_id.parse()?);
    for node in nodes {
        chain = chain.with_endpoint(node.parse()?);
    }
    let database = DatabaseConfig::Sqlite(database.into());
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let service = Service::start(ServiceConfig::new(database).with_chain(chain)).await?;
            contender::say(&format!("listening on {}", service.url()));
            tokio::task::spawn_blocking(contender::wait_for_end).await??;
            service.shutdown().await;
            Ok(())
        })
}
