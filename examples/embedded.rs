//! Runs the service in the own process and streams new ERC-20 transfers of any node.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{Delivery, EventStreamer, StreamingOptions};
use event_streamer::models::{StartBlock, SubscriptionCreate};
use event_streamer::server::rpc::{RpcClient, RpcClientConfig, RpcUrl};
use event_streamer::server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let node: RpcUrl = std::env::args()
        .nth(1)
        .ok_or("usage: embedded NODE_URL")?
        .parse()?;
    let chain_id = RpcClient::new(node.clone(), &RpcClientConfig::default())?
        .chain_id()
        .await?;

    // One file holds subscriptions and positions; the next run goes on with it.
    let config = ServiceConfig::new(DatabaseConfig::Sqlite("embedded.sqlite".into()))
        .with_listen(([127, 0, 0, 1], 0).into())
        .with_chain(ChainConfig::new(chain_id.get()).with_endpoint(node));
    let service = Service::start(config).await?;

    let client = EventStreamer::new(service.url(), "embedded-example")?;
    let transfer = parse_event_signature(
        "event Transfer(address indexed from, address indexed to, uint256 value)",
    )?;
    let subscription = client
        .create_subscription(SubscriptionCreate::new(
            transfer,
            chain_id,
            StartBlock::Latest,
        ))
        .await?;
    let mut deliveries = client
        .create_streaming_client(subscription.id, StreamingOptions::default())
        .into_deliveries();

    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => break,
            delivery = deliveries.next() => match delivery? {
                Some(Delivery::Batch(batch)) => {
                    for event in batch.events().iter() {
                        println!("{} {}", event.name(), event.raw());
                    }
                    batch.ack().await?;
                }
                Some(Delivery::Rollback(rollback)) => {
                    println!("undo everything above block {}", rollback.reorg().rollback_to.number);
                    rollback.ack().await?;
                }
                Some(_) => {}
                None => break,
            },
        }
    }
    deliveries.close().await?;
    service.shutdown().await;
    Ok(())
}
