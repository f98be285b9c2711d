use axum::body::to_bytes;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use event_streamer_models::{Finality, Timestamp};
use serde_json::json;

use super::*;
use crate::delivery::testing::{TRANSFER, transfer};
use crate::subscription::Acknowledged;

const CHAINS: &[u64] = &[1, 137];

/// A valid request.
fn body() -> Value {
    json!({
        "topic0": TRANSFER,
        "event_signature": transfer(),
        "addresses": ["0xAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
        "start_block": 5,
        "end_block": null,
        "chain_id": 1,
        "subscriber_id": "tests",
    })
}

fn with(changes: Value) -> Value {
    let mut body = body();
    let Value::Object(changes) = changes else {
        panic!("changes are an object")
    };
    body.as_object_mut().unwrap().extend(changes);
    body
}

/// The `detail` of the 422.
async fn faults(result: ApiResult<Valid>) -> String {
    let response = result.unwrap_err().into_response();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(body["code"], "VALIDATION_FAILED");
    body["detail"].as_str().unwrap().to_owned()
}

#[test]
fn a_valid_request_is_read_whole() {
    let valid = create(&body(), CHAINS).unwrap();
    assert_eq!(valid.spec.events.first, transfer());
    assert_eq!(valid.spec.addresses, [Address([0xaa; 20])]);
    assert_eq!((valid.spec.start_block, valid.start_at_head), (5, false));
    assert_eq!((valid.spec.end_block, valid.spec.finality), (None, None));
}

#[test]
fn what_is_optional_may_be_absent_or_null() {
    let small = json!({
        "event_signature": transfer(), "chain_id": 1, "start_block": "latest",
        "subscriber_id": "tests", "addresses": null, "topic0": null, "unknown": {"kept": false},
    });
    let valid = create(&small, CHAINS).unwrap();
    assert!(valid.start_at_head);
    assert!(valid.spec.addresses.is_empty() && valid.spec.topics.is_any());
}

#[test]
fn extensions_are_read() {
    let mut approval = transfer();
    approval.name = "Approval".to_owned();
    let extended = with(json!({
        "events": [{"event_signature": transfer()}, {"event_signature": approval}],
        "topics": [null, [TRANSFER]],
        "finality": {"confirmations": 12},
        "end_block": u64::MAX,
    }));
    let spec = create(&extended, CHAINS).unwrap().spec;
    assert_eq!(
        spec.events.further,
        [approval],
        "one that is named twice counts once"
    );
    assert_eq!(spec.topics.topic(2), [TRANSFER.parse().unwrap()]);
    assert_eq!(spec.finality, Some(Finality::Confirmations(12)));
    assert_eq!(spec.end_block, Some(u64::MAX));
    for (text, finality) in [
        ("latest", Finality::Latest),
        ("safe", Finality::Safe),
        ("finalized", Finality::Finalized),
    ] {
        let spec = create(&with(json!({"finality": text})), CHAINS)
            .unwrap()
            .spec;
        assert_eq!(spec.finality, Some(finality));
    }
}

#[test]
fn several_events_need_no_first() {
    let mut several = with(json!({"events": [{"event_signature": transfer()}]}));
    several.as_object_mut().unwrap().remove("event_signature");
    assert_eq!(
        create(&several, CHAINS).unwrap().spec.events.first,
        transfer()
    );
}

#[tokio::test]
async fn every_fault_is_told_at_once() {
    let bad = json!({
        "topic0": "0x12", "event_signature": {"type": "event", "name": "T", "inputs": [{"type": "uint7"}]},
        "addresses": ["0x...", 7], "start_block": -1, "end_block": 1.0, "chain_id": 5,
        "subscriber_id": "a\nb", "finality": "soon", "topics": [[1]],
    });
    let told = faults(create(&bad, CHAINS)).await;
    for path in [
        "topic0: ",
        "event_signature: ",
        "addresses[0]: ",
        "addresses[1]: ",
        "start_block: ",
        "end_block: ",
        "chain_id: unknown chain 5; this service has: 1, 137",
        "subscriber_id: ",
        "finality: ",
        "topics[0][0]: ",
    ] {
        assert!(told.contains(path), "{path:?} is not in {told}");
    }
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let told = faults(create(&json!({}), CHAINS)).await;
    let expected = "subscriber_id: is required; chain_id: is required; start_block: is required; \
                    event_signature: is required";
    assert_eq!(told, expected);
    let nulls = json!({"subscriber_id": null, "chain_id": null, "start_block": null,
                       "event_signature": null, "events": []});
    assert_eq!(faults(create(&nulls, CHAINS)).await, expected);
}

#[tokio::test]
async fn a_foreign_topic0_is_told_with_both_hashes() {
    let wrong = format!("0x{}", "11".repeat(32));
    let told = faults(create(&with(json!({"topic0": wrong})), CHAINS)).await;
    assert!(told.contains(&wrong) && told.contains(TRANSFER), "{told}");
    assert!(told.contains("Transfer(address,address,uint256)"), "{told}");
}

#[tokio::test]
async fn an_anonymous_event_is_found_by_address() {
    let anonymous = transfer().with_anonymous(true);
    let zero = format!("0x{}", "00".repeat(32));
    let good = with(json!({"event_signature": anonymous, "topic0": zero}));
    create(&good, CHAINS).unwrap();
    let told = faults(create(
        &with(json!({"event_signature": anonymous, "topic0": null, "addresses": []})),
        CHAINS,
    ))
    .await;
    assert!(told.starts_with("addresses: an anonymous event"), "{told}");
    let told = faults(create(&with(json!({"event_signature": anonymous})), CHAINS)).await;
    assert!(told.starts_with("topic0: "), "{told}");
}

#[tokio::test]
async fn single_faults() {
    let cases = [
        (
            json!({"end_block": 4}),
            "end_block: 4 is before start_block 5",
        ),
        (
            json!({"chain_id": 0}),
            "chain_id: expected an integer from 1",
        ),
        (
            json!({"chain_id": "1"}),
            "chain_id: expected an integer from 1",
        ),
        (
            json!({"start_block": 1e300}),
            "start_block: expected a block number or \"latest\"",
        ),
        (json!({"start_block": "newest"}), "got \"newest\""),
        (
            json!({"subscriber_id": " "}),
            "subscriber_id: must not be empty",
        ),
        (
            json!({"subscriber_id": "x".repeat(257)}),
            "longer than 256 bytes",
        ),
        (json!({"subscriber_id": "\u{0}"}), "control characters"),
        (
            json!({"addresses": "0x"}),
            "addresses: expected an array, got a string",
        ),
        (
            json!({"addresses": ["vitalik.eth"]}),
            "addresses[0]: expected an address",
        ),
        (
            json!({"topics": [null, null, null, null, [TRANSFER]]}),
            "topics[4]: ",
        ),
        (
            json!({"events": [{}]}),
            "events[0].event_signature: is required",
        ),
        (json!({"events": [7]}), "events[0]: expected an object"),
        (json!({"events": {}}), "events: expected an array"),
        (
            json!({"finality": {"confirmations": -1}}),
            "finality: expected",
        ),
        (
            json!({"event_signature": "Transfer(address)"}),
            "event_signature: expected an abi event",
        ),
        (
            json!({"event_signature": {"type": "event"}}),
            "event_signature: not an abi event",
        ),
    ];
    for (change, expected) in cases {
        let told = faults(create(&with(change.clone()), CHAINS)).await;
        assert!(told.contains(expected), "{change}: {told}");
    }
    let told = faults(create(&json!([1]), CHAINS)).await;
    assert_eq!(told, "body: must be a json object");
}

#[tokio::test]
async fn lists_are_bounded_and_so_is_the_answer() {
    let address = "0x0000000000000000000000000000000000000001";
    create(&with(json!({"addresses": vec![address; 10_000]})), CHAINS).unwrap();
    let told = faults(create(
        &with(json!({"addresses": vec![address; 10_001]})),
        CHAINS,
    ))
    .await;
    assert_eq!(told, "addresses: has 10001 entries, more than 10000");
    let told = faults(create(
        &with(json!({"addresses": vec!["0x"; 10_000]})),
        CHAINS,
    ))
    .await;
    assert!(
        told.starts_with("addresses[0]: ") && told.ends_with("and 9950 more"),
        "{told}"
    );
}

fn subscription() -> Subscription {
    Subscription {
        id: event_streamer_models::SubscriptionId::new(7).unwrap(),
        spec: create(&with(json!({"end_block": 50})), CHAINS)
            .unwrap()
            .spec,
        paused: false,
        failure: None,
        revision: 0,
        epoch: 0,
        created_at: Timestamp::from_unix_millis(0),
        updated_at: Timestamp::from_unix_millis(0),
        acknowledged: Acknowledged::default(),
    }
}

#[test]
fn an_update_changes_what_it_names() {
    let current = subscription();
    let same = update(&json!({}), &current, CHAINS).unwrap();
    assert_eq!(same.spec, current.spec);
    assert_eq!(same.spec.start_block, 5);
    let endless = update(&json!({"end_block": null}), &current, CHAINS).unwrap();
    assert_eq!(endless.spec.end_block, None, "null says: no end");
    let paused = update(&json!({"is_streaming": false}), &current, CHAINS).unwrap();
    assert!(paused.paused);
    let active = update(&json!({"streaming_status": "active"}), &current, CHAINS).unwrap();
    assert!(!active.paused);
    let latest = update(
        &json!({"start_block": "latest", "end_block": null}),
        &current,
        CHAINS,
    );
    assert!(latest.unwrap().start_at_head);
}

#[tokio::test]
async fn an_update_is_held_against_what_stays() {
    let current = subscription();
    let cases = [
        (
            json!({"start_block": 51}),
            "end_block: 50 is before start_block 51",
        ),
        (
            json!({"topic0": format!("0x{}", "11".repeat(32))}),
            TRANSFER,
        ),
        (
            json!({"streaming_status": "live"}),
            "only \"paused\" and \"active\" can be set",
        ),
        (
            json!({"is_streaming": true, "streaming_status": "paused"}),
            "the opposite",
        ),
        (
            json!({"is_streaming": 1}),
            "is_streaming: expected a boolean",
        ),
    ];
    for (change, expected) in cases {
        let told = faults(update(&change, &current, CHAINS)).await;
        assert!(told.contains(expected), "{change}: {told}");
    }
    update(&json!({"topic0": TRANSFER}), &current, CHAINS).unwrap();
}
