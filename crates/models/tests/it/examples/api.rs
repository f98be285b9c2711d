//! Requests and answers of the endpoints (docs/protocol.md, sections 2 and 3).

use event_streamer_models::*;
use serde_json::json;

use super::{hash, read, time, write};

#[test]
fn a_subscription_of_each_protocol() {
    let design = json!({
        "topic0": "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        "event_signature": {
            "type": "event",
            "name": "Transfer",
            "inputs": [
                {"name": "from", "type": "address", "indexed": true},
                {"name": "to", "type": "address", "indexed": true},
                {"name": "value", "type": "uint256", "indexed": false,
                 "internalType": null, "components": null}
            ],
            "anonymous": false
        },
        "addresses": ["0xA0b86a33E6417b3c4555ba476F04245600306D5D"],
        "start_block": 19_000_000,
        "end_block": 19_010_000,
        "chain_id": 1,
        "subscriber_id": "my-app"
    });
    let create: SubscriptionCreate = read(&design.to_string());
    assert_eq!(create.start_block, StartBlock::Number(19_000_000));
    assert_eq!(
        create.addresses[0].to_string(),
        "0xa0b86a33e6417b3c4555ba476f04245600306d5d"
    );
    assert_eq!(create.subscriber_id.as_deref(), Some("my-app"));

    let least: SubscriptionCreate = read(
        r#"{"event_signature": {"type": "event", "name": "E"}, "start_block": 0, "chain_id": 1,
            "topic0": null, "addresses": null, "end_block": null, "subscriber_id": null,
            "events": null, "topics": null, "finality": null}"#,
    );
    assert_eq!(
        least,
        SubscriptionCreate::new(AbiEvent::new("E", vec![]), ChainId::new(1), 0)
    );

    let mut ours = design;
    ours["start_block"] = json!("latest");
    ours["events"] = json!([{"event_signature": {"type": "event", "name": "Approval"}}]);
    ours["topics"] = json!([null, [hash("ab")]]);
    ours["finality"] = json!({"confirmations": 12});
    let create: SubscriptionCreate = read(&ours.to_string());
    assert_eq!(create.start_block, StartBlock::Latest);
    assert_eq!(create.events[0].event_signature.name, "Approval");
    assert_eq!(create.topics.topic(2), [B256([0xab; 32])]);
    assert_eq!(create.finality, Some(Finality::Confirmations(12)));
}

#[test]
fn an_update_tells_null_from_missing() {
    let update: SubscriptionUpdate = read(r#"{"end_block": null, "topic0": null}"#);
    assert_eq!((update.end_block, update.topic0), (Some(None), None));
    assert_eq!(write(&update), json!({"end_block": null}));
    assert_eq!(write(&SubscriptionUpdate::default()), json!({}));
}

#[test]
fn acknowledgements_and_positions() {
    let request = BulkBatchAcknowledgmentRequest::new("conn_1".into(), vec!["batch_1".into()]);
    assert_eq!(
        write(&request),
        json!({"batch_ids": ["batch_1"], "connection_id": "conn_1"})
    );

    let failed = vec!["batch_9".into()];
    let answer = BulkBatchAcknowledgmentResponse::new("conn_1".into(), 2, failed, 9, time());
    assert_eq!((answer.total_batches, answer.failed_batches), (3, 1));

    // What the design document names of the answer.
    let answer: BulkBatchAcknowledgmentResponse = read(
        r#"{"acknowledged_batches": 2, "total_events_acknowledged": 9, "failed_batch_ids": []}"#,
    );
    assert_eq!(
        (
            answer.acknowledged_batches,
            answer.total_events_acknowledged
        ),
        (2, 9)
    );

    let position: PositionRequest = read(r#"{"resume_token": "rt_token"}"#);
    let answer = PositionResponse::new(position.resume_token, Some(7), time());
    assert_eq!(
        write(&answer),
        json!({"acknowledged": true, "resume_token": "rt_token", "last_processed_block": 7,
               "timestamp": "2024-05-23T10:30:00.000Z"})
    );
    assert_eq!(
        write(&LastProcessedBlockResponse::new(None)),
        json!({"last_processed_block": null})
    );

    let answer: ClientHeartbeatResponse = read(r#"{"timestamp": "2024-05-23T10:30:00.000Z"}"#);
    assert!(answer.acknowledged && answer.timestamp == Some(time()));
}

#[test]
fn chains_of_each_protocol() {
    let design: ChainConfigRequest = read(
        r#"{"chain_id": 137, "name": "Polygon", "rpc_urls": ["https://polygon-rpc.example/key"],
            "average_block_time": 2.0, "max_blocks_per_request": 100, "confirmation_blocks": 10}"#,
    );
    assert_eq!(design.settings.confirmation_blocks, Some(10));
    assert_eq!(design.settings.average_block_time, Some(2.0));
    assert!(!format!("{design:?}").contains("key"));

    let reference: ChainConfigRequest = read(
        r#"{"chain_id": 1, "name": "ethereum", "historical_rpc_url": "https://node.example",
            "live_websocket_url": "wss://node.example", "live_enable_gap_detection": false}"#,
    );
    let endpoints: Vec<_> = reference
        .settings
        .endpoints()
        .map(EndpointUrl::expose)
        .collect();
    assert_eq!(endpoints, ["https://node.example", "wss://node.example"]);
    assert_eq!(reference.settings.live_enable_gap_detection, Some(false));

    let list: ChainListResponse = read(
        r#"{"chains": [{"chain_id": 1, "name": "ethereum", "status": "active"},
                       {"chain_id": 137, "name": "polygon", "status": "error"}]}"#,
    );
    assert_eq!(list.chains[1].status, Some(ChainStatus::Error));
    assert_eq!(write(&list)["chains"]["137"]["name"], "polygon");

    // What the design document names of a chain.
    let chain: ChainConfigResponse = read(
        r#"{"chain_id": 1, "name": "ethereum", "rpc_urls": ["https://node.example"],
            "average_block_time": 12}"#,
    );
    assert_eq!(chain.settings.average_block_time, Some(12.0));
    let stats: ChainStatsResponse =
        read(r#"{"total_chains": 7, "active_chains": 6, "healthy_rpcs": 9}"#);
    assert_eq!((stats.total_chains, stats.active_chains), (7, Some(6)));
}

#[test]
fn two_entries_of_one_chain_are_one_key() {
    let entry = |name: &str| ChainEntry {
        chain_id: ChainId::new(1),
        name: Some(name.to_owned()),
        ..ChainEntry::default()
    };
    let list = ChainListResponse::new(vec![entry("first"), entry("second")], time());
    let text = serde_json::to_string(&list).unwrap();
    assert_eq!(text.matches(r#""1":"#).count(), 1, "{text}");
    assert!(serde_json::from_str::<ChainListResponse>(r#"{"chains": {"one": {}}}"#).is_err());
}

#[test]
fn breakers_of_the_design_document() {
    let health: CircuitBreakerHealthResponse =
        read(r#"{"healthy_rpcs": 3, "total_rpcs": 4, "unhealthy_chains": [137, "base"]}"#);
    let unhealthy = [
        ChainLabel::Id(ChainId::new(137)),
        ChainLabel::Name("base".to_owned()),
    ];
    assert_eq!(health.unhealthy_chains.as_deref(), Some(&unhealthy[..]));
    let metrics: CircuitBreakerMetrics =
        read(r#"{"success_rate": 0.95, "average_response_time": 12.5}"#);
    assert_eq!(metrics.average_response_time, Some(12.5));
    let status: CircuitBreakerStatusResponse =
        read(r#"{"circuit_breakers": {"ethereum_rpc": {"state": "open", "failure_count": 5}}}"#);
    assert_eq!(
        status.circuit_breakers["ethereum_rpc"].state,
        BreakerState::Open
    );
    let reset: CircuitBreakerResetResponse = read(r#"{"reset_count": 2}"#);
    assert_eq!(reset.reset_count, Some(2));
}

#[test]
fn errors_of_the_api() {
    let error = ErrorResponse::new(
        ErrorCode::BatchNotFound,
        "404 Not Found: batch_9 is not on connection conn_1",
        time(),
    );
    assert_eq!(
        write(&error),
        json!({"error": "404 Not Found: batch_9 is not on connection conn_1", "detail": null,
               "timestamp": "2024-05-23T10:30:00.000Z", "code": "BATCH_NOT_FOUND"})
    );
    let foreign: ErrorResponse = read(r#"{"error": null, "detail": "Not Found"}"#);
    assert_eq!(
        (foreign.error.as_str(), foreign.detail.as_deref()),
        ("", Some("Not Found"))
    );
}

#[test]
fn readiness_is_that_of_every_check() {
    let store = ReadyCheck::new("store", true);
    let chain = ReadyCheck::new("ethereum", false).with_detail("the head is 7 min old");
    let ready = ReadyResponse::new(vec![store.clone(), chain], time());
    assert_eq!(write(&ready)["ready"], false);
    assert_eq!(read::<ReadyResponse>(&write(&ready).to_string()), ready);
    assert!(ReadyResponse::new(vec![store], time()).ready);
    let health: HealthResponse = read(r#"{"status": "healthy"}"#);
    assert_eq!(health.status, ServiceStatus::Healthy);
}

#[test]
fn statuses_are_open_lists() {
    for text in [
        "pending",
        "active",
        "backfilling",
        "live",
        "paused",
        "completed",
        "error",
    ] {
        let status: StreamingStatus = read(&format!("{text:?}"));
        assert!(!matches!(status, StreamingStatus::Other(_)), "{text}");
        assert_eq!(write(&status), text);
    }
    let later: StreamingStatus = read("\"rewinding\"");
    assert_eq!(later, StreamingStatus::Other("rewinding".to_owned()));
    assert_eq!(write(&later), "rewinding");
}
