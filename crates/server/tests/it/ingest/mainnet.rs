//! Real Ethereum mainnet logs, served by the replay node.
//!
//! The recordings are looked for in the folder that `EVENT_STREAMER_TEST_DATA` names, else in
//! `../shared/data` beside the workspace. Without them these tests say so and pass.

use std::path::{Path, PathBuf};
use std::time::Duration;

use event_streamer_models::{Finality, Log};
use event_streamer_replay::{BlockPosition, Recording, ReplayNode};
use event_streamer_server::ingest::{
    ChainSource, FollowStart, Follower, LogFilter, SourceConfig, Step,
};

use super::fold::{soon, source};

fn recording(file: &str) -> Option<Recording> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("EVENT_STREAMER_TEST_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join(file);
    if !path.exists() {
        eprintln!("runs without {file}: set EVENT_STREAMER_TEST_DATA to the folder that has it");
        return None;
    }
    Some(Recording::load(&path).unwrap())
}

fn follow_node(node: &ReplayNode) -> ChainSource {
    let config = SourceConfig::new(1, vec![node.http_url().parse().unwrap()])
        .with_websocket(vec![node.ws_url().parse().unwrap()])
        .with_block_time(Duration::from_millis(20))
        .with_max_blocks_per_request(7)
        .with_reorg_window(8);
    source(config)
}

async fn read_all(mut follower: Follower) -> Vec<Log> {
    let mut logs = Vec::new();
    loop {
        match soon("a step", follower.next()).await.unwrap() {
            Step::Logs(segment) => logs.extend(segment.logs),
            step @ (Step::Reorg(_) | Step::Incomplete(_)) => panic!("{step:?}"),
            Step::End => return logs,
        }
    }
}

#[tokio::test]
async fn fifty_one_blocks_arrive_whole_in_history_and_live() {
    let Some(recording) = recording("mainnet-18426253-18426303.ndjson.gz") else {
        return;
    };
    let (first, last) = (recording.first_block(), recording.last_block());
    let expected: Vec<Log> = recording.logs(first..=last).cloned().collect();
    let node = ReplayNode::builder(recording)
        .head(BlockPosition::BeforeLast(10))
        .finality(3, 6)
        .start()
        .await
        .unwrap();
    let source = follow_node(&node);
    let all = LogFilter::default();
    let follower = source.follow(all, FollowStart::Block(first), Some(last), Finality::Latest);
    let reading = tokio::spawn(read_all(follower));
    for _ in 0..10 {
        node.mine(1);
        tokio::task::yield_now().await;
    }
    let logs = reading.await.unwrap();
    assert_eq!(logs.len(), 17_096);
    for (log, expected) in logs.iter().zip(&expected) {
        let place = |it: &Log| {
            (
                it.block_number,
                it.log_index,
                it.transaction_hash,
                it.address,
            )
        };
        assert_eq!(place(log), place(expected));
        assert_eq!((&log.topics, &log.data), (&expected.topics, &expected.data));
        assert!(log.block_timestamp.is_some() && log.block_hash.is_some());
    }
    node.shutdown().await;
}

#[tokio::test]
async fn real_blooms_agree_with_real_logs() {
    let Some(recording) = recording("mainnet-13-blocks-with-headers.ndjson.gz") else {
        return;
    };
    let recording = std::sync::Arc::new(recording);
    let blocks: Vec<u64> = recording.recorded_blocks().collect();
    let mut seen = 0;
    for number in blocks {
        // As the head, it is read whole and held against its header's bloom.
        let node = ReplayNode::builder(recording.clone())
            .head(BlockPosition::Number(number))
            .start()
            .await
            .unwrap();
        let source = follow_node(&node);
        let follower = source.follow(
            LogFilter::default(),
            FollowStart::Latest,
            Some(number),
            Finality::Latest,
        );
        let logs = read_all(follower).await;
        assert_eq!(logs.len(), recording.logs(number..=number).count());
        seen += logs.len();
        assert_eq!(source.status().last_error, None);
        node.shutdown().await;
    }
    assert_eq!(seen, 14_736);
}
