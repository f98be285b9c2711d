//! The messages of a stream (protocol, section 4), one object a line.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::{
    Address, B256, BatchId, BlockRef, ConnectionId, ErrorCode, Extra, ResponseId, ResumeToken,
    SubscriptionId, Timestamp,
};

/// Names with their events, in the order they stand on the wire.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventsByName(pub Vec<(String, Vec<StreamingEventData>)>);

impl EventsByName {
    /// How many events there are in all.
    pub fn count(&self) -> usize {
        self.0.iter().map(|(_, events)| events.len()).sum()
    }
}

impl Serialize for EventsByName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, events) in &self.0 {
            map.serialize_entry(name, events)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for EventsByName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = EventsByName;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("events by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EventsByName, A::Error> {
                let mut names = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    names.push(entry);
                }
                Ok(EventsByName(names))
            }
        }
        deserializer.deserialize_map(NamesVisitor)
    }
}

/// One decoded event: its metadata, and its parameters in `params`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamingEventData {
    /// The block.
    pub block_number: u64,
    /// The transaction.
    pub transaction_hash: B256,
    /// The log's place in the block.
    pub log_index: u32,
    /// The contract.
    pub address: Address,
    /// The block's time.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// The event's parameters, and whatever else the service sent.
    #[serde(flatten)]
    pub params: Map<String, Value>,
}

/// Which blocks a message speaks for (X).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The first block.
    pub from_block: u64,
    /// The last block.
    pub to_block: u64,
    /// Its hash.
    pub to_block_hash: B256,
}

/// `"type": "event_batch"`: events in order, with the position behind them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingEventBatch {
    /// `event_batch`.
    #[serde(rename = "type", default = "event_batch")]
    pub kind: String,
    /// The message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<ResponseId>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// The connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The position behind the batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// The events by name.
    pub events: EventsByName,
    /// How many events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u64>,
    /// When it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// What to acknowledge (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// 1, 2, 3 .. per connection (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// The blocks it speaks for (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<Coverage>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn event_batch() -> String {
    "event_batch".to_owned()
}

/// `"type": "heartbeat"`: the service is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingHeartbeat {
    /// `heartbeat`.
    #[serde(rename = "type", default = "heartbeat")]
    pub kind: String,
    /// The connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// The chain's head (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_block: Option<u64>,
    /// The last block that was delivered (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_block: Option<u64>,
    /// The position behind it (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn heartbeat() -> String {
    "heartbeat".to_owned()
}

/// `"type": "error"`: something went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingError {
    /// `error`.
    #[serde(rename = "type", default = "error")]
    pub kind: String,
    /// The connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// What, for programs.
    pub error_code: ErrorCode,
    /// What, for people.
    #[serde(default)]
    pub error_message: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Whether connecting again can help; absent means yes.
    #[serde(default = "yes")]
    pub recoverable: bool,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn error() -> String {
    "error".to_owned()
}

fn yes() -> bool {
    true
}

/// `"type": "progress"` (X): nothing matched in these blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgressMessage {
    /// `progress`.
    #[serde(rename = "type", default = "progress")]
    pub kind: String,
    /// The position behind the blocks.
    pub resume_token: ResumeToken,
    /// The first block.
    pub from_block: u64,
    /// The last block.
    pub to_block: u64,
    /// Its hash.
    pub to_block_hash: B256,
    /// The chain's head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_block: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn progress() -> String {
    "progress".to_owned()
}

/// The last block that a reorg leaves on the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackTo {
    /// Its number.
    pub block_number: u64,
    /// Its hash.
    pub block_hash: B256,
}

impl From<BlockRef> for RollbackTo {
    fn from(block: BlockRef) -> Self {
        Self {
            block_number: block.number,
            block_hash: block.hash,
        }
    }
}

/// `"type": "reorg"` (X): everything above a block is undone; what follows is the new branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReorgMessage {
    /// `reorg`.
    #[serde(rename = "type", default = "reorg")]
    pub kind: String,
    /// The last block that stays.
    pub rollback_to: RollbackTo,
    /// How many blocks went.
    pub depth: u64,
    /// The delivered events that went, as far as they are known.
    #[serde(default)]
    pub removed: EventsByName,
    /// The position at the end of `rollback_to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn reorg() -> String {
    "reorg".to_owned()
}

/// `"type": "complete"` (X): the subscription's last block is delivered; the stream ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompleteMessage {
    /// `complete`.
    #[serde(rename = "type", default = "complete")]
    pub kind: String,
    /// The position at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// How many events this connection delivered.
    #[serde(default)]
    pub events_delivered: u64,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn complete() -> String {
    "complete".to_owned()
}
