//! `estimate`, as a user runs it.

use event_streamer_replay::ReplayNode;
use serde_json::Value;

use crate::chains::{built_in_recording, expected_transfers};
use crate::process::program;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_history_will_take_is_said_before_it_is_read() {
    let node = ReplayNode::builder(built_in_recording())
        .start()
        .await
        .unwrap();
    let mut arguments: Vec<String> = ["estimate", "--samples", "200", "--rpc-url"]
        .map(str::to_owned)
        .into();
    arguments.push(node.http_url());
    let run = |arguments: Vec<String>| async {
        let output = tokio::task::spawn_blocking(move || program(arguments).output().unwrap());
        String::from_utf8(output.await.unwrap().stdout).unwrap()
    };

    let table = run(arguments.clone()).await;
    assert!(
        table.starts_with("Transfer(address,address,uint256) in blocks 0 to "),
        "{table}"
    );
    assert!(
        table.contains("\n  getLogs   ") && table.contains("\n  time      "),
        "{table}"
    );

    arguments.push("--json".to_owned());
    let estimate: Value = serde_json::from_str(&run(arguments).await).unwrap();
    // Every block was a sample.
    let samples = estimate["samples"].as_array().unwrap();
    let logs: u64 = samples.iter().map(|it| it["logs"].as_u64().unwrap()).sum();
    let transfers = expected_transfers(node.recording()).len() as u64;
    assert!(logs >= transfers, "{logs} of {transfers}");
    node.shutdown().await;
}
