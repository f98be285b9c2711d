//! What every part of a running service shares.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use event_streamer_models::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::{ChainConfig, DeliveryConfig, HttpConfig, IdempotencyConfig};
use crate::delivery::connections::Connections;
use crate::delivery::tally::Tallies;
use crate::ingest::ChainSource;
use crate::store::Store;

/// A running service, seen from inside.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chains: Chains,
    pub(crate) connections: Connections,
    pub(crate) tallies: Tallies,
    pub(crate) config: AppConfig,
    /// The pumps, which a shutdown waits for.
    pub(crate) pumps: TaskTracker,
    /// Callers have to say who they are: from the first API key on, and for ever, so that
    /// revoking the last one opens nothing.
    pub(crate) keys_required: AtomicBool,
    pub(crate) started_at: Timestamp,
}

impl App {
    pub(crate) fn keys_required(&self) -> bool {
        self.keys_required.load(Ordering::Acquire)
    }

    pub(crate) fn require_keys(&self) {
        self.keys_required.store(true, Ordering::Release);
    }
}

/// The settings that are read while the service runs.
#[derive(Debug)]
pub(crate) struct AppConfig {
    pub(crate) delivery: Arc<DeliveryConfig>,
    pub(crate) http: HttpConfig,
    pub(crate) idempotency: IdempotencyConfig,
}

/// The chains of a service.
#[derive(Debug)]
pub(crate) struct Chains {
    by_id: BTreeMap<u64, ServedChain>,
    ids: Vec<u64>,
}

/// A chain and its source.
#[derive(Debug)]
pub(crate) struct ServedChain {
    pub(crate) config: ChainConfig,
    pub(crate) source: ChainSource,
}

impl Chains {
    /// Starts the sources of all chains.
    pub(crate) fn start(configs: Vec<ChainConfig>, shutdown: &CancellationToken) -> Self {
        let start = |config: ChainConfig| {
            let source = ChainSource::start(config.source_config(), shutdown.clone());
            (config.chain_id, ServedChain { config, source })
        };
        let by_id: BTreeMap<_, _> = configs.into_iter().map(start).collect();
        let ids = by_id.keys().copied().collect();
        Self { by_id, ids }
    }

    pub(crate) fn get(&self, chain_id: u64) -> Option<&ServedChain> {
        self.by_id.get(&chain_id)
    }

    /// Ascending.
    pub(crate) fn ids(&self) -> &[u64] {
        &self.ids
    }

    /// In the order of their ids.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &ServedChain> {
        self.by_id.values()
    }

    /// Resolves when every source has ended, after its shutdown.
    pub(crate) async fn stopped(&self) {
        for chain in self.iter() {
            chain.source.stopped().await;
        }
    }
}
