//! Creations of the SDK at our service, with answers that are lost.

use event_streamer::client::{ErrorKind, EventStreamer, IdempotencyKey};
use event_streamer::models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
use event_streamer::server::{ChainConfig, DatabaseConfig, MemoryDatabase, Service, ServiceConfig};

use crate::relay::Relay;

fn wanted(start_block: u64) -> SubscriptionCreate {
    let paused = AbiEvent::new("Paused", vec![AbiInput::new("account", "address")]);
    SubscriptionCreate::new(paused, ChainId::new(1), start_block)
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_repeated_and_made_once() {
    let chain = ChainConfig::new(1).with_endpoint("http://127.0.0.1:1/".parse().unwrap());
    let database = DatabaseConfig::Memory(MemoryDatabase::new());
    let service = Service::start(ServiceConfig::new(database).with_chain(chain));
    let service = service.await.unwrap();
    let relay = Relay::start(service.local_addr(), |request| request).await;
    let client = EventStreamer::new(relay.url(), "creations").unwrap();

    // From the echo of the first the client knows that it may repeat.
    let first = client.create_subscription(wanted(7)).await.unwrap();
    relay.lose_an_answer();
    let second = client.create_subscription(wanted(7)).await.unwrap();
    assert_eq!(relay.to_be_lost(), 0, "the answer was lost");
    assert_ne!(first.id, second.id);
    let all = client.list_subscriptions(1, 100).await.unwrap();
    assert_eq!(all.total, 2, "the repeated one was made once");

    let key = IdempotencyKey::new("order-4711").unwrap();
    let third = client.create_subscription_with_key(wanted(8), &key).await;
    let again = client.create_subscription_with_key(wanted(8), &key).await;
    assert_eq!(third.unwrap(), again.unwrap());
    let other = client.create_subscription_with_key(wanted(9), &key).await;
    assert_eq!(other.unwrap_err().kind(), ErrorKind::Conflict);
    service.shutdown().await;
}
