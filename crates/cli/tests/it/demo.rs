//! `demo`, as a user runs it.

use std::path::Path;
use std::process::Output;

use event_streamer_replay::ReplayNode;
use serde_json::Value;

use crate::chains::{TransferLogs, built_in_recording, expected_transfers, mainnet_file};
use crate::process::{Running, program};

fn demo(state: &Path, arguments: &[&str]) -> Output {
    let state = state.to_str().unwrap();
    program(
        [
            &["demo", "--state-dir", state, "--block-time", "0.05"],
            arguments,
        ]
        .concat(),
    )
    .output()
    .unwrap()
}

/// (name, block, log index) of each line of `--json`.
fn delivered(stdout: &str) -> Vec<(String, u64, u64)> {
    stdout
        .lines()
        .map(|line| {
            let event: Value = serde_json::from_str(line).unwrap();
            (
                event["event"].as_str().unwrap().to_owned(),
                event["block_number"].as_u64().unwrap(),
                event["log_index"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn every_recorded_transfer_is_delivered_once_in_order() {
    let state = tempfile::tempdir().unwrap();
    let output = demo(state.path(), &["--json"]);
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(output.status.success(), "{stderr}");
    let expected = expected_transfers(&built_in_recording());
    assert!(
        delivered(&stdout) == expected,
        "delivered {} of {}",
        stdout.lines().count(),
        expected.len()
    );
    let undecoded = expected
        .iter()
        .filter(|event| event.0 == "$undecoded")
        .count();
    assert!(
        stderr.contains(&format!("{} events", expected.len())),
        "{stderr}"
    );
    assert!(
        stderr.contains(&format!("{undecoded} of them undecodable")),
        "{stderr}"
    );
    assert!(
        stderr.contains("rt_"),
        "the summary names the final token: {stderr}"
    );
    let first: Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    for key in [
        "event_id",
        "block_hash",
        "transaction_hash",
        "transaction_index",
        "chain_id",
        "address",
        "timestamp",
    ] {
        assert!(!first[key].is_null(), "{key} is missing in {first}");
    }
}

#[test]
fn mainnet_logs_are_delivered_exactly() {
    let Some(file) = mainnet_file() else { return };
    let state = tempfile::tempdir().unwrap();
    let output = demo(
        state.path(),
        &["--json", "--recording", file.to_str().unwrap()],
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let got = delivered(&stdout);
    assert!(got == expected_transfers(&event_streamer_replay::Recording::load(file).unwrap()));
    let count = |name: &str| got.iter().filter(|event| event.0 == name).count();
    assert_eq!((count("Transfer"), count("$undecoded")), (7_430, 370));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_node_can_be_streamed() {
    let node = ReplayNode::builder(built_in_recording())
        .start()
        .await
        .unwrap();
    let (url, ws_url) = (node.http_url(), node.ws_url());
    let output = tokio::task::spawn_blocking(move || {
        let state = tempfile::tempdir().unwrap();
        let event = "Transfer(address indexed,address indexed,uint256)";
        let address = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
        demo(
            state.path(),
            &[
                "--json",
                "--rpc-url",
                &url,
                "--ws-url",
                &ws_url,
                "--event",
                event,
                "--address",
                address,
                "--from-block",
                "11",
                "--to-block",
                "20",
            ],
        )
    })
    .await
    .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let stdout = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<_> = node
        .recording()
        .transfer_logs()
        .filter(|log| log.address.to_string() == "0x5fbdb2315678afecb367f032d93f642f64180aa3")
        .filter(|log| (11..=20).contains(&log.block_number))
        .map(|log| {
            (
                "Transfer".to_owned(),
                log.block_number,
                u64::from(log.log_index),
            )
        })
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(delivered(&stdout), expected);
    let first: Value = serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
    assert!(
        first["arg2"].is_string(),
        "unnamed parameters go by position: {first}"
    );
    node.shutdown().await;
}

#[test]
fn without_a_terminal_lines_are_plain() {
    let state = tempfile::tempdir().unwrap();
    let output = demo(state.path(), &[]);
    assert!(output.status.success());
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(!stdout.contains('\u{1b}'), "no escape sequences");
    let live = built_in_recording().last_block() - 9;
    let shown: Vec<&str> = stdout
        .lines()
        .filter(|line| line.starts_with("block "))
        .collect();
    let expected = expected_transfers(&built_in_recording());
    assert_eq!(
        shown.len(),
        expected.iter().filter(|event| event.1 >= live).count(),
        "each live event has a line"
    );
    assert!(
        shown
            .iter()
            .any(|line| line.contains("Transfer") && line.contains(" value "))
    );
}

#[test]
fn an_interrupted_demo_goes_on_without_repeating_or_missing() {
    let expected = expected_transfers(&built_in_recording());
    for lines in [1, expected.len() / 2, expected.len() - 600] {
        let state = tempfile::tempdir().unwrap();
        let path = state.path().to_str().unwrap();
        let mut first = Running::start(program([
            "demo",
            "--state-dir",
            path,
            "--block-time",
            "0.2",
            "--json",
        ]));
        let mut stdout: String = (0..lines).map(|_| first.line().unwrap() + "\n").collect();
        first.signal("INT");
        stdout += &first.rest();
        assert!(first.end().success(), "Ctrl-C is a clean end");
        assert!(
            delivered(&stdout).len() < expected.len(),
            "it was interrupted before its end"
        );

        let rest = demo(state.path(), &["--json", "--resume"]);
        assert!(
            rest.status.success(),
            "{}",
            String::from_utf8_lossy(&rest.stderr)
        );
        stdout += &String::from_utf8(rest.stdout).unwrap();
        assert!(
            delivered(&stdout) == expected,
            "interrupted after {lines}: {} of {}",
            stdout.lines().count(),
            expected.len()
        );
    }
}

#[test]
fn faults_of_the_command_line_are_told() {
    let state = tempfile::tempdir().unwrap();
    for (arguments, code, needle) in [
        (vec!["--resume"], 2, "no stopped demo to resume"),
        (
            vec!["--recording", "/nowhere.gz"],
            1,
            "cannot open the recording /nowhere.gz",
        ),
        (vec!["--event", "Transfer(adress)"], 2, "adress"),
        (vec!["--address", "0x12"], 2, "0x12"),
        (
            vec!["--rpc-url", "ftp://me:secret@node/key"],
            1,
            "not a node's URL",
        ),
        (vec!["--from-block", "61"], 2, "above the recording's last"),
    ] {
        let output = demo(state.path(), &arguments);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains(needle) && !stderr.contains("secret"),
            "{arguments:?}: {stderr}"
        );
    }
}
