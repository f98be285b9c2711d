//! Chains that are set through the API.

use event_streamer_replay::{BlockPosition, ReplayNode};
use event_streamer_server::{ChainApiConfig, ChainConfig};
use serde_json::{Value, json};

use super::support::{CHAIN, EVENTS, FIRST, LAST, World, expected, places, recording, with};

/// A service without chains, which may be given some on this machine.
async fn empty() -> World {
    World::tweaked(|mut config| {
        config.chains.clear();
        config.with_chain_api(ChainApiConfig::default().with_allow_private_rpc(true))
    })
    .await
}

impl World {
    /// The world's node as a chain, with changes.
    fn chain(&self, changes: Value) -> Value {
        let base = json!({
            "chain_id": CHAIN, "name": "Ours",
            "rpc_urls": [format!("{}/key/topsecret", self.node.http_url()), self.node.ws_url()],
        });
        with(base, changes)
    }

    async fn put_chain(&self, body: &Value) -> Value {
        let path = format!("/api/chains/{CHAIN}");
        let answer = self.call("PUT", &path, Some(body)).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    async fn add_chain(&self, changes: Value) {
        let answer = self.post("/api/chains", self.chain(changes)).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
}

const PATH: &str = "/api/chains/31337";

#[tokio::test]
async fn a_chain_from_its_creation_to_its_end() {
    let mut world = empty().await;
    world.post("/subscriptions", json!({})).await;
    let url = world.node.http_url();
    let given = json!({"average_block_time": 0.5, "confirmation_blocks": 3, "live_max_retries": 9});
    let made = world.post("/api/chains", world.chain(given)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let read = world.get(PATH).await.body;
    let list = world.get("/api/chains").await.body;
    for shown in [&made.body, &read, &list["chains"]["31337"]] {
        let expected = json!([format!("{url}/…"), world.node.ws_url()]);
        assert_eq!(shown["rpc_urls"], expected);
        assert_eq!(shown["historical_rpc_url"], expected[0]);
        assert_eq!(shown["live_websocket_url"], expected[1]);
        for (name, value) in [
            ("chain_id", json!(CHAIN)),
            ("name", json!("Ours")),
            ("status", json!("active")),
            ("average_block_time", json!(0.5)),
            ("confirmation_blocks", json!(3)),
            ("max_blocks_per_request", json!(10_000)),
            ("historical_max_chunk_size", json!(10_000)),
            ("live_max_retries", json!(9)),
            ("live_reconnect_delay", json!(30)),
            ("live_enable_gap_detection", json!(true)),
        ] {
            assert_eq!(shown[name], value, "{name}: {shown}");
        }
        assert!(!shown.to_string().contains("topsecret"), "{shown}");
    }
    world
        .post("/api/chains", world.chain(json!({})))
        .await
        .is_error(409, "CHAIN_EXISTS");
    // What is not said is as in a new chain.
    let changed = world.put_chain(&world.chain(json!({"name": "Mine"}))).await;
    assert_eq!(changed["name"], "Mine");
    assert_eq!(changed["confirmation_blocks"], 0);

    world.restart().await;
    assert_eq!(world.get(PATH).await.body["name"], "Mine");
    for _ in 0..2 {
        let ended = world.call("DELETE", PATH, None).await;
        assert_eq!(
            (ended.status, &ended.body["status"]),
            (200, &json!("inactive"))
        );
    }
    for body in [
        world.get(PATH).await.body,
        world.get("/api/chains").await.body,
    ] {
        let text = body.to_string();
        assert!(
            text.contains("inactive") && !text.contains("topsecret"),
            "{text}"
        );
    }
    let stats = world.get("/api/chains/stats").await.body;
    assert_eq!(stats["supported_chain_ids"], json!([]));
    world.restart().await;
    assert_eq!(world.get(PATH).await.body["status"], "inactive");
    // Both ways back.
    world.put_chain(&world.chain(json!({}))).await;
    assert_eq!(world.get(PATH).await.body["status"], "active");
    world.call("DELETE", PATH, None).await;
    world.add_chain(json!({})).await;
    assert_eq!(world.get(PATH).await.body["status"], "active");

    let refreshed = world.call("POST", "/api/chains/refresh", None).await;
    assert_eq!(
        (refreshed.status, &refreshed.body["chain_id"]),
        (200, &json!(0))
    );
    let audit = world.get("/api/audit").await.body.to_string();
    for action in ["create", "update", "deactivate", "refresh"] {
        assert!(audit.contains(&format!("chain.{action}")), "{audit}");
    }
    assert!(!audit.contains("topsecret"), "{audit}");
}

#[tokio::test]
async fn streams_go_on_when_a_chain_gets_other_endpoints() {
    let world = empty().await;
    // The first node stands still; only the second one has the rest.
    let middle = FIRST + 17;
    let builder = ReplayNode::builder(recording()).head(BlockPosition::Number(middle));
    let first = builder.finality(2, 4).start().await.unwrap();
    world
        .add_chain(json!({"rpc_urls": [first.http_url()]}))
        .await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let to_the_end = world.subscribe(json!({"end_block": middle})).await;
    let mut stream = world.stream(id, "", "reorg,progress").await;
    // Its client does not know `complete`, so that it stays open at its end.
    let mut ended = world.stream(to_the_end, "", "").await;
    let mut lines = Vec::new();
    while places(&lines).len() < expected(FIRST..=middle).len() {
        lines.push(stream.batch().await);
    }
    while ended.batch().await["events"]["Transfer"][0]["block_number"] != middle {}

    world
        .put_chain(&world.chain(json!({"name": "Other"})))
        .await;
    while places(&lines).len() < EVENTS {
        let line = stream.line().await;
        assert!(line["type"] != "error" && line["type"] != "reorg", "{line}");
        lines.push(line);
    }
    assert_eq!(
        places(&lines),
        expected(FIRST..=LAST),
        "nothing lost, nothing twice"
    );
    assert_eq!(world.acknowledge(lines.last().unwrap()).await.status, 200);
    // What it has at its end is not told again.
    world.call("DELETE", PATH, None).await;
    let last = ended.rest().await;
    let kinds: Vec<_> = last.iter().map(|it| it["error_code"].clone()).collect();
    assert_eq!(kinds, ["CHAIN_DEACTIVATED"], "{last:?}");
}

#[tokio::test]
async fn streams_of_a_deactivated_chain_end_and_go_on_when_it_is_back() {
    let world = empty().await;
    world.add_chain(json!({})).await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "").await;
    let first = stream.batch().await;
    assert_eq!(world.acknowledge(&first).await.status, 200);
    assert_eq!(world.call("DELETE", PATH, None).await.status, 200);
    let last = stream.rest().await.pop().unwrap();
    assert_eq!(
        (&last["error_code"], &last["recoverable"]),
        (&json!("CHAIN_DEACTIVATED"), &json!(false))
    );
    world
        .get(&format!("/subscriptions/{id}/stream"))
        .await
        .is_error(409, "CHAIN_DEACTIVATED");
    let refused = world
        .post("/subscriptions", super::support::transfers())
        .await;
    refused.is_error(422, "VALIDATION_FAILED");
    // Late acknowledgements are taken, and nothing is wrong with the subscription.
    assert_eq!(world.acknowledge(&first).await.status, 200);
    let status = world.subscription(id).await["streaming_status"].clone();
    assert_eq!(status, "active");

    world.put_chain(&world.chain(json!({}))).await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "complete").await;
    assert_eq!(places(&stream.rest().await), expected(FIRST..=LAST));
}

#[tokio::test]
async fn a_creation_is_carried_out_once() {
    let mut world = empty().await;
    world.headers = vec![("idempotency-key", "k1".to_owned())];
    let body = world.chain(json!({}));
    let first = world.post("/api/chains", body.clone()).await;
    assert_eq!(first.status, 201, "{}", first.body);
    world.call("DELETE", PATH, None).await;
    // Also in another order, and after it was deactivated.
    let again: Value = body
        .as_object()
        .unwrap()
        .clone()
        .into_iter()
        .rev()
        .collect();
    let again = world.post("/api/chains", again).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    assert_eq!(again.headers["idempotency-key"], "k1");
    assert_eq!(world.get(PATH).await.body["status"], "inactive");
    world
        .post("/api/chains", world.chain(json!({"name": "Else"})))
        .await
        .is_error(409, "IDEMPOTENCY_KEY_REUSED");
    world.headers = vec![("idempotency-key", String::new())];
    world
        .post("/api/chains", body)
        .await
        .is_error(400, "INVALID_IDEMPOTENCY_KEY");
}

#[tokio::test]
async fn chains_of_the_configuration_come_first() {
    let mut world = empty().await;
    world.add_chain(json!({"name": "Stored"})).await;
    // From now on the operator configures it.
    let node = world.node.http_url();
    let tweak = move |mut config: event_streamer_server::ServiceConfig| {
        let chain = ChainConfig::new(CHAIN).with_endpoint(node.parse().unwrap());
        config.chains = vec![chain.with_name("Configured")];
        config.with_chain_api(ChainApiConfig::default().with_allow_private_rpc(true))
    };
    world.set_tweak(tweak);
    world.restart().await;
    assert_eq!(world.get(PATH).await.body["name"], "Configured");
    assert_eq!(world.get("/api/chains").await.body["total_chains"], 1);
    let body = world.chain(json!({}));
    let calls = [("PUT", Some(&body)), ("DELETE", None)];
    for (method, body) in calls {
        world
            .call(method, PATH, body)
            .await
            .is_error(409, "CHAIN_CONFIGURED");
    }
    world
        .post("/api/chains", body)
        .await
        .is_error(409, "CHAIN_EXISTS");
    world
        .call(
            "PUT",
            "/api/chains/5",
            Some(&json!({"name": "x", "rpc_urls": ["http://8.8.8.8"]})),
        )
        .await
        .is_error(404, "CHAIN_NOT_FOUND");
    world
        .call("DELETE", "/api/chains/5", None)
        .await
        .is_error(404, "CHAIN_NOT_FOUND");
    let same_name = json!({"chain_id": 5, "name": "configured!", "rpc_urls": ["http://8.8.8.8"]});
    world
        .post("/api/chains", same_name)
        .await
        .is_error(422, "VALIDATION_FAILED");

    // Configured no more, the stored one is in use again: its streams go on.
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let mut batches = vec![stream.batch().await];
    let service = world.service.as_ref().unwrap();
    service.set_chains(Vec::new()).await.unwrap();
    assert_eq!(world.get(PATH).await.body["name"], "Stored");
    while places(&batches).len() < EVENTS {
        batches.push(stream.batch().await);
    }
    assert_eq!(places(&batches), expected(FIRST..=LAST));
    let faulty = vec![ChainConfig::new(5)];
    assert!(service.set_chains(faulty).await.is_err());
    assert_eq!(world.get(PATH).await.body["name"], "Stored");
}

#[tokio::test]
async fn endpoints_that_are_not_public_need_the_operator_s_word() {
    let world = World::tweaked(|mut config| {
        config.chains.clear();
        config
    })
    .await;
    let refused = world.post("/api/chains", world.chain(json!({}))).await;
    refused.is_error(422, "VALIDATION_FAILED");
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("--allow-private-rpc"), "{detail}");
    assert!(!detail.contains("topsecret"), "{detail}");
    // A name that means this machine, whoever answers the look-up, is found out when it is
    // connected to.
    let port = world.node.local_addr().port();
    let Ok(name) = std::process::Command::new("hostname").output() else {
        return;
    };
    let name = String::from_utf8(name.stdout).unwrap();
    let body = json!({
        "chain_id": CHAIN, "name": "Inside",
        "rpc_urls": [format!("http://{}:{port}/topsecret", name.trim())],
    });
    let made = world.post("/api/chains", body).await;
    if made.status != 201 {
        return;
    }
    loop {
        let chain = world.get(PATH).await.body;
        assert_eq!(chain["head_block"], Value::Null, "it was connected to");
        if let Some(error) = chain["last_error"].as_str() {
            assert!(!error.contains("topsecret"), "{error}");
            break;
        }
    }
}

#[tokio::test]
async fn where_a_chain_has_gaps() {
    let world = empty().await;
    world
        .get("/api/chains/5/gaps")
        .await
        .is_error(404, "CHAIN_NOT_FOUND");
    world.add_chain(json!({})).await;
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "complete").await;
    for batch in stream.rest().await {
        if batch["type"] == "event_batch" {
            world.acknowledge(&batch).await;
        }
    }
    let gaps = world.get(&format!("{PATH}/gaps")).await;
    assert_eq!(gaps.status, 200, "{}", gaps.body);
    let gaps = gaps.body;
    assert_eq!(gaps["current_block"], LAST);
    assert_eq!(
        gaps["last_processed_blocks"],
        json!({(id.to_string()): LAST})
    );
    assert_eq!(
        (&gaps["gaps_found"], &gaps["gap_details"]),
        (&json!(0), &json!([]))
    );
    assert_eq!(gaps["processor_status"]["is_running"], true);
}

#[tokio::test]
async fn there_are_no_more_chains_than_there_may_be() {
    let world = World::tweaked(|mut config| {
        config.chains.clear();
        config.chain_api.max_chains = 1;
        config.with_chain_api(ChainApiConfig {
            max_chains: 1,
            allow_private_rpc: true,
            ..ChainApiConfig::default()
        })
    })
    .await;
    world.add_chain(json!({})).await;
    let other = json!({"chain_id": 5, "name": "Five"});
    world
        .post("/api/chains", world.chain(other.clone()))
        .await
        .is_error(409, "TOO_MANY_CHAINS");
    world.call("DELETE", PATH, None).await;
    world.add_chain(other).await;
    world.get(PATH).await.is_error(404, "CHAIN_NOT_FOUND");
}

#[tokio::test]
async fn only_administrators_change_chains() {
    let mut world = empty().await;
    world.add_chain(json!({})).await;
    let key = json!({"name": "app", "subscriber_id": "tests"});
    let key = world.post("/api/keys", key).await.body["key"].clone();
    let key = key.as_str().unwrap();
    world.headers = vec![("authorization", format!("Bearer {key}"))];
    let body = world.chain(json!({}));
    for (method, path) in [
        ("POST", "/api/chains"),
        ("POST", "/api/chains/refresh"),
        ("PUT", PATH),
        ("DELETE", PATH),
    ] {
        world
            .call(method, path, Some(&body))
            .await
            .is_error(403, "FORBIDDEN");
    }
    assert_eq!(world.get(PATH).await.status, 200);
}
