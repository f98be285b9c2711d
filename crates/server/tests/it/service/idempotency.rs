//! Creations that are asked for again.

use bytes::Bytes;
use event_streamer_server::IdempotencyConfig;
use futures_util::future::join_all;
use serde_json::json;

use super::support::{Answer, FIRST, World, transfers, with};

const KEY: &str = "idempotency-key";

async fn create(world: &mut World, key: &str, changes: serde_json::Value) -> Answer {
    world.headers = vec![(KEY, key.to_owned())];
    let answer = world
        .post("/subscriptions", with(transfers(), changes))
        .await;
    world.headers.clear();
    answer
}

#[tokio::test]
async fn the_same_request_is_answered_with_the_first_answer() {
    let mut world = World::start().await;
    let first = create(
        &mut world,
        "a",
        json!({"start_block": "latest", "end_block": null}),
    )
    .await;
    assert_eq!(
        (first.status, &first.headers[KEY]),
        (201, &"a".parse().unwrap())
    );
    let id = first.body["id"].as_u64().unwrap();
    // What became of it does not matter.
    let path = format!("/subscriptions/{id}");
    let change = json!({"start_block": FIRST});
    assert_eq!(world.call("PUT", &path, Some(&change)).await.status, 200);
    world.restart().await;
    let again = create(
        &mut world,
        "a",
        json!({"start_block": "latest", "end_block": null}),
    )
    .await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(world.call("DELETE", &path, None).await.status, 204);
    let again = create(
        &mut world,
        "a",
        json!({"start_block": "latest", "end_block": null}),
    )
    .await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(world.get("/subscriptions").await.body["total"], 0);

    let other = create(&mut world, "b", json!({})).await;
    assert_ne!(other.body["id"], first.body["id"]);
    let without = world.post("/subscriptions", transfers()).await;
    assert!(without.headers.get(KEY).is_none());
    assert_eq!(world.get("/subscriptions").await.body["total"], 2);
}

#[tokio::test]
async fn the_order_of_the_members_makes_no_other_request() {
    let mut world = World::start().await;
    let first = create(&mut world, "a", json!({})).await;
    let reversed = transfers().as_object().unwrap().clone().into_iter().rev();
    world.headers = vec![(KEY, "a".to_owned())];
    let body = serde_json::Value::Object(reversed.collect());
    assert_ne!(body.to_string(), transfers().to_string());
    let again = world.post("/subscriptions", body).await;
    assert_eq!((again.status, again.body), (201, first.body));
}

#[tokio::test]
async fn a_key_is_echoed_in_errors_too() {
    let mut world = World::start().await;
    create(&mut world, "a", json!({})).await;
    let other = create(&mut world, "a", json!({"start_block": FIRST + 1})).await;
    other.is_error(409, "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(other.headers[KEY], "a");
    let invalid = create(&mut world, "b", json!({"chain_id": 5})).await;
    invalid.is_error(422, "VALIDATION_FAILED");
    assert_eq!(invalid.headers[KEY], "b");
    // What was refused made nothing, so that the corrected request may have the key.
    assert_eq!(create(&mut world, "b", json!({})).await.status, 201);

    world.headers = vec![(KEY, "c".to_owned())];
    let body = Some(Bytes::from_static(b"{"));
    let broken = world
        .raw("POST", "/subscriptions", body, "application/json")
        .await;
    broken.is_error(400, "INVALID_JSON");
    assert_eq!(broken.headers[KEY], "c");
    let elsewhere = world.get("/subscriptions").await;
    assert!(
        elsewhere.headers.get(KEY).is_none(),
        "nothing is repeated there"
    );

    let admin = world.post("/api/keys", json!({"name": "ops", "admin": true}));
    assert_eq!(admin.await.status, 201);
    let stranger = world.post("/subscriptions", transfers()).await;
    stranger.is_error(401, "UNAUTHORIZED");
    assert_eq!(stranger.headers[KEY], "c");
}

#[tokio::test]
async fn an_unusable_key_is_refused() {
    let mut world = World::start().await;
    for key in ["", "two words", &"k".repeat(256), "caf\u{e9}"] {
        let answer = create(&mut world, key, json!({})).await;
        answer.is_error(400, "INVALID_IDEMPOTENCY_KEY");
        assert!(answer.headers.get(KEY).is_none());
    }
    world.headers = vec![(KEY, "a".to_owned()), (KEY, "b".to_owned())];
    let twice = world.post("/subscriptions", transfers()).await;
    twice.is_error(400, "INVALID_IDEMPOTENCY_KEY");
    world.headers.clear();
    assert_eq!(world.get("/subscriptions").await.body["total"], 0);
    assert_eq!(
        create(&mut world, &"k".repeat(255), json!({})).await.status,
        201
    );
}

#[tokio::test]
async fn requests_at_once_make_one_subscription() {
    let mut world = World::start().await;
    world.headers = vec![(KEY, "a".to_owned())];
    let answers = join_all((0..20).map(|_| world.post("/subscriptions", transfers()))).await;
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
    }
    assert_eq!(world.get("/subscriptions").await.body["total"], 1);
}

#[tokio::test]
async fn keys_of_two_subscribers_have_nothing_to_do_with_each_other() {
    let mut world = World::tweaked(|config| {
        config.with_idempotency(IdempotencyConfig {
            max_per_subscriber: 1,
            ..IdempotencyConfig::default()
        })
    })
    .await;
    let alice = create(&mut world, "a", json!({"subscriber_id": "alice"})).await;
    let bob = create(&mut world, "a", json!({"subscriber_id": "bob"})).await;
    assert_ne!(alice.body["id"], bob.body["id"]);
    let again = create(&mut world, "a", json!({"subscriber_id": "alice"})).await;
    assert_eq!(again.body, alice.body);
    // The newest one is remembered.
    create(&mut world, "b", json!({"subscriber_id": "alice"})).await;
    let new = create(&mut world, "a", json!({"subscriber_id": "alice"})).await;
    assert_ne!(new.body["id"], alice.body["id"]);
}
