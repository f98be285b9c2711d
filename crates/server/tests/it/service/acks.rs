//! What is acknowledged, and what then stands where.

use serde_json::{Value, json};

use super::support::{EVENTS, FIRST, LAST, World, block, expected, places};

/// Batches of seven events, so that there are many.
async fn world() -> World {
    World::tweaked(|mut config| {
        config.delivery.max_batch_events = 7;
        config
    })
    .await
}

async fn batches(world: &World, id: u64, count: usize) -> Vec<Value> {
    let mut stream = world.stream(id, "", "").await;
    let mut batches = Vec::new();
    while batches.len() < count {
        batches.push(stream.batch().await);
    }
    batches
}

#[tokio::test]
async fn an_acknowledged_position_is_where_the_next_stream_begins() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let batches = batches(&world, id, 3).await;
    // Out of order, and after the connection is gone.
    let answer = world.acknowledge(&batches[1]).await;
    assert_eq!(
        (answer.status, &answer.body["resume_token"]),
        (200, &Value::Null)
    );
    let answer = world.acknowledge(&batches[0]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["acknowledged"], true);
    assert_eq!(answer.body["events_acknowledged"], 7);
    assert_eq!(answer.body["resume_token"], batches[1]["resume_token"]);

    let subscription = world.subscription(id).await;
    assert_eq!(subscription["resume_token"], batches[1]["resume_token"]);
    assert_eq!(subscription["events_delivered"], 14);
    assert_eq!(subscription["last_processed_block"], FIRST + 1);
    let (number, log_index) = expected(FIRST..=LAST)[13];
    let last = format!("31337-{}-{log_index}", block(&world, number).hash);
    assert_eq!(subscription["last_event_id"], last);

    let rest = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&rest), expected(FIRST..=LAST)[14..]);
}

#[tokio::test]
async fn acknowledging_is_idempotent() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let batches = batches(&world, id, 1).await;
    for events in [7, 0] {
        let answer = world.acknowledge(&batches[0]).await;
        assert_eq!(
            (answer.status, &answer.body["events_acknowledged"]),
            (200, &json!(events))
        );
    }
    assert_eq!(world.subscription(id).await["events_delivered"], 7);
}

#[tokio::test]
async fn in_bulk_the_unknown_ones_are_listed() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let batches = batches(&world, id, 2).await;
    let connection = batches[0]["connection_id"].as_str().unwrap();
    let path = format!("/subscriptions/{id}/stream/{connection}/ack/batch/bulk");
    let unknown = "batch_00000000-0000-4000-8000-000000000000";
    let ids = json!([
        batches[0]["batch_id"],
        unknown,
        batches[1]["batch_id"],
        batches[1]["batch_id"]
    ]);
    let answer = world
        .post(
            &path,
            json!({"batch_ids": ids, "connection_id": connection}),
        )
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let counts = ["total_batches", "acknowledged_batches", "failed_batches"];
    assert_eq!(
        counts.map(|name| answer.body[name].as_u64().unwrap()),
        [4, 3, 1]
    );
    assert_eq!(answer.body["failed_batch_ids"], json!([unknown]));
    assert_eq!(answer.body["total_events_acknowledged"], 14);
    assert_eq!(answer.body["resume_token"], batches[1]["resume_token"]);
    let empty = world
        .post(&path, json!({"batch_ids": [], "connection_id": connection}))
        .await;
    assert_eq!(
        (empty.status, &empty.body["total_batches"]),
        (200, &json!(0))
    );
    let other = world
        .post(&path, json!({"batch_ids": [], "connection_id": "conn_x"}))
        .await;
    other.is_error(422, "VALIDATION_FAILED");
}

#[tokio::test]
async fn what_nobody_sent_cannot_be_acknowledged() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let other = world.subscribe(json!({})).await;
    let ours = batches(&world, id, 1).await.remove(0);
    let theirs = batches(&world, other, 1).await.remove(0);

    let mut foreign = ours.clone();
    foreign["batch_id"] = theirs["batch_id"].clone();
    world
        .acknowledge(&foreign)
        .await
        .is_error(404, "BATCH_NOT_FOUND");
    let mut foreign = ours.clone();
    foreign["connection_id"] = theirs["connection_id"].clone();
    world
        .acknowledge(&foreign)
        .await
        .is_error(404, "CONNECTION_NOT_FOUND");
    let mut foreign = ours;
    foreign["subscription_id"] = json!(9_999);
    world
        .acknowledge(&foreign)
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
}

#[tokio::test]
async fn older_clients_confirm_by_response_id() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let batch = batches(&world, id, 1).await.remove(0);
    let body = json!({"subscription_id": id, "response_id": batch["response_id"]});
    let answer = world.post("/confirmations", body).await;
    assert_eq!(
        (answer.status, &answer.body["success"]),
        (200, &json!(true))
    );
    assert_eq!(
        world.subscription(id).await["resume_token"],
        batch["resume_token"]
    );
    let body = json!({"subscription_id": id, "response_id": batch["batch_id"]});
    world
        .post("/confirmations", body)
        .await
        .is_error(404, "BATCH_NOT_FOUND");
    let body = json!({"subscription_id": 9_999, "response_id": batch["response_id"]});
    world
        .post("/confirmations", body)
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
}

#[tokio::test]
async fn a_position_is_acknowledged_without_a_connection_and_never_moves_back() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let path = format!("/subscriptions/{id}/position");
    let batches = batches(&world, id, 3).await;
    for _ in 0..2 {
        let answer = world
            .post(&path, json!({"resume_token": batches[1]["resume_token"]}))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.body["resume_token"], batches[1]["resume_token"]);
        assert_eq!(answer.body["last_processed_block"], FIRST + 1);
    }
    let behind = world
        .post(&path, json!({"resume_token": batches[0]["resume_token"]}))
        .await;
    behind.is_error(409, "POSITION_BEHIND");
    let subscription = world.subscription(id).await;
    assert_eq!(subscription["resume_token"], batches[1]["resume_token"]);
    assert_eq!(
        subscription["events_delivered"], 14,
        "the streams know how many events that is"
    );
    world
        .post(&path, json!({"resume_token": "rt_x"}))
        .await
        .is_error(400, "INVALID_RESUME_TOKEN");
}

#[tokio::test]
async fn acknowledgements_survive_a_restart_and_a_crash() {
    let mut world = world().await;
    let id = world.subscribe(json!({})).await;
    let first = batches(&world, id, 1).await.remove(0);
    world.acknowledge(&first).await;
    world.restart().await;
    let subscription = world.subscription(id).await;
    assert_eq!(
        subscription["resume_token"], first["resume_token"],
        "tokens stay good, too"
    );

    let second = batches(&world, id, 1).await.remove(0);
    assert_eq!(world.acknowledge(&second).await.status, 200);
    world.crash().await;
    let rest = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&rest), expected(FIRST..=LAST)[14..]);
}

#[tokio::test]
async fn a_finished_subscription_is_completed() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    assert_eq!(world.subscription(id).await["streaming_status"], "pending");
    for batch in world.stream(id, "", "complete").await.rest().await {
        if batch["type"] == "event_batch" {
            assert_eq!(world.acknowledge(&batch).await.status, 200);
        }
    }
    let subscription = world.subscription(id).await;
    assert_eq!(subscription["streaming_status"], "completed");
    assert_eq!(subscription["events_delivered"], EVENTS);
    assert_eq!(subscription["last_processed_block"], LAST);
    let path = format!("/subscriptions/{id}/last-processed-block?chain_id=31337");
    assert_eq!(
        world.get(&path).await.body,
        json!({"last_processed_block": LAST})
    );
    // Once more: there is nothing left, and that is said at once.
    let lines = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(lines.len(), 1);
    assert_eq!(
        (&lines[0]["type"], &lines[0]["events_delivered"]),
        (&json!("complete"), &json!(EVENTS))
    );
}

#[tokio::test]
async fn heartbeats_are_for_open_connections() {
    let world = world().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let connection = stream.headers["x-connection-id"]
        .to_str()
        .unwrap()
        .to_owned();
    let path = format!("/stream/{connection}/heartbeat");
    let beat = json!({"timestamp": "2024-05-23T10:30:00.123456+00:00", "sequence_number": 1});
    let answer = world.post(&path, beat.clone()).await;
    assert_eq!(
        (answer.status, &answer.body["acknowledged"]),
        (200, &json!(true))
    );
    assert_eq!(answer.body["connection_id"], connection);
    assert_eq!(answer.body["server_timestamp"], answer.body["timestamp"]);
    let status = world
        .get(&format!("/subscriptions/{id}/processing-status"))
        .await
        .body;
    assert_eq!(
        (&status["is_processing"], &status["connection_count"]),
        (&json!(true), &json!(1))
    );

    world
        .call(
            "PUT",
            &format!("/subscriptions/{id}"),
            Some(&json!({"is_streaming": false})),
        )
        .await;
    stream.rest().await;
    world
        .post(&path, beat.clone())
        .await
        .is_error(404, "CONNECTION_NOT_FOUND");
    world
        .post("/stream/conn_x/heartbeat", beat)
        .await
        .is_error(404, "CONNECTION_NOT_FOUND");
    world
        .post(&path, json!({}))
        .await
        .is_error(422, "VALIDATION_FAILED");
}
