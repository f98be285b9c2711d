//! Tokens that are not what they should be.

use serde_json::json;

use super::support::World;

#[tokio::test]
async fn a_stream_begins_with_a_good_token_or_not_at_all() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let other = world.subscribe(json!({})).await;
    let token = |line: serde_json::Value| line["resume_token"].as_str().unwrap().to_owned();
    let good = token(world.stream(id, "", "").await.batch().await);
    let foreign = token(world.stream(other, "", "").await.batch().await);
    let stranger = {
        let elsewhere = World::start().await;
        let id = elsewhere.subscribe(json!({})).await;
        token(elsewhere.stream(id, "", "").await.batch().await)
    };
    let mut forged = good.clone();
    // The last character of the MAC, inside the base64 of the JSON.
    let flipped = if forged.as_bytes()[forged.len() - 8] == b'A' {
        "B"
    } else {
        "A"
    };
    forged.replace_range(forged.len() - 8..forged.len() - 7, flipped);

    let cases = [
        String::new(),
        "%20".to_owned(),
        "rt_".to_owned(),
        "nonsense".to_owned(),
        "%2B%2F%3D%26%23%25".to_owned(),
        good[..good.len() - 3].to_owned(),
        format!("rt_{}", "A".repeat(4_000)),
        forged,
        foreign,
        stranger,
    ];
    for case in cases {
        let path = format!("/subscriptions/{id}/stream?resume_token={case}");
        let answer = world.get(&path).await;
        answer.is_error(400, "INVALID_RESUME_TOKEN");
        assert!(answer.body["detail"].is_string());
    }
    let twice = format!("/subscriptions/{id}/stream?resume_token={good}&resume_token={good}");
    world.get(&twice).await.is_error(422, "VALIDATION_FAILED");
}

#[tokio::test]
async fn tokens_that_are_used_and_that_have_expired_are_counted() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let first = world.stream(id, "", "complete").await.batch().await;
    let token = first["resume_token"].as_str().unwrap();
    world.stream(id, token, "complete").await.line().await;
    let path = format!("/subscriptions/{id}");
    let reset = json!({"start_block": super::support::FIRST + 1});
    assert_eq!(world.call("PUT", &path, Some(&reset)).await.status, 200);
    for bad in [token, "rt_nonsense"] {
        let answer = world
            .get(&format!("{path}/stream?resume_token={bad}"))
            .await;
        answer.is_error(400, "INVALID_RESUME_TOKEN");
    }
    let metrics = world.get("/api/streaming/metrics").await.body;
    assert_eq!(metrics["tokens_used"], 1);
    assert_eq!(metrics["tokens_expired"], 1);
}
