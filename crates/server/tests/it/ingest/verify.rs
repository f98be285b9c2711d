//! What is checked of history, by level, and what that costs.

use event_streamer_models::{B256, Finality, Log};
use event_streamer_server::ingest::{LogFilter, SourceConfig, Verify};
use serde_json::json;

use super::fold::{Fold, config, source};
use super::node::{Asked, Lie, Node};

/// A chain with some logs in every block.
async fn dense_chain() -> Node {
    let node = Node::start().await;
    for _ in 0..300 {
        node.mine_with(|number, _| {
            let log = |topic| Log {
                topics: vec![B256([topic; 32])],
                ..Log::default()
            };
            vec![log(77), log(number as u8)]
        });
    }
    node
}

fn wants(byte: u8) -> LogFilter {
    let mut filter = LogFilter::default();
    filter.topics[0] = vec![B256([byte; 32])];
    filter
}

/// Leaves out the logs of one block in the middle of each range.
fn leave_out_the_middle(node: &Node) {
    node.script(|asked, truth| {
        let (from, to) = asked.range()?;
        let middle = from.midpoint(to);
        let logs: Vec<Log> = serde_json::from_value(truth.clone()).unwrap();
        let rest = logs.into_iter().filter(|it| it.block_number != middle);
        Some(Lie::Result(json!(rest.collect::<Vec<_>>())))
    });
}

fn headers(asked: &Asked) -> bool {
    asked.method == "eth_getBlockByNumber"
}

async fn read(node: &Node, filter: LogFilter, set: impl Fn(SourceConfig) -> SourceConfig) -> Fold {
    let source = source(set(config(&[node])));
    let mut fold = Fold::of(&source, filter, Finality::Latest);
    fold.until(300).await;
    fold
}

#[tokio::test]
async fn at_the_level_all_a_log_missing_anywhere_is_found() {
    for filter in [LogFilter::default(), wants(77)] {
        let node = dense_chain().await;
        leave_out_the_middle(&node);
        let fold = read(&node, filter, |it| it.with_verify(Verify::All)).await;
        fold.assert_is(&node);
    }
}

#[tokio::test]
async fn a_sample_finds_a_liar_who_is_looked_at_from_then_on() {
    let node = dense_chain().await;
    leave_out_the_middle(&node);
    // Every range, so that the test does not depend on chance.
    let fold = read(&node, wants(77), |it| it.with_sample_one_in(1)).await;
    fold.assert_is(&node);
}

#[tokio::test]
async fn an_empty_answer_after_dense_ones_is_looked_at() {
    let node = Node::start().await;
    for _ in 0..300 {
        // Nothing at the ends of ranges, so that those do not give the lie away.
        node.mine_with(|number, _| {
            let topics = vec![B256([77; 32])];
            let log = Log {
                topics,
                ..Log::default()
            };
            vec![log; usize::from(!matches!(number % 50, 0 | 49))]
        });
    }
    node.script(|asked, _| (asked.range()? == (100, 149)).then(|| Lie::Result(json!([]))));
    let fold = read(&node, wants(77), |it| it.with_sample_one_in(0)).await;
    fold.assert_is(&node);
}

#[tokio::test]
async fn what_the_levels_cost() {
    let cost = async |set: fn(SourceConfig) -> SourceConfig| {
        let node = dense_chain().await;
        read(&node, wants(77), set).await.assert_is(&node);
        node.count(headers)
    };
    let head = cost(|it| it.with_sample_one_in(0)).await;
    let all = cost(|it| it.with_verify(Verify::All)).await;
    // Six ranges: two headers for each against one for every block, beside what the head takes.
    assert!(all > 290 && head < all - 200, "{head} and {all}");
}
