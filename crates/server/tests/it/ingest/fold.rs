//! A consumer: keeps what the steps of a follower amount to, and checks that they fit together.

use std::time::Duration;

use event_streamer_models::{Finality, Log};
use event_streamer_server::ingest::{
    BreakerConfig, ChainSource, FollowStart, Follower, LogFilter, Rollback, Segment, SourceConfig,
    Step,
};
use tokio_util::sync::CancellationToken;

use super::node::{CHAIN_ID, Node};

/// Far longer than anything takes; only a failing test waits for it.
const FOREVER: Duration = Duration::from_secs(30);

/// The result of `future`, or the end of the test.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(FOREVER, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what} did not happen"),
    }
}

/// Settings with which a test takes milliseconds.
pub(crate) fn config(nodes: &[&Node]) -> SourceConfig {
    SourceConfig::new(CHAIN_ID, nodes.iter().map(|it| it.url()).collect())
        .with_block_time(Duration::from_millis(10))
        .with_retry(Duration::from_millis(1), Duration::from_millis(10))
        .with_max_blocks_per_request(50)
        .with_reorg_window(8)
        .with_breaker(BreakerConfig {
            recovery_timeout: Duration::from_millis(20),
            ..BreakerConfig::default()
        })
}

pub(crate) fn source(config: SourceConfig) -> ChainSource {
    ChainSource::start(config, CancellationToken::new())
}

/// Everything that a follower of `filter` has told, folded.
pub(crate) struct Fold {
    pub(crate) follower: Follower,
    pub(crate) filter: LogFilter,
    pub(crate) logs: Vec<Log>,
    /// The block that the next segment has to begin with, once that is known.
    pub(crate) next: Option<u64>,
    /// The first block that is followed.
    pub(crate) first: u64,
}

impl Fold {
    /// Follows the whole chain, unfiltered.
    pub(crate) fn new(source: &ChainSource) -> Self {
        Self::of(source, LogFilter::default(), Finality::Latest)
    }

    pub(crate) fn of(source: &ChainSource, filter: LogFilter, finality: Finality) -> Self {
        let follower = source.follow(filter.clone(), FollowStart::Block(0), None, finality);
        Self {
            follower,
            filter,
            logs: Vec::new(),
            next: Some(0),
            first: 0,
        }
    }

    pub(crate) async fn step(&mut self) -> Step {
        let step = soon("the next step", self.follower.next()).await.unwrap();
        match &step {
            Step::Logs(segment) => self.take(segment),
            Step::Reorg(rollback) => {
                let kept = rollback.rollback_to.number;
                self.logs.retain(|it| it.block_number <= kept);
                self.next = Some((kept + 1).max(self.first));
            }
            Step::Incomplete(_) | Step::End => {}
        }
        step
    }

    fn take(&mut self, segment: &Segment) {
        if let Some(next) = self.next {
            assert_eq!(segment.from_block, next, "neither gap nor overlap");
        }
        assert!(segment.from_block <= segment.to.number);
        let blocks = segment.from_block..=segment.to.number;
        assert!(
            segment
                .logs
                .iter()
                .all(|it| blocks.contains(&it.block_number))
        );
        self.logs.extend(segment.logs.iter().cloned());
        let place = |it: &Log| (it.block_number, it.log_index);
        assert!(
            self.logs.is_sorted_by(|a, b| place(a) < place(b)),
            "ascending, nothing twice"
        );
        self.next = Some(segment.to.number + 1);
    }

    /// Takes steps until block `number` is covered. Gives the reorgs on the way.
    pub(crate) async fn until(&mut self, number: u64) -> Vec<Rollback> {
        let mut rollbacks = Vec::new();
        while self.next.is_none_or(|next| next <= number) {
            match self.step().await {
                Step::Reorg(rollback) => rollbacks.push(rollback),
                Step::Logs(_) | Step::Incomplete(_) => {}
                Step::End => panic!("ended before block {number}"),
            }
        }
        rollbacks
    }

    /// Takes steps until what was told is the node's chain, up to its head.
    pub(crate) async fn until_head(&mut self, node: &Node) -> Vec<Rollback> {
        let head = node.head();
        let mut rollbacks = Vec::new();
        while self.follower.cursor().map(|it| it.block) != Some(head) {
            if let Step::Reorg(rollback) = self.step().await {
                rollbacks.push(rollback);
            }
        }
        self.assert_is(node);
        rollbacks
    }

    /// What was told is what the node has.
    pub(crate) fn assert_is(&self, node: &Node) {
        let told = self.next.map_or(0, |next| next.saturating_sub(1));
        let expected = node.logs(&self.filter, self.first, told);
        let differs = self.logs.iter().zip(&expected).position(|(a, b)| a != b);
        assert_eq!(differs.map(|it| (&self.logs[it], &expected[it])), None);
        assert_eq!(self.logs.len(), expected.len());
    }
}
