//! Logs and headers of the real chain. They are not part of the repository; without them these
//! tests say so and pass.

use event_streamer_models::{BlockHeader, Log};
use event_streamer_replay::{BlockPosition, Recording, RecordingInfo, RecordingWriter};
use serde_json::json;

use super::support::{call, start, test_data};

/// `Transfer(address,address,uint256)`
const TRANSFER: &str = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

#[tokio::test]
async fn fifty_one_blocks_without_headers() {
    let Some(path) = test_data("mainnet-18426253-18426303.ndjson.gz") else {
        return;
    };
    let recording = Recording::load(path).unwrap();
    assert_eq!(recording.chain_id(), 1);
    assert_eq!(recording.log_count(), 17_096);
    assert_eq!(recording.recorded_blocks().len(), 51);
    let blocks = recording.first_block()..=recording.last_block();
    assert_eq!(blocks, 18_426_253..=18_426_303);
    let headers: Vec<_> = blocks
        .map(|number| recording.header(number).unwrap())
        .collect();
    for pair in headers.windows(2) {
        assert_eq!(pair[1].parent_hash, pair[0].hash);
        assert!(pair[1].timestamp > pair[0].timestamp);
    }
    for header in &headers {
        assert_eq!(header.logs_bloom, recording.computed_bloom(header.number));
        assert_ne!(header.logs_bloom, recording.header(1).unwrap().logs_bloom);
    }

    let expected: Vec<Log> = recording.logs(0..=u64::MAX).cloned().collect();
    let node = start(recording, BlockPosition::Last).await;
    let all = json!([{"fromBlock": "0x119298d", "toBlock": "0x11929bf"}]);
    let found = call(&node, "eth_getLogs", all).await.unwrap();
    assert_eq!(serde_json::from_value::<Vec<Log>>(found).unwrap(), expected);

    let transfers = json!([{"fromBlock": "0x119298d", "topics": [TRANSFER]}]);
    let found = call(&node, "eth_getLogs", transfers).await.unwrap();
    let found: Vec<Log> = serde_json::from_value(found).unwrap();
    assert_eq!(found.len(), 7_800);
    assert_eq!(
        found.iter().filter(|log| log.topics.len() == 3).count(),
        7_430
    );
    node.shutdown().await;
}

#[tokio::test]
async fn thirteen_blocks_with_their_headers() {
    let Some(path) = test_data("mainnet-13-blocks-with-headers.ndjson.gz") else {
        return;
    };
    let recording = Recording::load(path).unwrap();
    assert_eq!(recording.log_count(), 14_736);
    let blocks: Vec<_> = recording.recorded_blocks().collect();
    assert_eq!(blocks.len(), 13);
    for &number in &blocks {
        let header = recording.header(number).unwrap();
        assert_eq!(
            header.logs_bloom,
            recording.computed_bloom(number),
            "the bloom of block {number} is that of its logs"
        );
        assert!(header.receipts_root.is_some());
        // On both sides of each, the gaps are linked to it.
        for below in [number - 2, number - 1, number] {
            let (below, above) = (recording.header(below), recording.header(below + 1));
            if let (Some(below), Some(above)) = (below, above) {
                assert_eq!(above.parent_hash, below.hash);
                assert!(above.timestamp > below.timestamp);
                assert_eq!(recording.block_number(&below.hash), Some(below.number));
            }
        }
    }
    let merge = recording.block_hash(15_537_394).unwrap().to_string();
    assert_eq!(
        merge,
        "0x56a9bb0302da44b8c0b3df540781424684c3af04d0b7a38d72842b762076a664"
    );

    let hashes: Vec<_> = blocks
        .iter()
        .map(|&number| recording.block_hash(number))
        .collect();
    let logs: Vec<Log> = recording.logs(15_537_394..=15_537_394).cloned().collect();
    let node = start(recording, BlockPosition::Last).await;
    for (number, hash) in blocks.iter().zip(hashes) {
        let block = call(&node, "eth_getBlockByHash", json!([hash, false]))
            .await
            .unwrap();
        let header: BlockHeader = serde_json::from_value(block).unwrap();
        assert_eq!(header.number, *number);
    }
    let found = call(&node, "eth_getLogs", json!([{"blockHash": merge}]))
        .await
        .unwrap();
    assert_eq!(serde_json::from_value::<Vec<Log>>(found).unwrap(), logs);
    assert_eq!(logs.len(), 10_041);
    assert_eq!(logs[0].block_timestamp, Some(1_663_224_179));
    node.shutdown().await;
}

#[test]
fn a_mainnet_recording_written_again_is_the_same_chain() {
    let Some(path) = test_data("mainnet-13-blocks-with-headers.ndjson.gz") else {
        return;
    };
    let recording = Recording::load(path).unwrap();
    let mut writer = RecordingWriter::new(RecordingInfo::new(recording.chain_id()));
    for number in recording.recorded_blocks() {
        writer.header(recording.header(number).unwrap()).unwrap();
        for log in recording.logs(number..=number) {
            writer.log(log).unwrap();
        }
    }
    let mut file = Vec::new();
    let summary = writer.finish(&mut file).unwrap();
    assert_eq!(summary.logs, 14_736);
    let read = Recording::read(file.as_slice()).unwrap();
    assert!(read.logs(0..=u64::MAX).eq(recording.logs(0..=u64::MAX)));
    for number in recording.recorded_blocks() {
        assert_eq!(read.header(number), recording.header(number));
    }
}
