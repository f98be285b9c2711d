//! A real node with real reorgs, behind a proxy that lies, stalls, refuses and resets.

use std::time::Duration;

use event_streamer_models::{B256, BlockHeader, Finality, Log};
use event_streamer_server::ingest::{
    BreakerConfig, ChainSource, FollowStart, Follower, LogFilter, SourceConfig, Step, Verify,
};
use event_streamer_server::rpc::RpcClientConfig;
use event_streamer_testkit::{Anvil, AnvilToken, RpcFaults, RpcProxy};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::fold::soon;

/// Anvil's.
const CHAIN_ID: u64 = 31_337;

/// One log in a hundred is missing, and the proxy is a bad server besides.
const BAD: RpcFaults = RpcFaults {
    drops_logs: 100,
    stalls: 60,
    busy: 40,
    resets: 40,
};

fn source(urls: &[String], verify: Verify) -> ChainSource {
    let urls = urls.iter().map(|it| it.parse().unwrap()).collect();
    let breaker = BreakerConfig {
        recovery_timeout: Duration::from_millis(20),
        ..BreakerConfig::default()
    };
    let rpc = RpcClientConfig {
        request_timeout: Duration::from_millis(500),
        ..RpcClientConfig::default()
    };
    let config = SourceConfig::new(CHAIN_ID, urls)
        .with_block_time(Duration::from_millis(20))
        .with_retry(Duration::from_millis(1), Duration::from_millis(20))
        .with_max_blocks_per_request(20)
        .with_reorg_window(8)
        .with_verify(verify)
        .with_breaker(breaker)
        .with_rpc(rpc);
    ChainSource::start(config, CancellationToken::new())
}

/// The consumer: what the steps amount to.
struct Fold {
    follower: Follower,
    logs: Vec<Log>,
    rollbacks: usize,
}

impl Fold {
    fn new(source: &ChainSource) -> Self {
        let start = FollowStart::Block(0);
        Self {
            follower: source.follow(LogFilter::default(), start, None, Finality::Latest),
            logs: Vec::new(),
            rollbacks: 0,
        }
    }

    /// Takes a step; gives the block at which the position cannot move.
    async fn step(&mut self) -> Option<u64> {
        match soon("a step", self.follower.next()).await.unwrap() {
            Step::Logs(segment) => self.logs.extend(segment.logs),
            Step::Reorg(rollback) => {
                self.rollbacks += 1;
                let kept = rollback.rollback_to.number;
                self.logs.retain(|it| it.block_number <= kept);
            }
            Step::Incomplete(incomplete) => return Some(incomplete.block),
            Step::End => panic!("there is no end"),
        }
        None
    }

    /// Takes steps until all of the node's chain is told; holds it against what the node itself says.
    async fn until_head(&mut self, node: &Anvil) {
        let head = head(node).await;
        while self.follower.cursor().map(|it| it.block.hash) != Some(head.hash) {
            // Where only the liar has time, that nothing agrees is told, and waited out.
            self.step().await;
        }
        let expected = logs(node).await;
        let differs = self
            .logs
            .iter()
            .zip(&expected)
            .position(|(a, b)| !same(a, b));
        assert_eq!(differs.map(|it| (&self.logs[it], &expected[it])), None);
        assert_eq!(self.logs.len(), expected.len(), "missing, or too many");
    }
}

fn same(a: &Log, b: &Log) -> bool {
    let key = |it: &Log| (it.block_hash, it.log_index, it.transaction_hash);
    key(a) == key(b) && a.topics == b.topics && a.data == b.data && a.address == b.address
}

async fn head(node: &Anvil) -> BlockHeader {
    let head = node
        .call("eth_getBlockByNumber", json!(["latest", false]))
        .await;
    serde_json::from_value(head).unwrap()
}

async fn logs(node: &Anvil) -> Vec<Log> {
    let query = json!([{ "fromBlock": "0x0", "toBlock": "latest" }]);
    serde_json::from_value(node.call("eth_getLogs", query).await).unwrap()
}

/// A chain of so many blocks with ten transfers each.
async fn chain(blocks: u64) -> AnvilToken {
    let mut token = AnvilToken::deploy(Anvil::BULK).await;
    for _ in 0..blocks {
        token.transfer(10).await;
    }
    token
}

/// A real reorg: blocks that the consumer has seen give way to others.
async fn reorg(token: &mut AnvilToken, fold: &mut Fold, blocks: u64) {
    for _ in 0..blocks {
        token.transfer(10).await;
    }
    let snapshot = token.node.call("evm_snapshot", json!([])).await;
    for _ in 0..blocks {
        token.transfer(7).await;
    }
    fold.until_head(&token.node).await;
    let reverted = token.node.call("evm_revert", json!([snapshot])).await;
    assert_eq!(reverted, true);
    token
        .node
        .call("anvil_dropAllTransactions", json!([]))
        .await;
    for _ in 0..=blocks {
        token.transfer(9).await;
    }
    fold.until_head(&token.node).await;
}

#[tokio::test]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn of_two_endpoints_of_an_anvil_one_lies_and_nothing_is_missing() {
    let mut token = chain(120).await;
    let proxy = RpcProxy::before(token.node.addr(), 7).await;
    proxy.set_faults(BAD);
    // The honest one is busy so often that the liar is asked too.
    let honest = RpcProxy::before(token.node.addr(), 3).await;
    honest.set_faults(RpcFaults {
        busy: 4,
        ..RpcFaults::default()
    });
    let urls = [proxy.http_url(), honest.http_url()];
    let source = source(&urls, Verify::All);
    let mut fold = Fold::new(&source);
    fold.until_head(&token.node).await;
    for blocks in [1, 3, 6, 2] {
        reorg(&mut token, &mut fold, blocks).await;
        token.node.mine(2).await;
        fold.until_head(&token.node).await;
    }
    assert!(fold.rollbacks >= 4, "{} rollbacks", fold.rollbacks);
    let counts = proxy.counts();
    assert!(counts.dropped_logs > 0 && counts.refused > 0, "{counts:?}");
    let liar = &source.endpoints()[0];
    assert!(liar.untrue_answers > 0, "{liar:?}");
}

#[tokio::test]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn an_anvil_that_lies_alone_is_told_of_and_the_position_stands() {
    let mut token = chain(30).await;
    let proxy = RpcProxy::before(token.node.addr(), 7).await;
    let source = source(&[proxy.http_url()], Verify::Head);
    let mut fold = Fold::new(&source);
    fold.until_head(&token.node).await;
    // Every log of this block, and of its receipts.
    proxy.set_faults(RpcFaults {
        drops_logs: 1,
        ..BAD
    });
    token.transfer(10).await;
    let block = head(&token.node).await.number;
    let told = loop {
        if let Some(block) = fold.step().await {
            break block;
        }
    };
    assert_eq!(told, block);
    assert_eq!(source.status().incomplete, 1);
    let position = fold.follower.cursor().unwrap().block;
    assert_eq!(position.number, block - 1);
    assert_ne!(position.hash, B256::ZERO);
    let says = source.status().last_error.unwrap_or_default();
    assert!(!says.is_empty());
    // Still, however often it is asked.
    let untrue = source.endpoints()[0].untrue_answers;
    tokio::select! {
        biased;
        told = fold.step() => panic!("it moves: {told:?}"),
        () = grows(&source, untrue + 5) => {}
    }
    proxy.set_faults(RpcFaults::default());
    fold.until_head(&token.node).await;
    assert_eq!(source.status().incomplete, 1);
}

async fn grows(source: &ChainSource, untrue: u64) {
    soon("more lies", async {
        while source.endpoints()[0].untrue_answers < untrue {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
#[ignore = "needs the anvil node: run `cargo xtask test`"]
async fn real_reorgs_of_an_anvil_behind_a_bad_server() {
    let mut token = chain(60).await;
    let proxy = RpcProxy::before(token.node.addr(), 11).await;
    // All but the lies: those need a second endpoint.
    proxy.set_faults(RpcFaults {
        drops_logs: 0,
        ..BAD
    });
    let source = source(&[proxy.http_url()], Verify::Head);
    let mut fold = Fold::new(&source);
    for blocks in [2, 1, 7, 4, 1] {
        reorg(&mut token, &mut fold, blocks).await;
    }
    assert!(fold.rollbacks >= 5, "{} rollbacks", fold.rollbacks);
    let counts = proxy.counts();
    assert!(
        counts.refused + counts.reset + counts.stalled > 0,
        "{counts:?}"
    );
}
