//! The whole of it: random forks, lags, lies and restarts at one to three endpoints, at every finality,
//! and after each of them the fold is the chain.

use event_streamer_models::{Address, B256, BlockRef, Finality};
use event_streamer_server::ingest::{ChainSource, FollowStart, LogFilter, Step};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fold::{Fold, config, source};
use super::node::{Asked, Lie, Node};

/// So deep a block is final, once the node says so. No reorg goes there.
const FINAL_AT: u64 = 12;

/// So deep a block is safe.
const SAFE_AT: u64 = 5;

#[derive(Clone, Debug)]
enum Act {
    Mine(u64),
    /// The top is replaced; the new branch is shorter, as long, or longer. It has a block at least: a
    /// chain that merely ends earlier is an endpoint that lags, until it contradicts.
    Reorg {
        depth: u64,
        blocks: u64,
    },
    /// The branch that was left last comes back, with a block more: from A to B to A.
    Return,
    /// The head of one endpoint moves back for a while.
    Lag {
        blocks: u64,
        at: usize,
    },
    /// One endpoint stays on a branch that nobody else has, for a while.
    Astray {
        depth: u64,
        at: usize,
    },
    /// The next so many calls of one endpoint go wrong in this way.
    Lie {
        kind: u8,
        calls: u8,
        at: usize,
    },
    /// The service is started again, and the consumer goes on from its cursor.
    Restart,
    /// The consumer begins once more, from the first block: the next acts happen during its backfill.
    Again,
    /// Nothing, and the consumer does not catch up.
    Rest,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let at = 0..3_usize;
    let act = prop_oneof![
        3 => (1..30_u64).prop_map(Act::Mine),
        4 => (1..FINAL_AT, 1..FINAL_AT + 3).prop_map(|(depth, blocks)| Act::Reorg { depth, blocks }),
        2 => Just(Act::Return),
        1 => (1..30_u64, at.clone()).prop_map(|(blocks, at)| Act::Lag { blocks, at }),
        1 => (1..6_u64, at.clone()).prop_map(|(depth, at)| Act::Astray { depth, at }),
        3 => (0..6_u8, 1..6_u8, at).prop_map(|(kind, calls, at)| Act::Lie { kind, calls, at }),
        2 => Just(Act::Restart),
        1 => Just(Act::Again),
        1 => Just(Act::Rest),
    ];
    proptest::collection::vec(act, 1..14)
}

fn finalities() -> impl Strategy<Value = Finality> {
    prop_oneof![
        4 => Just(Finality::Latest),
        1 => Just(Finality::Safe),
        1 => Just(Finality::Finalized),
        2 => (0..9_u64).prop_map(Finality::Confirmations),
    ]
}

fn lie(kind: u8, asked: &Asked, truth: &Value) -> Option<Lie> {
    match kind {
        0 if asked.range().is_some() => Some(Lie::Error(
            -32005,
            "query returned more than 10000 results".into(),
        )),
        1 if asked.pinned().is_some() => Some(Lie::Result(json!([]))),
        2 if asked.method == "eth_getLogs" => {
            let mut logs = truth.as_array()?.clone();
            logs.extend(logs.clone());
            logs.reverse();
            Some(Lie::Result(Value::Array(logs)))
        }
        3 => Some(Lie::Status(503, "busy")),
        4 => Some(Lie::Result(Value::Null)),
        5 => Some(Lie::Error(-32000, "header not found".into())),
        _ => None,
    }
}

struct World {
    nodes: Vec<Node>,
    source: ChainSource,
    fold: Fold,
    filter: LogFilter,
    finality: Finality,
    /// The tip of the branch that was left last.
    left: Option<B256>,
    /// The highest block that any node ever called final.
    finalized: u64,
    /// The service was started anew and has not told anything yet.
    is_new: bool,
}

fn start(nodes: &[Node]) -> ChainSource {
    let nodes: Vec<&Node> = nodes.iter().collect();
    source(config(&nodes).with_max_blocks_per_request(7))
}

impl World {
    async fn new(count: usize, filter: LogFilter, finality: Finality) -> Self {
        let mut nodes = vec![Node::start().await];
        nodes[0].mine(30);
        for _ in 1..count {
            nodes.push(Node::start().await);
        }
        let source = start(&nodes);
        let fold = Fold::of(&source, filter.clone(), finality);
        let mut world = Self {
            nodes,
            source,
            fold,
            filter,
            finality,
            left: None,
            finalized: 0,
            is_new: false,
        };
        world.spread();
        world
    }

    /// The chain: what the first node has.
    fn chain(&self) -> &Node {
        &self.nodes[0]
    }

    /// All endpoints have the chain, and say what is safe and final.
    fn spread(&mut self) {
        let head = self.chain().head().number;
        self.finalized = self.finalized.max(head.saturating_sub(FINAL_AT));
        let safe = head.saturating_sub(SAFE_AT).max(self.finalized);
        for node in &self.nodes[1..] {
            node.copy(self.chain());
        }
        for node in &self.nodes {
            node.set_finality(Some(safe), Some(self.finalized));
        }
    }

    /// Waits until the head was asked for so often and more, wherever: an endpoint that fails is left
    /// alone for a while, and need not be asked at all.
    async fn polled(&self, count: usize) {
        for _ in 0..count * self.nodes.len() {
            let polls = self.nodes.iter().map(|it| Box::pin(it.polled(1)));
            futures_util::future::select_all(polls).await;
        }
    }

    /// How deep a reorg may go.
    fn depth(&self, wanted: u64) -> u64 {
        wanted.min(self.chain().head().number - self.finalized)
    }

    async fn act(&mut self, act: Act) {
        match act {
            Act::Mine(blocks) => self.chain().mine(blocks),
            Act::Reorg { depth, blocks } => {
                self.left = Some(self.chain().head().hash);
                self.chain().reorg(self.depth(depth), 0);
                // Of a branch whose end is final there is at least that much.
                let least = self.finalized + 1;
                let head = self.chain().head().number;
                self.chain().mine(blocks.max(least.saturating_sub(head)));
            }
            Act::Return => self.return_to_the_left_branch(),
            Act::Lag { blocks, at } => {
                let node = &self.nodes[at % self.nodes.len()];
                node.set_lag(Some(node.head().number.saturating_sub(blocks)));
                self.polled(2).await;
                node.set_lag(None);
            }
            Act::Astray { depth, at } if self.nodes.len() > 2 => {
                let at = 1 + at % (self.nodes.len() - 1);
                let depth = self.depth(depth);
                // Lower than the chain, so that the others outvote it.
                self.nodes[at].reorg(depth, depth.saturating_sub(1));
                self.chain().mine(1);
                self.nodes[3 - at].copy(self.chain());
                self.polled(3).await;
            }
            Act::Lie { kind, calls, at } => {
                let mut left = calls;
                self.nodes[at % self.nodes.len()].script(move |asked, truth| {
                    let lie = lie(kind, asked, truth).filter(|_| left > 0)?;
                    left -= 1;
                    Some(lie)
                });
            }
            Act::Restart => self.restart(),
            Act::Again => {
                self.fold = Fold::of(&self.source, self.filter.clone(), self.finality);
            }
            Act::Astray { .. } | Act::Rest => {}
        }
        self.spread();
    }

    fn return_to_the_left_branch(&mut self) {
        let Some(left) = self.left.take() else { return };
        let now = self.chain().head().hash;
        let is_final = self.chain().block(self.finalized).hash;
        self.chain().switch_to(left);
        let head = self.chain().head().number;
        // What was final meanwhile may be on the other branch.
        let keeps = head >= self.finalized && self.chain().block(self.finalized).hash == is_final;
        if keeps {
            self.left = Some(now);
            self.chain().mine(1);
        } else {
            self.chain().switch_to(now);
        }
    }

    /// Another service, which knows nothing but the consumer's cursor: number and hash.
    fn restart(&mut self) {
        self.source = start(&self.nodes);
        self.is_new = true;
        if let Some(cursor) = self.fold.follower.cursor().copied() {
            let start = FollowStart::After(cursor);
            let filter = self.filter.clone();
            self.fold.follower = self.source.follow(filter, start, None, self.finality);
            // Where it goes on is the service's to say, after a rollback if need be.
            self.fold.next = Some(cursor.block.number + 1);
        } else {
            self.fold = Fold::of(&self.source, self.filter.clone(), self.finality);
        }
    }

    /// The newest block that is to be told.
    fn target(&self) -> Option<BlockRef> {
        let head = self.chain().head().number;
        let number = match self.finality {
            Finality::Latest => head,
            Finality::Safe => head.saturating_sub(SAFE_AT).max(self.finalized),
            Finality::Finalized => self.finalized,
            Finality::Confirmations(depth) => head.checked_sub(depth)?,
        };
        Some(self.chain().block(number).at())
    }

    /// A new service cannot tell a chain that got shorter than the stored position from an endpoint
    /// that lags: it waits until the chain is as high again.
    fn grows_to_the_cursor(&mut self) {
        let cursor = self.fold.follower.cursor().map_or(0, |it| it.block.number);
        let missing = cursor.saturating_sub(self.chain().head().number);
        if self.is_new && missing > 0 {
            self.chain().mine(missing);
            self.spread();
        }
    }

    /// Takes steps until everything that is to be told is told, and holds it against the chain.
    ///
    /// What was told before a chain got shorter may be more than is to be told by now: it stands as
    /// long as it is on the chain.
    async fn catches_up(&mut self) {
        self.grows_to_the_cursor();
        let Some(target) = self.target() else { return };
        loop {
            let cursor = self.fold.follower.cursor().map(|it| it.block);
            if let Some(at) = cursor.filter(|it| it.number >= target.number) {
                let head = self.chain().head().number;
                if at.number <= head && self.chain().block(at.number).at() == at {
                    break;
                }
            }
            let step = self.fold.step().await;
            assert_ne!(step, Step::End);
            self.is_new = false;
        }
        self.fold.assert_is(self.chain());
    }
}

async fn run(acts: Vec<Act>, filter: LogFilter, finality: Finality, count: usize) {
    let mut world = World::new(count, filter, finality).await;
    for act in acts {
        let rests = matches!(act, Act::Rest | Act::Again);
        world.act(act).await;
        if !rests {
            world.catches_up().await;
        }
    }
    world.catches_up().await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_fold_is_the_chain(
        acts in acts(),
        filtered: bool,
        finality in finalities(),
        count in 1..4_usize,
    ) {
        let mut filter = LogFilter::default();
        if filtered {
            filter.addresses = vec![Address([1; 20]), Address([2; 20])];
            filter.topics[0] = vec![B256([1; 32]), B256([2; 32])];
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(acts, filter, finality, count));
    }
}
