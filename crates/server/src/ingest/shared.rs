//! What the parts of one chain's ingest have in common.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::config::SourceConfig;
use super::endpoints::Endpoints;
use super::error::{IngestError, IngestErrorKind};
use super::fault::Fault;
use super::recent::RecentBlocks;
use super::router::Router;
use super::source::HeadState;
use super::times::BlockTimes;
use super::view::View;

/// One chain's ingest, seen from inside.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: SourceConfig,
    pub(crate) endpoints: Endpoints,
    pub(crate) recent: RecentBlocks,
    pub(crate) router: Arc<Router>,
    pub(crate) times: BlockTimes,
    /// The chain as the followers see it.
    pub(crate) view: watch::Sender<Option<Arc<View>>>,
    /// The same for the outside.
    pub(crate) head: watch::Sender<Option<HeadState>>,
    pub(crate) health: Health,
    pub(crate) tasks: TaskTracker,
    /// Cancelled when the source shuts down.
    pub(crate) shutdown: CancellationToken,
    /// Why the source gave up, once [`given_up`](Self::given_up) is cancelled.
    verdict: OnceLock<IngestErrorKind>,
    given_up: CancellationToken,
}

impl Shared {
    pub(crate) fn new(
        config: SourceConfig,
        endpoints: Endpoints,
        shutdown: CancellationToken,
    ) -> Self {
        let router: Arc<Router> = Arc::default();
        Self {
            endpoints,
            recent: RecentBlocks::new(config.recent_bytes, Arc::clone(&router)),
            router,
            times: BlockTimes::default(),
            view: watch::Sender::new(None),
            head: watch::Sender::new(None),
            health: Health::default(),
            tasks: TaskTracker::new(),
            shutdown,
            verdict: OnceLock::new(),
            given_up: CancellationToken::new(),
            config,
        }
    }

    /// No patience will help: ends every follower with this error.
    pub(crate) fn give_up(&self, kind: IngestErrorKind) {
        let verdict = *self.verdict.get_or_init(|| kind);
        self.health
            .poll_failed(IngestError::new(verdict).to_string());
        self.given_up.cancel();
    }

    /// Resolves when the source shuts down or gives up.
    pub(crate) async fn ended(&self) -> IngestError {
        tokio::select! {
            biased;
            () = self.shutdown.cancelled() => {}
            () = self.given_up.cancelled() => {}
        }
        self.verdict()
    }

    /// Why the source ended, once it has.
    pub(crate) fn verdict(&self) -> IngestError {
        IngestError::new(
            self.verdict
                .get()
                .copied()
                .unwrap_or(IngestErrorKind::Closed),
        )
    }
}

/// Whether the nodes answer, and what was wrong last.
#[derive(Debug, Default)]
pub(crate) struct Health {
    state: Mutex<HealthState>,
}

#[derive(Clone, Debug, Default)]
struct HealthState {
    connected: bool,
    poll_error: Option<String>,
    read_error: Option<String>,
    incomplete: u64,
}

impl Health {
    pub(crate) fn connected(&self) -> bool {
        self.lock().connected
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        let state = self.lock();
        state
            .poll_error
            .clone()
            .or_else(|| state.read_error.clone())
    }

    pub(crate) fn poll_succeeded(&self) {
        let mut state = self.lock();
        state.connected = true;
        state.poll_error = None;
    }

    pub(crate) fn poll_failed(&self, error: String) {
        let mut state = self.lock();
        state.connected = false;
        state.poll_error = Some(error);
    }

    pub(crate) fn read_succeeded(&self) {
        let mut state = self.lock();
        if state.read_error.is_some() {
            state.read_error = None;
        }
    }

    /// A follower cannot go on before somebody tells the truth.
    pub(crate) fn found_incomplete(&self) {
        self.lock().incomplete += 1;
    }

    pub(crate) fn incomplete(&self) -> u64 {
        self.lock().incomplete
    }

    pub(crate) fn read_failed(&self, fault: &Fault) {
        self.lock().read_error = Some(fault.to_string());
    }

    fn lock(&self) -> MutexGuard<'_, HealthState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
