//! Reorgs: told before anything of the new branch, exactly where that can be known.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use event_streamer_models::{Finality, Log};
use event_streamer_server::ingest::{
    ChainSource, Cursor, FollowStart, Follower, IngestErrorKind, LogFilter, Rollback, Step,
};

use serde_json::json;

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, Lie, Node, some_logs};

async fn at_head(blocks: u64) -> (Node, ChainSource, Fold) {
    let node = Node::start().await;
    node.mine(blocks);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    (node, source, fold)
}

#[tokio::test]
async fn the_top_is_replaced() {
    let (node, _source, mut fold) = at_head(20).await;
    for (depth, blocks) in [(1, 1), (1, 2), (3, 3), (3, 5), (7, 8)] {
        let fork = node.reorg(depth, blocks);
        let rollbacks = fold.until_head(&node).await;
        assert_eq!(
            rollbacks,
            [Rollback {
                rollback_to: fork,
                depth
            }]
        );
    }
}

#[tokio::test]
async fn events_change_place_or_go() {
    let (node, _source, mut fold) = at_head(20).await;
    let log = |byte: u8| Log {
        address: [byte; 20].into(),
        ..Log::default()
    };
    node.mine_with(|_, _| vec![log(1), log(2), log(3)]);
    fold.until_head(&node).await;
    node.reorg(1, 0);
    node.mine_with(|_, _| vec![log(3), log(1)]);
    assert_eq!(fold.until_head(&node).await.len(), 1);
    node.reorg(1, 0);
    node.mine_with(|_, _| vec![]);
    assert_eq!(fold.until_head(&node).await.len(), 1);
    assert!(fold.logs.iter().all(|it| it.block_number <= 20));
}

#[tokio::test]
async fn the_chain_gets_shorter() {
    let (node, _source, mut fold) = at_head(20).await;
    let fork = node.reorg(5, 2);
    let rollbacks = fold.until_head(&node).await;
    assert_eq!(
        rollbacks,
        [Rollback {
            rollback_to: fork,
            depth: 5
        }]
    );
    node.mine(10);
    assert_eq!(fold.until_head(&node).await, []);
}

#[tokio::test]
async fn from_a_to_b_to_a() {
    let (node, _source, mut fold) = at_head(20).await;
    let a = node.head();
    let fork = node.reorg(2, 3);
    assert_eq!(
        fold.until_head(&node).await,
        [Rollback {
            rollback_to: fork,
            depth: 2
        }]
    );
    node.switch_to(a.hash);
    assert_eq!(
        fold.until_head(&node).await,
        [Rollback {
            rollback_to: fork,
            depth: 3
        }]
    );
    assert_eq!(fold.follower.cursor().unwrap().block, a);
}

#[tokio::test]
async fn several_between_two_steps() {
    let (node, _source, mut fold) = at_head(20).await;
    for _ in 0..3 {
        node.reorg(3, 4);
        node.polled(3).await;
    }
    fold.until_head(&node).await;
}

#[tokio::test]
async fn deeper_than_the_window() {
    let (node, _source, mut fold) = at_head(60).await;
    // The window is 8; the node still knows the dead blocks, so the fork is found exactly.
    let fork = node.reorg(20, 25);
    assert_eq!(
        fold.until_head(&node).await,
        [Rollback {
            rollback_to: fork,
            depth: 20
        }]
    );
    // Of these it knows nothing any more. But the position came by the last fork, which stands.
    node.forget_dead_branches();
    node.reorg(20, 25);
    assert_eq!(
        fold.until_head(&node).await,
        [Rollback {
            rollback_to: fork,
            depth: 25
        }]
    );
}

#[tokio::test]
async fn below_a_backfill_that_is_still_running() {
    let node = Node::start().await;
    node.mine(300);
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    fold.until(100).await;
    // What was read is replaced, far below everything that is kept at the head.
    let fork = node.reorg(220, 230);
    let rollbacks = fold.until_head(&node).await;
    assert_eq!(rollbacks.len(), 1);
    assert!(rollbacks[0].rollback_to.number <= fork.number);
}

#[tokio::test]
async fn while_a_range_is_read() {
    let node = Node::start().await;
    node.mine(300);
    // Every range is answered from a branch that is gone the next moment.
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    let remote = node.clone();
    let forks = tokio::spawn(async move {
        for _ in 0..6 {
            remote.polled(2).await;
            remote.reorg(120, 121);
        }
    });
    fold.until(150).await;
    soon("the last reorg", forks).await.unwrap();
    fold.until_head(&node).await;
}

#[tokio::test]
async fn a_range_of_one_branch_is_not_continued_on_another() {
    let node = Node::start().await;
    node.mine(300);
    let old = node.head();
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    fold.until(100).await;
    // The chain is another one now, but the head that is announced is still the old one.
    let mut header = None;
    node.script(move |asked, truth| {
        let is_head = asked.method == "eth_getBlockByNumber" && asked.params[0] == "latest";
        is_head.then(|| Lie::Result(header.get_or_insert_with(|| truth.clone()).clone()))
    });
    node.polled(2).await;
    node.reorg(220, 240);
    let kept = 300 - 8;
    assert_eq!(fold.until(kept).await.len(), 1);
    // What is kept at the head is no child of what was just read, so it has to wait.
    let next = fold.follower.next();
    tokio::select! {
        step = next => panic!("{step:?} does not follow"),
        () = node.polled(10) => {}
    }
    assert_eq!(source.head().unwrap().head, old);
    node.be_honest();
    fold.until_head(&node).await;
}

#[tokio::test]
async fn logs_of_another_branch_between_two_looks_at_a_header() {
    // Logs only where no range begins or ends, so that only headers tell the branches apart.
    let rarely = |number: u64, salt: u64| match number % 10 {
        5 => vec![Log {
            address: [salt as u8; 20].into(),
            ..Log::default()
        }],
        _ => vec![],
    };
    let node = Node::start().await;
    for _ in 0..200 {
        node.mine_with(rarely);
    }
    let a = node.head();
    node.reorg(150, 0);
    for _ in 0..150 {
        node.mine_with(rarely);
    }
    let of_b = json!(node.logs(&LogFilter::default(), 110, 119));
    let header_of_b = node.block(119).to_json();
    node.switch_to(a.hash);

    let is_to = |asked: &Asked| asked.method == "eth_getBlockByNumber" && asked.params[0] == "0x77";
    let lies = Arc::new(AtomicU32::new(0));
    let told = Arc::clone(&lies);
    let mut looks = 0;
    node.script(move |asked, _| {
        let is_range = asked.range() == Some((110, 119));
        let lie = match (looks, told.load(Relaxed)) {
            (0, _) if is_range => return Some(Lie::Error(-32000, "rate limit".to_owned())),
            (_, 0) if is_range => Some(of_b.clone()),
            (_, 1) if is_to(asked) => Some(header_of_b.clone()),
            _ => None,
        };
        looks += u32::from(is_to(asked));
        lie.map(|lie| {
            told.fetch_add(1, Relaxed);
            Lie::Result(lie)
        })
    });
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let start = FollowStart::Block(100);
    let mut fold = Fold::new(&source);
    fold.follower = source.follow(LogFilter::default(), start, None, Finality::Latest);
    (fold.first, fold.next) = (100, Some(100));
    assert_eq!(fold.until_head(&node).await, []);
    assert_eq!(lies.load(Relaxed), 2);
}

#[tokio::test]
async fn a_block_that_stops_existing_while_it_is_read() {
    let (node, _source, mut fold) = at_head(20).await;
    node.forget_dead_branches();
    let dead = node.mine_with(|number, salt| some_logs(number, salt * 4 + 1));
    node.script(move |asked, _| {
        (asked.pinned() == Some(dead.hash)).then(|| Lie::Error(-32000, "unknown block".to_owned()))
    });
    node.polled(3).await;
    node.reorg(1, 2);
    // Nothing of it was handed out, so there is nothing to undo.
    assert_eq!(fold.until_head(&node).await, []);
}

fn after(source: &ChainSource, cursor: Cursor, finality: Finality) -> Follower {
    source.follow(
        LogFilter::default(),
        FollowStart::After(cursor),
        None,
        finality,
    )
}

/// A fold that begins after a position, up to which it has seen what `node` has.
fn resumed(source: &ChainSource, node: &Node, cursor: Cursor) -> Fold {
    let mut fold = Fold::new(source);
    fold.logs = node.logs(&LogFilter::default(), 0, cursor.block.number);
    fold.next = Some(cursor.block.number + 1);
    fold.follower = after(source, cursor, Finality::Latest);
    fold
}

#[tokio::test]
async fn while_the_service_was_down() {
    for (remembers, height, depth) in [
        (true, 50, 1),
        (true, 50, 6),
        (true, 50, 20),
        (true, 300, 3),
        (false, 50, 6),
        (false, 300, 8),
    ] {
        let node = Node::start().await;
        node.mine(40);
        let cursor = Cursor::after_block(node.head());
        let seen = node.logs(&LogFilter::default(), 0, 40);
        let fork = node.reorg(depth, depth + 1);
        if !remembers {
            node.forget_dead_branches();
        }
        node.mine(height - node.head().number);

        let source = source(config(&[&node]));
        let mut fold = resumed(&source, &node, cursor);
        fold.logs = seen;
        let rollbacks = fold.until_head(&node).await;
        assert_eq!(rollbacks.len(), 1);
        if remembers {
            assert_eq!(
                rollbacks,
                [Rollback {
                    rollback_to: fork,
                    depth
                }]
            );
        } else {
            // Caution: as deep as the window says a reorg may be.
            assert_eq!(rollbacks[0].rollback_to, node.block(32).at());
        }
    }
}

#[tokio::test]
async fn a_position_in_the_middle_of_a_dead_block() {
    let node = Node::start().await;
    node.mine(30);
    let dead = node.mine_with(|_, _| vec![Log::default(), Log::default()]);
    let fork = node.reorg(1, 3);
    let source = source(config(&[&node]));
    let mut follower = after(&source, Cursor::after_log(dead.at(), 0), Finality::Latest);
    let step = soon("the reorg", follower.next()).await.unwrap();
    assert_eq!(
        step,
        Step::Reorg(Rollback {
            rollback_to: fork,
            depth: 1
        })
    );
    let Step::Logs(segment) = soon("the logs", follower.next()).await.unwrap() else {
        panic!("there was one reorg only");
    };
    assert_eq!(segment.from_block, 31);
}

#[tokio::test]
async fn a_position_that_stands_is_not_disturbed() {
    let node = Node::start().await;
    node.mine(300);
    let source = source(config(&[&node]));
    for number in [40, 280, 298] {
        let mut fold = resumed(&source, &node, Cursor::after_block(node.block(number).at()));
        assert_eq!(fold.until_head(&node).await, []);
    }
    // Of some positions only the number is known.
    let mut unknown = node.block(40).at();
    unknown.hash = Default::default();
    let mut fold = resumed(&source, &node, Cursor::after_block(unknown));
    assert_eq!(fold.until_head(&node).await, []);
}

#[tokio::test]
async fn deeper_than_finality_stops_loudly() {
    let (node, source, mut fold) = at_head(20).await;
    node.set_finality(Some(18), Some(16));
    let mut heads = source.watch();
    soon(
        "finality",
        heads.wait_for(|it| it.is_some_and(|it| it.finalized == Some(16))),
    )
    .await
    .unwrap();
    // The follower has to have seen it too.
    node.mine(1);
    fold.until_head(&node).await;
    node.reorg(7, 9);
    let error = loop {
        match soon("the end", fold.follower.next()).await {
            Ok(Step::Logs(_)) => {}
            Ok(step) => panic!("{step:?}"),
            Err(error) => break error,
        }
    };
    let kind = IngestErrorKind::ReorgTooDeep {
        position: 21,
        rollback_to: 14,
        finalized: 16,
    };
    assert_eq!(error.kind(), kind);
    // It stays so.
    assert_eq!(fold.follower.next().await.unwrap_err().kind(), kind);
    // Others may begin on the new chain.
    Fold::new(&source).until_head(&node).await;
}

#[tokio::test]
async fn a_follower_of_final_blocks_has_nothing_to_undo() {
    let node = Node::start().await;
    node.mine(60);
    node.set_finality(Some(50), Some(40));
    let dead = node.block(30).at();
    let source = source(config(&[&node]));
    let position = Cursor::after_block(event_streamer_models::BlockRef {
        number: dead.number,
        hash: [7; 32].into(),
    });
    let error = soon(
        "the end",
        after(&source, position, Finality::Finalized).next(),
    )
    .await;
    assert!(matches!(
        error.unwrap_err().kind(),
        IngestErrorKind::ReorgTooDeep { position: 30, .. }
    ));
}

#[tokio::test]
async fn nothing_below_the_first_block_is_handed_out() {
    let (node, source, _) = at_head(40).await;
    let start = FollowStart::Block(38);
    let mut fold = Fold::new(&source);
    fold.follower = source.follow(LogFilter::default(), start, None, Finality::Latest);
    (fold.first, fold.next) = (38, Some(38));
    fold.until_head(&node).await;
    let fork = node.reorg(6, 8);
    let rollbacks = fold.until_head(&node).await;
    assert_eq!(
        rollbacks,
        [Rollback {
            rollback_to: fork,
            depth: 6
        }]
    );
}

#[tokio::test]
async fn a_chain_that_begins_anew_far_below_the_window() {
    let (node, source, mut fold) = at_head(300).await;
    node.forget_dead_branches();
    // A development node is started again: what it has now is far below what was kept. It is known
    // for another chain by the first block that the position came by, the end of the first range.
    node.reorg(300, 60);
    let rollbacks = fold.until_head(&node).await;
    assert_eq!(rollbacks.len(), 1, "{rollbacks:?}");
    node.mine(5);
    assert_eq!(fold.until_head(&node).await, []);
    assert_eq!(source.head().unwrap().head, node.head());
}

#[tokio::test]
async fn another_chain_altogether_is_told_loudly() {
    let (node, source, mut fold) = at_head(300).await;
    node.forget_dead_branches();
    let other = Node::start_other().await;
    other.mine(20);
    node.copy(&other);
    let error = soon("the end", fold.follower.next()).await.unwrap_err();
    let kind = IngestErrorKind::ReorgTooDeep {
        position: 300,
        rollback_to: 0,
        finalized: 0,
    };
    assert_eq!(error.kind(), kind);
    // Whoever begins from here on gets the chain as it is.
    Fold::new(&source).until_head(&node).await;
}

#[tokio::test]
async fn an_endpoint_that_lags_far_behind_alone_is_no_reorg() {
    let (node, source, mut fold) = at_head(300).await;
    node.set_lag(Some(40));
    // It is believed, as there is nobody else, and nothing that was told is taken back.
    let mut heads = source.watch();
    let believed = heads.wait_for(|it| it.is_some_and(|it| it.head.number == 40));
    soon("the lower head", believed).await.unwrap();
    node.polled(4).await;
    node.set_lag(None);
    node.mine(3);
    assert_eq!(fold.until_head(&node).await, []);
}

#[tokio::test]
async fn an_end_block_at_the_head_is_watched() {
    let node = Node::start().await;
    node.mine(20);
    node.set_finality(Some(10), Some(5));
    let source = source(config(&[&node]));
    let all = LogFilter::default();
    let start = FollowStart::Block(0);
    let mut follower = source.follow(all.clone(), start, Some(20), Finality::Latest);
    let until_end = async |follower: &mut Follower| {
        let (mut logs, mut rollbacks) = (Vec::new(), Vec::new());
        loop {
            match soon("a step", follower.next()).await.unwrap() {
                Step::Logs(segment) => logs.extend(segment.logs),
                Step::Reorg(rollback) => rollbacks.push(rollback),
                Step::End => return (logs, rollbacks),
                step @ Step::Incomplete(_) => panic!("{step:?}"),
            }
        }
    };
    let (logs, _) = until_end(&mut follower).await;
    assert_eq!(logs, node.logs(&all, 0, 20));
    assert_eq!(follower.next().await.unwrap(), Step::End);

    let fork = node.reorg(2, 4);
    soon("news", follower.reopened()).await;
    let (logs, rollbacks) = until_end(&mut follower).await;
    let depth = 2;
    assert_eq!(
        rollbacks,
        [Rollback {
            rollback_to: fork,
            depth
        }]
    );
    assert_eq!(logs, node.logs(&all, fork.number + 1, 20));

    // Once it is final there is nothing more to come.
    node.mine(1);
    node.set_finality(Some(22), Some(22));
    let mut heads = source.watch();
    let finalized = heads.wait_for(|it| it.is_some_and(|it| it.finalized == Some(22)));
    soon("finality", finalized).await.unwrap();
    node.reorg(3, 5);
    tokio::select! {
        biased;
        () = follower.reopened() => panic!("the end was final"),
        () = node.polled(5) => {}
    }
}
