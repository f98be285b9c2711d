//! What a node lets its clients do.

/// Bounds on what a client may ask of a [`ReplayNode`](crate::ReplayNode).
///
/// Those of `eth_getLogs` are off by default; set them to see how a program copes with a provider
/// that has them.
///
/// ```
/// use event_streamer_replay::NodeLimits;
///
/// let limits = NodeLimits::default().with_max_block_range(1_000).with_max_logs(10_000);
/// assert_eq!(limits.max_batch, 1_000);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeLimits {
    /// The longest request in bytes, over HTTP and WebSocket. Default: 5 MiB. Above it: HTTP 413,
    /// or the WebSocket is closed.
    pub max_request_bytes: usize,
    /// The longest answer in bytes. Default: 256 MiB. Above it: error -32003.
    pub max_response_bytes: usize,
    /// The most calls in one batch. Default: 1,000. Above it: error -32600.
    pub max_batch: usize,
    /// The most connections at a time; further ones wait. Default: 1,024.
    pub max_connections: usize,
    /// The most subscriptions on one WebSocket. Default: 128. Above it: error -32005.
    pub max_subscriptions: usize,
    /// The most blocks that one `eth_getLogs` may cover. Default: any. Above it: error -32005.
    pub max_block_range: Option<u64>,
    /// The most logs that one `eth_getLogs` may give. Default: any. Above it: error -32005.
    pub max_logs: Option<usize>,
}

impl Default for NodeLimits {
    fn default() -> Self {
        Self {
            max_request_bytes: 5 << 20,
            max_response_bytes: 256 << 20,
            max_batch: 1_000,
            max_connections: 1_024,
            max_subscriptions: 128,
            max_block_range: None,
            max_logs: None,
        }
    }
}

impl NodeLimits {
    /// Sets [`max_request_bytes`](Self::max_request_bytes).
    #[must_use]
    pub fn with_max_request_bytes(mut self, bytes: usize) -> Self {
        self.max_request_bytes = bytes;
        self
    }

    /// Sets [`max_response_bytes`](Self::max_response_bytes).
    #[must_use]
    pub fn with_max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets [`max_batch`](Self::max_batch).
    #[must_use]
    pub fn with_max_batch(mut self, calls: usize) -> Self {
        self.max_batch = calls;
        self
    }

    /// Sets [`max_connections`](Self::max_connections).
    #[must_use]
    pub fn with_max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets [`max_subscriptions`](Self::max_subscriptions).
    #[must_use]
    pub fn with_max_subscriptions(mut self, subscriptions: usize) -> Self {
        self.max_subscriptions = subscriptions;
        self
    }

    /// Sets [`max_block_range`](Self::max_block_range).
    #[must_use]
    pub fn with_max_block_range(mut self, blocks: u64) -> Self {
        self.max_block_range = Some(blocks);
        self
    }

    /// Sets [`max_logs`](Self::max_logs).
    #[must_use]
    pub fn with_max_logs(mut self, logs: usize) -> Self {
        self.max_logs = Some(logs);
        self
    }
}
