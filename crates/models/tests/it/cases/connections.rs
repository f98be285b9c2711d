//! Connections and acknowledgements.

use event_streamer_models::*;
use serde_json::json;

use super::{Case, TIME, case, extra, map, subscription_id};

pub(super) fn connections() -> Vec<Case> {
    let client_metadata = Some(map([("version", json!("1.0.0")), ("shard", json!(2))]));
    let request = StreamingConnectionRequest {
        subscription_id: subscription_id(),
        resume_token: Some("rt_token".into()),
        client_metadata: client_metadata.clone(),
        extra: extra(),
    };
    let response = StreamingConnectionResponse {
        connection_id: "conn_1".into(),
        subscription_id: subscription_id(),
        stream_url: "http://127.0.0.1:8000/subscriptions/123/stream".to_owned(),
        resume_token: "rt_token".into(),
        heartbeat_interval: 30,
        connection_timeout: 300,
        established_at: TIME,
        message: "connected".to_owned(),
        extra: extra(),
    };
    let resume = ResumeRequest {
        resume_token: "rt_token".into(),
        client_metadata,
        extra: extra(),
    };
    let resumed = ResumeResponse {
        connection_id: "conn_1".into(),
        subscription_id: subscription_id(),
        stream_url: "http://127.0.0.1:8000/subscriptions/123/stream".to_owned(),
        resume_position: map([("block_number", json!(19_000_001))]),
        events_missed: 4,
        message: "resumed".to_owned(),
        extra: extra(),
    };
    let beat = ClientHeartbeatRequest {
        extra: extra(),
        ..ClientHeartbeatRequest::new(TIME).with_sequence_number(5)
    };
    let taken = ClientHeartbeatResponse {
        extra: extra(),
        ..ClientHeartbeatResponse::new("conn_1".into(), TIME)
    };
    let processing = ProcessingStatusResponse {
        extra: extra(),
        ..ProcessingStatusResponse::new(subscription_id(), true, 2, TIME)
    };
    let health = ConnectionHealth {
        connection_id: "conn_1".into(),
        subscription_id: subscription_id(),
        status: ConnectionStatus::Healthy,
        last_heartbeat: TIME,
        uptime_seconds: 61,
        events_sent: 1500,
        error_rate: 0.01,
        extra: extra(),
    };
    vec![
        case("StreamingConnectionRequest", &request),
        case("StreamingConnectionResponse", &response),
        case("ResumeRequest", &resume),
        case("ResumeResponse", &resumed),
        case("ClientHeartbeatRequest", &beat),
        case("ClientHeartbeatResponse", &taken),
        case("ProcessingStatusResponse", &processing),
        case("ConnectionHealth", &health),
    ]
}

pub(super) fn acknowledgements() -> Vec<Case> {
    let one = BatchAcknowledgmentRequest {
        extra: extra(),
        ..BatchAcknowledgmentRequest::new("batch_1".into())
    };
    let one_taken = BatchAcknowledgmentResponse {
        extra: extra(),
        ..BatchAcknowledgmentResponse::new("conn_1".into(), "batch_1".into(), 25, TIME)
            .with_resume_token("rt_token".into())
    };
    let many = BulkBatchAcknowledgmentRequest {
        extra: extra(),
        ..BulkBatchAcknowledgmentRequest::new("conn_1".into(), vec!["batch_1".into()])
    };
    let failed = vec!["batch_9".into()];
    let many_taken = BulkBatchAcknowledgmentResponse {
        extra: extra(),
        ..BulkBatchAcknowledgmentResponse::new("conn_1".into(), 3, failed, 75, TIME)
            .with_resume_token("rt_token".into())
    };
    let confirmation = ConfirmationRequest {
        extra: extra(),
        ..ConfirmationRequest::new(subscription_id(), "550e8400".into())
    };
    let confirmed = ConfirmationResponse {
        extra: extra(),
        ..ConfirmationResponse::new(true, "confirmed")
    };
    vec![
        case("BatchAcknowledgmentRequest", &one),
        case("BatchAcknowledgmentResponse", &one_taken),
        case("BulkBatchAcknowledgmentRequest", &many),
        case("BulkBatchAcknowledgmentResponse", &many_taken),
        case("ConfirmationRequest", &confirmation),
        case("ConfirmationResponse", &confirmed),
    ]
}
