//! Batches that a consumer refuses, and what is kept of them (X, `docs/protocol.md`, section 7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{BatchId, Extra, SubscriptionId, Timestamp};

/// Refuses a batch: it comes again on the same stream, until it was refused too often.
///
/// ```
/// use event_streamer_models::{BatchId, BatchRefusalRequest};
///
/// let request = BatchRefusalRequest::new(BatchId::from("batch_1"));
/// assert_eq!(serde_json::to_string(&request)?, r#"{"batch_id":"batch_1"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRefusalRequest {
    /// The batch.
    pub batch_id: BatchId,
    /// Seconds until it is sent again, at most a day; `None` is what the service is set to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_seconds: Option<u64>,
    /// Why, for those who look at the dead letter. The first 2,000 characters are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl BatchRefusalRequest {
    /// A refusal without a reason, with the service's delay.
    #[must_use]
    pub fn new(batch_id: BatchId) -> Self {
        Self {
            batch_id,
            delay_seconds: None,
            reason: None,
        }
    }
}

/// What comes of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RefusalOutcome {
    /// The batch is sent again on this stream.
    Redelivery,
    /// It was refused as often as it may be: it is kept, and the position goes on.
    DeadLetter,
}

/// The answer to a refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchRefusalResponse {
    /// The batch.
    pub batch_id: BatchId,
    /// How often it was refused on this stream, this time included.
    pub refusals: u32,
    /// How often it may be.
    pub max_refusals: u32,
    /// What comes of it.
    pub outcome: RefusalOutcome,
    /// Seconds until it is sent again, if it is.
    #[serde(default)]
    pub delay_seconds: Option<u64>,
    /// When the answer was made.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A batch that was refused too often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetterResponse {
    /// Its number.
    pub id: u64,
    /// Whose events they are.
    pub subscription_id: SubscriptionId,
    /// The lowest block that the batch covers.
    pub first_block: u64,
    /// The highest one.
    pub last_block: u64,
    /// How many events it has.
    pub batch_size: u64,
    /// The bytes of its events.
    pub bytes: u64,
    /// How often it was refused.
    pub refusals: u32,
    /// What the consumer said the last time.
    #[serde(default)]
    pub reason: Option<String>,
    /// When it was kept.
    pub created_at: Timestamp,
    /// The events by name; not in lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<BTreeMap<String, Vec<Value>>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Dead letters of a subscription, by their numbers. The next page is behind the last of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeadLetterListResponse {
    /// Without their events.
    pub dead_letters: Vec<DeadLetterResponse>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
