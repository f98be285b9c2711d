//! Connections: their opening, their heartbeats and how they are.

use serde::{Deserialize, Serialize};

use crate::{
    ConnectionId, Extra, ResumeToken, SubscriptionId, Timestamp, optional, text_enum::text_enum,
};

/// What a client says about itself: texts, integers and truth values by name.
pub type ClientMetadata = serde_json::Map<String, serde_json::Value>;

/// Asks for a connection (reference model `StreamingConnectionRequest`).
///
/// Not used by our service, where opening the stream is the request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamingConnectionRequest {
    /// The subscription to stream.
    pub subscription_id: SubscriptionId,
    /// Where to start; `None` is the acknowledged position.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// What the client says about itself.
    #[serde(default)]
    pub client_metadata: Option<ClientMetadata>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A connection that can be opened (reference model `StreamingConnectionResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamingConnectionResponse {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Where to read it.
    pub stream_url: String,
    /// Where it starts.
    pub resume_token: ResumeToken,
    /// Seconds between heartbeats.
    pub heartbeat_interval: u64,
    /// Seconds without a sign of life after which the connection is closed.
    pub connection_timeout: u64,
    /// When it was made.
    pub established_at: Timestamp,
    /// The same for a person.
    pub message: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Asks to go on at a position (reference model `ResumeRequest`).
///
/// Not used by our service, where the stream takes the token itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResumeRequest {
    /// The position.
    pub resume_token: ResumeToken,
    /// What the client says about itself.
    #[serde(default)]
    pub client_metadata: Option<ClientMetadata>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A connection that goes on at a position (reference model `ResumeResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResumeResponse {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Where to read it.
    pub stream_url: String,
    /// The position in the service's own terms: texts and integers by name.
    pub resume_position: serde_json::Map<String, serde_json::Value>,
    /// How many events lie between the position and the head.
    pub events_missed: u64,
    /// The same for a person.
    pub message: String,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A sign of life from the client (reference model `ClientHeartbeatRequest`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientHeartbeatRequest {
    /// The client's time.
    pub timestamp: Timestamp,
    /// Counts the heartbeats of a connection.
    #[serde(default)]
    pub sequence_number: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ClientHeartbeatRequest {
    /// At this time.
    #[must_use]
    pub fn new(timestamp: Timestamp) -> Self {
        Self {
            timestamp,
            sequence_number: None,
            extra: Extra::new(),
        }
    }

    /// Counts it.
    #[must_use]
    pub fn with_sequence_number(mut self, sequence_number: u64) -> Self {
        self.sequence_number = Some(sequence_number);
        self
    }
}

/// The answer to a client's heartbeat (reference model `ClientHeartbeatResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientHeartbeatResponse {
    /// Whether it was taken; missing is `true`.
    #[serde(default = "optional::yes", deserialize_with = "optional::null_true")]
    pub acknowledged: bool,
    /// The service's time.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub server_timestamp: Option<Timestamp>,
    /// The service's time under its older name.
    #[serde(
        default,
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub timestamp: Option<Timestamp>,
    /// The connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connection_id: Option<ConnectionId>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ClientHeartbeatResponse {
    /// A heartbeat that was taken, with the time under both its names.
    #[must_use]
    pub fn new(connection_id: ConnectionId, timestamp: Timestamp) -> Self {
        Self {
            acknowledged: true,
            server_timestamp: Some(timestamp),
            timestamp: Some(timestamp),
            connection_id: Some(connection_id),
            extra: Extra::new(),
        }
    }
}

/// Whether a subscription is being processed (reference model `ProcessingStatusResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProcessingStatusResponse {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Whether its events are being read and sent.
    pub is_processing: bool,
    /// How many connections it has.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub connection_count: u64,
    /// When that was so.
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

impl ProcessingStatusResponse {
    /// With everything that the reference client requires.
    #[must_use]
    pub fn new(
        subscription_id: SubscriptionId,
        is_processing: bool,
        connection_count: u64,
        timestamp: Timestamp,
    ) -> Self {
        Self {
            subscription_id,
            is_processing,
            connection_count,
            timestamp: Some(timestamp),
            extra: Extra::new(),
        }
    }
}

text_enum! {
    /// How a connection is.
    ConnectionStatus {
        /// Well.
        Healthy = "healthy",
        /// Late with a sign of life.
        Warning = "warning",
        /// Very late with a sign of life.
        Critical = "critical",
        /// Broken.
        Failed = "failed",
    }
}

/// How a connection is (reference model `ConnectionHealth`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectionHealth {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// How it is.
    pub status: ConnectionStatus,
    /// The last sign of life.
    pub last_heartbeat: Timestamp,
    /// Seconds since it was opened.
    pub uptime_seconds: u64,
    /// How many events were sent on it.
    pub events_sent: u64,
    /// Failed sends in all sends, 0 to 1.
    pub error_rate: f64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
