//! Subscriptions through the API.

use serde_json::{Value, json};

use super::support::{CHAIN, FIRST, LAST, TRANSFER, World, transfers, with};

#[tokio::test]
async fn what_is_asked_for_is_told_back() {
    let world = World::start().await;
    let address = "0xABCDEFabcdef0123456789abcdef0123456789AB";
    let body = with(
        transfers(),
        json!({"addresses": [address], "finality": {"confirmations": 3}}),
    );
    let answer = world.post("/subscriptions", body.clone()).await;
    assert_eq!(answer.status, 201);
    let made = &answer.body;
    for name in [
        "chain_id",
        "start_block",
        "end_block",
        "subscriber_id",
        "topic0",
        "finality",
    ] {
        assert_eq!(made[name], body[name], "{name}");
    }
    assert_eq!(made["addresses"], json!([address.to_lowercase()]));
    assert_eq!(made["event_signature"]["inputs"][0]["indexed"], true);
    assert_eq!(made["is_streaming"], false);
    assert_eq!(made["streaming_status"], "pending");
    assert_eq!(made["events_delivered"], 0);
    for name in ["resume_token", "last_event_id", "last_processed_block"] {
        assert_eq!(made[name], Value::Null, "{name}");
    }
    assert_eq!(made["created_at"], made["updated_at"]);
    let id = made["id"].as_u64().unwrap();
    assert_eq!(&world.subscription(id).await, made);
}

#[tokio::test]
async fn several_events_are_told_back_as_a_list() {
    let world = World::start().await;
    let mut approval = transfers()["event_signature"].clone();
    approval["name"] = json!("Approval");
    let events = json!([{"event_signature": approval}]);
    let id = world.subscribe(json!({"events": events})).await;
    let subscription = world.subscription(id).await;
    let names: Vec<_> = subscription["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event_signature"]["name"].clone())
        .collect();
    assert_eq!(names, ["Transfer", "Approval"]);
    assert_eq!(subscription["events"][0]["topic0"], TRANSFER);
    assert_eq!(subscription["event_signature"]["name"], "Transfer");
}

#[tokio::test]
async fn an_anonymous_event_has_a_topic0_of_zeros() {
    let world = World::start().await;
    let mut event = transfers()["event_signature"].clone();
    event["anonymous"] = json!(true);
    let address = format!("0x{:040}", 1);
    let changes = json!({"event_signature": event, "topic0": null, "addresses": [address]});
    let id = world.subscribe(changes).await;
    assert_eq!(
        world.subscription(id).await["topic0"],
        format!("0x{:064}", 0)
    );
}

#[tokio::test]
async fn invalid_ones_are_refused_with_all_their_faults() {
    let world = World::start().await;
    let wrong = format!("0x{}", "22".repeat(32));
    let body = with(
        transfers(),
        json!({"topic0": wrong, "addresses": ["0x1"], "end_block": 1, "chain_id": 5}),
    );
    let answer = world.post("/subscriptions", body).await;
    answer.is_error(422, "VALIDATION_FAILED");
    let detail = answer.body["detail"].as_str().unwrap();
    for expected in [
        TRANSFER,
        &wrong,
        "addresses[0]",
        "end_block: 1 is before start_block 100",
        "unknown chain 5; this service has: 31337",
    ] {
        assert!(detail.contains(expected), "{expected:?} is not in {detail}");
    }
    assert_eq!(world.get("/subscriptions").await.body["total"], 0);
}

#[tokio::test]
async fn somebody_else_s_does_not_exist() {
    let world = World::start().await;
    let id = world.subscribe(json!({"subscriber_id": "alice"})).await;
    let of = |name: &str| format!("/subscriptions/{id}?subscriber_id={name}");
    assert_eq!(world.get(&of("alice")).await.status, 200);
    world
        .get(&of("bob"))
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    world
        .call("DELETE", &of("bob"), None)
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    let change = json!({"end_block": null});
    world
        .call("PUT", &of("bob"), Some(&change))
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    assert_eq!(world.call("DELETE", &of("alice"), None).await.status, 204);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let world = World::start().await;
    for number in 0..5 {
        let name = if number == 2 { "bob" } else { "alice" };
        world.subscribe(json!({"subscriber_id": name})).await;
    }
    let page = world
        .get("/subscriptions?subscriber_id=alice&page=2&page_size=3")
        .await
        .body;
    assert_eq!(
        (&page["total"], &page["page"], &page["page_size"]),
        (&json!(4), &json!(2), &json!(3))
    );
    let ids: Vec<_> = page["subscriptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["id"])
        .collect();
    assert_eq!(ids, [5]);
    assert_eq!(world.get("/subscriptions").await.body["page_size"], 20);
    for bad in [
        "page=0",
        "page=-1",
        "page_size=0",
        "page_size=101",
        "page_size=x",
        "page=1&page=2",
    ] {
        world
            .get(&format!("/subscriptions?{bad}"))
            .await
            .is_error(422, "VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn an_update_changes_what_it_names() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let path = format!("/subscriptions/{id}");
    let answer = world
        .call("PATCH", &path, Some(&json!({"end_block": null})))
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["end_block"], Value::Null);
    assert_eq!(answer.body["start_block"], FIRST);
    assert_eq!(answer.body["chain_id"], CHAIN);
    let bad = json!({"end_block": LAST, "start_block": LAST + 1, "finality": "soon"});
    let answer = world.call("PUT", &path, Some(&bad)).await;
    answer.is_error(422, "VALIDATION_FAILED");
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(
        detail.contains("end_block") && detail.contains("finality"),
        "{detail}"
    );
    let other = world
        .call("PUT", "/subscriptions/999", Some(&json!({})))
        .await;
    other.is_error(404, "SUBSCRIPTION_NOT_FOUND");
}
