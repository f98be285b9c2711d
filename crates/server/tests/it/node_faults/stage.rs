//! What most cases begin with: nodes, a source, and a consumer that folds what it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use event_streamer_models::{B256, Finality, Log};
use event_streamer_server::ingest::{
    ChainSource, EndpointSnapshot, LogFilter, SourceConfig, SourceStatus, Step,
};
use event_streamer_server::rpc::RpcClientConfig;

pub(super) use crate::ingest::fold::{Fold, config, soon, source};
pub(super) use crate::ingest::node::{Asked, Lie, Node};

/// Where a fault meets the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// While the past is read by ranges.
    History,
    /// At a block that has just come.
    Head,
}

impl Place {
    pub(super) const BOTH: [Self; 2] = [Self::History, Self::Head];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::History => "in history",
            Self::Head => "at the head",
        }
    }
}

/// Blocks of the chains here: so many that all but a few are history.
pub(super) const HEIGHT: u64 = 120;

/// The topic that every block has, in the first of its two logs.
pub(super) const WANTED: B256 = B256([77; 32]);

/// Two logs in every block, so that whatever is missing is missed.
pub(super) fn dense(_: u64, salt: u64) -> Vec<Log> {
    let log = |topic| Log {
        topics: vec![topic],
        ..Log::default()
    };
    vec![log(WANTED), log(B256([salt as u8; 32]))]
}

/// A node with a dense chain.
pub(super) async fn dense_node(blocks: u64) -> Node {
    let node = Node::start().await;
    mine(&node, blocks);
    node
}

pub(super) fn mine(node: &Node, blocks: u64) {
    for _ in 0..blocks {
        node.mine_with(dense);
    }
}

/// The logs of every block's first topic.
pub(super) fn wanted() -> LogFilter {
    let mut filter = LogFilter::default();
    filter.topics[0] = vec![WANTED];
    filter
}

/// Time-outs that a test can wait for.
pub(super) fn impatient() -> RpcClientConfig {
    RpcClientConfig {
        request_timeout: Duration::from_millis(300),
        ..RpcClientConfig::default()
    }
}

/// One node, and a consumer of its chain.
pub(super) struct Stage {
    pub(super) node: Node,
    pub(super) source: ChainSource,
    pub(super) fold: Fold,
}

impl Stage {
    /// Over a chain that is history, nothing of it read yet.
    pub(super) async fn before_history() -> Self {
        Self::with(|config| config).await
    }

    pub(super) async fn with(set: impl FnOnce(SourceConfig) -> SourceConfig) -> Self {
        let node = dense_node(HEIGHT).await;
        let source = source(set(config(&[&node]).with_rpc(impatient())));
        let fold = Fold::new(&source);
        Self { node, source, fold }
    }

    /// A consumer that has seen everything.
    pub(super) async fn at_head() -> Self {
        let mut stage = Self::before_history().await;
        stage.fold.until_head(&stage.node).await;
        stage
    }

    pub(super) async fn at(place: Place) -> Self {
        match place {
            Place::History => Self::before_history().await,
            Place::Head => Self::at_head().await,
        }
    }

    /// Lets every read of logs become a lie from now on. Gives how often that was.
    pub(super) fn spoil(
        &self,
        mut lie: impl FnMut(&Asked, &serde_json::Value) -> Option<Lie> + Send + 'static,
    ) -> Arc<AtomicUsize> {
        let told = Arc::<AtomicUsize>::default();
        let telling = Arc::clone(&told);
        self.node.script(move |asked, truth| {
            let lie = lie(asked, truth)?;
            telling.fetch_add(1, SeqCst);
            Some(lie)
        });
        told
    }

    /// Reads to the head, while nothing but what is said makes the node honest again.
    pub(super) async fn recovers(&mut self, is_said: impl Fn(&SourceStatus) -> bool) {
        let Self { node, source, fold } = self;
        let said = async {
            while !is_said(&source.status()) {
                node.asked_times(1).await;
            }
            node.be_honest();
        };
        // What can be read must not be all there is before the fault was told.
        let reading = fold.until_head(node);
        tokio::join!(said, reading);
        soon("the end of the complaint", async {
            while source.status().last_error.is_some() {
                node.polled(1).await;
            }
        })
        .await;
    }

    pub(super) fn endpoint(&self) -> EndpointSnapshot {
        self.source.endpoints().remove(0)
    }

    /// Checks that the position does not move and that this was told, once, in words.
    pub(super) async fn stands(&mut self, block: u64, word: &str) {
        let incomplete = loop {
            match self.fold.step().await {
                Step::Incomplete(incomplete) => break incomplete,
                Step::Logs(segment) => assert!(segment.to.number < block, "{segment:?}"),
                step => panic!("{step:?}"),
            }
        };
        assert_eq!(incomplete.block, block);
        assert!(incomplete.reason.contains(word), "{incomplete:?}");
        assert_eq!(self.source.status().incomplete, 1);
        let cursor = self.fold.follower.cursor().map(|it| it.block.number);
        assert_eq!(cursor, block.checked_sub(1));
        // However often it is asked again.
        tokio::select! {
            biased;
            step = self.fold.step() => panic!("{step:?}"),
            () = self.node.asked_times(40) => {}
        }
    }
}

/// A consumer of a source, filtered.
pub(super) fn filtered(source: &ChainSource) -> Fold {
    Fold::of(source, wanted(), Finality::Latest)
}
