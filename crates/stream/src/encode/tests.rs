use event_streamer_models::EventBatchMessage;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn envelope() -> BatchEnvelope {
    BatchEnvelope {
        response_id: ResponseId::from("8a3c1e9c-0000-4000-8000-000000000001"),
        batch_id: BatchId::from("batch_8a3c1e9c-0000-4000-8000-000000000002"),
        subscription_id: SubscriptionId::new(7).unwrap(),
        connection_id: ConnectionId::from("conn_8a3c1e9c-0000-4000-8000-000000000003"),
        resume_token: ResumeToken::from("rt_eyJzdWJzY3JpcHRpb25faWQiOjd9"),
        sequence: 3,
        step: Some(4),
        coverage: None,
        timestamp: Timestamp::from_unix_millis(1_716_460_200_000),
    }
}

#[test]
fn a_batch_has_every_field_of_the_protocol() {
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 10);
    assert_eq!(builder.push("Transfer", br#"{"value":"1"}"#), Push::Added);
    assert_eq!(builder.push("Approval", br#"{"value":"2"}"#), Push::Added);
    assert_eq!(builder.push("Transfer", br#"{"value":"3"}"#), Push::Added);
    let mut envelope = envelope();
    let hash = format!("0x{}", "ab".repeat(32)).parse().unwrap();
    envelope.coverage = Some(Coverage::new(10, 12, hash));
    let line = builder.finish(&envelope);
    assert_eq!(line.last(), Some(&b'\n'));
    let value: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(
        value,
        json!({
            "type": "event_batch",
            "response_id": "8a3c1e9c-0000-4000-8000-000000000001",
            "batch_id": "batch_8a3c1e9c-0000-4000-8000-000000000002",
            "subscription_id": 7,
            "connection_id": "conn_8a3c1e9c-0000-4000-8000-000000000003",
            "resume_token": "rt_eyJzdWJzY3JpcHRpb25faWQiOjd9",
            "sequence": 3, "step": 4,
            "batch_size": 3,
            "timestamp": "2024-05-23T10:30:00.000Z",
            "coverage": {
                "from_block": 10,
                "to_block": 12,
                "to_block_hash": format!("0x{}", "ab".repeat(32)),
            },
            "events": {
                "Transfer": [{"value": "1"}, {"value": "3"}],
                "Approval": [{"value": "2"}],
            },
        })
    );
    let model: EventBatchMessage = serde_json::from_slice(&line).unwrap();
    assert_eq!(model.events.count(), 3);
    assert_eq!(model.sequence, Some(3));
}

#[test]
fn a_finished_builder_begins_the_next_batch_empty() {
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 10);
    for name in ["A", "B"] {
        assert_eq!(builder.push(name, b"{}"), Push::Added);
        assert_eq!(builder.len(), 1);
        let line = builder.finish(&envelope());
        let value: Value = serde_json::from_slice(&line).unwrap();
        assert_eq!(value["events"], json!({ name: [{}] }));
        assert!(builder.is_empty());
    }
    let value: Value = serde_json::from_slice(&builder.finish(&envelope())).unwrap();
    assert_eq!(value["events"], json!({}));
}

#[test]
fn the_number_of_events_is_bounded() {
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 2);
    assert_eq!(builder.push("A", b"{}"), Push::Added);
    assert_eq!(builder.push("A", b"{}"), Push::Added);
    assert_eq!(builder.push("A", b"{}"), Push::Full);
    assert_eq!(builder.len(), 2);
}

#[test]
fn an_event_longer_than_a_line_goes_alone() {
    let long = format!(r#"{{"data":"{}"}}"#, "0".repeat(200_000));
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 10);
    assert_eq!(builder.push("A", long.as_bytes()), Push::Added);
    assert_eq!(builder.push("A", b"{}"), Push::Full);
    assert!(builder.finish(&envelope()).len() > DEFAULT_MAX_LINE_BYTES);
    assert_eq!(builder.push("A", b"{}"), Push::Added);
    assert_eq!(builder.push("A", long.as_bytes()), Push::Full);
}

#[test]
fn names_and_ids_are_escaped() {
    let name = "quote \" slash \\ control \u{1} line \n nöt ascii";
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 10);
    assert_eq!(builder.push(name, b"{}"), Push::Added);
    let mut envelope = envelope();
    envelope.batch_id = BatchId::from("\"\t");
    let line = builder.finish(&envelope);
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
    let value: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(value["events"], json!({ name: [{}] }));
    assert_eq!(value["batch_id"], "\"\t");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_keep_the_limit_and_no_event_is_lost(
        sizes in proptest::collection::vec((0usize..4, 0usize..3_000), 1..60),
        limit in 3_000usize..12_000,
    ) {
        let names = ["A", "Transfer", "a name with \u{2} in it", "$undecoded"];
        let events: Vec<(&str, String)> = sizes
            .iter()
            .enumerate()
            .map(|(index, (name, size))| (names[*name], format!(r#"{{"i":{index},"d":"{}"}}"#, "x".repeat(*size))))
            .collect();
        let mut builder = BatchBuilder::new(limit, 20);
        let mut lines = Vec::new();
        for (name, event) in &events {
            if builder.push(name, event.as_bytes()) == Push::Full {
                lines.push(builder.finish(&envelope()));
                prop_assert_eq!(builder.push(name, event.as_bytes()), Push::Added);
            }
        }
        lines.push(builder.finish(&envelope()));
        let mut got = Vec::new();
        for line in &lines {
            let value: Value = serde_json::from_slice(line).unwrap();
            prop_assert!(line.len() <= limit || value["batch_size"] == 1);
            let mut indexes: Vec<u64> = value["events"]
                .as_object()
                .unwrap()
                .values()
                .flat_map(|list| list.as_array().unwrap())
                .map(|event| event["i"].as_u64().unwrap())
                .collect();
            prop_assert_eq!(indexes.len() as u64, value["batch_size"].as_u64().unwrap());
            indexes.sort_unstable();
            got.extend(indexes);
        }
        prop_assert_eq!(got, (0..events.len() as u64).collect::<Vec<_>>());
    }
}

#[test]
fn a_batch_that_comes_again_says_so() {
    let mut builder = BatchBuilder::new(DEFAULT_MAX_LINE_BYTES, 10);
    assert_eq!(builder.push("Transfer", br#"{"value":"1"}"#), Push::Added);
    let line = builder.finish_again(&envelope(), 2);
    let value: Value = serde_json::from_slice(&line).unwrap();
    assert_eq!(value["redelivery"], 2);
    assert_eq!(value["events"]["Transfer"][0]["value"], "1");
    assert!(builder.is_empty());
}
