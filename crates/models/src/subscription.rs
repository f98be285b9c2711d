//! Subscriptions (protocol, section 3).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    AbiEvent, Address, B256, ChainId, EventId, Extra, ResumeToken, SubscriptionId, Timestamp,
};

/// Where a subscription begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartBlock {
    /// With this block.
    Number(u64),
    /// With the first block after the head at the time of creation.
    Latest,
}

impl From<u64> for StartBlock {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl Serialize for StartBlock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number),
            Self::Latest => serializer.serialize_str("latest"),
        }
    }
}

impl<'de> Deserialize<'de> for StartBlock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = StartBlock;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a block number or \"latest\"")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<StartBlock, E> {
                Ok(StartBlock::Number(number))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<StartBlock, E> {
                match text {
                    "latest" => Ok(StartBlock::Latest),
                    _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// How deep an event must be before it is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finality {
    /// At once; a reorg is announced when it comes.
    #[default]
    Latest,
    /// When the node calls its block safe.
    Safe,
    /// When the node calls its block finalized.
    Finalized,
    /// When this many blocks are above it.
    Confirmations(u64),
}

/// One of several events of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventFilter {
    /// The event.
    pub event_signature: AbiEvent,
    /// Its topic0; computed where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
}

/// Topics 1 to 3: `null` is any, a list is one of them.
pub type TopicFilter = Vec<Option<Vec<B256>>>;

/// A request for a subscription.
///
/// ```
/// use event_streamer_models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
/// let transfer = AbiEvent::new("Transfer", vec![
///     AbiInput::new("from", "address").indexed(),
///     AbiInput::new("to", "address").indexed(),
///     AbiInput::new("value", "uint256"),
/// ]);
/// let create = SubscriptionCreate::new(transfer, ChainId::new(1), 18_000_000).with_end_block(18_000_100);
/// assert_eq!(create.end_block, Some(18_000_100));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionCreate {
    /// keccak-256 of the event's canonical signature; computed by the service where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
    /// The event.
    pub event_signature: AbiEvent,
    /// The contracts; none means any.
    #[serde(default)]
    pub addresses: Vec<Address>,
    /// Where to begin.
    pub start_block: StartBlock,
    /// The last block; `None` follows the head.
    #[serde(default)]
    pub end_block: Option<u64>,
    /// The chain.
    pub chain_id: ChainId,
    /// Who subscribes; the SDK fills in its own.
    #[serde(default)]
    pub subscriber_id: String,
    /// Further events on the same stream (X).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventFilter>,
    /// Filters on topics 1 to 3 (X).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: TopicFilter,
    /// How deep events must be; the chain's default where absent (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl SubscriptionCreate {
    /// Everything that `event` says on a chain, from a block on.
    pub fn new(event: AbiEvent, chain_id: ChainId, start_block: impl Into<StartBlock>) -> Self {
        Self {
            topic0: None,
            event_signature: event,
            addresses: Vec::new(),
            start_block: start_block.into(),
            end_block: None,
            chain_id,
            subscriber_id: String::new(),
            events: Vec::new(),
            topics: Vec::new(),
            finality: None,
            extra: Extra::new(),
        }
    }

    /// Only of these contracts.
    #[must_use]
    pub fn with_addresses(mut self, addresses: impl IntoIterator<Item = Address>) -> Self {
        self.addresses = addresses.into_iter().collect();
        self
    }

    /// Up to and including this block.
    #[must_use]
    pub fn with_end_block(mut self, end_block: u64) -> Self {
        self.end_block = Some(end_block);
        self
    }

    /// With a topic0 that the service is to hold against the event's.
    #[must_use]
    pub fn with_topic0(mut self, topic0: B256) -> Self {
        self.topic0 = Some(topic0);
        self
    }

    /// With further events on the same stream.
    #[must_use]
    pub fn with_events(mut self, events: impl IntoIterator<Item = EventFilter>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Only with these topics 1 to 3.
    #[must_use]
    pub fn with_topics(mut self, topics: TopicFilter) -> Self {
        self.topics = topics;
        self
    }

    /// Only events this deep.
    #[must_use]
    pub fn with_finality(mut self, finality: Finality) -> Self {
        self.finality = Some(finality);
        self
    }
}

/// What to change about a subscription. A field that is `None` stays as it is; `end_block` can
/// also be set to "no end".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionUpdate {
    /// A new topic0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
    /// A new event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_signature: Option<AbiEvent>,
    /// New contracts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<Address>>,
    /// A new beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_block: Option<StartBlock>,
    /// A new end: `Some(None)` follows the head.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "present"
    )]
    pub end_block: Option<Option<u64>>,
    /// A new chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_id: Option<ChainId>,
    /// A new owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_id: Option<String>,
    /// R has it; the service decides it itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_streaming: Option<bool>,
    /// R has it; `paused` and `active` are for later versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub streaming_status: Option<StreamingStatus>,
    /// New further events (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventFilter>>,
    /// New filters on topics 1 to 3 (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topics: Option<TopicFilter>,
    /// A new depth (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A field that is there, be it null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What a subscription is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StreamingStatus {
    /// Created, never streamed.
    #[default]
    Pending,
    /// Streaming.
    Active,
    /// Streaming the past.
    Backfilling,
    /// Streaming at the head.
    Live,
    /// Stopped by request.
    Paused,
    /// Its last block is acknowledged.
    Completed,
    /// Stopped by a fault.
    Error,
    /// A status this version does not know.
    Other(String),
}

impl StreamingStatus {
    /// Its text on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Backfilling => "backfilling",
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Error => "error",
            Self::Other(text) => text,
        }
    }
}

impl From<&str> for StreamingStatus {
    fn from(text: &str) -> Self {
        match text {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "backfilling" => Self::Backfilling,
            "live" => Self::Live,
            "paused" => Self::Paused,
            "completed" => Self::Completed,
            "error" => Self::Error,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for StreamingStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for StreamingStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for StreamingStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from(text.as_str()))
    }
}

/// A subscription as the service has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionResponse {
    /// Its id.
    pub id: SubscriptionId,
    /// Its topic0; 32 zero bytes for an anonymous event.
    pub topic0: B256,
    /// Its event.
    pub event_signature: AbiEvent,
    /// Its contracts; none means any.
    pub addresses: Vec<Address>,
    /// Its first block.
    pub start_block: u64,
    /// Its last block; `None` follows the head.
    #[serde(default)]
    pub end_block: Option<u64>,
    /// Its chain.
    pub chain_id: ChainId,
    /// Its owner.
    pub subscriber_id: String,
    /// Whether a stream of it is open.
    pub is_streaming: bool,
    /// What it is doing.
    pub streaming_status: StreamingStatus,
    /// The acknowledged position.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// The last acknowledged event.
    #[serde(default)]
    pub last_event_id: Option<EventId>,
    /// The last block of which everything is acknowledged.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// How many events are acknowledged.
    pub events_delivered: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// Its further events (X).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<EventFilter>,
    /// Its filters on topics 1 to 3 (X).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: TopicFilter,
    /// How deep its events must be (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One page of subscriptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SubscriptionListResponse {
    /// Those of the page.
    pub subscriptions: Vec<SubscriptionResponse>,
    /// How many there are in all.
    pub total: u64,
    /// The page, from 1.
    pub page: u64,
    /// How many a page holds.
    pub page_size: u64,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Everything up to a token is done (X; `POST /subscriptions/{id}/position`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionRequest {
    /// The position.
    pub resume_token: ResumeToken,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The position as it is now (X).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PositionResponse {
    /// Always true.
    pub acknowledged: bool,
    /// The position.
    pub resume_token: ResumeToken,
    /// The last block of which everything is acknowledged.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `GET /subscriptions/{id}/last-processed-block`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LastProcessedBlockResponse {
    /// The last block of which everything is acknowledged.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `GET /subscriptions/{id}/processing-status`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProcessingStatusResponse {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Whether anything is being read or delivered for it.
    pub is_processing: bool,
    /// How many streams of it are open.
    pub connection_count: u64,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
