//! What every part of a running service shares.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::task::TaskTracker;

use crate::chains::Chains;
use crate::config::{DeliveryConfig, HttpConfig, IdempotencyConfig};
use crate::delivery::connections::Connections;
use crate::delivery::meter::Meters;
use crate::delivery::tally::Tallies;
use crate::store::Store;

/// A running service, seen from inside.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chains: Chains,
    pub(crate) connections: Connections,
    pub(crate) tallies: Tallies,
    pub(crate) meters: Meters,
    pub(crate) config: AppConfig,
    /// The pumps, which a shutdown waits for.
    pub(crate) pumps: TaskTracker,
    /// Callers have to say who they are: from the first API key on, and for ever, so that
    /// revoking the last one opens nothing.
    pub(crate) keys_required: AtomicBool,
    /// What streams play instead of what a chain has.
    #[cfg(feature = "prepared")]
    pub(crate) prepared: Option<crate::PreparedBlocks>,
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
