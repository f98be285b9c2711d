//! What has happened on the streams of each chain since the start of the process, for `/metrics`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use event_streamer_models::ChainId;

use crate::sync::lock;

/// The meters of all chains. There are as many as the operator has configured.
#[derive(Debug, Default)]
pub(crate) struct Meters(Mutex<BTreeMap<ChainId, Arc<Meter>>>);

impl Meters {
    pub(crate) fn of(&self, chain: ChainId) -> Arc<Meter> {
        Arc::clone(lock(&self.0).entry(chain).or_default())
    }

    /// In the order of the chains.
    pub(crate) fn all(&self) -> Vec<(ChainId, Arc<Meter>)> {
        let meters = lock(&self.0);
        meters
            .iter()
            .map(|(id, it)| (*id, Arc::clone(it)))
            .collect()
    }
}

/// One chain's counts.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) streams: Counter,
    pub(crate) batches: Counter,
    pub(crate) events: Counter,
    pub(crate) acknowledged_batches: Counter,
    pub(crate) acknowledged_events: Counter,
    pub(crate) reorgs: Counter,
    pub(crate) undecoded: Counter,
    pub(crate) refused_batches: Counter,
    pub(crate) dead_letters: Counter,
}

/// Counts up.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
