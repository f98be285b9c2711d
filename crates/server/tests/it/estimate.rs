//! What `estimate` concludes, held against what the history really is.

use event_streamer_server::estimate::{Estimate, EstimateOptions, estimate};
use event_streamer_server::rpc::{LogFilter, RpcClient, RpcClientConfig};

use crate::ingest::node::{Lie, Node};

async fn estimated(node: &Node, options: &EstimateOptions) -> Estimate {
    let client = RpcClient::new(node.url(), &RpcClientConfig::default()).unwrap();
    let mut told = Vec::new();
    let head = node.head().number;
    let estimate = estimate(
        &client,
        &LogFilter::default(),
        0,
        head,
        options,
        &mut |done, of| told.push((done, of)),
    )
    .await
    .unwrap();
    let samples = estimate.samples.len() as u32;
    let expected: Vec<_> = (1..=samples).map(|done| (done, samples)).collect();
    assert_eq!(told, expected);
    estimate
}

#[tokio::test]
async fn samples_of_every_block_are_exact() {
    let node = Node::start().await;
    node.mine(119);
    let mut options = EstimateOptions::default();
    options.samples = 120;
    let estimate = estimated(&node, &options).await;
    let logs = node.logs(&LogFilter::default(), 0, 119).len() as f64;
    assert!(estimate.logs.low <= logs && logs <= estimate.logs.high);
    let sampled: u64 = estimate.samples.iter().map(|it| it.logs).sum();
    assert_eq!(sampled as f64, logs);
    assert_eq!(node.count(|it| it.range().is_some()), 120);
}

#[tokio::test]
async fn the_range_that_the_node_answers_is_found() {
    let node = Node::start().await;
    node.mine(999);
    node.script(|asked, _| {
        let (from, to) = asked.range()?;
        let text = "block range is too wide".to_owned();
        (to - from + 1 > 30).then_some(Lie::Error(-32602, text))
    });
    let mut options = EstimateOptions::default();
    options.samples = 4;
    let estimate = estimated(&node, &options).await;
    // 250 is halved to 15; ranges of 15 and of 30 are answered.
    for sample in &estimate.samples {
        assert!((15..=30).contains(&sample.blocks), "{sample:?}");
    }
    assert!(
        estimate.samples[0].refused >= 3,
        "{:?}",
        estimate.samples[0]
    );
    assert!(estimate.calls.low >= 1_000.0 / 30.0, "{:?}", estimate.calls);
    assert!(
        estimate.calls.high <= 1_000.0 / 15.0 + 4.0,
        "{:?}",
        estimate.calls
    );
}

#[tokio::test]
async fn a_rate_limit_is_no_reason_for_narrower_ranges() {
    let node = Node::start().await;
    node.mine(99);
    let mut busy = 3;
    node.script(move |asked, _| {
        asked.range()?;
        busy -= 1;
        (busy >= 0).then_some(Lie::Busy(0))
    });
    let mut options = EstimateOptions::default();
    options.samples = 1;
    let estimate = estimated(&node, &options).await;
    assert_eq!(
        (estimate.samples[0].blocks, estimate.samples[0].refused),
        (100, 0)
    );
}

#[tokio::test]
async fn a_node_that_refuses_single_blocks_is_an_error() {
    let node = Node::start().await;
    node.mine(9);
    node.script(|asked, _| asked.range().map(|_| Lie::Error(-32000, "no".into())));
    let client = RpcClient::new(node.url(), &RpcClientConfig::default()).unwrap();
    let options = EstimateOptions::default();
    let outcome = estimate(
        &client,
        &LogFilter::default(),
        0,
        9,
        &options,
        &mut |_, _| {},
    )
    .await;
    assert!(outcome.unwrap_err().to_string().contains("eth_getLogs"));
}
