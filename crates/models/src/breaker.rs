//! Circuit breakers: one for each endpoint of each chain.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Extra, Timestamp};

/// One breaker, as the overview lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerStatus {
    /// `closed`, `open` or `half_open`.
    pub state: String,
    /// Failures in all.
    pub failure_count: u64,
    /// Successes in all.
    pub success_count: u64,
    /// Failures since the last success.
    pub consecutive_failures: u64,
    /// Successes since the last failure.
    pub consecutive_successes: u64,
    /// Calls in all.
    pub total_calls: u64,
    /// The last failure.
    #[serde(default)]
    pub last_failure_time: Option<Timestamp>,
    /// The last success.
    #[serde(default)]
    pub last_success_time: Option<Timestamp>,
    /// How often each state was entered.
    pub state_transitions: BTreeMap<String, u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One endpoint of a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RpcClientStatus {
    /// Its breaker's state.
    pub state: String,
    /// Its counters.
    pub metrics: Extra,
    /// Whether requests go to it.
    pub is_healthy: bool,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Every breaker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerStatusResponse {
    /// By name.
    pub circuit_breakers: BTreeMap<String, CircuitBreakerStatus>,
    /// By chain and endpoint.
    pub rpc_clients: BTreeMap<String, BTreeMap<String, RpcClientStatus>>,
    /// Counts over all.
    pub summary: Extra,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How the endpoints are, in short. D and R count the same things under different names; a
/// service sends both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerHealthResponse {
    /// `healthy`, `degraded` or `unhealthy`.
    pub overall_health: String,
    /// 0 to 100 (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_percentage: Option<f64>,
    /// Breakers in all (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_circuit_breakers: Option<u64>,
    /// Closed ones (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy_circuit_breakers: Option<u64>,
    /// The others (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unhealthy_circuit_breakers: Option<u64>,
    /// By chain (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpc_clients: Option<BTreeMap<String, Extra>>,
    /// When (R).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<Timestamp>,
    /// Healthy endpoints (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub healthy_rpcs: Option<u64>,
    /// Endpoints in all (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_rpcs: Option<u64>,
    /// Chains without a healthy endpoint (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unhealthy_chains: Option<Vec<serde_json::Value>>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One breaker in detail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerMetrics {
    /// Its name, e.g. `ethereum_rpc`.
    pub name: String,
    /// Failures in all.
    pub failure_count: u64,
    /// Successes in all.
    pub success_count: u64,
    /// Failures since the last success.
    pub consecutive_failures: u64,
    /// Successes since the last failure.
    pub consecutive_successes: u64,
    /// Calls in all.
    pub total_calls: u64,
    /// Calls while half open.
    pub half_open_calls: u64,
    /// The last failure.
    #[serde(default)]
    pub last_failure_time: Option<Timestamp>,
    /// The last success.
    #[serde(default)]
    pub last_success_time: Option<Timestamp>,
    /// How often each state was entered.
    pub state_transitions: BTreeMap<String, u64>,
    /// 0 to 1.
    pub success_rate: f64,
    /// 0 to 1.
    pub failure_rate: f64,
    /// Milliseconds (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub average_response_time: Option<f64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One or all were closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerResetResponse {
    /// For people.
    pub message: String,
    /// For programs.
    pub status: String,
    /// How many (D).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_count: Option<u64>,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// When a breaker opens and closes; times in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircuitBreakerConfigResponse {
    /// Failures in a row that open it.
    pub failure_threshold: u64,
    /// Seconds it stays open.
    pub recovery_timeout: u64,
    /// Successes in a row that close it.
    pub success_threshold: u64,
    /// Seconds after which a call counts as failed.
    pub timeout: u64,
    /// Calls let through while half open.
    pub half_open_max_calls: u64,
    /// What else was sent.
    #[serde(flatten)]
    pub extra: Extra,
}
