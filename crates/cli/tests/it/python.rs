//! The reference Python client 0.5.0, unmodified, against our service.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::chains::{Scene, mainnet_scene, recorded_scene};

/// Runs one scenario of `python/reference_client.py` and gives what it found.
async fn run(scenario: &str, scene: &Scene, more: Value) -> Value {
    let python = event_streamer_testkit::tools::python();
    let script =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/python/reference_client.py");
    let folder = tempfile::tempdir().unwrap();
    let result = folder.path().join("result.json");
    let mut arguments = json!({
        "service": scene.service_url(),
        "chain_id": scene.chain_id(),
        "start_block": scene.first_block(),
        "end_block": scene.last_block(),
        "expected": scene.expected().len(),
    });
    for (key, value) in more.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    let output = tokio::time::timeout(
        Duration::from_secs(180),
        tokio::process::Command::new(python)
            .arg(script)
            .arg(scenario)
            .arg(&result)
            .arg(arguments.to_string())
            .kill_on_drop(true)
            .output(),
    )
    .await
    .expect("the scenario ends in time")
    .unwrap();
    assert!(
        output.status.success(),
        "{scenario}: {}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&std::fs::read(result).unwrap()).unwrap()
}

/// (name, block, log index) of each event, as they came.
fn positions(events: &Value) -> Vec<(String, u64, u64)> {
    events
        .as_array()
        .unwrap()
        .iter()
        .map(|event| {
            (
                event["event"].as_str().unwrap().to_owned(),
                event["block_number"].as_u64().unwrap(),
                event["log_index"].as_u64().unwrap(),
            )
        })
        .collect()
}

/// Each expected event exactly once. The client hands a batch out name by name,
/// so order is judged per name.
fn assert_all_once(scene: &Scene, events: &Value) {
    let mut got = positions(events);
    for name in ["Transfer", "$undecoded"] {
        let of_name: Vec<_> = got
            .iter()
            .filter(|event| event.0 == name)
            .map(|event| (event.1, event.2))
            .collect();
        assert!(of_name.is_sorted(), "{name} events came out of order");
    }
    got.sort_by_key(|event| (event.1, event.2));
    assert_eq!(got, scene.expected(), "each recorded event exactly once");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_creates_reads_updates_and_deletes() {
    let scene = recorded_scene().await;
    let refused = json!({
        "wrong topic0": {"topic0": format!("0x{}", "11".repeat(32))},
        "unknown chain": {"chain_id": 424_242},
        "end before start": {"start_block": 50, "end_block": 7},
        "bad address": {"addresses": [format!("0x{}", "22".repeat(20)), "0x1234"]},
    });
    let found = run("crud", &scene, json!({ "refused": refused })).await;

    let created = &found["created"];
    assert!(created["id"].as_u64().unwrap() > 0);
    assert_eq!(created["subscriber_id"], "reference-client");
    assert_eq!(created["start_block"], scene.first_block());
    assert_eq!(created["end_block"], scene.last_block());
    assert_eq!(created["event_signature"]["name"], "Transfer");
    assert_eq!(found["read"]["id"], created["id"]);
    assert_eq!(found["updated"]["end_block"], scene.last_block() - 1);
    assert!(
        found["after_delete"]
            .as_str()
            .unwrap()
            .starts_with("EventStreamerSubscriptionError: Subscription")
    );
    assert!(found["unknown_block"].is_null());
    assert_eq!(found["healthy"], true);
    for (label, needle) in [
        (
            "wrong topic0",
            "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        ("unknown chain", "424242"),
        ("end before start", "end_block"),
        ("bad address", "addresses[1]"),
    ] {
        let text = found["refused"][label].as_str().unwrap();
        assert!(
            text.starts_with("EventStreamerSubscriptionError") && text.contains(needle),
            "{label}: {text}"
        );
    }
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_receives_every_recorded_event_once() {
    let scene = recorded_scene().await;
    let found = run("automatic", &scene, json!({})).await;
    assert_all_once(&scene, &found["events"]);
    assert_eq!(found["errors"], json!([]));
    assert_eq!(found["processing"]["is_processing"], true);
    assert_eq!(found["processing"]["connection_count"], 1);
    assert_eq!(found["after"]["events_delivered"], scene.expected().len());
    assert_eq!(found["after"]["last_processed_block"], scene.last_block());
    assert_eq!(found["last_processed_block"], scene.last_block());
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_receives_every_mainnet_transfer_once() {
    let Some(scene) = mainnet_scene().await else {
        return;
    };
    let found = run("automatic", &scene, json!({})).await;
    assert_all_once(&scene, &found["events"]);
    let names = |name| {
        positions(&found["events"])
            .iter()
            .filter(|event| event.0 == name)
            .count()
    };
    assert_eq!((names("Transfer"), names("$undecoded")), (7_430, 370));
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_acknowledges_by_hand() {
    let scene = recorded_scene().await;
    let found = run("manual", &scene, json!({})).await;
    assert_all_once(&scene, &found["events"]);

    let total = found["bulk"]["total_batches"].as_u64().unwrap();
    assert!(total > 2, "the recording makes several batches");
    assert_eq!(found["bulk"]["acknowledged_batches"], total - 1);
    assert_eq!(found["bulk"]["failed_batch_ids"], json!(["batch_unknown"]));
    assert_eq!(
        found["again"]["acknowledged_batches"],
        total - 1,
        "acknowledging again changes nothing"
    );
    assert!(
        found["unknown"]
            .as_str()
            .unwrap()
            .contains("BATCH_NOT_FOUND"),
        "{}",
        found["unknown"]
    );
    assert_eq!(found["heartbeat"]["acknowledged"], true);

    let next = found["acknowledged_events"].as_u64().unwrap() as usize;
    let expected = &scene.expected()[next..];
    let first = &found["first_after"];
    let first = (
        first["block_number"].as_u64().unwrap(),
        first["log_index"].as_u64().unwrap(),
    );
    let of_name = |name: &str| {
        expected
            .iter()
            .find(|event| event.0 == name)
            .map(|event| (event.1, event.2))
    };
    assert!(
        of_name("Transfer") == Some(first) || of_name("$undecoded") == Some(first),
        "goes on behind the acknowledged batches, got {first:?}"
    );
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_resumes_by_token() {
    let scene = recorded_scene().await;
    let found = run("resume", &scene, json!({ "stop_after": 2_000 })).await;
    assert!(found["before"].as_u64().unwrap() >= 2_000);
    assert_all_once(&scene, &found["events"]);
    let forged = found["forged"][0]["error_message"].as_str().unwrap();
    assert!(forged.contains("400"), "{forged}");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_hears_heartbeats_and_the_end() {
    let scene = recorded_scene().await;
    let later = json!({ "start_block": scene.last_block() + 1, "end_block": Value::Null });
    let found = run("heartbeats", &scene, later).await;
    assert!(found["heartbeats"].as_u64().unwrap() >= 1);
    assert_eq!(found["errors"][0]["error_code"], "SUBSCRIPTION_NOT_FOUND");
    assert_eq!(found["errors"][0]["recoverable"], false);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs the Python client: run `cargo xtask test`"]
async fn python_calls_every_method_it_has() {
    let scene = recorded_scene().await;
    let tour = run("tour", &scene, json!({})).await;
    assert_eq!(
        tour["missed"],
        json!([]),
        "methods that the tour does not call"
    );
    assert_eq!(tour["methods"].as_array().unwrap().len(), 39);
    let found = &tour["found"];

    assert_eq!(found["create_chain"]["chain_id"], 5);
    assert_eq!(found["get_chain"]["chain_id"], 5);
    let chains = &found["get_all_chains"]["chains"];
    assert_eq!(chains["5"]["name"], "Fifth");
    assert_eq!(chains["5"]["historical_max_chunk_size"], 500);
    assert!(!found.to_string().contains("secret"), "{found}");
    assert_eq!(
        found["get_chain_stats"]["supported_chain_ids"],
        json!([scene.chain_id()]),
        "the other one is deactivated"
    );
    assert_eq!(found["refresh_chains"]["chain_id"], 0);

    assert_eq!(found["breaker_reset"]["status"], "success");
    assert!(found["breaker_metrics"]["total_calls"].as_u64().unwrap() > 0);
    assert_eq!(found["breaker_config"]["failure_threshold"], 5);
    assert_eq!(found["is_healthy"], true);
    assert_eq!(found["health"]["status"], "healthy");

    assert_eq!(found["read"]["id"], found["created"]["id"]);
    assert_eq!(found["heartbeat"]["acknowledged"], true);
    assert_eq!(found["processing"]["is_processing"], true);
    assert_eq!(found["bulk"]["failed_batch_ids"], json!([]));
    assert_eq!(found["last_block"], scene.last_block());
    scene.close().await;
}
