//! `serve`, `subscribe` and `record`, as a user runs them.

use event_streamer_replay::{Recording, ReplayNode};

use crate::chains::{built_in_recording, expected_transfers};
use crate::process::{Running, program};

/// A service as its own process; gives it and its URL.
pub(crate) fn service(node: &str, listen: &str, data: &std::path::Path) -> (Running, String) {
    let data = data.to_str().unwrap();
    let mut service = Running::start(program([
        "serve",
        "--rpc-url",
        node,
        "--listen",
        listen,
        "--data-dir",
        data,
    ]));
    let line = service.line().expect("the service starts");
    let url = line
        .strip_prefix("listening on ")
        .unwrap_or_else(|| panic!("{line}"))
        .to_owned();
    (service, url)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_is_tailed_to_the_terminal() {
    let node = ReplayNode::builder(built_in_recording())
        .start()
        .await
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    let (mut service, url) = service(&node.http_url(), "127.0.0.1:0", data.path());

    let chain_id = node.recording().chain_id().to_string();
    let (first, last) = (
        node.recording().first_block().to_string(),
        node.last_block().to_string(),
    );
    let arguments = [
        "subscribe",
        "--service",
        &url,
        "--chain-id",
        &chain_id,
        "--from-block",
        &first,
        "--to-block",
        &last,
        "--json",
        "--delete",
    ];
    let output = tokio::task::spawn_blocking({
        let mut command = program(arguments);
        move || command.output().unwrap()
    })
    .await
    .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap().lines().count();
    assert_eq!(lines, expected_transfers(node.recording()).len());

    service.signal("TERM");
    let ended = tokio::task::spawn_blocking(move || service.end())
        .await
        .unwrap();
    assert!(ended.success(), "SIGTERM is a clean end");
    node.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_can_be_recorded() {
    let original = built_in_recording();
    let node = ReplayNode::builder(built_in_recording())
        .start()
        .await
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.ndjson.gz");
    let output = tokio::task::spawn_blocking({
        let url = node.http_url();
        let mut command = program([
            "record",
            "--rpc-url",
            &url,
            "--from-block",
            "20",
            "--to-block",
            "30",
            "--output",
            file.to_str().unwrap(),
        ]);
        move || command.output().unwrap()
    })
    .await
    .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let copy = Recording::load(&file).unwrap();
    assert_eq!((copy.first_block(), copy.last_block()), (20, 30));
    assert!(
        copy.logs(20..=30).eq(original.logs(20..=30)),
        "the logs are the node's"
    );
    node.shutdown().await;
}

#[test]
fn an_open_address_needs_a_word() {
    let data = tempfile::tempdir().unwrap();
    let output = program([
        "serve",
        "--rpc-url",
        "1=http://127.0.0.1:1",
        "--listen",
        "0.0.0.0:0",
        "--data-dir",
        data.path().to_str().unwrap(),
    ])
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("--insecure")
    );
}

#[test]
fn keys_are_made_listed_and_revoked_without_the_service() {
    let data = tempfile::tempdir().unwrap();
    let keys = |arguments: &[&str]| {
        let mut command = program(["keys"]);
        command.args(arguments).arg("--data-dir").arg(data.path());
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (code, key) = keys(&["create", "--name", "ops", "--admin"]);
    assert_eq!(code, Some(0));
    assert!(key.starts_with("es_1_"), "{key}");
    let app = ["create", "--name", "app", "--subscriber-id", "app"];
    assert_eq!(keys(&app).0, Some(0));
    assert_eq!(keys(&["create", "--name", "nobody"]).0, Some(2));
    assert_eq!(keys(&["revoke", "1"]).0, Some(0));
    assert_eq!(keys(&["revoke", "1"]).0, Some(1));
    let (_, listed) = keys(&["list"]);
    let lines: Vec<_> = listed.lines().collect();
    assert!(lines[0].starts_with("1\tadmin\trevoked "), "{listed}");
    assert!(
        lines[1].starts_with("2\tsubscriber=\"app\"\tgood"),
        "{listed}"
    );
    assert!(!listed.contains(key.trim()));
}
