//! The service killed while streaming, and started again on the same file.

use std::net::TcpListener;
use std::time::Duration;

use event_streamer::client::{Delivery, EventStreamer};
use event_streamer_replay::{BlockPosition, ReplayNode};
use event_streamer_testkit::{Ledger, Record};

use crate::chains::{TransferLogs, built_in_recording};
use crate::serve::service;
use crate::watch::transfers;

/// Longer than anything here takes; only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(90);

/// Kills while the past is streamed, and while blocks come live.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_service_loses_nothing() {
    let recording = built_in_recording();
    let chain_id = recording.chain_id();
    let expected: Vec<Record> = recording
        .transfer_logs()
        .map(|log| Record::of_log(chain_id, log))
        .collect();
    let node = ReplayNode::builder(recording)
        .head(BlockPosition::BeforeLast(5))
        .start()
        .await
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    // The port must be the same after the restart, so it cannot be left to the system.
    let listen = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let (mut running, url) = service(&node.http_url(), &listen, data.path());

    let client = EventStreamer::new(url, "crash").unwrap();
    let mut deliveries = transfers(&client, chain_id, 0).await;
    let mut ledger = Ledger::new();
    let mut kills = [
        expected.len() / 10,
        expected.len() / 2,
        expected.len() - 300,
    ]
    .into_iter()
    .peekable();
    let all = async {
        while ledger.delivered() < expected.len() {
            match deliveries
                .next()
                .await
                .unwrap()
                .expect("the subscription has no end")
            {
                Delivery::Batch(batch) => {
                    for event in batch.events().iter() {
                        ledger
                            .deliver(Record::of_json(&serde_json::from_str(event.raw()).unwrap()));
                    }
                    batch.ack().await.unwrap();
                }
                Delivery::Rollback(_) => panic!("nothing was reorganised"),
                _ => {}
            }
            if kills
                .next_if(|after| ledger.delivered() >= *after)
                .is_some()
            {
                running.signal("KILL");
                running.end();
                running = service(&node.http_url(), &listen, data.path()).0;
            }
            if ledger.delivered() >= expected.len() / 2 {
                node.mine(1);
            }
        }
    };
    tokio::time::timeout(LIMIT, all)
        .await
        .expect("everything comes");
    assert!(kills.peek().is_none(), "it was killed each time");
    ledger.assert_exactly(expected);
    deliveries.close().await.unwrap();
    node.shutdown().await;
}
