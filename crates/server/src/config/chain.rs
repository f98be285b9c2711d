//! One chain: what it is called, where its nodes are, how it is read.

use std::time::Duration;

use event_streamer_models::{B256, Finality};

use super::ChainPreset;
use crate::ingest::{BreakerConfig, SourceConfig, Verify};
use crate::rpc::{BudgetConfig, NodeDialer, RpcUrl};

/// The pace of a chain of which nothing is known.
const DEFAULT_BLOCK_TIME: Duration = Duration::from_secs(2);

/// One chain that can be subscribed to. Plain data.
///
/// ```
/// use event_streamer_server::ChainConfig;
///
/// let chain = ChainConfig::new(137)
///     .with_endpoint("https://polygon.example/key".parse()?)
///     .with_endpoint("wss://polygon.example/key".parse()?)
///     .with_confirmation_blocks(12);
/// assert_eq!(chain.name, "Polygon");
/// assert_eq!((chain.http.len(), chain.websocket.len()), (1, 1));
/// // Endpoints hold keys, which are never shown.
/// assert!(!format!("{chain:?}").contains("/key"));
/// # Ok::<(), event_streamer_server::rpc::RpcUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ChainConfig {
    /// The id every endpoint must report (EIP-155).
    pub chain_id: u64,
    /// What people call it. Default: of the preset, else `chain {id}`.
    pub name: String,
    /// HTTP endpoints, in order of preference. At least one.
    pub http: Vec<RpcUrl>,
    /// WebSocket endpoints, which only announce new blocks.
    pub websocket: Vec<RpcUrl>,
    /// The usual time between two blocks. Default: of the preset, else 2 s.
    pub block_time: Duration,
    /// The widest range of one `eth_getLogs`. Default 10,000 blocks.
    pub max_blocks_per_request: u64,
    /// Reads that may be under way at one endpoint. Default 16.
    pub max_concurrent_reads: usize,
    /// How deep a block must be before its events are delivered, for subscriptions that do not
    /// say. Default 0: at the head, with notices of reorgs.
    pub confirmation_blocks: u64,
    /// Headers below the head that are kept to find the fork of a reorg. Default 64.
    pub reorg_window: u64,
    /// The hash of the first block, which every endpoint must have. Default: the same one as the
    /// others.
    pub genesis: Option<B256>,
    /// What of the nodes' answers is held against the headers. Default [`Verify::Head`].
    pub verify: Verify,
    /// When an endpoint that fails is left alone.
    pub breaker: BreakerConfig,
    /// What may be asked of each HTTP endpoint in a second. Default: no limit.
    pub budget: Option<BudgetConfig>,
    /// How connections to the HTTP endpoints are opened. Default: by the system.
    pub dialer: NodeDialer,
    /// Makes the jitter of the waits after faults repeatable, for simulations. Default `None`:
    /// seeded from the operating system.
    pub jitter_seed: Option<u64>,
}

impl ChainConfig {
    /// A chain without endpoints; name and block time of the preset if there is one.
    #[must_use]
    pub fn new(chain_id: u64) -> Self {
        let preset = ChainPreset::of(chain_id);
        Self {
            chain_id,
            name: preset.map_or_else(|| format!("chain {chain_id}"), |it| it.name.to_owned()),
            http: Vec::new(),
            websocket: Vec::new(),
            block_time: preset.map_or(DEFAULT_BLOCK_TIME, |it| it.block_time),
            max_blocks_per_request: 10_000,
            max_concurrent_reads: 16,
            confirmation_blocks: 0,
            reorg_window: 64,
            genesis: None,
            verify: Verify::default(),
            breaker: BreakerConfig::default(),
            budget: None,
            dialer: NodeDialer::default(),
            jitter_seed: None,
        }
    }

    /// Adds an endpoint, for data or for announcements as its scheme says.
    #[must_use]
    pub fn with_endpoint(mut self, url: RpcUrl) -> Self {
        if url.is_websocket() {
            self.websocket.push(url);
        } else {
            self.http.push(url);
        }
        self
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Sets the usual time between two blocks, which is also that between two polls.
    #[must_use]
    pub fn with_block_time(mut self, block_time: Duration) -> Self {
        self.block_time = block_time;
        self
    }

    /// Sets the widest range of one `eth_getLogs`, in blocks.
    #[must_use]
    pub fn with_max_blocks_per_request(mut self, blocks: u64) -> Self {
        self.max_blocks_per_request = blocks;
        self
    }

    /// Sets how deep a block must be before its events are delivered.
    #[must_use]
    pub fn with_confirmation_blocks(mut self, blocks: u64) -> Self {
        self.confirmation_blocks = blocks;
        self
    }

    /// Opens connections to the HTTP endpoints by this dialer, and makes the jitter of the waits
    /// after faults repeatable: for simulations.
    #[must_use]
    pub fn with_simulation(mut self, dialer: NodeDialer, jitter_seed: u64) -> Self {
        self.dialer = dialer;
        self.jitter_seed = Some(jitter_seed);
        self
    }

    /// Sets the hash of the first block, which every endpoint must have.
    #[must_use]
    pub fn with_genesis(mut self, hash: B256) -> Self {
        self.genesis = Some(hash);
        self
    }

    /// Sets what of the nodes' answers is held against the headers.
    #[must_use]
    pub fn with_verify(mut self, verify: Verify) -> Self {
        self.verify = verify;
        self
    }

    /// Sets when an endpoint that fails is left alone.
    #[must_use]
    pub fn with_breaker(mut self, breaker: BreakerConfig) -> Self {
        self.breaker = breaker;
        self
    }

    /// Sets what may be asked of each HTTP endpoint in a second.
    #[must_use]
    pub fn with_budget(mut self, budget: BudgetConfig) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The finality of subscriptions that do not say.
    pub(crate) fn default_finality(&self) -> Finality {
        match self.confirmation_blocks {
            0 => Finality::Latest,
            blocks => Finality::Confirmations(blocks),
        }
    }

    pub(crate) fn source_config(&self) -> SourceConfig {
        let mut config = SourceConfig::new(self.chain_id, self.http.clone())
            .with_name(self.name.clone())
            .with_websocket(self.websocket.clone())
            .with_block_time(self.block_time)
            .with_max_blocks_per_request(self.max_blocks_per_request)
            .with_reorg_window(self.reorg_window)
            .with_verify(self.verify)
            .with_breaker(self.breaker);
        config.max_concurrent_reads = self.max_concurrent_reads;
        config.genesis = self.genesis;
        config.rpc.budget = self.budget.clone();
        config.rpc.dialer = self.dialer.clone();
        config.jitter_seed = self.jitter_seed;
        config
    }

    pub(crate) fn fault(&self) -> Option<&'static str> {
        if self.chain_id == 0 {
            return Some("the chain id must be positive");
        }
        if self.http.is_empty() {
            return Some("it needs at least one http or https endpoint");
        }
        if self.http.iter().any(RpcUrl::is_websocket) {
            return Some("a ws or wss endpoint stands among those for data");
        }
        if !self.websocket.iter().all(RpcUrl::is_websocket) {
            return Some("an http endpoint stands among those for announcements");
        }
        if self.block_time.is_zero() {
            return Some("the block time must be positive");
        }
        if self.max_blocks_per_request == 0 {
            return Some("the blocks per request must be at least 1");
        }
        if self.max_concurrent_reads == 0 {
            return Some("the concurrent reads must be at least 1");
        }
        None
    }
}

/// What is wrong with the chains of a configuration.
pub(crate) fn fault_of_all(chains: &[ChainConfig]) -> Option<String> {
    for (index, chain) in chains.iter().enumerate() {
        if let Some(fault) = chain.fault() {
            return Some(format!("chain {}: {fault}", chain.chain_id));
        }
        let earlier = &chains[..index];
        if earlier.iter().any(|it| it.chain_id == chain.chain_id) {
            return Some(format!("chain {} is configured twice", chain.chain_id));
        }
    }
    None
}
