//! Circuit breakers: which nodes are left alone because they fail.
//!
//! One breaker for each endpoint: `ethereum_rpc`, then `ethereum_rpc_2`. The two older protocols
//! describe them with different fields; counters and texts that a service does not send read as
//! zero and empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ChainId, Extra, Timestamp, optional, text_enum::text_enum};

text_enum! {
    /// Whether a breaker lets calls through.
    BreakerState {
        /// All calls.
        Closed = "closed",
        /// None.
        Open = "open",
        /// A few, to see whether the endpoint is well again.
        HalfOpen = "half_open",
    }
}

/// A breaker starts closed.
impl Default for BreakerState {
    fn default() -> Self {
        Self::Closed
    }
}

/// A breaker (reference model `CircuitBreakerStatus`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerStatus {
    /// Whether it lets calls through.
    pub state: BreakerState,
    /// Calls that failed.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub failure_count: u64,
    /// Calls that did not.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub success_count: u64,
    /// Calls that failed since the last that did not.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub consecutive_failures: u64,
    /// Calls that did not fail since the last that did.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub consecutive_successes: u64,
    /// Calls.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub total_calls: u64,
    /// When a call failed last.
    #[serde(default, deserialize_with = "optional::readable")]
    pub last_failure_time: Option<Timestamp>,
    /// When a call did not fail last.
    #[serde(default, deserialize_with = "optional::readable")]
    pub last_success_time: Option<Timestamp>,
    /// How often it went from one state to another, `closed_to_open` for example.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub state_transitions: BTreeMap<String, u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The numbers of one breaker (reference model `CircuitBreakerMetrics`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerMetrics {
    /// Its name.
    #[serde(deserialize_with = "optional::null_default")]
    pub name: String,
    /// Calls that failed.
    #[serde(deserialize_with = "optional::null_default")]
    pub failure_count: u64,
    /// Calls that did not.
    #[serde(deserialize_with = "optional::null_default")]
    pub success_count: u64,
    /// Calls that failed since the last that did not.
    #[serde(deserialize_with = "optional::null_default")]
    pub consecutive_failures: u64,
    /// Calls that did not fail since the last that did.
    #[serde(deserialize_with = "optional::null_default")]
    pub consecutive_successes: u64,
    /// Calls.
    #[serde(deserialize_with = "optional::null_default")]
    pub total_calls: u64,
    /// Calls that were let through to see whether the endpoint is well again.
    #[serde(deserialize_with = "optional::null_default")]
    pub half_open_calls: u64,
    /// When a call failed last.
    #[serde(deserialize_with = "optional::readable")]
    pub last_failure_time: Option<Timestamp>,
    /// When a call did not fail last.
    #[serde(deserialize_with = "optional::readable")]
    pub last_success_time: Option<Timestamp>,
    /// How often it went from one state to another.
    #[serde(deserialize_with = "optional::null_default")]
    pub state_transitions: BTreeMap<String, u64>,
    /// Calls that did not fail in all calls, 0 to 1.
    #[serde(deserialize_with = "optional::null_default")]
    pub success_rate: f64,
    /// Calls that failed in all calls, 0 to 1.
    #[serde(deserialize_with = "optional::null_default")]
    pub failure_rate: f64,
    /// The mean time of a call in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_response_time: Option<f64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The breaker of one endpoint (reference model `RpcClientStatus`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RpcClientStatus {
    /// Whether it lets calls through.
    pub state: BreakerState,
    /// Its numbers by name.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub metrics: serde_json::Map<String, serde_json::Value>,
    /// Whether calls get through and succeed.
    pub is_healthy: bool,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// All breakers (reference model `CircuitBreakerStatusResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerStatusResponse {
    /// By name.
    pub circuit_breakers: BTreeMap<String, CircuitBreakerStatus>,
    /// By chain, then by name.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub rpc_clients: BTreeMap<String, BTreeMap<String, RpcClientStatus>>,
    /// Numbers over all of them.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub summary: serde_json::Map<String, serde_json::Value>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whether the endpoints are well (reference model `CircuitBreakerHealthResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerHealthResponse {
    /// In one word.
    #[serde(deserialize_with = "optional::null_default")]
    pub overall_health: String,
    /// Breakers that let calls through in all breakers, 0 to 100.
    #[serde(deserialize_with = "optional::null_default")]
    pub health_percentage: f64,
    /// Breakers.
    #[serde(deserialize_with = "optional::null_default")]
    pub total_circuit_breakers: u64,
    /// Breakers that let calls through.
    #[serde(deserialize_with = "optional::null_default")]
    pub healthy_circuit_breakers: u64,
    /// Breakers that do not.
    #[serde(deserialize_with = "optional::null_default")]
    pub unhealthy_circuit_breakers: u64,
    /// Each endpoint, by chain.
    #[serde(deserialize_with = "optional::null_default")]
    pub rpc_clients: BTreeMap<String, serde_json::Map<String, serde_json::Value>>,
    /// When that was so.
    #[serde(
        deserialize_with = "optional::readable",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_updated: Option<Timestamp>,
    /// Endpoints that are well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub healthy_rpcs: Option<u64>,
    /// Endpoints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_rpcs: Option<u64>,
    /// Chains without an endpoint that is well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unhealthy_chains: Option<Vec<ChainLabel>>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A chain by number or by name, as the service likes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ChainLabel {
    /// By number.
    Id(ChainId),
    /// By name.
    Name(String),
}

/// The answer to a reset of one or all breakers (reference model `CircuitBreakerResetResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerResetResponse {
    /// What was done, for a person.
    #[serde(deserialize_with = "optional::null_default")]
    pub message: String,
    /// In one word.
    #[serde(deserialize_with = "optional::null_default")]
    pub status: String,
    /// How many breakers were reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_count: Option<u64>,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// When breakers open and close (reference model `CircuitBreakerConfigResponse`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CircuitBreakerConfigResponse {
    /// Failures in a row that open a breaker.
    pub failure_threshold: u64,
    /// Seconds that it stays open.
    pub recovery_timeout: u64,
    /// Successes in a row that close it again.
    pub success_threshold: u64,
    /// Seconds after which a call has failed.
    pub timeout: u64,
    /// Calls that are let through to see whether the endpoint is well again.
    pub half_open_max_calls: u64,
    /// Fields that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
