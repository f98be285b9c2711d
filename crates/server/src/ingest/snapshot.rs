//! How the endpoints of a chain are doing, for those who watch.

use std::collections::BTreeMap;
use std::time::Duration;

use event_streamer_models::B256;

use super::breaker::BreakerSnapshot;
use crate::rpc::MethodCalls;

/// One endpoint, at one moment. Plain data, without secrets.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EndpointSnapshot {
    /// The name of its breaker: `ethereum_rpc` for the first endpoint of a chain,
    /// `ethereum_rpc_2` for the second, HTTP endpoints first.
    pub name: String,
    /// Scheme, host and port. Credentials, path and query are never shown.
    pub url: String,
    /// What it is used for.
    pub role: EndpointRole,
    /// Which chain it was found to be on.
    pub identity: EndpointIdentity,
    /// Whether it is asked at all, and what came of the calls so far.
    pub breaker: BreakerSnapshot,
    /// The mean time of an answer; `None` before the first one.
    pub mean_latency: Option<Duration>,
    /// The time that one answer in twenty exceeds; `None` before there were some.
    pub p95_latency: Option<Duration>,
    /// The share of the recent calls that failed, 0 to 1.
    pub error_rate: f64,
    /// The newest block it told of.
    pub head: Option<u64>,
    /// How many blocks that is behind the chain's head.
    pub lag: Option<u64>,
    /// Reads that are under way.
    pub under_way: usize,
    /// How long it is left alone, as it asked for (`Retry-After`, a rate limit).
    pub quiet_for: Option<Duration>,
    /// Answers that could not be true.
    pub untrue_answers: u64,
    /// Slow reads that were asked of another endpoint too.
    pub hedged: u64,
    /// Calls by method; none of an endpoint of announcements, which is not called.
    pub calls: BTreeMap<&'static str, MethodCalls>,
}

/// What an endpoint is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointRole {
    /// HTTP: all data.
    Data,
    /// WebSocket: announcements of new blocks.
    Announcements,
}

/// Which chain an endpoint is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EndpointIdentity {
    /// Not asked yet, or not since its connection broke.
    Unknown,
    /// The configured one.
    Ours,
    /// Another chain id: it is never used.
    Foreign {
        /// The id that it reported.
        chain_id: u64,
    },
    /// The right chain id, but another first block than the other endpoints: it is not used.
    OtherGenesis {
        /// The hash of its first block.
        genesis: B256,
    },
}
