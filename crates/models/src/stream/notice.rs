//! Messages about the stream itself.

use serde::{Deserialize, Serialize};

use super::Events;
use crate::{
    B256, BlockRef, ConnectionId, Extra, ResumeToken, SubscriptionId, Timestamp, extra, optional,
};

extra::typed_extra!(heartbeat_extra, "heartbeat", Refused);
extra::typed_extra!(progress_extra, "progress", Refused);
extra::typed_extra!(reorg_extra, "reorg", Refused);
extra::typed_extra!(complete_extra, "complete", Refused);

/// A sign of life while there is nothing to send (reference model `StreamingHeartbeat`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "heartbeat")]
pub struct StreamingHeartbeat {
    /// The connection that it is sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// When it was sent.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// The head of the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_block: Option<u64>,
    /// The last block whose events were all sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_block: Option<u64>,
    /// The position after what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_token: Option<ResumeToken>,
    /// The [step](ProgressMessage::step) of the last message before it that moved the position; 0
    /// if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "heartbeat_extra")]
    pub extra: Extra,
}

impl StreamingHeartbeat {
    /// With everything that the reference client requires.
    #[must_use]
    pub fn new(
        connection_id: ConnectionId,
        subscription_id: SubscriptionId,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            connection_id: Some(connection_id),
            subscription_id: Some(subscription_id),
            timestamp: Some(timestamp),
            ..Self::default()
        }
    }
}

/// Blocks were read in which nothing matched; sent with feature `progress`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "progress")]
pub struct ProgressMessage {
    /// The position after these blocks.
    pub resume_token: ResumeToken,
    /// The first of these blocks.
    pub from_block: u64,
    /// The last of these blocks.
    pub to_block: u64,
    /// The hash of the last of these blocks.
    pub to_block_hash: B256,
    /// The head of the chain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_block: Option<u64>,
    /// The place among those messages of the connection that move the position (event batches,
    /// `progress`, `reorg`, `complete`, and the error `REORG_DETECTED`): 1, 2, 3 and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "progress_extra")]
    pub extra: Extra,
}

impl ProgressMessage {
    /// The blocks from `from_block` to `to`, both included, read while the head was `head_block`.
    #[must_use]
    pub fn new(resume_token: ResumeToken, from_block: u64, to: BlockRef, head_block: u64) -> Self {
        Self {
            resume_token,
            from_block,
            to_block: to.number,
            to_block_hash: to.hash,
            head_block: Some(head_block),
            step: None,
            extra: Extra::new(),
        }
    }
}

/// Blocks are no longer part of the chain; sent with feature `reorg`.
///
/// What a consumer made of events above `rollback_to` is void. The events of the new blocks follow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "reorg")]
pub struct ReorgMessage {
    /// The last block that still stands.
    pub rollback_to: BlockRef,
    /// How many blocks are void.
    pub depth: u64,
    /// Delivered events that are void by this, as far as the service still has them;
    /// `rollback_to` is what counts.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub removed: Events,
    /// The position after this notice.
    pub resume_token: ResumeToken,
    /// As in [`ProgressMessage::step`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "reorg_extra")]
    pub extra: Extra,
}

impl ReorgMessage {
    /// A notice that lists no removed events.
    #[must_use]
    pub fn new(rollback_to: BlockRef, depth: u64, resume_token: ResumeToken) -> Self {
        Self {
            rollback_to,
            depth,
            removed: Events::default(),
            resume_token,
            step: None,
            extra: Extra::new(),
        }
    }
}

/// The last block of the subscription is delivered and the stream ends; sent with feature
/// `complete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "complete")]
pub struct CompleteMessage {
    /// The final position.
    pub resume_token: ResumeToken,
    /// How many events the subscription delivered.
    pub events_delivered: u64,
    /// As in [`ProgressMessage::step`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "complete_extra")]
    pub extra: Extra,
}

impl CompleteMessage {
    /// At this position, after this many events.
    #[must_use]
    pub fn new(resume_token: ResumeToken, events_delivered: u64) -> Self {
        Self {
            resume_token,
            events_delivered,
            step: None,
            extra: Extra::new(),
        }
    }
}
