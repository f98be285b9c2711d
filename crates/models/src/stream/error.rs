//! Errors that come through the stream.

use serde::{Deserialize, Serialize};

use crate::{
    ConnectionId, Extra, SubscriptionId, Timestamp, extra, optional, text_enum::text_enum,
};

extra::typed_extra!(error_extra, "error", Refused);

text_enum! {
    /// What went wrong, in one word; also the `code` of an error response.
    ErrorCode {
        /// The connection broke; raised by the SDK itself.
        ConnectionLost = "CONNECTION_LOST",
        /// The stream cannot be read; raised by the SDK itself.
        StreamError = "STREAM_ERROR",
        /// There is no such subscription, or it was deleted.
        SubscriptionNotFound = "SUBSCRIPTION_NOT_FOUND",
        /// The chain's nodes are failing and are left alone for a while.
        CircuitBreakerOpen = "CIRCUIT_BREAKER_OPEN",
        /// Too many requests.
        RateLimited = "RATE_LIMITED",
        /// The service stopped processing the subscription.
        ProcessingStopped = "PROCESSING_STOPPED",
        /// The token is broken, forged or another subscription's.
        InvalidResumeToken = "INVALID_RESUME_TOKEN",
        /// A reorg took blocks back; the message names the block it went back to.
        ReorgDetected = "REORG_DETECTED",
        /// A reorg below the finalized block; the subscription stops.
        ReorgTooDeep = "REORG_TOO_DEEP",
        /// The chain was deactivated.
        ChainDeactivated = "CHAIN_DEACTIVATED",
        /// The service shuts down; connect again.
        ServerShutdown = "SERVER_SHUTDOWN",
        /// The nodes' answers contradict each other; the position may not move.
        UpstreamIncomplete = "UPSTREAM_INCOMPLETE",
        /// The reader is too slow.
        SlowConsumer = "SLOW_CONSUMER",
        /// A fault of the service.
        Internal = "INTERNAL",
        /// There is no such batch on the connection.
        BatchNotFound = "BATCH_NOT_FOUND",
        /// There is no such connection, or it ended too long ago.
        ConnectionNotFound = "CONNECTION_NOT_FOUND",
        /// The token is behind the acknowledged position, which never moves back.
        PositionBehind = "POSITION_BEHIND",
    }
}

/// An error, or a warning, in the stream (reference model `StreamingError`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "error")]
pub struct StreamingError {
    /// The connection that it is sent on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// The subscription that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<SubscriptionId>,
    /// What went wrong, for a program.
    pub error_code: ErrorCode,
    /// What went wrong, for a person.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub error_message: String,
    /// Whether the client should go on, by connecting again if the stream ends; missing is `true`.
    #[serde(default = "optional::yes", deserialize_with = "optional::null_true")]
    pub recoverable: bool,
    /// When it was sent.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// As in [`ProgressMessage::step`](crate::ProgressMessage::step); with `REORG_DETECTED` only, as
    /// no other error moves the position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten, deserialize_with = "error_extra")]
    pub extra: Extra,
}

impl StreamingError {
    /// A recoverable error with everything that the reference client requires.
    #[must_use]
    pub fn new(
        connection_id: ConnectionId,
        subscription_id: SubscriptionId,
        error_code: ErrorCode,
        error_message: impl Into<String>,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            connection_id: Some(connection_id),
            subscription_id: Some(subscription_id),
            error_code,
            error_message: error_message.into(),
            recoverable: true,
            timestamp: Some(timestamp),
            step: None,
            extra: Extra::new(),
        }
    }

    /// Sets its place among the messages that move the position.
    #[must_use]
    pub fn with_step(mut self, step: u64) -> Self {
        self.step = Some(step);
        self
    }

    /// Sets whether the client should go on.
    #[must_use]
    pub fn with_recoverable(mut self, recoverable: bool) -> Self {
        self.recoverable = recoverable;
        self
    }
}
