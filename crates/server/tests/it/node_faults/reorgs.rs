//! The chain changes: told before anything of the new branch, exactly where that can be known.

use event_streamer_models::{Address, Finality, HexBytes, Log};
use event_streamer_server::ingest::{
    Cursor, FollowStart, IngestErrorKind, LogFilter, Rollback, Step,
};

use super::case::{Case, case};
use super::stage::{Fold, HEIGHT, Lie, Node, Stage, config, dense, dense_node, mine, soon, source};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![
        case(
            "the head is replaced",
            "one block gives way to another whose events have other values",
            "a rollback of depth 1 to the fork, then the new events",
            || depth(1, dense),
        ),
        case(
            "events changed",
            "three blocks give way; the same logs, other data",
            "a rollback of depth 3, then the new values",
            || depth(3, |_, salt| vec![with_data(salt)]),
        ),
        case(
            "events gone",
            "three blocks give way to blocks without any event",
            "a rollback of depth 3, and nothing after it",
            || depth(3, |_, _| vec![]),
        ),
        case(
            "deeper than the kept window",
            "30 blocks give way where 8 are kept; the node still knows the dead ones",
            "a rollback to the fork, found by parent hashes",
            || deep(true),
        ),
        case(
            "deeper than the kept window, forgotten",
            "the same, and the node has forgotten the dead branch",
            "a rollback at or below the fork, to a block that the consumer came by",
            || deep(false),
        ),
        case(
            "deeper than finality",
            "15 blocks give way though all but 5 had been final",
            "stops loudly: final error `ReorgTooDeep` that names the blocks; the position stands",
            deeper_than_finality,
        ),
        case(
            "three in a row",
            "three reorgs before the first is read to its end",
            "whatever was told is taken back",
            storm,
        ),
        case(
            "a reorg of a reorg",
            "each new branch gives way at another depth, ten times",
            "a rollback for each that was seen",
            again_and_again,
        ),
        case(
            "from A to B to A",
            "the dead branch comes back, block for block",
            "two rollbacks, and the first branch's events again",
            a_b_a,
        ),
        case(
            "below a backfill",
            "220 blocks give way while the first 100 of 300 are read",
            "a rollback below the fork before anything of the new branch",
            below_a_backfill,
        ),
        case(
            "between two reads of a range",
            "the branch changes after every second look at the head while ranges are read",
            "no range of one branch is continued on another",
            while_ranges_are_read,
        ),
        case(
            "a chain that gets shorter",
            "5 blocks give way to 2",
            "a rollback to the fork, though the new head is lower",
            shorter,
        ),
        case(
            "a chain that begins anew",
            "a development node is started again, on block 60 of another chain",
            "a rollback to what both have in common",
            anew,
        ),
        case(
            "a lagging endpoint",
            "the preferred endpoint shows lower heads of the same branch, the other the true one",
            "no rollback",
            lagging,
        ),
        case(
            "an endpoint on a dead branch",
            "the preferred endpoint stays on a lower dead branch, the other has the chain",
            "no rollback to the dead branch: a lower head takes a majority",
            on_a_dead_branch,
        ),
        case(
            "a hash that stops existing",
            "a block is announced and is gone when its logs are asked for",
            "nothing of it was told, so nothing is taken back",
            hash_is_gone,
        ),
        case(
            "above what was waited for",
            "9 blocks give way above `safe`, for a consumer of safe blocks",
            "no rollback",
            above_safe,
        ),
        case(
            "a position inside a dead block",
            "a restart in the middle of a block that is no more",
            "a rollback to the block below, then the new one from its first log",
            inside_a_dead_block,
        ),
    ];
    for (remembers, depth) in [(true, 1), (true, 6), (true, 30), (false, 6)] {
        let knows = if remembers { "knows" } else { "has forgotten" };
        cases.push(case(
            format!("while the service was down, {depth} deep, the node {knows} the dead branch"),
            format!("{depth} blocks give way between the stored position and the restart"),
            if remembers {
                "the stored hash tells: a rollback to the fork"
            } else {
                "the stored hash tells: a rollback as deep as the window says a reorg may be"
            },
            move || while_down(remembers, depth),
        ));
    }
    cases
}

fn with_data(salt: u64) -> Log {
    Log {
        address: Address([1; 20]),
        data: HexBytes(salt.to_be_bytes().to_vec()),
        ..Log::default()
    }
}

fn mine_as(node: &Node, blocks: u64, logs: fn(u64, u64) -> Vec<Log>) {
    for _ in 0..blocks {
        node.mine_with(logs);
    }
}

async fn depth(depth: u64, logs: fn(u64, u64) -> Vec<Log>) {
    let mut stage = Stage::at_head().await;
    let fork = stage.node.reorg(depth, 0);
    mine_as(&stage.node, depth + 1, logs);
    let rollbacks = stage.fold.until_head(&stage.node).await;
    let rollback_to = fork;
    assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
    mine(&stage.node, 2);
    assert_eq!(stage.fold.until_head(&stage.node).await, []);
}

async fn deep(remembers: bool) {
    let mut stage = Stage::at_head().await;
    if !remembers {
        stage.node.forget_dead_branches();
    }
    let fork = stage.node.reorg(30, 35);
    let rollbacks = stage.fold.until_head(&stage.node).await;
    assert_eq!(rollbacks.len(), 1);
    let to = rollbacks[0].rollback_to;
    assert!(
        if remembers {
            to == fork
        } else {
            to.number <= fork.number
        },
        "{to:?} {fork:?}"
    );
}

async fn deeper_than_finality() {
    let mut stage = Stage::at_head().await;
    stage.node.set_finality(Some(HEIGHT - 2), Some(HEIGHT - 5));
    let mut heads = stage.source.watch();
    let is_final = heads.wait_for(|it| it.is_some_and(|it| it.finalized == Some(HEIGHT - 5)));
    soon("finality", is_final).await.unwrap();
    // The follower has to have seen it too.
    mine(&stage.node, 1);
    stage.fold.until_head(&stage.node).await;
    stage.node.reorg(16, 20);
    let error = loop {
        match soon("the end", stage.fold.follower.next()).await {
            Ok(Step::Logs(_)) => {}
            Ok(step) => panic!("{step:?}"),
            Err(error) => break error,
        }
    };
    let kind = IngestErrorKind::ReorgTooDeep {
        position: HEIGHT + 1,
        rollback_to: HEIGHT - 15,
        finalized: HEIGHT - 5,
    };
    assert_eq!(error.kind(), kind);
    let said = error.to_string();
    assert!(said.contains("115") && said.contains("105"), "{said}");
    let cursor = stage.fold.follower.cursor().unwrap().block.number;
    assert_eq!(cursor, HEIGHT + 1);
}

async fn storm() {
    let mut stage = Stage::at_head().await;
    for depth in [3, 5, 2] {
        stage.node.reorg(depth, depth + 1);
        stage.node.polled(1).await;
        // Part of it may have been read by now; that is the point.
        tokio::task::yield_now().await;
    }
    stage.fold.until_head(&stage.node).await;
}

async fn again_and_again() {
    let mut stage = Stage::at_head().await;
    for depth in [1, 2, 3, 1, 5, 7, 1, 4, 6, 2] {
        let rollback_to = stage.node.reorg(depth, depth + 1);
        let rollbacks = stage.fold.until_head(&stage.node).await;
        assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
    }
}

async fn a_b_a() {
    let mut stage = Stage::at_head().await;
    let a = stage.node.head();
    for _ in 0..3 {
        let rollback_to = stage.node.reorg(2, 3);
        let rollbacks = stage.fold.until_head(&stage.node).await;
        let depth = 2;
        assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
        stage.node.switch_to(a.hash);
        let rollbacks = stage.fold.until_head(&stage.node).await;
        let depth = 3;
        assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
    }
}

async fn below_a_backfill() {
    let node = dense_node(300).await;
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    fold.until(100).await;
    let fork = node.reorg(220, 0);
    mine(&node, 230);
    let rollbacks = fold.until_head(&node).await;
    assert_eq!(rollbacks.len(), 1);
    assert!(rollbacks[0].rollback_to.number <= fork.number);
}

async fn while_ranges_are_read() {
    let node = dense_node(300).await;
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    let forks = async {
        for _ in 0..6 {
            node.polled(2).await;
            node.reorg(120, 0);
            mine(&node, 121);
        }
    };
    tokio::join!(fold.until(150), forks);
    fold.until_head(&node).await;
}

async fn shorter() {
    let mut stage = Stage::at_head().await;
    let rollback_to = stage.node.reorg(5, 2);
    let rollbacks = stage.fold.until_head(&stage.node).await;
    let depth = 5;
    assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
}

async fn anew() {
    let node = dense_node(300).await;
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.forget_dead_branches();
    node.reorg(300, 60);
    assert_eq!(fold.until_head(&node).await.len(), 1);
    mine(&node, 5);
    assert_eq!(fold.until_head(&node).await, []);
}

async fn lagging() {
    let (lagging, fresh) = (Node::start().await, dense_node(HEIGHT).await);
    lagging.copy(&fresh);
    let source = source(config(&[&lagging, &fresh]));
    let mut fold = Fold::new(&source);
    fold.until_head(&fresh).await;
    for behind in [1, 4, 7, 30] {
        mine(&fresh, 2);
        lagging.copy(&fresh);
        lagging.set_lag(Some(fresh.head().number - behind));
        fresh.polled(3).await;
        assert_eq!(fold.until_head(&fresh).await, []);
    }
}

async fn on_a_dead_branch() {
    let (dead, live) = (Node::start().await, dense_node(HEIGHT).await);
    dead.copy(&live);
    let source = source(config(&[&dead, &live]));
    let mut fold = Fold::new(&source);
    fold.until_head(&live).await;
    dead.reorg(3, 1);
    mine(&live, 2);
    for _ in 0..10 {
        live.polled(1).await;
        assert_eq!(fold.until_head(&live).await, []);
        mine(&live, 1);
    }
}

async fn hash_is_gone() {
    let mut stage = Stage::at_head().await;
    stage.node.forget_dead_branches();
    let dead = stage.node.mine_with(dense);
    stage.spoil(move |asked, _| {
        (asked.pinned() == Some(dead.hash)).then(|| Lie::Error(-32000, "unknown block".to_owned()))
    });
    stage.node.polled(3).await;
    stage.node.reorg(1, 2);
    assert_eq!(stage.fold.until_head(&stage.node).await, []);
}

async fn above_safe() {
    let node = dense_node(HEIGHT).await;
    node.set_finality(Some(HEIGHT - 10), Some(HEIGHT - 20));
    let source = source(config(&[&node]));
    let mut fold = Fold::of(&source, LogFilter::default(), Finality::Safe);
    fold.until(HEIGHT - 10).await;
    node.reorg(9, 12);
    node.set_finality(Some(HEIGHT - 7), Some(HEIGHT - 20));
    assert_eq!(fold.until(HEIGHT - 7).await, []);
    fold.assert_is(&node);
}

/// Everything up to `cursor` was seen before, on whatever branch.
async fn resumed(node: &Node, cursor: Cursor, seen: Vec<Log>) -> Fold {
    let source = source(config(&[node]));
    let mut fold = Fold::new(&source);
    let start = FollowStart::After(cursor);
    fold.follower = source.follow(LogFilter::default(), start, None, Finality::Latest);
    fold.logs = seen;
    fold.next = None;
    fold
}

async fn inside_a_dead_block() {
    let node = dense_node(HEIGHT).await;
    let dead = node.mine_with(dense);
    let seen = node.all_logs(0, HEIGHT + 1);
    let rollback_to = node.reorg(1, 3);
    let cursor = Cursor::after_log(dead.at(), 0);
    let mut fold = resumed(&node, cursor, seen).await;
    let rollbacks = fold.until_head(&node).await;
    let depth = 1;
    assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
}

async fn while_down(remembers: bool, depth: u64) {
    let node = dense_node(HEIGHT).await;
    let cursor = Cursor::after_block(node.head());
    let seen = node.all_logs(0, HEIGHT);
    let rollback_to = node.reorg(depth, depth + 1);
    if !remembers {
        node.forget_dead_branches();
    }
    mine(&node, 20);
    let mut fold = resumed(&node, cursor, seen).await;
    let rollbacks = fold.until_head(&node).await;
    if remembers {
        assert_eq!(rollbacks, [Rollback { rollback_to, depth }]);
    } else {
        assert_eq!(rollbacks.len(), 1);
        assert!(rollbacks[0].rollback_to.number <= rollback_to.number);
    }
}
