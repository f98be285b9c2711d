//! Subscriptions: which events of which contracts, from which block on.

mod filter;
mod finality;
mod response;
mod status;

pub use filter::{EventFilter, TopicFilter, TopicPositionError};
pub use finality::{Finality, StartBlock};
pub use response::{LastProcessedBlockResponse, SubscriptionListResponse, SubscriptionResponse};
use serde::{Deserialize, Serialize};
pub use status::StreamingStatus;

use crate::{AbiEvent, Address, B256, ChainId, Extra, optional};

/// What is asked for when a subscription is created (reference model `SubscriptionCreate`).
///
/// ```
/// use event_streamer_models::{AbiEvent, AbiInput, ChainId, SubscriptionCreate};
///
/// let transfer = AbiEvent::new(
///     "Transfer",
///     vec![
///         AbiInput::indexed("from", "address"),
///         AbiInput::indexed("to", "address"),
///         AbiInput::new("value", "uint256"),
///     ],
/// );
/// let create = SubscriptionCreate::new(transfer, ChainId::new(1), 19_000_000)
///     .with_addresses(["0xa0b86a33e6417b3c4555ba476f04245600306d5d".parse()?])
///     .with_end_block(19_010_000)
///     .with_subscriber_id("my-app");
/// assert_eq!(serde_json::to_value(&create)?["start_block"], 19_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscriptionCreate {
    /// The event.
    pub event_signature: AbiEvent,
    /// The hash of its signature; computed by the service if it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
    /// The contracts; empty is any.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub addresses: Vec<Address>,
    /// The first block.
    pub start_block: StartBlock,
    /// The last block; `None` follows the head for ever.
    #[serde(default)]
    pub end_block: Option<u64>,
    /// The chain.
    pub chain_id: ChainId,
    /// Whose subscription it is; the SDK fills it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriber_id: Option<String>,
    /// More events on the same subscription.
    #[serde(
        default,
        deserialize_with = "optional::null_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub events: Vec<EventFilter>,
    /// Values that the indexed parameters must have.
    #[serde(
        default,
        deserialize_with = "optional::null_default",
        skip_serializing_if = "TopicFilter::is_any"
    )]
    pub topics: TopicFilter,
    /// How deep a block must be before its events are delivered; `None` is the chain's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl SubscriptionCreate {
    /// One event of any contract, from a block on, without an end.
    #[must_use]
    pub fn new(
        event_signature: AbiEvent,
        chain_id: ChainId,
        start_block: impl Into<StartBlock>,
    ) -> Self {
        Self {
            event_signature,
            chain_id,
            start_block: start_block.into(),
            ..Self::default()
        }
    }

    /// Sets the hash of the event's signature; a wrong one is refused by the service.
    #[must_use]
    pub fn with_topic0(mut self, topic0: B256) -> Self {
        self.topic0 = Some(topic0);
        self
    }

    /// Only these contracts.
    #[must_use]
    pub fn with_addresses(mut self, addresses: impl IntoIterator<Item = Address>) -> Self {
        self.addresses = addresses.into_iter().collect();
        self
    }

    /// Up to and with this block.
    #[must_use]
    pub fn with_end_block(mut self, end_block: u64) -> Self {
        self.end_block = Some(end_block);
        self
    }

    /// Whose subscription it is.
    #[must_use]
    pub fn with_subscriber_id(mut self, subscriber_id: impl Into<String>) -> Self {
        self.subscriber_id = Some(subscriber_id.into());
        self
    }

    /// More events on the same subscription.
    #[must_use]
    pub fn with_events(mut self, events: impl IntoIterator<Item = EventFilter>) -> Self {
        self.events = events.into_iter().collect();
        self
    }

    /// Only these values of indexed parameters.
    #[must_use]
    pub fn with_topics(mut self, topics: TopicFilter) -> Self {
        self.topics = topics;
        self
    }

    /// How deep a block must be before its events are delivered.
    #[must_use]
    pub fn with_finality(mut self, finality: Finality) -> Self {
        self.finality = Some(finality);
        self
    }
}

/// What is to change on a subscription (reference model `SubscriptionUpdate`).
///
/// `None` leaves a field as it is and is not sent. Set by struct update:
///
/// ```
/// use event_streamer_models::{StreamingStatus, SubscriptionUpdate};
///
/// let pause = SubscriptionUpdate {
///     streaming_status: Some(StreamingStatus::Paused),
///     ..SubscriptionUpdate::default()
/// };
/// assert_eq!(serde_json::to_string(&pause)?, r#"{"streaming_status":"paused"}"#);
///
/// let follow_the_head =
///     SubscriptionUpdate { end_block: Some(None), ..SubscriptionUpdate::default() };
/// assert_eq!(serde_json::to_string(&follow_the_head)?, r#"{"end_block":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscriptionUpdate {
    /// The hash of the event's signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic0: Option<B256>,
    /// The event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_signature: Option<AbiEvent>,
    /// The contracts; empty is any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Vec<Address>>,
    /// The first block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_block: Option<StartBlock>,
    /// The last block; `Some(None)`, on the wire `null`, takes the end away.
    #[serde(
        deserialize_with = "optional::present",
        skip_serializing_if = "Option::is_none"
    )]
    pub end_block: Option<Option<u64>>,
    /// The chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain_id: Option<ChainId>,
    /// Whose subscription it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscriber_id: Option<String>,
    /// Whether it is delivered as a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_streaming: Option<bool>,
    /// What the stream does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub streaming_status: Option<StreamingStatus>,
    /// More events on the same subscription, instead of those there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<EventFilter>>,
    /// Values that the indexed parameters must have, instead of those there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topics: Option<TopicFilter>,
    /// How deep a block must be before its events are delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
