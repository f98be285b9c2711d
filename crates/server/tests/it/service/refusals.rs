//! Batches that are refused: sent again, and kept when that happens too often.

use serde_json::{Value, json};

use super::support::{EVENTS, FIRST, World, expected, places};

/// Batches of seven events, two refusals each.
async fn world() -> World {
    World::tweaked(|mut config| {
        config.delivery.max_batch_events = 7;
        config.delivery.max_refusals = 2;
        config
    })
    .await
}

/// The dead letters, once there are so many.
async fn letters(world: &World, id: u64, count: usize) -> Vec<Value> {
    loop {
        let answer = world
            .get(&format!("/subscriptions/{id}/dead-letters"))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let letters = answer.body["dead_letters"].as_array().unwrap().clone();
        if letters.len() == count {
            return letters;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_refused_batch_comes_again_and_holds_the_position() {
    let world = world().await;
    let id = world.subscribe(json!({"finality": "finalized"})).await;
    let mut stream = world.stream(id, "", "").await;
    let (first, second) = (stream.batch().await, stream.batch().await);
    assert_eq!(world.acknowledge(&first).await.status, 200);
    let answer = world.refuse(&second, json!({"delay_seconds": 0})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["outcome"], "redelivery");
    assert_eq!(
        (&answer.body["refusals"], &answer.body["max_refusals"]),
        (&json!(1), &json!(2))
    );
    let (mut others, mut again) = (Vec::new(), None);
    while again.is_none() {
        let batch = stream.batch().await;
        if batch.get("redelivery").is_some() {
            again = Some(batch);
        } else {
            assert_eq!(world.acknowledge(&batch).await.status, 200);
            others.push(batch);
        }
    }
    let again = again.unwrap();
    assert_eq!(again["redelivery"], 1);
    assert_eq!(again["events"], second["events"]);
    assert_ne!(again["batch_id"], second["batch_id"]);
    // No gap, and no step back of the token.
    let sequence = |batch: &Value| batch["sequence"].as_u64().unwrap();
    let before = others.last().unwrap_or(&second);
    assert_eq!(sequence(&again), sequence(before) + 1);
    let subscription = world.subscription(id).await;
    assert_eq!(subscription["resume_token"], first["resume_token"]);

    let answer = world.acknowledge(&again).await;
    assert_eq!(answer.body["events_acknowledged"], 7, "{}", answer.body);
    let subscription = world.subscription(id).await;
    assert_eq!(subscription["resume_token"], before["resume_token"]);
    let all = [&first, &second].into_iter().chain(&others);
    let events = all.map(|batch| batch["batch_size"].as_u64().unwrap());
    assert_eq!(subscription["events_delivered"], events.sum::<u64>());
    world
        .refuse(&second, json!({}))
        .await
        .is_error(409, "BATCH_ACKNOWLEDGED");
}

#[tokio::test]
async fn what_is_refused_too_often_is_kept_and_can_be_replayed() {
    let mut world = world().await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "").await;
    let refused = stream.batch().await;
    let mut refusals = 0;
    let mut batches = vec![refused.clone()];
    let mut seen = 7;
    while seen < EVENTS || refusals < 2 {
        if refusals == 0 {
            world.refuse(&refused, json!({"delay_seconds": 0})).await;
            refusals = 1;
        }
        let batch = stream.batch().await;
        if batch.get("redelivery").is_some() {
            let wish = json!({"reason": "no such account"});
            let answer = world.refuse(&batch, wish).await;
            assert_eq!(answer.body["outcome"], "dead_letter", "{}", answer.body);
            refusals = 2;
        } else {
            seen += usize::try_from(batch["batch_size"].as_u64().unwrap()).unwrap();
            assert_eq!(world.acknowledge(&batch).await.status, 200);
            batches.push(batch);
        }
    }
    let kept = letters(&world, id, 1).await.remove(0);
    assert_eq!(
        (&kept["batch_size"], &kept["refusals"], &kept["reason"]),
        (&json!(7), &json!(2), &json!("no such account"))
    );
    assert_eq!(kept["first_block"], FIRST);
    assert!(kept.get("events").is_none());
    // The position has gone on, and what was kept is not counted as delivered.
    let done = loop {
        let subscription = world.subscription(id).await;
        if subscription["streaming_status"] == "completed" {
            break subscription;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(done["events_delivered"], EVENTS - 7);

    world.restart().await;
    let letters_path = format!("/subscriptions/{id}/dead-letters");
    let path = format!("{letters_path}/{}", kept["id"]);
    let whole = world.get(&path).await;
    assert_eq!(whole.body["events"], refused["events"], "{}", whole.body);
    world
        .post(&format!("{path}/replay"), json!({}))
        .await
        .is_error(409, "NO_STREAM");
    let mut stream = world.stream(id, "", "").await;
    let answer = world.post(&format!("{path}/replay"), json!({})).await;
    assert_eq!(answer.status, 202, "{}", answer.body);
    let replayed = stream.batch().await;
    assert_eq!(replayed["events"], refused["events"]);
    assert_eq!(replayed["redelivery"], 2);
    // Refused again it stays; acknowledged it is gone.
    assert_eq!(world.refuse(&replayed, json!({})).await.status, 200);
    letters(&world, id, 1).await;
    world.post(&format!("{path}/replay"), json!({})).await;
    let replayed = stream.batch().await;
    assert_eq!(world.acknowledge(&replayed).await.status, 200);
    letters(&world, id, 0).await;
    world
        .get(&path)
        .await
        .is_error(404, "DEAD_LETTER_NOT_FOUND");
    let deleted = world.call("DELETE", &path, None).await;
    deleted.is_error(404, "DEAD_LETTER_NOT_FOUND");
    world
        .get(&format!("{letters_path}/x"))
        .await
        .is_error(404, "DEAD_LETTER_NOT_FOUND");
}

#[tokio::test]
async fn the_end_waits_for_what_was_refused() {
    let world = world().await;
    // Two batches in all.
    let id = world.subscribe(json!({"end_block": FIRST + 1})).await;
    let mut stream = world.stream(id, "", "complete").await;
    let first = stream.batch().await;
    let answer = world.refuse(&first, json!({"delay_seconds": 0})).await;
    // The stream may have ended before: then the batch comes on the next one.
    let lines = stream.rest().await;
    if answer.status == 200 {
        let last = places(&lines);
        assert_eq!(lines.last().unwrap()["type"], "complete");
        let again = places(std::slice::from_ref(&first));
        assert!(last.windows(again.len()).any(|it| it == again), "{lines:?}");
    } else {
        answer.is_error(404, "CONNECTION_NOT_FOUND");
    }
    let rest = world.stream(id, "", "complete").await.rest().await;
    assert_eq!(places(&rest), expected(FIRST..=FIRST + 1));
}

#[tokio::test]
async fn refusals_are_checked() {
    let world = world().await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let refuse = async |wish: Value| world.refuse(&batch, wish).await;
    refuse(json!({"batch_id": "batch_x"}))
        .await
        .is_error(404, "BATCH_NOT_FOUND");
    let answer = refuse(json!({"delay_seconds": 100_000})).await;
    answer.is_error(422, "VALIDATION_FAILED");
    let answer = refuse(json!({"delay_seconds": "soon"})).await;
    answer.is_error(422, "VALIDATION_FAILED");
    // Twice before it came again is once.
    for _ in 0..2 {
        let answer = refuse(json!({"delay_seconds": 3_600})).await;
        assert_eq!(answer.body["refusals"], 1, "{}", answer.body);
    }
    // Acknowledged after all, it does not come again.
    assert_eq!(world.acknowledge(&batch).await.status, 200);
    world
        .get(&format!("/subscriptions/{id}/dead-letters?limit=0"))
        .await
        .is_error(422, "VALIDATION_FAILED");
    world
        .get("/subscriptions/9999/dead-letters")
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
}
