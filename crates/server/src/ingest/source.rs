//! One chain's source of logs, as the rest of the service sees it.

use std::sync::Arc;

use event_streamer_models::{BlockRef, Finality};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::rpc::LogFilter;

use super::breaker::BreakerConfig;
use super::config::SourceConfig;
use super::cursor::FollowStart;
use super::endpoints::Endpoints;
use super::error::IngestErrorKind;
use super::follower::Follower;
use super::shared::Shared;
use super::snapshot::EndpointSnapshot;
use super::survey;
use super::tracker;
use super::wake;

/// One chain as its nodes tell it: a tracked head, and any number of followers.
///
/// Cheap to clone. When the last clone and the last follower are gone, or the token given to
/// [`start`](Self::start) is cancelled, its tasks end.
#[derive(Clone, Debug)]
pub struct ChainSource {
    shared: Arc<Shared>,
    /// Ends the tasks with the last owner.
    _guard: Arc<DropGuard>,
}

/// The head of a chain, as last observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadState {
    /// The newest block.
    pub head: BlockRef,
    /// The newest block the node calls `safe`, if it knows that tag.
    pub safe: Option<u64>,
    /// The newest block the node calls `finalized`, if it knows that tag.
    pub finalized: Option<u64>,
    /// When a node was last heard of that head or a higher one.
    pub observed_at: Instant,
}

/// How a source is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceStatus {
    /// True if the last poll of a node succeeded.
    pub connected: bool,
    /// What is wrong, in words, without secrets; `None` while all is well.
    pub last_error: Option<String>,
    /// The head as last observed.
    pub head: Option<HeadState>,
    /// How often a follower had to wait because the nodes' answers contradicted each other or the
    /// headers, since the start.
    pub incomplete: u64,
}

impl ChainSource {
    /// Starts to track the chain's head. Nodes that are down or that err are asked again, for as
    /// long as it takes; [`status`](Self::status) tells.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    #[must_use]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "the source is given its end to keep"
    )]
    pub fn start(config: SourceConfig, shutdown: CancellationToken) -> Self {
        let own = shutdown.child_token();
        let guard = Arc::new(own.clone().drop_guard());
        let (endpoints, unusable) = match Endpoints::new(&config) {
            Ok(endpoints) => (endpoints, None),
            Err(error) => (Endpoints::none(&config), Some(error)),
        };
        let shared = Arc::new(Shared::new(config, endpoints, own));
        let source = Self {
            shared,
            _guard: guard,
        };
        match unusable {
            Some(error) => {
                tracing::error!(%error, "an endpoint cannot be used");
                source.shared.give_up(IngestErrorKind::Config);
            }
            None => source.spawn_tasks(),
        }
        source.shared.tasks.close();
        source
    }

    fn spawn_tasks(&self) {
        let announced = watch::Sender::new(None);
        for index in 0..self.shared.config.websocket.len() {
            let task = wake::listen(Arc::clone(&self.shared), index, announced.clone());
            self.shared.tasks.spawn(task);
        }
        if self.shared.endpoints.len() > 1 {
            self.shared
                .tasks
                .spawn(survey::survey(Arc::clone(&self.shared)));
        }
        let task = tracker::track(Arc::clone(&self.shared), announced.subscribe());
        self.shared.tasks.spawn(task);
    }

    /// The head as last observed; `None` before the first answer of a node.
    #[must_use]
    pub fn head(&self) -> Option<HeadState> {
        *self.shared.head.borrow()
    }

    /// The chain's time from a block to the head, in seconds. Of blocks below the headers that are
    /// kept it is an estimate, from the distance of those.
    #[must_use]
    pub fn seconds_behind(&self, number: u64) -> Option<f64> {
        self.shared.view.borrow().as_ref()?.seconds_behind(number)
    }

    /// The head whenever it, or its finality, changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Option<HeadState>> {
        self.shared.head.subscribe()
    }

    /// How the source is doing.
    #[must_use]
    pub fn status(&self) -> SourceStatus {
        SourceStatus {
            connected: self.shared.health.connected(),
            last_error: self.shared.health.last_error(),
            head: self.head(),
            incomplete: self.shared.health.incomplete(),
        }
    }

    /// How each endpoint is doing: HTTP endpoints in the order of the configuration, then WebSocket
    /// endpoints.
    #[must_use]
    pub fn endpoints(&self) -> Vec<EndpointSnapshot> {
        self.shared.endpoints.snapshots()
    }

    /// When the breakers of this chain's endpoints open and close.
    #[must_use]
    pub fn breaker_config(&self) -> BreakerConfig {
        self.shared.config.breaker
    }

    /// Closes the breaker of this [name](EndpointSnapshot::name), so that its endpoint is asked
    /// again at once. False if no endpoint of this chain has it.
    pub fn reset_breaker(&self, name: &str) -> bool {
        self.shared.endpoints.reset(name)
    }

    /// Follows the chain through a filter, from `start` to `end_block` or for ever, each block as
    /// soon as it has the wanted finality.
    #[must_use]
    pub fn follow(
        &self,
        filter: LogFilter,
        start: FollowStart,
        end_block: Option<u64>,
        finality: Finality,
    ) -> Follower {
        Follower::new(self.clone(), filter, start, end_block, finality)
    }

    /// Resolves once every task of the source has ended. They end at the shutdown, or with the
    /// last clone and follower.
    pub async fn stopped(&self) {
        self.shared.tasks.wait().await;
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}
