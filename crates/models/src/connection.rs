//! Connections: what the service says of open streams, and the reference's two-step connect
//! and resume, which our service answers in one request.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ConnectionId, Extra, ResumeToken, SubscriptionId, Timestamp};

/// What a client may say of itself: texts, integers, booleans by name.
pub type ClientMetadata = serde_json::Map<String, Value>;

/// One open stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConnectionHealth {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// `healthy` or what is wrong.
    pub status: String,
    /// The last sign of the client.
    pub last_heartbeat: Timestamp,
    /// How many events were sent.
    pub events_sent: u64,
    /// Failed writes per event, 0 to 1.
    pub error_rate: f64,
    /// Seconds since it was opened.
    pub uptime_seconds: u64,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's request for a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingConnectionRequest {
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Where to go on.
    #[serde(default)]
    pub resume_token: Option<ResumeToken>,
    /// What the client says of itself.
    #[serde(default)]
    pub client_metadata: Option<ClientMetadata>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingConnectionResponse {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Where to read.
    pub stream_url: String,
    /// The position.
    pub resume_token: ResumeToken,
    /// Seconds between heartbeats.
    pub heartbeat_interval: u64,
    /// Seconds of silence after which the connection is closed.
    pub connection_timeout: u64,
    /// When it was opened.
    pub established_at: Timestamp,
    /// For people.
    pub message: String,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's request to go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResumeRequest {
    /// Where.
    pub resume_token: ResumeToken,
    /// What the client says of itself.
    #[serde(default)]
    pub client_metadata: Option<ClientMetadata>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's answer to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResumeResponse {
    /// The connection.
    pub connection_id: ConnectionId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Where to read.
    pub stream_url: String,
    /// The position: texts and integers by name.
    pub resume_position: BTreeMap<String, Value>,
    /// How many events came meanwhile.
    pub events_missed: u64,
    /// For people.
    pub message: String,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
