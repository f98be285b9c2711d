//! Answers that contradict the headers: asked again, held against the receipts, never believed.

use event_streamer_models::{B256, Finality, Log};
use event_streamer_server::ingest::{ChainSource, Incomplete, LogFilter, Step, Verify};
use event_streamer_server::rpc::RpcClientConfig;
use serde_json::json;

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, Lie, Node};

fn topic(byte: u8) -> Log {
    Log {
        topics: vec![B256([byte; 32])],
        ..Log::default()
    }
}

fn wants(byte: u8) -> LogFilter {
    let mut filter = LogFilter::default();
    filter.topics[0] = vec![B256([byte; 32])];
    filter
}

/// A node at whose head a block is too large to be read whole, and where nothing is found by filter.
async fn with_a_large_block() -> (Node, ChainSource, Fold) {
    let node = Node::start().await;
    node.mine(20);
    let rpc = RpcClientConfig {
        max_response_bytes: 100_000,
        ..RpcClientConfig::default()
    };
    let source = source(config(&[&node]).with_rpc(rpc));
    let mut fold = Fold::of(&source, wants(77), Finality::Latest);
    fold.until_head(&node).await;
    node.script(|asked, _| {
        asked.pinned()?;
        let is_whole = asked.params[0]["topics"].is_null();
        let too_large = Lie::Result(json!("x".repeat(200_000)));
        Some(if is_whole {
            too_large
        } else {
            Lie::Result(json!([]))
        })
    });
    node.mine_with(|_, _| vec![topic(1), topic(77), topic(2)]);
    (node, source, fold)
}

/// The next step, which says that the position cannot move.
async fn stalls(fold: &mut Fold) -> Incomplete {
    match fold.step().await {
        Step::Incomplete(incomplete) => incomplete,
        step => panic!("{step:?}"),
    }
}

#[tokio::test]
async fn a_large_block_that_contradicts_its_bloom_is_waited_for() {
    let (node, source, mut fold) = with_a_large_block().await;
    let incomplete = stalls(&mut fold).await;
    assert_eq!(incomplete.block, 21);
    assert!(incomplete.reason.contains("bloom"), "{incomplete:?}");
    assert_eq!(source.status().incomplete, 1);
    // However often it is said, and it is told once.
    tokio::select! {
        biased;
        step = fold.step() => panic!("{step:?}"),
        () = node.asked_times(60) => {}
    }
    node.be_honest();
    fold.until_head(&node).await;
    assert_eq!(fold.logs.len(), 1);
    assert_eq!(source.status().incomplete, 1);
    assert_eq!(source.status().last_error, None);
}

#[tokio::test]
async fn the_receipts_of_a_large_block_decide() {
    let (node, source, mut fold) = with_a_large_block().await;
    node.have_receipts();
    fold.until_head(&node).await;
    assert_eq!(fold.logs.len(), 1);
    assert_eq!(source.status().incomplete, 0);
    // Also where the bloom matches by chance: the topic is there, in another place.
    node.mine_with(|_, _| {
        let mut log = topic(1);
        log.topics.push(B256([77; 32]));
        vec![log]
    });
    fold.until_head(&node).await;
    assert_eq!(fold.logs.len(), 1);
}

#[tokio::test]
async fn receipts_that_do_not_fit_are_read_one_by_one() {
    let (node, _source, mut fold) = with_a_large_block().await;
    node.have_receipts();
    node.script(|asked, _| {
        let is_whole = asked.method == "eth_getBlockReceipts";
        is_whole.then(|| Lie::Error(-32008, "Response is too big".to_owned()))
    });
    fold.until_head(&node).await;
    assert_eq!(fold.logs.len(), 1);
    let of_transactions = |it: &Asked| it.method == "eth_getTransactionReceipt";
    assert_eq!(node.count(of_transactions), 3);
}

#[tokio::test]
async fn a_block_whose_matching_logs_do_not_fit_is_read_from_its_receipts() {
    let node = Node::start().await;
    for _ in 0..100 {
        node.mine_with(|_, _| vec![topic(77), topic(2)]);
    }
    node.have_receipts();
    let large = [node.block(40).hash, node.block(100).hash];
    node.script(move |asked, _| {
        let covers = asked
            .range()
            .is_some_and(|(from, to)| (from..=to).contains(&40));
        let is_large = covers || asked.pinned().is_some_and(|it| large.contains(&it));
        let text = "query returned more than 10000 results";
        is_large.then(|| Lie::Error(-32005, text.to_owned()))
    });
    let source = source(config(&[&node]));
    let mut fold = Fold::of(&source, wants(77), Finality::Latest);
    fold.until_head(&node).await;
    assert_eq!(fold.logs.len(), 100);
    assert_eq!(source.status().incomplete, 0);
}

#[tokio::test]
async fn receipts_that_lie_too_are_not_believed() {
    let (node, source, mut fold) = with_a_large_block().await;
    node.have_receipts();
    node.script(|asked, truth| {
        let is_receipts = asked.method == "eth_getBlockReceipts";
        is_receipts.then(|| Lie::Result(json!(truth.as_array().unwrap()[1..])))
    });
    assert_eq!(stalls(&mut fold).await.block, 21);
    node.be_honest();
    fold.until_head(&node).await;
    assert_eq!(source.status().incomplete, 1);
}

#[tokio::test]
async fn a_block_without_a_true_answer_is_waited_for_and_told() {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]));
    let mut folds = [
        Fold::new(&source),
        Fold::of(&source, wants(77), Finality::Latest),
    ];
    for fold in &mut folds {
        fold.until_head(&node).await;
    }
    node.script(|asked, truth| {
        asked.pinned()?;
        Some(Lie::Result(json!(truth.as_array()?[1..])))
    });
    node.mine_with(|_, _| vec![topic(77), topic(2)]);
    for fold in &mut folds {
        assert_eq!(stalls(fold).await.block, 21);
    }
    assert_eq!(source.status().incomplete, 2);
    // The receipts know better.
    node.have_receipts();
    for fold in &mut folds {
        fold.until_head(&node).await;
    }
}

#[tokio::test]
async fn an_honest_endpoint_is_enough() {
    let (liar, honest) = (Node::start().await, Node::start().await);
    for _ in 0..100 {
        honest.mine_with(|_, _| vec![topic(77), topic(2)]);
    }
    liar.copy(&honest);
    // Of every block, one log less than there is.
    liar.script(|asked, truth| {
        asked.pinned()?;
        Some(Lie::Result(json!(truth.as_array()?[1..])))
    });
    let source = source(config(&[&liar, &honest]).with_verify(Verify::Head));
    let mut fold = Fold::new(&source);
    fold.until_head(&honest).await;
    for _ in 0..5 {
        let block = honest.mine_with(|_, _| vec![topic(77), topic(2)]);
        liar.copy(&honest);
        soon("the block", fold.until(block.number)).await;
        fold.assert_is(&honest);
    }
    assert_eq!(source.status().incomplete, 0);
    let untrue: u64 = source.endpoints().iter().map(|it| it.untrue_answers).sum();
    assert!(untrue > 0);
}
