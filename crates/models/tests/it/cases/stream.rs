//! Messages of a stream.

use event_streamer_models::*;
use serde_json::json;

use super::{ADDRESS, CHAIN, Case, HASH, TIME, case, extra, keyed, map, subscription_id};

fn event_data() -> StreamingEventData {
    StreamingEventData {
        params: map([("from", json!(ADDRESS)), ("value", json!("1"))]),
        block_number: 19_000_001,
        transaction_hash: HASH,
        log_index: 0xffff_ffe2,
        address: ADDRESS,
        timestamp: Some(TIME),
        block_hash: Some(HASH),
        transaction_index: Some(3),
        chain_id: Some(CHAIN),
        event_id: Some(EventId::at(CHAIN, &HASH, 0xffff_ffe2)),
    }
}

pub(super) fn stream() -> Vec<Case> {
    let event = serde_json::value::to_raw_value(&event_data()).unwrap();
    let batch = EventBatchMessage {
        response_id: Some("550e8400-e29b-41d4-a716-446655440000".into()),
        batch_id: Some("batch_1".into()),
        subscription_id: Some(subscription_id()),
        connection_id: Some("conn_1".into()),
        resume_token: Some("rt_token".into()),
        sequence: Some(1),
        step: Some(1),
        events: Events(keyed("Transfer", vec![event])),
        batch_size: Some(1),
        coverage: Some(Coverage::new(19_000_000, 19_000_001, HASH)),
        timestamp: Some(TIME),
        extra: extra(),
    };
    let heartbeat = StreamingHeartbeat {
        head_block: Some(19_000_010),
        last_block: Some(19_000_005),
        resume_token: Some("rt_token".into()),
        extra: extra(),
        ..StreamingHeartbeat::new("conn_1".into(), subscription_id(), TIME)
    };
    let error = StreamingError {
        extra: extra(),
        ..StreamingError::new(
            "conn_1".into(),
            subscription_id(),
            ErrorCode::ReorgTooDeep,
            "a reorg goes below block 7",
            TIME,
        )
        .with_recoverable(false)
    };
    let base = BaseEvent {
        chain_id: CHAIN,
        block_number: 19_000_001,
        transaction_index: 3,
        transaction_hash: HASH,
        log_index: 7,
        address: ADDRESS,
        transaction_from: ADDRESS,
        transaction_to: ADDRESS,
        extra: extra(),
    };
    vec![
        case("StreamingEventBatch", &batch),
        case("StreamingEventData", &event_data()),
        case("StreamingHeartbeat", &heartbeat),
        case("StreamingError", &error),
        case("BaseEvent", &base),
    ]
}
