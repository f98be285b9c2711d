//! Acknowledgements, confirmations and client heartbeats (protocol, sections 2 and 4).

use serde::{Deserialize, Serialize};

use crate::{BatchId, ConnectionId, Extra, ResponseId, ResumeToken, SubscriptionId, Timestamp};

/// One batch is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchAcknowledgmentRequest {
    /// The batch.
    pub batch_id: BatchId,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The batch is durably done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchAcknowledgmentResponse {
    /// Always true.
    pub acknowledged: bool,
    /// The batch.
    pub batch_id: BatchId,
    /// How many events it held.
    pub events_acknowledged: u64,
    /// The connection.
    pub connection_id: ConnectionId,
    /// The acknowledged position.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Many batches are done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkBatchAcknowledgmentRequest {
    /// The batches.
    pub batch_ids: Vec<BatchId>,
    /// The connection.
    pub connection_id: ConnectionId,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The batches that are durably done, and those that are not known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BulkBatchAcknowledgmentResponse {
    /// How many were asked for.
    pub total_batches: u64,
    /// How many are done.
    pub acknowledged_batches: u64,
    /// How many are not known.
    pub failed_batches: u64,
    /// Those.
    pub failed_batch_ids: Vec<BatchId>,
    /// How many events the done ones held.
    pub total_events_acknowledged: u64,
    /// The connection.
    pub connection_id: ConnectionId,
    /// The acknowledged position.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Older clients: the batch with this response id is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfirmationRequest {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// The message.
    pub response_id: ResponseId,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whether it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfirmationResponse {
    /// Whether the batch is done.
    pub success: bool,
    /// For people.
    pub message: String,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The client is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientHeartbeatRequest {
    /// When it was sent.
    pub timestamp: Timestamp,
    /// 1, 2, 3 ..
    #[serde(default)]
    pub sequence_number: Option<i64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// So is the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClientHeartbeatResponse {
    /// Always true.
    pub acknowledged: bool,
    /// When (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_timestamp: Option<Timestamp>,
    /// When (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// The connection.
    pub connection_id: ConnectionId,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
