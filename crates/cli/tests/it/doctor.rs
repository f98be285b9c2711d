//! `doctor`, as a user runs it.

use event_streamer_replay::{NodeLimits, ReplayNode};
use serde_json::Value;

use crate::chains::built_in_recording;
use crate::process::program;

async fn output(arguments: Vec<String>) -> (bool, String, String) {
    tokio::task::spawn_blocking(move || {
        let output = program(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    })
    .await
    .unwrap()
}

fn arguments(words: &[&str]) -> Vec<String> {
    words.iter().map(|it| (*it).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_is_examined_for_people_and_for_programs() {
    let limits = NodeLimits::default().with_max_block_range(20);
    let node = ReplayNode::builder(built_in_recording())
        .limits(limits)
        .start()
        .await
        .unwrap();
    let url = node.http_url();

    let (success, table, _) = output(arguments(&["doctor", "--rpc-url", &url])).await;
    assert!(success, "{table}");
    let advice = "--max-blocks-per-request 10";
    for part in [
        "  ok    blooms      8 of 8",
        "  care  ranges      10 blocks",
        advice,
        "verdict: usable with care",
    ] {
        assert!(table.contains(part), "{part:?} is missing:\n{table}");
    }

    let (_, line, _) = output(arguments(&["doctor", "--rpc-url", &url, "--json"])).await;
    let examination: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(examination["verdict"], "usable_with_care");
    assert_eq!(examination["facts"]["max_range_blocks"], 10);
    assert_eq!(
        examination["facts"]["chain_id"],
        node.recording().chain_id()
    );
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_node_is_an_error_of_the_program() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/s3cr3t");
    let (success, table, error) = output(arguments(&["doctor", "--rpc-url", &url])).await;
    assert!(!success);
    assert!(table.contains("verdict: unusable"), "{table}");
    assert!(error.contains("the node is unusable"), "{error}");
    assert!(
        !table.contains("s3cr3t") && !error.contains("s3cr3t"),
        "{table}{error}"
    );
}
