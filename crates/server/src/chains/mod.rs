//! The chains of a service: those of its configuration, and those that were set through the API.
//!
//! A chain of the configuration is the operator's: it comes first, and the API does not change it.
//! The others are in the store; every instance follows what is there. Streams hold a
//! [`LiveChain`], not a source, so that they go on when the chain is configured anew.

mod given;
mod live;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use event_streamer_models::{ChainSettings, Timestamp};
use tokio::sync::{Mutex as AsyncMutex, watch};
use tokio_util::sync::CancellationToken;

pub(crate) use given::config_of;
pub(crate) use live::LiveChain;

use crate::clock;
use crate::config::{ChainApiConfig, ChainConfig};
use crate::ingest::ChainSource;
use crate::store::{Store, StoreError, StoredChain};
use crate::sync::lock;

/// The chains of a service.
#[derive(Debug)]
pub(crate) struct Chains {
    settings: ChainApiConfig,
    shutdown: CancellationToken,
    inner: Mutex<Inner>,
    /// Who reads the store holds this until what was read is in force: a reader that is late must
    /// not undo what a newer one has seen.
    reading: AsyncMutex<()>,
}

#[derive(Debug)]
struct Inner {
    /// What streams of a chain watch; without a value no more once it is deactivated.
    served: BTreeMap<u64, watch::Sender<Option<Arc<ServedChain>>>>,
    configured: BTreeSet<u64>,
    /// Stored, and not in use.
    inactive: BTreeMap<u64, StoredChain>,
    read_at: Timestamp,
}

/// A chain and its source.
#[derive(Debug)]
pub(crate) struct ServedChain {
    pub(crate) config: ChainConfig,
    pub(crate) source: ChainSource,
    /// `None`: it is the configuration's.
    pub(crate) stored: Option<StoredChain>,
    stop: CancellationToken,
}

impl ServedChain {
    /// What was said of it through the API.
    pub(crate) fn given(&self) -> Option<&ChainSettings> {
        self.stored.as_ref().map(|it| &it.settings)
    }
}

impl Chains {
    /// Starts the sources of the configuration's chains.
    pub(crate) fn start(
        configs: Vec<ChainConfig>,
        settings: ChainApiConfig,
        shutdown: &CancellationToken,
    ) -> Self {
        let chains = Self {
            settings,
            shutdown: shutdown.clone(),
            inner: Mutex::new(Inner {
                served: BTreeMap::new(),
                configured: configs.iter().map(|it| it.chain_id).collect(),
                inactive: BTreeMap::new(),
                read_at: clock::now(),
            }),
            reading: AsyncMutex::default(),
        };
        for config in configs {
            chains.serve(config, None);
        }
        chains
    }

    pub(crate) fn settings(&self) -> &ChainApiConfig {
        &self.settings
    }

    /// A chain that is in use.
    pub(crate) fn get(&self, chain_id: u64) -> Option<Arc<ServedChain>> {
        self.inner().served.get(&chain_id)?.borrow().clone()
    }

    /// The same, for somebody who goes on with it when it is configured anew.
    pub(crate) fn live(&self, chain_id: u64) -> Option<LiveChain> {
        let inner = self.inner();
        inner
            .served
            .get(&chain_id)
            .map(|it| LiveChain::new(it.subscribe()))
    }

    /// All that are in use, in the order of their ids.
    pub(crate) fn all(&self) -> Vec<Arc<ServedChain>> {
        let inner = self.inner();
        let served = inner.served.values();
        served.filter_map(|it| it.borrow().clone()).collect()
    }

    /// The ids of those that are in use, ascending.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.inner().served.keys().copied().collect()
    }

    /// Those that are stored and deactivated, in the order of their ids.
    pub(crate) fn inactive(&self) -> Vec<StoredChain> {
        self.inner().inactive.values().cloned().collect()
    }

    /// Whether the chain is the configuration's.
    pub(crate) fn is_configured(&self, chain_id: u64) -> bool {
        self.inner().configured.contains(&chain_id)
    }

    /// When the store was read last.
    pub(crate) fn read_at(&self) -> Timestamp {
        self.inner().read_at
    }

    /// Reads the stored chains, and does what they say. Gives their number.
    ///
    /// Chains that did not change run on. One that cannot be used, because a newer version stored
    /// it, is left out and told of in the log.
    pub(crate) async fn read(&self, store: &dyn Store) -> Result<usize, StoreError> {
        let _turn = self.reading.lock().await;
        let stored = store.chains().await?;
        let count = stored.len();
        self.apply(stored);
        Ok(count)
    }

    /// Takes other chains into the configuration, in place of those of the start. Chains that did
    /// not change run on.
    pub(crate) async fn configure(
        &self,
        configs: Vec<ChainConfig>,
        store: &dyn Store,
    ) -> Result<(), StoreError> {
        let _turn = self.reading.lock().await;
        let stored = store.chains().await?;
        self.inner().configured = configs.iter().map(|it| it.chain_id).collect();
        for config in configs {
            let same = |it: &ServedChain| it.stored.is_none() && it.config == config;
            if !self.get(config.chain_id).is_some_and(|it| same(&it)) {
                self.serve(config, None);
            }
        }
        self.apply(stored);
        Ok(())
    }

    fn apply(&self, stored: Vec<StoredChain>) {
        let configured = self.inner().configured.clone();
        let mut kept = configured.clone();
        let mut inactive = BTreeMap::new();
        for chain in stored {
            let chain_id = chain.chain_id;
            if configured.contains(&chain_id) {
                tracing::debug!(chain_id, "a stored chain gives way to the configuration's");
            } else if !chain.active {
                inactive.insert(chain_id, chain);
            } else if self.serve_stored(chain) {
                kept.insert(chain_id);
            }
        }
        let mut inner = self.inner();
        inner.inactive = inactive;
        inner.read_at = clock::now();
        let gone: Vec<_> = inner.served.keys().copied().collect();
        for chain_id in gone.into_iter().filter(|it| !kept.contains(it)) {
            if let Some(chain) = inner.served.remove(&chain_id)
                && let Some(last) = chain.send_replace(None)
            {
                tracing::info!(chain_id, "chain deactivated");
                last.stop.cancel();
            }
        }
    }

    /// False if it cannot be used.
    fn serve_stored(&self, chain: StoredChain) -> bool {
        let now = self.get(chain.chain_id);
        let known = now.as_ref().and_then(|it| it.stored.as_ref());
        // The time of the change too: a chain that was forgotten and made again starts anew.
        if known
            .is_some_and(|it| (it.revision, it.updated_at) == (chain.revision, chain.updated_at))
        {
            return true;
        }
        match config_of(chain.chain_id, &chain.name, &chain.settings, &self.settings) {
            Ok(config) => {
                self.serve(config, Some(chain));
                true
            }
            Err(fault) => {
                let chain_id = chain.chain_id;
                tracing::error!(chain_id, fault, "a stored chain cannot be used");
                false
            }
        }
    }

    fn serve(&self, config: ChainConfig, stored: Option<StoredChain>) {
        let chain_id = config.chain_id;
        let stop = self.shutdown.child_token();
        let chain = Arc::new(ServedChain {
            source: ChainSource::start(config.source_config(), stop.clone()),
            config,
            stored,
            stop,
        });
        let before = self
            .inner()
            .served
            .entry(chain_id)
            .or_insert_with(|| watch::Sender::new(None))
            .send_replace(Some(chain));
        // Only now: whoever followed the old one has to find the new one.
        if let Some(before) = before {
            tracing::info!(chain_id, "chain configured anew");
            before.stop.cancel();
        }
    }

    /// Resolves when every source has ended, after its shutdown.
    pub(crate) async fn stopped(&self) {
        for chain in self.all() {
            chain.source.stopped().await;
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}
