//! What comes out of a stream.

use event_streamer_models::Log;
use event_streamer_replay::{BlockPosition, RecordingBuilder, RecordingInfo};
use serde_json::{Value, json};

use super::support::{
    CHAIN, EVENTS, FIRST, LAST, World, block, expected, places, recording, transfers, with,
};

#[tokio::test]
async fn a_whole_history_arrives_once_in_order_and_ends() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "complete,progress,metadata").await;
    assert_eq!(stream.headers["content-type"], "application/x-ndjson");
    assert_eq!(stream.headers["cache-control"], "no-store");
    assert_eq!(stream.headers["x-accel-buffering"], "no");
    let connection = stream.headers["x-connection-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(connection.starts_with("conn_"));

    let lines = stream.rest().await;
    assert_eq!(places(&lines), expected(FIRST..=LAST));
    let (complete, batches) = lines.split_last().unwrap();
    assert_eq!(
        (&complete["type"], &complete["events_delivered"]),
        (&json!("complete"), &json!(EVENTS))
    );
    let mut next_block = FIRST;
    let batches = batches.iter().filter(|line| line["type"] == "event_batch");
    for (index, batch) in batches.enumerate() {
        assert_eq!(batch["sequence"], index + 1);
        assert_eq!(batch["connection_id"], connection);
        assert_eq!(batch["subscription_id"], id);
        assert!(batch["coverage"]["from_block"].as_u64().unwrap() <= next_block);
        next_block = batch["coverage"]["to_block"].as_u64().unwrap() + 1;
    }
    assert_eq!(next_block, LAST + 1);

    let event = &lines[0]["events"]["Transfer"][1];
    let hash = block(&world, FIRST).hash;
    assert_eq!(event["from"], "0x0000000000000000000000000000000000000001");
    assert_eq!(event["value"], "1");
    assert_eq!(event["event_id"], format!("{CHAIN}-{hash}-1"));
    assert_eq!(event["timestamp"], "2023-11-14T22:33:20.000Z");
    let undecoded = lines
        .iter()
        .filter_map(|line| line["events"]["$undecoded"].as_array());
    assert_eq!(undecoded.flatten().count(), 4);
}

#[tokio::test]
async fn new_blocks_follow_the_history_without_a_seam() {
    let world = World::with(recording(), BlockPosition::BeforeLast(10), |config| config).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "progress").await;
    let mut lines = vec![stream.batch().await];
    while places(&lines).last().unwrap().0 < LAST - 10 {
        lines.push(stream.batch().await);
    }
    for number in LAST - 9..=LAST {
        world.node.mine(1);
        let batch = stream.batch().await;
        assert_eq!(batch["coverage"]["to_block"], number);
        lines.push(batch);
    }
    assert_eq!(places(&lines), expected(FIRST..=LAST));
    let subscription = world.subscription(id).await;
    assert_eq!(subscription["streaming_status"], "live");
    assert_eq!(subscription["is_streaming"], true);
}

#[tokio::test]
async fn latest_begins_after_the_head_that_was() {
    let world = World::with(recording(), BlockPosition::BeforeLast(3), |config| config).await;
    let id = world
        .subscribe(json!({"start_block": "latest", "end_block": null}))
        .await;
    // Mined before anybody streams: "latest" was when the subscription was made.
    world.node.mine(3);
    assert_eq!(world.subscription(id).await["start_block"], LAST - 2);
    let mut stream = world.stream(id, "", "").await;
    let mut lines = Vec::new();
    while places(&lines).len() < expected(LAST - 2..=LAST).len() {
        lines.push(stream.batch().await);
    }
    assert_eq!(places(&lines), expected(LAST - 2..=LAST));
}

#[tokio::test]
async fn a_token_resumes_right_behind_its_batch() {
    let world = World::tweaked(|mut config| {
        config.delivery.max_batch_events = 7;
        config
    })
    .await;
    let id = world.subscribe(json!({})).await;
    let mut lines = Vec::new();
    let mut token = String::new();
    // A new connection for each batch: most of them begin inside a block.
    while lines.len() < 10 {
        let mut stream = world.stream(id, &token, "complete").await;
        let batch = stream.batch().await;
        assert_eq!(batch["sequence"], 1);
        token = batch["resume_token"].as_str().unwrap().to_owned();
        lines.push(batch);
    }
    lines.extend(world.stream(id, &token, "complete").await.rest().await);
    assert_eq!(places(&lines), expected(FIRST..=LAST));
}

#[tokio::test]
async fn every_connection_gets_every_event() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let mut first = world.stream(id, "", "complete").await;
    let mut second = world.stream(id, "", "complete").await;
    let (first, second) = tokio::join!(first.rest(), second.rest());
    assert_eq!(places(&first), expected(FIRST..=LAST));
    assert_eq!(places(&second), expected(FIRST..=LAST));
}

#[tokio::test]
async fn a_filter_lets_through_what_it_names() {
    let world = World::start().await;
    let nobody = format!("0x{:040}", 5);
    let id = world.subscribe(json!({"addresses": [nobody]})).await;
    let lines = world.stream(id, "", "complete,progress").await.rest().await;
    assert_eq!(places(&lines), []);
    assert!(lines.iter().any(|line| line["type"] == "progress"));
    let contract = format!("0x{}", "AA".repeat(20));
    let to = format!("0x{:064}", 2);
    let id = world
        .subscribe(json!({"addresses": [contract], "topics": [null, [to]], "end_block": FIRST + 4}))
        .await;
    let lines = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&lines), expected(FIRST..=FIRST + 4));
}

/// 120 logs of 56 KB: fourteen megabytes of JSON, more than the sockets and queues on the way hold.
fn heavy() -> event_streamer_replay::Recording {
    let mut builder = RecordingBuilder::new(RecordingInfo::new(CHAIN).with_blocks(FIRST, LAST));
    let blob = event_streamer_abi::parse_event_signature("event Blob(bytes data)").unwrap();
    let topic0 = event_streamer_abi::event_topic0(&blob).unwrap().unwrap();
    let length: u64 = 57_344;
    let mut data = vec![0; 64];
    data[31] = 32;
    data[56..64].copy_from_slice(&length.to_be_bytes());
    data.resize(64 + 57_344, 0x5a);
    for number in FIRST..=LAST {
        for log_index in 0..3 {
            let log = Log {
                topics: vec![topic0],
                data: data.clone().into(),
                block_number: number,
                log_index,
                ..Log::default()
            };
            builder.log(log).unwrap();
        }
    }
    builder.build().unwrap()
}

#[tokio::test]
async fn a_reader_that_does_not_read_slows_only_itself() {
    let world = World::with(heavy(), BlockPosition::Last, |mut config| {
        config.chains[0].max_blocks_per_request = 5;
        config
    })
    .await;
    let blob = event_streamer_abi::parse_event_signature("event Blob(bytes data)").unwrap();
    let body = with(
        transfers(),
        json!({"topic0": null, "event_signature": blob}),
    );
    let id = world.post("/subscriptions", body).await.body["id"]
        .as_u64()
        .unwrap();
    let mut idle = world.stream(id, "", "complete").await;
    let lines = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&lines).len(), 120);
    assert!(lines.iter().all(|line| line.to_string().len() < 120_000));
    let sent = world.get("/api/connections").await.body;
    let sent = sent[0]["events_sent"].as_u64().unwrap();
    assert!(
        sent < 120,
        "the idle reader was sent {sent} events: nothing holds the pump back"
    );
    // And nothing is lost for it either.
    assert_eq!(places(&idle.rest().await).len(), 120);
}

#[tokio::test]
async fn deletion_ends_the_streams() {
    let world = World::start().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let answer = world
        .call("DELETE", &format!("/subscriptions/{id}"), None)
        .await;
    assert_eq!(answer.status, 204);
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(last["error_code"], "SUBSCRIPTION_NOT_FOUND");
    assert_eq!(last["recoverable"], false);
    world
        .get(&format!("/subscriptions/{id}"))
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    world
        .acknowledge(&batch)
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
}

#[tokio::test]
async fn a_changed_filter_takes_effect_on_open_streams() {
    let world = World::with(recording(), BlockPosition::BeforeLast(5), |config| config).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "progress").await;
    let caught_up = |line: &Value| line["coverage"]["to_block"] == LAST - 5;
    while !caught_up(&stream.batch().await) {}
    let nobody = format!("0x{:040}", 5);
    let change = json!({"addresses": [nobody], "end_block": LAST});
    let answer = world
        .call("PUT", &format!("/subscriptions/{id}"), Some(&change))
        .await;
    assert_eq!(
        (answer.status, &answer.body["end_block"]),
        (200, &json!(LAST)),
        "{}",
        answer.body
    );
    world.node.mine(2);
    let progress = stream.line().await;
    assert_eq!(
        (&progress["type"], &progress["from_block"]),
        (&json!("progress"), &json!(LAST - 4))
    );
}

#[tokio::test]
async fn pausing_and_resetting_end_the_streams() {
    let world = World::start().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let path = format!("/subscriptions/{id}");
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let paused = world
        .call("PATCH", &path, Some(&json!({"streaming_status": "paused"})))
        .await;
    assert_eq!(paused.body["streaming_status"], "paused");
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(
        (&last["error_code"], &last["recoverable"]),
        (&json!("PROCESSING_STOPPED"), &json!(false))
    );
    assert_eq!(
        world.acknowledge(&batch).await.status,
        200,
        "late, but good"
    );
    world
        .get(&format!("{path}/stream"))
        .await
        .is_error(409, "PROCESSING_STOPPED");

    world
        .call("PUT", &path, Some(&json!({"is_streaming": true})))
        .await;
    let mut stream = world.stream(id, "", "").await;
    let change = json!({"start_block": LAST});
    let reset = world.call("PUT", &path, Some(&change)).await;
    assert_eq!(
        (&reset.body["resume_token"], &reset.body["events_delivered"]),
        (&Value::Null, &json!(0))
    );
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(last["error_code"], "PROCESSING_STOPPED");
    world
        .acknowledge(&batch)
        .await
        .is_error(404, "CONNECTION_NOT_FOUND");
    let batch = world.stream(id, "", "").await.batch().await;
    assert_eq!(places(&[batch]), expected(LAST..=LAST));
}
