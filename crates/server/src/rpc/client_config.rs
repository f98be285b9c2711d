//! Settings of an [`RpcClient`].

use std::time::Duration;

#[cfg(doc)]
use super::RpcClient;
use super::budget::BudgetConfig;
use super::compression::NodeCompression;
use super::dialer::NodeDialer;

/// Time-outs and sizes of an [`RpcClient`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RpcClientConfig {
    /// For name lookup, TCP and TLS together. Default 10 s.
    pub connect_timeout: Duration,
    /// For a whole call. Default 20 s: with the waits behind it, a call that is lost must not hold up
    /// the stream for longer than the 30 s within which delivery resumes after a fault.
    pub request_timeout: Duration,
    /// The largest answer that is taken, in bytes. Default 32 MiB.
    pub max_response_bytes: usize,
    /// The most calls in one JSON-RPC batch; 1 sends each call alone. Default 50. A node that
    /// refuses batches of this size gets smaller ones.
    pub max_batch: usize,
    /// How connections are opened. Default: by the system.
    pub dialer: NodeDialer,
    /// Whether answers come compressed. Default: over TLS.
    pub compression: NodeCompression,
    /// What may be asked of the node in a second. Default: no limit.
    pub budget: Option<BudgetConfig>,
}

impl Default for RpcClientConfig {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(20),
            max_response_bytes: 32 << 20,
            max_batch: 50,
            dialer: NodeDialer::default(),
            compression: NodeCompression::default(),
            budget: None,
        }
    }
}
