//! Everything that can be set about one chain's ingest, with its default.

use std::time::Duration;

use event_streamer_models::B256;

use crate::rpc::{RpcClientConfig, RpcUrl};

use super::backoff::Backoff;
use super::breaker::BreakerConfig;

/// Where the logs of one chain come from, and within which bounds.
///
/// Plain data: [`SourceConfig::new`] gives every setting its default.
///
/// ```
/// use std::time::Duration;
/// use event_streamer_server::ingest::SourceConfig;
///
/// let config = SourceConfig::new(1, vec!["http://127.0.0.1:8545".parse()?])
///     .with_websocket(vec!["ws://127.0.0.1:8546".parse()?])
///     .with_block_time(Duration::from_secs(12))
///     .with_max_blocks_per_request(10_000);
/// assert_eq!(config.reorg_window, 64);
/// # Ok::<(), event_streamer_server::rpc::RpcUrlError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SourceConfig {
    /// The chain id every endpoint must report; one that reports another is not used.
    pub chain_id: u64,
    /// What the chain is called; its endpoints' breakers are named after it. Default
    /// `chain {chain_id}`.
    pub name: String,
    /// The hash of the chain's first block. Every endpoint must have this one; by default, the same
    /// one as the others.
    pub genesis: Option<B256>,
    /// HTTP endpoints, in order of preference: all data comes from these.
    pub http: Vec<RpcUrl>,
    /// WebSocket endpoints whose `newHeads` announcements wake the head tracker early.
    pub websocket: Vec<RpcUrl>,
    /// The time between two blocks, which is also the time between two polls. Default 2 s.
    pub block_time: Duration,
    /// The widest range of one `eth_getLogs`. Never exceeded, whatever a node suggests.
    /// Default 2,000 blocks.
    pub max_blocks_per_request: u64,
    /// How long a WebSocket may say nothing before it is asked for a sign of life, and how long it
    /// then has. Default 30 s.
    pub websocket_silence: Duration,
    /// How many headers below the head are kept at least; a reorg that goes deeper than what is
    /// kept is resolved by asking the node. Up to four times as many are kept where finality lags
    /// that far. Default 64.
    pub reorg_window: u64,
    /// What of the nodes' answers is held against the headers. Default [`Verify::Head`].
    pub verify: Verify,
    /// Of how many ranges of history one is looked at by chance with [`Verify::Head`]; 0 for none.
    /// Default 100.
    pub sample_one_in: u32,
    /// Where the time of a log's block comes from. Default [`Timestamps::Lookup`].
    pub timestamps: Timestamps,
    /// Bytes of recent blocks' logs shared by all followers of the chain. Default 64 MiB.
    pub recent_bytes: usize,
    /// How many blocks above finality one follower reads at once while it catches up. Default 8.
    pub blocks_ahead: usize,
    /// Reads (of the head, a block, a range) that may be under way at one endpoint. Default 16.
    pub max_concurrent_reads: usize,
    /// When an endpoint that fails is left alone.
    pub breaker: BreakerConfig,
    /// The first wait after a fault; it doubles with each further one. Default 100 ms.
    pub retry_base: Duration,
    /// The longest wait between two attempts, unless a node asks for more. Default 10 s.
    pub retry_cap: Duration,
    /// The longest `Retry-After` that is obeyed as it stands. Default 5 min.
    pub retry_after_cap: Duration,
    /// Time-outs and sizes of single requests. A segment of history is never larger than one
    /// answer, so [`RpcClientConfig::max_response_bytes`] bounds its memory too.
    pub rpc: RpcClientConfig,
    /// Makes the jitter of the waits repeatable, for simulations. Default `None`: seeded from the
    /// operating system.
    pub jitter_seed: Option<u64>,
}

/// What of the nodes' answers is held against the headers' blooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verify {
    /// Hashes, order and filter only: for chains whose headers carry wrong blooms.
    Off,
    /// Every block above finality. In history both ends of each range, every block of a range whose
    /// answer is suspicious (empty after dense ones, or from an endpoint that was caught with an
    /// untrue answer lately), and a part of one range in a hundred, chosen by chance.
    #[default]
    Head,
    /// The bloom of every block. History costs the headers of all its blocks, in batches.
    All,
}

/// Where the time of a log's block comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Timestamps {
    /// From the log itself, else from headers at hand, else null.
    AsGiven,
    /// As before, and the headers that are missing are asked for in batches.
    #[default]
    Lookup,
}

impl SourceConfig {
    /// A source for `chain_id` over HTTP endpoints in order of preference.
    #[must_use]
    pub fn new(chain_id: u64, http: Vec<RpcUrl>) -> Self {
        Self {
            chain_id,
            name: format!("chain {chain_id}"),
            genesis: None,
            http,
            websocket: Vec::new(),
            block_time: Duration::from_secs(2),
            websocket_silence: Duration::from_secs(30),
            max_blocks_per_request: 2_000,
            reorg_window: 64,
            verify: Verify::default(),
            sample_one_in: 100,
            timestamps: Timestamps::default(),
            recent_bytes: 64 * 1024 * 1024,
            blocks_ahead: 8,
            max_concurrent_reads: 16,
            breaker: BreakerConfig::default(),
            retry_base: Duration::from_millis(100),
            retry_cap: Duration::from_secs(10),
            retry_after_cap: Duration::from_secs(300),
            rpc: RpcClientConfig::default(),
            jitter_seed: None,
        }
    }

    /// Sets what the chain is called.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the hash of the chain's first block.
    #[must_use]
    pub fn with_genesis(mut self, hash: B256) -> Self {
        self.genesis = Some(hash);
        self
    }

    /// Sets when an endpoint that fails is left alone.
    #[must_use]
    pub fn with_breaker(mut self, breaker: BreakerConfig) -> Self {
        self.breaker = breaker;
        self
    }

    /// Sets the WebSocket endpoints.
    #[must_use]
    pub fn with_websocket(mut self, websocket: Vec<RpcUrl>) -> Self {
        self.websocket = websocket;
        self
    }

    /// Sets the time between two blocks.
    #[must_use]
    pub fn with_block_time(mut self, block_time: Duration) -> Self {
        self.block_time = block_time;
        self
    }

    /// Sets how long a WebSocket may say nothing.
    #[must_use]
    pub fn with_websocket_silence(mut self, silence: Duration) -> Self {
        self.websocket_silence = silence;
        self
    }

    /// Sets the widest range of one `eth_getLogs`, in blocks.
    #[must_use]
    pub fn with_max_blocks_per_request(mut self, blocks: u64) -> Self {
        self.max_blocks_per_request = blocks;
        self
    }

    /// Sets how many headers below the head are kept at least.
    #[must_use]
    pub fn with_reorg_window(mut self, blocks: u64) -> Self {
        self.reorg_window = blocks;
        self
    }

    /// Sets what is held against the headers.
    #[must_use]
    pub fn with_verify(mut self, verify: Verify) -> Self {
        self.verify = verify;
        self
    }

    /// Sets of how many ranges of history one is looked at by chance.
    #[must_use]
    pub fn with_sample_one_in(mut self, ranges: u32) -> Self {
        self.sample_one_in = ranges;
        self
    }

    /// Sets where block times come from.
    #[must_use]
    pub fn with_timestamps(mut self, timestamps: Timestamps) -> Self {
        self.timestamps = timestamps;
        self
    }

    /// Sets the first and the longest wait between two attempts.
    #[must_use]
    pub fn with_retry(mut self, base: Duration, cap: Duration) -> Self {
        self.retry_base = base;
        self.retry_cap = cap;
        self
    }

    /// Sets the bytes of recent blocks' logs that are kept for all followers.
    #[must_use]
    pub fn with_recent_bytes(mut self, bytes: usize) -> Self {
        self.recent_bytes = bytes;
        self
    }

    /// Sets time-outs and sizes of single requests.
    #[must_use]
    pub fn with_rpc(mut self, rpc: RpcClientConfig) -> Self {
        self.rpc = rpc;
        self
    }

    /// Makes the jitter of the waits repeatable.
    #[must_use]
    pub fn with_jitter_seed(mut self, seed: u64) -> Self {
        self.jitter_seed = Some(seed);
        self
    }

    /// The waits after faults.
    pub(crate) fn backoff(&self) -> Backoff {
        Backoff::new(self.retry_base, self.retry_cap, self.jitter_seed)
    }
}
