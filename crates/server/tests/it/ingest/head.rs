//! At the head: each block once, complete, whatever the node says first.

use std::time::Duration;

use event_streamer_models::{B256, Finality, Log};
use event_streamer_server::ingest::{LogFilter, SourceConfig};
use event_streamer_server::rpc::RpcClientConfig;
use serde_json::{Value, json};

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, Lie, Node, some_logs};

/// A node with a short chain, and a fold that has seen all of it.
async fn at_head() -> (Node, Fold) {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    (node, fold)
}

/// Lets the node lie three times about a new block's logs.
async fn is_asked_again(mut lie: impl FnMut(&Value) -> Lie + Send + 'static) {
    let (node, mut fold) = at_head().await;
    let mut lies = 0;
    node.script(move |asked, truth| {
        asked.pinned()?;
        lies += 1;
        (lies <= 3).then(|| lie(truth))
    });
    let block = node.mine_with(|_, salt| {
        let log = |topic| Log {
            topics: vec![B256([topic; 32])],
            ..Log::default()
        };
        vec![log(salt as u8), log(1), log(2)]
    });
    fold.until_head(&node).await;
    assert_eq!(node.count(|it| it.pinned() == Some(block.hash)), 4);
}

#[tokio::test]
async fn an_answer_is_not_believed_against_the_header() {
    is_asked_again(|_| Lie::Result(json!([]))).await;
    is_asked_again(|logs| Lie::Result(json!(logs.as_array().unwrap()[..2]))).await;
    is_asked_again(|logs| Lie::Result(json!(logs.as_array().unwrap()[1..]))).await;
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_asked_for_again() {
    is_asked_again(|_| Lie::Result(Value::Null)).await;
    is_asked_again(|_| Lie::Error(-32000, "unknown block".to_owned())).await;
    is_asked_again(|_| Lie::Error(-32000, "header not found".to_owned())).await;
    is_asked_again(|_| Lie::Status(502, "<html></html>")).await;
    is_asked_again(|_| Lie::Status(429, "slow down")).await;
}

#[tokio::test]
async fn a_liar_is_left_for_an_honest_endpoint() {
    let (liar, honest) = (Node::start().await, Node::start().await);
    honest.mine(20);
    liar.copy(&honest);
    liar.script(|asked, _| asked.pinned().map(|_| Lie::Result(json!([]))));
    let source = source(config(&[&liar, &honest]));
    let mut fold = Fold::new(&source);
    fold.until_head(&honest).await;
}

#[tokio::test]
async fn an_endpoint_that_wants_to_be_left_alone_is() {
    let (busy, ready) = (Node::start().await, Node::start().await);
    ready.mine(100);
    busy.copy(&ready);
    busy.script(|_, _| Some(Lie::Busy(3_600)));
    // The other has its faults too.
    let mut calls = 0;
    ready.script(move |_, _| {
        calls += 1;
        (calls % 23 == 0).then(|| Lie::Status(500, ""))
    });
    let both = source(config(&[&busy, &ready]));
    let mut fold = Fold::new(&both);
    fold.until_head(&ready).await;
    for _ in 0..3 {
        ready.mine(5);
        fold.until_head(&ready).await;
    }
    assert_eq!(busy.asked().len(), 1);

    // Where there is no other, and no end to it, the setting is the end.
    let config = SourceConfig {
        retry_after_cap: Duration::from_millis(20),
        ..config(&[&busy])
    };
    let alone = source(config);
    let mut fold = Fold::new(&alone);
    busy.asked_times(4).await;
    busy.be_honest();
    fold.until_head(&busy).await;
}

#[tokio::test]
async fn what_is_wrong_is_told_until_it_is_mended() {
    let (node, mut fold) = at_head().await;
    let source = source(config(&[&node]));
    node.script(|asked, _| asked.pinned().map(|_| Lie::Result(json!([]))));
    node.mine_with(|_, _| vec![Log::default()]);
    let mut other = Fold::new(&source);
    let reading = tokio::spawn(async move {
        other.until(21).await;
    });
    soon("the word", async {
        while !source
            .status()
            .last_error
            .is_some_and(|it| it.contains("bloom"))
        {
            node.polled(1).await;
        }
    })
    .await;
    assert!(source.status().connected);
    assert!(!reading.is_finished());
    node.be_honest();
    soon("the truth", reading).await.unwrap();
    fold.until_head(&node).await;
    assert_eq!(source.status().last_error, None);
}

#[tokio::test]
async fn followers_share_the_blocks_near_the_head() {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]));
    let mut folds: Vec<Fold> = (0..10).map(|_| Fold::new(&source)).collect();
    for fold in &mut folds {
        fold.until_head(&node).await;
    }
    let of_new_blocks = |it: &Asked| it.pinned().is_some();
    let before = node.count(of_new_blocks);
    node.mine(5);
    for fold in &mut folds {
        fold.until_head(&node).await;
    }
    assert_eq!(node.count(of_new_blocks), before + 5);
}

#[tokio::test]
async fn blocks_too_large_for_the_cache_are_read_by_each() {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]).with_recent_bytes(0));
    let mut folds: Vec<Fold> = (0..3).map(|_| Fold::new(&source)).collect();
    for _ in 0..5 {
        node.mine(1);
        for fold in &mut folds {
            fold.until_head(&node).await;
        }
    }
}

#[tokio::test]
async fn blocks_too_large_for_an_answer_are_read_by_filter() {
    let too_large = |answer: Lie| async move {
        let node = Node::start().await;
        node.mine(20);
        let mut empty = 0;
        node.script(move |asked, truth| {
            asked.pinned()?;
            if asked.params[0]["topics"].is_null() {
                return Some(answer.clone());
            }
            // What is not there at first comes at last.
            empty += 1;
            (empty % 3 != 0 && !truth.as_array()?.is_empty()).then(|| Lie::Result(json!([])))
        });
        let rpc = RpcClientConfig {
            max_response_bytes: 100_000,
            ..RpcClientConfig::default()
        };
        let source = source(config(&[&node]).with_rpc(rpc));
        let mut filter = LogFilter::default();
        filter.topics[0] = vec![B256([1; 32]), B256([2; 32])];
        let mut fold = Fold::of(&source, filter, Finality::Latest);
        fold.until_head(&node).await;
        for _ in 0..10 {
            node.mine_with(|number, salt| some_logs(number, salt * 3 + 1));
            fold.until_head(&node).await;
        }
        assert!(!fold.logs.is_empty());
    };
    too_large(Lie::Result(json!("x".repeat(200_000)))).await;
    too_large(Lie::Error(
        -32005,
        "query returned more than 10000 results".to_owned(),
    ))
    .await;
}

#[tokio::test]
async fn a_head_that_moves_back_and_returns_is_no_reorg() {
    let (node, mut fold) = at_head().await;
    for head in [19, 5, 0, 15] {
        node.set_lag(Some(head));
        node.polled(4).await;
    }
    node.set_lag(None);
    node.mine(1);
    assert_eq!(fold.until_head(&node).await, []);
}

#[tokio::test]
async fn an_endpoint_that_lags_far_behind_is_no_reorg_and_is_left() {
    let (fresh, old) = (Node::start().await, Node::start().await);
    fresh.mine(200);
    old.copy(&fresh);
    let source = source(config(&[&old, &fresh]));
    let mut fold = Fold::new(&source);
    fold.until_head(&fresh).await;
    // The preferred endpoint stays where it is; what is new is only at the other.
    old.set_lag(Some(90));
    for _ in 0..3 {
        fresh.mine(5);
        assert_eq!(fold.until_head(&fresh).await, []);
    }
}

#[tokio::test]
async fn heads_that_were_skipped_are_read_too() {
    let (node, mut fold) = at_head().await;
    for skipped in [2, 7, 12, 30, 60] {
        node.mine(skipped);
        fold.until_head(&node).await;
    }
}

#[tokio::test]
async fn a_node_may_refuse_batches_and_leave_answers_out() {
    let node = Node::start().await;
    node.mine(100);
    node.refuse_batches();
    let refusing = source(config(&[&node]));
    Fold::new(&refusing).until_head(&node).await;

    let node = Node::start().await;
    node.mine(100);
    let mut calls = 0;
    node.script(move |asked, _| {
        calls += 1;
        (asked.method == "eth_getBlockByNumber" && calls % 3 == 0).then_some(Lie::Omit)
    });
    let forgetful = source(config(&[&node]));
    Fold::new(&forgetful).until_head(&node).await;
}

#[tokio::test]
async fn null_where_a_block_should_be_is_asked_again() {
    let node = Node::start().await;
    node.mine(100);
    let mut calls = 0;
    node.script(move |asked, _| {
        calls += 1;
        let is_block = asked.method.starts_with("eth_getBlock");
        (is_block && calls % 4 == 0).then_some(Lie::Result(Value::Null))
    });
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.mine(10);
    fold.until_head(&node).await;
}

/// Heads as a node shows them, for scripts.
fn is_head(asked: &Asked) -> bool {
    asked.method == "eth_getBlockByNumber" && asked.params[0] == "latest"
}

fn absurd_head() -> Lie {
    Lie::Result(json!({
        "number": "0xfffffffffff", "hash": B256([0xAB; 32]), "parentHash": B256([0xAA; 32]),
        "timestamp": "0x1",
    }))
}

#[tokio::test]
async fn one_absurd_head_does_no_harm() {
    let node = Node::start().await;
    node.mine(20);
    // As the first head ever, and now and then.
    let mut heads = 0;
    node.script(move |asked, _| {
        heads += u32::from(is_head(asked));
        (is_head(asked) && heads % 4 == 1).then(absurd_head)
    });
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    for _ in 0..5 {
        node.mine(3);
        assert_eq!(fold.until_head(&node).await, []);
    }
}

#[tokio::test]
async fn absurd_heads_that_were_believed_are_left_again() {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.script(|asked, _| is_head(asked).then(absurd_head));
    let mut heads = source.watch();
    let believed = heads.wait_for(|it| it.is_some_and(|it| it.head.number > 1_000));
    soon("the jump", believed).await.unwrap();
    node.be_honest();
    node.mine(3);
    assert_eq!(fold.until_head(&node).await, []);
}

#[tokio::test]
async fn an_absurd_finality_is_not_believed() {
    let node = Node::start().await;
    node.mine(20);
    node.set_finality(Some(18), Some(12));
    node.script(|asked, _| {
        let is_mark = asked.params[0] == "finalized" || asked.params[0] == "safe";
        is_mark.then(absurd_head)
    });
    let source = source(config(&[&node]));
    Fold::new(&source).until_head(&node).await;
    assert_eq!(source.head().unwrap().finalized, None);
    node.be_honest();
    node.polled(2).await;
    assert_eq!(source.head().unwrap().finalized, Some(12));
}

#[tokio::test]
async fn one_that_lags_and_one_that_leaps_are_no_deadlock() {
    let (lagging, fresh) = (Node::start().await, Node::start().await);
    fresh.mine(300);
    lagging.copy(&fresh);
    // Further behind than what is walked, and it is asked first, and in between.
    lagging.set_lag(Some(120));
    let source = source(config(&[&lagging, &fresh]));
    let mut fold = Fold::new(&source);
    fold.until_head(&fresh).await;
    fresh.mine(100);
    assert_eq!(fold.until_head(&fresh).await, []);
}
