//! Acknowledging: what was handled is said to be handled, and the position moves.
//!
//! A 200 means that the position is durable; what its body may lack is therefore optional or has a
//! default, so that an older service's answer never turns a good acknowledgement into an error.

use serde::{Deserialize, Serialize};

use crate::{BatchId, ConnectionId, Extra, ResumeToken, Timestamp, optional};

/// Acknowledges one batch (reference model `BatchAcknowledgmentRequest`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchAcknowledgmentRequest {
    /// The batch.
    pub batch_id: BatchId,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BatchAcknowledgmentRequest {
    /// For this batch.
    #[must_use]
    pub fn new(batch_id: BatchId) -> Self {
        Self {
            batch_id,
            extra: Extra::new(),
        }
    }
}

/// The answer to the acknowledgement of one batch (reference model
/// `BatchAcknowledgmentResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BatchAcknowledgmentResponse {
    /// Whether the batch is acknowledged.
    pub acknowledged: bool,
    /// The batch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// How many events it had.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub events_acknowledged: u64,
    /// The connection that it was sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// When it was acknowledged.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// The acknowledged position, which may lie before or after this batch.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BatchAcknowledgmentResponse {
    /// A batch that is acknowledged, with everything that the reference client requires.
    #[must_use]
    pub fn new(
        connection_id: ConnectionId,
        batch_id: BatchId,
        events_acknowledged: u64,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            acknowledged: true,
            batch_id: Some(batch_id),
            events_acknowledged,
            connection_id: Some(connection_id),
            timestamp: Some(timestamp),
            resume_token: None,
            extra: Extra::new(),
        }
    }

    /// Adds the acknowledged position.
    #[must_use]
    pub fn with_resume_token(mut self, resume_token: ResumeToken) -> Self {
        self.resume_token = Some(resume_token);
        self
    }
}

/// Acknowledges several batches (reference model `BulkBatchAcknowledgmentRequest`); a service takes
/// up to 1,000 at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BulkBatchAcknowledgmentRequest {
    /// The batches.
    pub batch_ids: Vec<BatchId>,
    /// The connection that they were sent on.
    pub connection_id: ConnectionId,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BulkBatchAcknowledgmentRequest {
    /// For these batches of a connection.
    #[must_use]
    pub fn new(connection_id: ConnectionId, batch_ids: Vec<BatchId>) -> Self {
        Self {
            batch_ids,
            connection_id,
            extra: Extra::new(),
        }
    }
}

/// The answer to the acknowledgement of several batches (reference model
/// `BulkBatchAcknowledgmentResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BulkBatchAcknowledgmentResponse {
    /// How many batches were named.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub total_batches: u64,
    /// How many of them are acknowledged.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub acknowledged_batches: u64,
    /// How many of them are not.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub failed_batches: u64,
    /// Those that are not.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub failed_batch_ids: Vec<BatchId>,
    /// How many events the acknowledged ones had.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub total_events_acknowledged: u64,
    /// The connection that they were sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// When they were acknowledged.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// The acknowledged position.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BulkBatchAcknowledgmentResponse {
    /// Counts the batches; everything that the reference client requires is there.
    ///
    /// ```
    /// use event_streamer_models::{BulkBatchAcknowledgmentResponse, Timestamp};
    ///
    /// let failed = vec!["batch_unknown".into()];
    /// let answer =
    ///     BulkBatchAcknowledgmentResponse::new("conn_1".into(), 2, failed, 40, Timestamp::UNIX_EPOCH);
    /// assert_eq!((answer.total_batches, answer.failed_batches), (3, 1));
    /// ```
    #[must_use]
    pub fn new(
        connection_id: ConnectionId,
        acknowledged_batches: u64,
        failed_batch_ids: Vec<BatchId>,
        total_events_acknowledged: u64,
        timestamp: Timestamp,
    ) -> Self {
        let failed_batches = failed_batch_ids.len() as u64;
        Self {
            total_batches: acknowledged_batches.saturating_add(failed_batches),
            acknowledged_batches,
            failed_batches,
            failed_batch_ids,
            total_events_acknowledged,
            connection_id: Some(connection_id),
            timestamp: Some(timestamp),
            resume_token: None,
            extra: Extra::new(),
        }
    }

    /// Adds the acknowledged position.
    #[must_use]
    pub fn with_resume_token(mut self, resume_token: ResumeToken) -> Self {
        self.resume_token = Some(resume_token);
        self
    }
}

/// Acknowledges everything up to a position, on no connection in particular.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionRequest {
    /// The position.
    pub resume_token: ResumeToken,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PositionRequest {
    /// Up to this position.
    #[must_use]
    pub fn new(resume_token: ResumeToken) -> Self {
        Self {
            resume_token,
            extra: Extra::new(),
        }
    }
}

/// The answer to a [`PositionRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionResponse {
    /// Whether the position is acknowledged.
    pub acknowledged: bool,
    /// The acknowledged position.
    pub resume_token: ResumeToken,
    /// The last block that is acknowledged whole.
    #[serde(default)]
    pub last_processed_block: Option<u64>,
    /// When it was acknowledged.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PositionResponse {
    /// A position that is acknowledged.
    #[must_use]
    pub fn new(
        resume_token: ResumeToken,
        last_processed_block: Option<u64>,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            acknowledged: true,
            resume_token,
            last_processed_block,
            timestamp: Some(timestamp),
            extra: Extra::new(),
        }
    }
}
