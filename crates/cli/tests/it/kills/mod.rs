//! The service killed with `SIGKILL` again and again, wherever it is: in history, at the hand-over,
//! live, in a reorg. What a consumer with a checkpoint holds is the chain, and nothing came twice.
//!
//! The service is the built program on a SQLite file; the node is simulated, with forks; the consumer
//! is the SDK's, started anew now and then from its file. After how many calls of the node a service
//! dies is decided by a seed, which a failure names: `KILLS_SEED=7 cargo test -p event-streamer-cli
//! --test it kills` is the same again, as far as processes can be.

mod consumer;

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use event_streamer::models::{Address, B256, Log};
use event_streamer_testkit::{Random, SimNode};

use self::consumer::Consumer;
use crate::process::{Running, program};
use crate::watch::TRANSFER_TOPIC0;

/// Kills in all.
const KILLS: u64 = 200;

/// So many of them before a new subscription begins in the past again.
const KILLS_A_ROUND: u64 = 20;

/// Blocks of the past that a new subscription begins with; 64 of them are read one by one.
const PAST: u64 = 160;

/// Calls of the node that a service lives for at most. It takes some 75 to get to know the chain.
const MOST_CALLS: u64 = 160;

/// Longer than anything here takes; only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(60);

/// Where the service was when it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Phase {
    History,
    HandOver,
    Live,
    Reorg,
}

struct World {
    random: Random,
    node: SimNode,
    listen: String,
    data: tempfile::TempDir,
    killed: BTreeMap<Phase, u64>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            random: Random::new(seed),
            node: SimNode::start().await,
            // The same after each restart, so it cannot be left to the system.
            listen: listener.local_addr().unwrap().to_string(),
            data: tempfile::tempdir().unwrap(),
            killed: BTreeMap::new(),
        }
    }

    fn url(&self) -> String {
        format!("http://{}", self.listen)
    }

    fn service(&self) -> Running {
        service(&self.node, &self.listen, self.data.path())
    }

    fn mine(&self, blocks: u64) {
        for _ in 0..blocks {
            self.node.mine_with(transfers);
        }
    }

    /// One thing that happens on the chain; true if it is a reorg.
    fn happens(&mut self) -> bool {
        let is_reorg = self.random.one_in(2);
        if is_reorg {
            let depth = 1 + self.random.below(6);
            self.node.reorg(depth, 0);
            let more = self.random.below(3);
            self.mine(depth + more);
        } else {
            let blocks = 1 + self.random.below(4);
            self.mine(blocks);
        }
        is_reorg
    }

    /// A service that lives for so many calls of the node, while things happen on the chain whenever
    /// the consumer has seen all of it.
    async fn life(&mut self, consumer: &mut Consumer, calls: u64) {
        let service = self.service();
        let node = self.node.clone();
        let mut is_reorg = false;
        let living = async {
            loop {
                consumer.until(self.node.head()).await;
                is_reorg = self.happens();
            }
        };
        tokio::select! {
            biased;
            () = node.asked_times(calls) => {}
            () = living => {}
        }
        let behind = self.node.head().number.saturating_sub(consumer.block());
        // As it is dropped, without a word.
        drop(service);
        let phase = match behind {
            _ if is_reorg => Phase::Reorg,
            0..=8 => Phase::Live,
            9..=64 => Phase::HandOver,
            _ => Phase::History,
        };
        *self.killed.entry(phase).or_default() += 1;
    }

    /// One subscription, from the past to the head, through many deaths of the service.
    async fn round(&mut self) {
        let from = self.node.head().number + 1;
        self.mine(PAST);
        let service = self.service();
        let mut consumer = Consumer::start(&self.url(), from).await;
        drop(service);
        for _ in 0..KILLS_A_ROUND {
            if self.random.one_in(4) {
                consumer.restart();
            }
            let calls = 1 + self.random.below(MOST_CALLS);
            self.life(&mut consumer, calls).await;
        }
        let _service = self.service();
        let head = self.node.head();
        let caught_up = consumer.until(head);
        tokio::time::timeout(LIMIT, caught_up)
            .await
            .expect("everything comes");
        consumer.stop().await;
        consumer.assert_holds(&self.node.all_logs(from, head.number));
    }
}

fn service(node: &SimNode, listen: &str, data: &Path) -> Running {
    let endpoint = |url| format!("{}={url}", SimNode::CHAIN_ID);
    let mut service = Running::start(program([
        // Broken connections are what this is about.
        "--log",
        "error",
        "serve",
        "--rpc-url",
        &endpoint(node.http_url()),
        "--rpc-url",
        &endpoint(node.ws_url()),
        "--listen",
        listen,
        "--data-dir",
        data.to_str().unwrap(),
        "--max-blocks-per-request",
        "10",
    ]));
    let line = service.line().expect("the service starts");
    assert!(line.starts_with("listening on "), "{line}");
    service
}

/// Up to three transfers, of a value that no other block has.
fn transfers(_: u64, salt: u64) -> Vec<Log> {
    let mut data = [0; 32];
    data[24..].copy_from_slice(&salt.to_be_bytes());
    let log = Log {
        address: Address([0xaa; 20]),
        topics: vec![
            TRANSFER_TOPIC0.parse().unwrap(),
            B256([0; 32]),
            B256([0; 32]),
        ],
        data: data.to_vec().into(),
        ..Log::default()
    };
    vec![log; (salt % 4) as usize]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_the_consumer_holds_the_chain_and_nothing_comes_twice() {
    let seed = std::env::var("KILLS_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    println!("KILLS_SEED={seed}");
    let mut world = World::new(seed).await;
    for _ in 0..KILLS / KILLS_A_ROUND {
        world.round().await;
    }
    println!("{:?}", world.killed);
    assert_eq!(world.killed.values().sum::<u64>(), KILLS);
    for phase in [Phase::History, Phase::HandOver, Phase::Live, Phase::Reorg] {
        let kills = world.killed.get(&phase).copied().unwrap_or_default();
        assert!(kills >= 8, "{kills} kills in {phase:?}; KILLS_SEED={seed}");
    }
}
