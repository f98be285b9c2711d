//! A subscription as the service keeps it: validated, resolved, with its acknowledged position.

use event_streamer_models::{
    AbiEvent, Address, ChainId, EventId, Finality, SubscriptionId, Timestamp, TopicFilter,
};
use serde::{Deserialize, Serialize};

use crate::ingest::Cursor;
use crate::token::TokenScope;

/// What is asked for. Valid by construction: only `api::validate` makes one from outside input,
/// and the store gives back what it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SubscriptionSpec {
    pub(crate) subscriber_id: String,
    pub(crate) chain_id: ChainId,
    pub(crate) events: Events,
    /// Emitting contracts; empty means any.
    #[serde(default)]
    pub(crate) addresses: Vec<Address>,
    #[serde(default)]
    pub(crate) topics: TopicFilter,
    pub(crate) start_block: u64,
    /// The last block that is wanted; `None` follows the head for ever.
    #[serde(default)]
    pub(crate) end_block: Option<u64>,
    /// `None` is what the chain's configuration says.
    #[serde(default)]
    pub(crate) finality: Option<Finality>,
}

/// The events of a subscription: one, or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Events {
    pub(crate) first: AbiEvent,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) further: Vec<AbiEvent>,
}

/// A stored subscription.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subscription {
    pub(crate) id: SubscriptionId,
    pub(crate) spec: SubscriptionSpec,
    /// Streams are refused while set.
    pub(crate) paused: bool,
    /// Why the last stream ended for good, if it did.
    pub(crate) failure: Option<String>,
    /// Counts the changes of everything above: an update names the revision it was made from.
    pub(crate) revision: u64,
    /// Counts the resets of the position. Acknowledgements of an older epoch are void.
    pub(crate) epoch: u64,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) acknowledged: Acknowledged,
}

/// How far a subscription's consumer is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Acknowledged {
    /// `None` before the first acknowledgement.
    pub(crate) cursor: Option<Cursor>,
    /// The last acknowledged event.
    pub(crate) last_event_id: Option<EventId>,
    /// Acknowledged events since the subscription began; one that a reorg undid stays counted.
    pub(crate) events_delivered: u64,
}

impl Subscription {
    /// One that was just made.
    pub(crate) fn new(id: SubscriptionId, spec: SubscriptionSpec, now: Timestamp) -> Self {
        Self {
            id,
            spec,
            paused: false,
            failure: None,
            revision: 0,
            epoch: 0,
            created_at: now,
            updated_at: now,
            acknowledged: Acknowledged::default(),
        }
    }

    pub(crate) fn token_scope(&self) -> TokenScope {
        TokenScope {
            subscription_id: self.id,
            chain_id: self.spec.chain_id,
            epoch: self.epoch,
        }
    }
}

impl Events {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &AbiEvent> + Clone {
        std::iter::once(&self.first).chain(&self.further)
    }
}

impl SubscriptionSpec {
    /// True if everything up to the end block lies behind `cursor`.
    pub(crate) fn is_complete_at(&self, cursor: Option<&Cursor>) -> bool {
        let (Some(end), Some(done)) = (self.end_block, cursor.and_then(last_whole_block)) else {
            return false;
        };
        done >= end
    }
}

/// The last block of which nothing is missing behind `cursor`.
pub(crate) fn last_whole_block(cursor: &Cursor) -> Option<u64> {
    match cursor.log_index {
        None => Some(cursor.block.number),
        Some(_) => cursor.block.number.checked_sub(1),
    }
}
