//! Messages of the stream (docs/protocol.md, section 4).

use event_streamer_models::*;
use serde_json::{Value, json};

use super::{hash, read, time, write};

/// The batch of the design document: without `batch_id`, with a hash that is none.
const DESIGN_BATCH: &str = r#"{
    "type": "event_batch",
    "response_id": "550e8400-e29b-41d4-a716-446655440000",
    "subscription_id": 123,
    "connection_id": "conn_550e8400-e29b-41d4-a716-446655440000",
    "resume_token": "rt_eyJzdWJzY3JpcHRpb25faWQiOjEyMywi...",
    "events": {
        "Transfer": [
            {
                "from": "0x1234567890123456789012345678901234567890",
                "to": "0x0987654321098765432109876543210987654321",
                "value": "1000000000000000000",
                "block_number": 19000001,
                "transaction_hash": "0xabcdef...",
                "log_index": 0,
                "address": "0xA0b86a33E6417b3c4555ba476F04245600306D5D",
                "timestamp": "2024-05-23T10:30:00.000Z"
            }
        ]
    },
    "batch_size": 1,
    "timestamp": "2024-05-23T10:30:00.000Z"
}"#;

#[test]
fn a_batch_of_the_design_document() {
    let batch: EventBatchMessage = read(DESIGN_BATCH);
    assert_eq!(batch.batch_id, None);
    assert_eq!(
        batch.response_id,
        Some("550e8400-e29b-41d4-a716-446655440000".into())
    );
    assert_eq!(
        batch.subscription_id,
        Some(SubscriptionId::new(123).unwrap())
    );
    assert_eq!((batch.batch_size, batch.events.count()), (Some(1), 1));
    assert_eq!(batch.timestamp, Some(time()));
    assert!(batch.extra.is_empty());
    let event: Value = read(batch.events.0["Transfer"][0].get());
    assert_eq!(event["value"], "1000000000000000000");
    assert_eq!(write(&batch), read::<Value>(DESIGN_BATCH));
}

#[test]
fn a_batch_of_the_reference() {
    let mut sent: Value = read(DESIGN_BATCH);
    sent["batch_id"] = json!("batch_550e8400-e29b-41d4-a716-446655440000");
    sent["timestamp"] = json!("2024-05-23T10:30:00.123456+00:00");
    let batch: EventBatchMessage = read(&sent.to_string());
    assert_eq!(
        batch.batch_id,
        Some("batch_550e8400-e29b-41d4-a716-446655440000".into())
    );
    assert_eq!(
        batch.timestamp.unwrap().unix_millis(),
        time().unix_millis() + 123
    );
    sent.as_object_mut().unwrap().shift_remove("type");
    assert_eq!(read::<EventBatchMessage>(&sent.to_string()), batch);
}

#[test]
fn a_batch_with_our_extensions() {
    let mut sent: Value = read(DESIGN_BATCH);
    sent["sequence"] = json!(1);
    sent["coverage"] =
        json!({"from_block": 19_000_000, "to_block": 19_000_001, "to_block_hash": hash("ab")});
    let batch: EventBatchMessage = read(&sent.to_string());
    assert_eq!(batch.sequence, Some(1));
    assert_eq!(
        batch.coverage,
        Some(Coverage::new(19_000_000, 19_000_001, B256([0xab; 32])))
    );
    assert_eq!(write(&batch), sent);
}

#[test]
fn a_batch_needs_its_type_and_events_only() {
    let batch: EventBatchMessage = read(r#"{"type": "event_batch", "events": {}}"#);
    assert_eq!(batch, EventBatchMessage::default());
    let nulls: EventBatchMessage = read(
        r#"{"type": "event_batch", "events": {}, "response_id": null, "batch_id": null,
            "subscription_id": null, "connection_id": null, "resume_token": null,
            "sequence": null, "batch_size": null, "coverage": null, "timestamp": null}"#,
    );
    assert_eq!(nulls, batch);
    let odd_clock: EventBatchMessage =
        read(r#"{"type": "event_batch", "events": {}, "timestamp": 1716460200}"#);
    assert_eq!(odd_clock, batch);
    for refused in [
        r#"{"type": "event_batch"}"#,
        r#"{"type": "event_batch", "events": null}"#,
        r#"{"type": "event_batch", "events": []}"#,
        r#"{"type": "heartbeat", "events": {}}"#,
        r#"{"type": "event_batch", "events": {}, "subscription_id": 0}"#,
        r#"{"type": "event_batch", "events": {}, "events": {}}"#,
        r#"{"type": "event_batch", "events": {"Transfer": [], "Transfer": [{}]}}"#,
    ] {
        assert!(
            serde_json::from_str::<EventBatchMessage>(refused).is_err(),
            "{refused}"
        );
    }
}

#[test]
fn numbers_of_events_keep_every_digit() {
    let digits = "9".repeat(78);
    let line = format!(r#"{{"type":"event_batch","events":{{"E":[{{"value":{digits}}}]}}}}"#);
    let batch: EventBatchMessage = read(&line);
    assert_eq!(serde_json::to_string(&batch).unwrap(), line);

    let borrowed: EventBatchMessage<&serde_json::value::RawValue> =
        serde_json::from_str(&line).unwrap();
    assert!(borrowed.events.get().contains(&digits));
}

#[test]
fn heartbeats() {
    let design = r#"{
        "type": "heartbeat",
        "connection_id": "conn_550e8400-e29b-41d4-a716-446655440000",
        "subscription_id": 123,
        "timestamp": "2024-05-23T10:30:00.000Z"
    }"#;
    let heartbeat: StreamingHeartbeat = read(design);
    let id = SubscriptionId::new(123).unwrap();
    let expected = StreamingHeartbeat::new(
        "conn_550e8400-e29b-41d4-a716-446655440000".into(),
        id,
        time(),
    );
    assert_eq!(heartbeat, expected);
    assert_eq!(write(&heartbeat), read::<Value>(design));

    let mut ours: Value = read(design);
    ours["head_block"] = json!(19_000_010);
    ours["last_block"] = json!(19_000_005);
    ours["resume_token"] = json!("rt_token");
    let heartbeat: StreamingHeartbeat = read(&ours.to_string());
    assert_eq!(
        (heartbeat.head_block, heartbeat.last_block),
        (Some(19_000_010), Some(19_000_005))
    );
    assert_eq!(write(&heartbeat), ours);

    assert!(serde_json::from_str::<StreamingHeartbeat>(r#"{"subscription_id": 1}"#).is_err());
}

#[test]
fn errors_in_the_stream() {
    let design = r#"{
        "type": "error",
        "connection_id": "conn_550e8400-e29b-41d4-a716-446655440000",
        "subscription_id": 123,
        "error_code": "CONNECTION_LOST",
        "error_message": "Connection lost due to network timeout",
        "timestamp": "2024-05-23T10:30:00.000Z"
    }"#;
    let error: StreamingError = read(design);
    assert_eq!(error.error_code, ErrorCode::ConnectionLost);
    assert!(error.recoverable, "absent is true");

    let mut reference: Value = read(design);
    reference["recoverable"] = json!(false);
    let error: StreamingError = read(&reference.to_string());
    assert!(!error.recoverable);
    assert_eq!(write(&error), reference);

    reference["recoverable"] = Value::Null;
    reference["error_message"] = Value::Null;
    let error: StreamingError = read(&reference.to_string());
    assert!(error.recoverable && error.error_message.is_empty());
}

#[test]
fn error_codes_are_those_of_the_protocol_and_any_other() {
    let codes = [
        ("CONNECTION_LOST", ErrorCode::ConnectionLost),
        ("STREAM_ERROR", ErrorCode::StreamError),
        ("SUBSCRIPTION_NOT_FOUND", ErrorCode::SubscriptionNotFound),
        ("CIRCUIT_BREAKER_OPEN", ErrorCode::CircuitBreakerOpen),
        ("RATE_LIMITED", ErrorCode::RateLimited),
        ("PROCESSING_STOPPED", ErrorCode::ProcessingStopped),
        ("INVALID_RESUME_TOKEN", ErrorCode::InvalidResumeToken),
        ("REORG_DETECTED", ErrorCode::ReorgDetected),
        ("REORG_TOO_DEEP", ErrorCode::ReorgTooDeep),
        ("CHAIN_DEACTIVATED", ErrorCode::ChainDeactivated),
        ("SERVER_SHUTDOWN", ErrorCode::ServerShutdown),
        ("UPSTREAM_INCOMPLETE", ErrorCode::UpstreamIncomplete),
        ("SLOW_CONSUMER", ErrorCode::SlowConsumer),
        ("INTERNAL", ErrorCode::Internal),
        ("BATCH_NOT_FOUND", ErrorCode::BatchNotFound),
        ("CONNECTION_NOT_FOUND", ErrorCode::ConnectionNotFound),
        ("POSITION_BEHIND", ErrorCode::PositionBehind),
        (
            "OF_A_LATER_VERSION",
            ErrorCode::Other("OF_A_LATER_VERSION".to_owned()),
        ),
    ];
    for (text, code) in codes {
        assert_eq!(read::<ErrorCode>(&format!("{text:?}")), code);
        assert_eq!(write(&code), text);
        assert_eq!(
            (code.as_str(), ErrorCode::from(text.to_owned())),
            (text, code.clone())
        );
    }
}

#[test]
fn progress_reorg_and_complete() {
    let progress = json!({
        "type": "progress",
        "resume_token": "rt_token",
        "from_block": 7,
        "to_block": 9,
        "to_block_hash": hash("ab"),
        "head_block": 12
    });
    let to = BlockRef::new(9, B256([0xab; 32]));
    let message: ProgressMessage = read(&progress.to_string());
    assert_eq!(message, ProgressMessage::new("rt_token".into(), 7, to, 12));
    assert_eq!(write(&message), progress);

    let reorg = json!({
        "type": "reorg",
        "rollback_to": {"block_number": 9, "block_hash": hash("ab")},
        "depth": 3,
        "removed": {"Transfer": [{"value": "1"}]},
        "resume_token": "rt_token"
    });
    let message: ReorgMessage = read(&reorg.to_string());
    assert_eq!((message.rollback_to, message.removed.count()), (to, 1));
    assert_eq!(write(&message), reorg);
    let mut bare = reorg;
    bare["removed"] = Value::Null;
    assert_eq!(
        read::<ReorgMessage>(&bare.to_string()),
        ReorgMessage::new(to, 3, "rt_token".into())
    );

    let complete =
        json!({"type": "complete", "resume_token": "rt_token", "events_delivered": 7430});
    let message: CompleteMessage = read(&complete.to_string());
    assert_eq!(message, CompleteMessage::new("rt_token".into(), 7430));
    assert_eq!(write(&message), complete);
}

#[test]
fn an_event_of_each_protocol() {
    let design = json!({
        "from": "0x1234567890123456789012345678901234567890",
        "value": "1000000000000000000",
        "timestamp_": "5",
        "tuple": [true, {"a": "1"}, null],
        "block_number": 19_000_001,
        "transaction_hash": hash("ab"),
        "log_index": 4_294_967_266_u32,
        "address": "0xa0b86a33e6417b3c4555ba476f04245600306d5d",
        "timestamp": null
    });
    let event: StreamingEventData = read(&design.to_string());
    assert_eq!((event.log_index, event.timestamp), (0xffff_ffe2, None));
    assert_eq!(event.params["timestamp_"], "5");
    assert_eq!(write(&event), design);

    let mut ours = design;
    ours["block_hash"] = json!(hash("cd"));
    ours["transaction_index"] = json!(3);
    ours["chain_id"] = json!(1);
    ours["event_id"] = json!(format!("1-{}-4294967266", hash("cd")));
    let event: StreamingEventData = read(&ours.to_string());
    let place = event.event_id.as_ref().and_then(EventId::place);
    assert_eq!(
        place,
        Some((ChainId::new(1), B256([0xcd; 32]), 0xffff_ffe2))
    );
    assert_eq!(write(&event), ours);
}

#[test]
fn an_undecoded_log() {
    let line = json!({
        "type": "event_batch",
        "events": {"$undecoded": [{
            "topics": [hash("dd")],
            "data": "0x",
            "reason": "the event has 2 indexed parameters, the log 3 topics",
            "block_number": 1,
            "transaction_hash": hash("ab"),
            "log_index": 0,
            "address": "0xa0b86a33e6417b3c4555ba476f04245600306d5d",
            "timestamp": null
        }]}
    });
    let batch: EventBatchMessage = read(&line.to_string());
    let log: StreamingEventData = read(batch.events.0[UNDECODED_EVENT][0].get());
    assert_eq!(log.params["data"], "0x");
}
