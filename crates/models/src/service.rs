//! What the service says of itself: health, metrics, errors.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Address, B256, ChainId, ErrorCode, Extra, Timestamp};

/// Whether the service is alive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HealthResponse {
    /// `healthy` or `degraded`.
    pub status: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ErrorResponse {
    /// In short.
    pub error: String,
    /// In full.
    #[serde(default)]
    pub detail: Option<String>,
    /// When.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// For programs (X).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<ErrorCode>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Counters of one chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainMetrics {
    /// The chain.
    pub chain_id: ChainId,
    /// Its name.
    pub name: String,
    /// Subscriptions on it.
    pub subscriptions: u64,
    /// Events delivered.
    pub events_processed: u64,
    /// Streams open.
    pub active_tasks: u64,
    /// Most requests at once.
    pub max_concurrent: u64,
    /// Subscriptions at the head.
    pub live_subscriptions: u64,
    /// Events delivered at the head.
    pub live_events_processed: u64,
    /// Whether the head is followed.
    pub live_processor_running: bool,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Counters of the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricsResponse {
    /// Subscriptions in all.
    pub total_subscriptions: u64,
    /// Those being streamed.
    pub active_subscriptions: u64,
    /// Those with a last block in the past.
    pub historical_subscriptions: u64,
    /// Those that began at the head.
    pub live_subscriptions: u64,
    /// Those that began in the past and follow the head.
    pub hybrid_subscriptions: u64,
    /// Finished ones.
    pub completed_historical: u64,
    /// Ones still reading the past.
    pub in_progress_historical: u64,
    /// Whether anything is being streamed.
    pub processing_active: bool,
    /// Events delivered.
    pub events_processed: u64,
    /// The chains.
    pub supported_chains: Vec<ChainId>,
    /// By chain id.
    pub by_chain: BTreeMap<String, ChainMetrics>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Counters of the streams.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StreamingMetricsResponse {
    /// Connections since the start.
    pub total_connections: u64,
    /// Open ones.
    pub active_connections: u64,
    /// By status.
    pub connections_by_status: BTreeMap<String, u64>,
    /// Events sent and not acknowledged.
    pub events_queued: u64,
    /// Events sent.
    pub events_delivered: u64,
    /// Writes that failed.
    pub delivery_failures: u64,
    /// 0 to 1.
    pub delivery_success_rate: f64,
    /// Resume tokens made.
    pub tokens_generated: u64,
    /// Resume tokens used.
    pub tokens_used: u64,
    /// Resume tokens that were too old.
    pub tokens_expired: u64,
    /// Looks at connections.
    pub health_checks_performed: u64,
    /// Connections closed for silence.
    pub connections_auto_closed: u64,
    /// Subscriptions being streamed.
    pub subscriptions_with_connections: u64,
    /// Connections for each of those.
    pub avg_connections_per_subscription: f64,
    /// Milliseconds.
    pub avg_event_delivery_time: f64,
    /// Seconds.
    pub avg_connection_uptime: f64,
    /// Seconds.
    pub heartbeat_interval: u64,
    /// Seconds.
    pub connection_timeout: u64,
    /// The healthy ones.
    pub healthy_connections: Vec<Extra>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's list of schema names. Our service does not have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SchemasResponse {
    /// The names.
    pub schemas: Vec<String>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's base of typed events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaseEvent {
    /// The chain.
    pub chain_id: ChainId,
    /// The block.
    pub block_number: u64,
    /// The transaction's place in the block.
    pub transaction_index: u64,
    /// The transaction.
    pub transaction_hash: B256,
    /// The log's place in the block.
    pub log_index: u32,
    /// The contract.
    pub address: Address,
    /// Who sent the transaction.
    pub transaction_from: Address,
    /// To whom.
    pub transaction_to: Address,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
