//! Chains: their configuration and what the service says of them.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ChainId, Extra, Timestamp};

/// A request to add or change a chain: D's and R's names of the same things. Endpoint URLs hold
/// keys, so `Debug` does not show them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ChainConfigRequest {
    /// The chain.
    pub chain_id: ChainId,
    /// Its name.
    pub name: String,
    /// HTTP and WebSocket endpoints (D).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rpc_urls: Vec<String>,
    /// HTTP endpoint (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_rpc_url: Option<String>,
    /// WebSocket endpoint (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_websocket_url: Option<String>,
    /// Seconds between blocks (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_block_time: Option<f64>,
    /// Most blocks in one request (D); `historical_max_chunk_size` is the same setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_blocks_per_request: Option<u64>,
    /// Blocks to wait before an event is delivered (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmation_blocks: Option<u64>,
    /// Most blocks in one request (R, default 10,000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_max_chunk_size: Option<u64>,
    /// Requests at once (R, default 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_max_concurrent: Option<u64>,
    /// Repeats of a request (R, default 3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_max_retries: Option<u64>,
    /// Blocks between two reports (R, default 100).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub historical_progress_interval: Option<u64>,
    /// Repeats at the head (R, default 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_max_retries: Option<u64>,
    /// Seconds between them (R, default 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_retry_delay: Option<u64>,
    /// Seconds before a WebSocket is opened again (R, default 30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_reconnect_delay: Option<u64>,
    /// Seconds between two looks at the head (R, default 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_block_check_interval: Option<u64>,
    /// Whether gaps are looked for (R, default true).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_enable_gap_detection: Option<bool>,
    /// Most blocks a gap may have (R, default 1,000).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_max_gap_size: Option<u64>,
    /// Blocks in one request of a gap (R, default 100).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_gap_fill_chunk_size: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl fmt::Debug for ChainConfigRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ChainConfigRequest")
            .field("chain_id", &self.chain_id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What was done about a chain, and its configuration where one was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainConfigResponse {
    /// For people.
    pub message: String,
    /// The chain; 0 for all.
    pub chain_id: ChainId,
    /// When.
    pub timestamp: Timestamp,
    /// The configuration's fields, endpoints redacted.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Every chain; D sends a list, R a map by id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainListResponse {
    /// The chains.
    pub chains: ChainCollection,
    /// How many.
    #[serde(default)]
    pub total_chains: u64,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A map by id, or a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ChainCollection {
    /// R.
    ById(BTreeMap<String, Extra>),
    /// D.
    List(Vec<Extra>),
}

/// Counts over all chains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainStatsResponse {
    /// Whether the configuration was read.
    #[serde(default = "loaded")]
    pub loaded: bool,
    /// How many chains.
    pub total_chains: u64,
    /// Their ids.
    #[serde(default)]
    pub supported_chain_ids: Vec<ChainId>,
    /// When the configuration was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_refresh: Option<Timestamp>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Chains with a head (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_chains: Option<u64>,
    /// Endpoints that answer (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy_rpcs: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

fn loaded() -> bool {
    true
}

/// One chain, in R's short list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainInfo {
    /// The chain.
    pub chain_id: ChainId,
    /// Its name.
    pub name: String,
    /// Whether it has an HTTP endpoint.
    pub historical_rpc_configured: bool,
    /// Whether it has a WebSocket endpoint.
    pub live_websocket_configured: bool,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// R's short list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChainsResponse {
    /// The chains.
    pub supported_chains: Vec<ChainInfo>,
    /// How many.
    pub total_chains: u64,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whether blocks are missing between what was read and the head.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapDetectionResponse {
    /// The chain.
    pub chain_id: ChainId,
    /// Whether a search was started.
    pub gap_detection_triggered: bool,
    /// How many gaps.
    pub gaps_found: u64,
    /// Each of them.
    pub gap_details: Vec<Extra>,
    /// The head.
    pub current_block: u64,
    /// By subscription.
    pub last_processed_blocks: BTreeMap<String, u64>,
    /// What reads the chain.
    pub processor_status: BTreeMap<String, Value>,
    /// When.
    pub timestamp: Timestamp,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
