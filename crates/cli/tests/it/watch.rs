//! A service on any node, and a client of it whose deliveries are written into a ledger.

use std::time::Duration;

use event_streamer::abi::parse_event_signature;
use event_streamer::client::{Deliveries, Delivery, EventStreamer, StreamingOptions};
use event_streamer::models::{B256, ChainId, SubscriptionCreate, U256};
use event_streamer::server::{ChainConfig, DatabaseConfig, Service, ServiceConfig};
use event_streamer_testkit::{Ledger, Record};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const TRANSFER: &str =
    "event Transfer(address indexed from, address indexed to, uint256 value)";
pub(crate) const TRANSFER_TOPIC0: &str =
    "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/// Longer than anything here takes; only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(60);

/// A subscription to every Transfer of a chain, and what has come of it.
pub(crate) struct Watch {
    service: Service,
    deliveries: Deliveries,
    pub(crate) ledger: Ledger,
    pub(crate) events: Vec<Value>,
    pub(crate) rollbacks: u64,
    _data: TempDir,
}

impl Watch {
    /// Over a node with these endpoints, from a block on.
    pub(crate) async fn start(chain_id: u64, endpoints: [String; 2], from: u64) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut chain = ChainConfig::new(chain_id).with_block_time(Duration::from_millis(100));
        for endpoint in endpoints {
            chain = chain.with_endpoint(endpoint.parse().unwrap());
        }
        let database = DatabaseConfig::Sqlite(data.path().join("test.sqlite"));
        let config = ServiceConfig::new(database)
            .with_listen(([127, 0, 0, 1], 0).into())
            .with_chain(chain);
        let service = Service::start(config).await.unwrap();
        let client = EventStreamer::new(service.url(), "watch").unwrap();
        let deliveries = transfers(&client, chain_id, from).await;
        Self {
            service,
            deliveries,
            ledger: Ledger::new(),
            events: Vec::new(),
            rollbacks: 0,
            _data: data,
        }
    }

    /// Takes deliveries until everything up to a block of this hash has come.
    pub(crate) async fn until(&mut self, block: u64, hash: B256) {
        tokio::time::timeout(LIMIT, self.take_until(block, hash))
            .await
            .unwrap_or_else(|_| panic!("block {block} did not come"));
    }

    async fn take_until(&mut self, block: u64, hash: B256) {
        loop {
            let covered = match self
                .deliveries
                .next()
                .await
                .unwrap()
                .expect("the subscription has no end")
            {
                Delivery::Batch(batch) => {
                    for event in batch.events().iter() {
                        let mut fields: Value = serde_json::from_str(event.raw()).unwrap();
                        self.ledger.deliver(Record::of_json(&fields));
                        fields["event"] = event.name().into();
                        self.events.push(fields);
                    }
                    batch.ack().await.unwrap();
                    batch
                        .batch()
                        .coverage()
                        .map(|coverage| (coverage.to_block, coverage.to_block_hash))
                }
                Delivery::Progress(progress) => Some((progress.to_block, progress.to_block_hash)),
                Delivery::Rollback(rollback) => {
                    self.rollbacks += 1;
                    let to = rollback.reorg().rollback_to.number;
                    self.ledger.roll_back_to(to);
                    self.events
                        .retain(|event| event["block_number"].as_u64().unwrap() <= to);
                    rollback.ack().await.unwrap();
                    None
                }
                other => panic!("unexpected {other:?}"),
            };
            // A batch inside the last block covers it only with its last event.
            if covered == Some((block, hash)) && self.at_end_of(block) {
                return;
            }
        }
    }

    /// Whether the position stands behind the whole block, not inside of it.
    fn at_end_of(&self, block: u64) -> bool {
        let token = self
            .deliveries
            .current_resume_token()
            .expect("something was acknowledged or passed");
        let position = event_streamer_position(token.as_str());
        position["block_number"] == block && position["log_index"].is_null()
    }

    pub(crate) async fn close(self) {
        self.deliveries.close().await.unwrap();
        self.service.shutdown().await;
    }
}

/// A new subscription to every Transfer, pulled.
pub(crate) async fn transfers(client: &EventStreamer, chain_id: u64, from: u64) -> Deliveries {
    let create = SubscriptionCreate::new(
        parse_event_signature(TRANSFER).unwrap(),
        ChainId::new(chain_id),
        from,
    );
    let subscription = client.create_subscription(create).await.unwrap();
    client
        .create_streaming_client(subscription.id, StreamingOptions::default())
        .into_deliveries()
}

/// What our own tokens hold (protocol, section 4). Clients never look; a test may.
pub(crate) fn event_streamer_position(token: &str) -> Value {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'-' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for chunk in token.strip_prefix("rt_").unwrap().as_bytes().chunks(4) {
        let bits =
            chunk.iter().fold(0, |bits, byte| bits << 6 | digit(*byte)) << (6 * (4 - chunk.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    serde_json::from_slice(&bytes).unwrap()
}

/// What the protocol makes of an ERC-20 transfer's log, written without our decoder.
pub(crate) fn expected_parameters(topics: &[B256], data: &[u8]) -> Value {
    let address = |topic: &B256| format!("0x{}", &topic.to_string()[26..]);
    let value = U256::from_be_bytes(data.try_into().expect("32 bytes"));
    json!({ "from": address(&topics[1]), "to": address(&topics[2]), "value": value.to_string() })
}
