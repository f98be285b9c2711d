//! Real logs through the whole service.

use event_streamer_replay::{BlockPosition, Recording};
use event_streamer_testkit::testdata;
use serde_json::json;

use super::support::{World, places, transfers, with};

#[tokio::test]
async fn every_transfer_of_51_mainnet_blocks_arrives_once() {
    let Some(file) = testdata::file("mainnet-18426253-18426303.ndjson.gz") else {
        eprintln!("no test data: runs without the mainnet logs");
        return;
    };
    let recording = Recording::load(file).unwrap();
    let (first, last) = (recording.first_block(), recording.last_block());
    let topic0 = super::support::TRANSFER.parse().unwrap();
    let expected: Vec<_> = recording
        .logs(first..=last)
        .filter(|log| log.topics.first() == Some(&topic0))
        .map(|log| (log.block_number, u64::from(log.log_index)))
        .collect();
    assert_eq!(expected.len(), 7_800);

    let world = World::with(recording, BlockPosition::Last, |config| config).await;
    let body = json!({"chain_id": 1, "start_block": first, "end_block": last});
    let answer = world.post("/subscriptions", with(transfers(), body)).await;
    let id = answer.body["id"].as_u64().unwrap();
    let lines = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&lines), expected);
    let count = |name: &str| {
        lines
            .iter()
            .filter_map(|line| line["events"][name].as_array())
            .flatten()
            .count()
    };
    assert_eq!((count("Transfer"), count("$undecoded")), (7_430, 370));
}
