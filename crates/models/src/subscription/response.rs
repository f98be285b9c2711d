//! Subscriptions as the service describes them.

use serde::{Deserialize, Serialize};

use super::{EventFilter, Finality, StreamingStatus, TopicFilter};
use crate::{
    AbiEvent, Address, B256, ChainId, EventId, Extra, ResumeToken, SubscriptionId, Timestamp,
    optional,
};

/// A subscription (reference model `SubscriptionResponse`).
///
/// `last_processed_block`, `resume_token`, `last_event_id` and `events_delivered` describe the
/// acknowledged position, not what was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscriptionResponse {
    /// Its number.
    pub id: SubscriptionId,
    /// The hash of the event's signature; 32 zero bytes for an anonymous event.
    pub topic0: B256,
    /// The event.
    pub event_signature: AbiEvent,
    /// The contracts; empty is any.
    pub addresses: Vec<Address>,
    /// The first block; a number even if `"latest"` was asked for.
    pub start_block: u64,
    /// The last block; `None` follows the head for ever.
    #[serde(default)]
    pub end_block: Option<u64>,
    /// The last block that is acknowledged whole.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// The chain.
    pub chain_id: ChainId,
    /// Whose subscription it is.
    pub subscriber_id: String,
    /// Whether it is delivered as a stream.
    pub is_streaming: bool,
    /// What the stream does.
    pub streaming_status: StreamingStatus,
    /// The acknowledged position; `None` if nothing is acknowledged.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// The last acknowledged event.
    #[serde(default)]
    pub last_event_id: Option<EventId>,
    /// The number of acknowledged events.
    pub events_delivered: u64,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
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
    /// How deep a block must be before its events are delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finality: Option<Finality>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One page of subscriptions (reference model `SubscriptionListResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscriptionListResponse {
    /// Those on this page.
    pub subscriptions: Vec<SubscriptionResponse>,
    /// How many there are on all pages.
    pub total: u64,
    /// The number of this page, counted from 1.
    pub page: u64,
    /// How many fit on a page.
    pub page_size: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How far a subscription is acknowledged on its chain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LastProcessedBlockResponse {
    /// The last block that is acknowledged whole; `None` if there is none yet.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl LastProcessedBlockResponse {
    /// This block.
    #[must_use]
    pub fn new(last_processed_block: Option<u64>) -> Self {
        Self {
            last_processed_block,
            extra: Extra::new(),
        }
    }
}
