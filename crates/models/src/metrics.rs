//! The service's numbers, for people and programs that do not read Prometheus.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ChainId, Extra, Timestamp};

/// How much the service has done (reference model `MetricsResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricsResponse {
    /// Subscriptions that are not deleted.
    pub total_subscriptions: u64,
    /// Subscriptions that are being processed.
    pub active_subscriptions: u64,
    /// Subscriptions at the head of their chain.
    pub live_subscriptions: u64,
    /// Subscriptions that read blocks of the past only.
    pub historical_subscriptions: u64,
    /// Subscriptions that read the past and then follow the head.
    pub hybrid_subscriptions: u64,
    /// Subscriptions whose past is read.
    pub completed_historical: u64,
    /// Subscriptions whose past is being read.
    pub in_progress_historical: u64,
    /// Events delivered.
    pub events_processed: u64,
    /// Whether anything is being processed.
    pub processing_active: bool,
    /// The chains that are configured.
    pub supported_chains: Vec<ChainId>,
    /// The same for each chain, by chain id.
    pub by_chain: BTreeMap<String, ChainMetrics>,
    /// When that was so.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How much was done on one chain (reference model `ChainMetrics`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChainMetrics {
    /// The chain.
    pub chain_id: ChainId,
    /// Its name.
    pub name: String,
    /// Subscriptions on it.
    pub subscriptions: u64,
    /// Subscriptions at its head.
    pub live_subscriptions: u64,
    /// Readers of the past at work.
    pub active_tasks: u64,
    /// How many of these there may be.
    pub max_concurrent: u64,
    /// Events delivered.
    pub events_processed: u64,
    /// Events delivered at the head.
    pub live_events_processed: u64,
    /// Whether its head is followed.
    pub live_processor_running: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How the streams are doing (reference model `StreamingMetricsResponse`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StreamingMetricsResponse {
    /// Connections since the start.
    pub total_connections: u64,
    /// Connections now.
    pub active_connections: u64,
    /// Connections now, by how they are.
    pub connections_by_status: BTreeMap<String, u64>,
    /// Events that were queued for delivery since the start.
    pub events_queued: u64,
    /// Events delivered since the start.
    pub events_delivered: u64,
    /// Writes that failed since the start.
    pub delivery_failures: u64,
    /// Successful writes in all writes, 0 to 1.
    pub delivery_success_rate: f64,
    /// Resume tokens made.
    pub tokens_generated: u64,
    /// Resume tokens that a stream was opened with.
    pub tokens_used: u64,
    /// Resume tokens that were too old.
    pub tokens_expired: u64,
    /// Checks of connections.
    pub health_checks_performed: u64,
    /// Connections closed for want of a sign of life.
    pub connections_auto_closed: u64,
    /// Subscriptions that have a connection.
    pub subscriptions_with_connections: u64,
    /// Connections a subscription, of those that have one.
    pub avg_connections_per_subscription: f64,
    /// Seconds from an event's arrival to its writing.
    pub avg_event_delivery_time: f64,
    /// Hours that connections are open.
    pub avg_connection_uptime: f64,
    /// Seconds between heartbeats.
    pub heartbeat_interval: u64,
    /// Seconds without a sign of life after which a connection is closed.
    pub connection_timeout: u64,
    /// Some connections that are well.
    pub healthy_connections: Vec<serde_json::Map<String, serde_json::Value>>,
    /// When that was so.
    pub timestamp: Timestamp,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
