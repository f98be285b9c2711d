//! The shape of the API: paths, methods, bodies, and what else there is to read.

use bytes::Bytes;
use serde_json::{Value, json};

use super::support::{CHAIN, LAST, World, transfers};

#[tokio::test]
async fn what_is_not_there_is_said_in_one_shape() {
    let world = World::start().await;
    for path in [
        "/",
        "/subscription",
        "/subscriptions/",
        "/subscriptions/1/",
        "/api",
        "/..",
        "//",
    ] {
        world.get(path).await.is_error(404, "NOT_FOUND");
    }
    world
        .get("/subscriptions/1")
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    world
        .get("/api/chains/5")
        .await
        .is_error(404, "CHAIN_NOT_FOUND");
    let other_chain = "/subscriptions/1/last-processed-block?chain_id=5";
    world
        .get(other_chain)
        .await
        .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    for (method, path, allowed) in [
        ("DELETE", "/subscriptions", "GET"),
        ("PUT", "/health", "GET"),
        ("POST", "/subscriptions/1/stream", "GET"),
        ("GET", "/confirmations", "POST"),
        ("TRACE", "/health", "GET"),
    ] {
        let answer = world.call(method, path, None).await;
        answer.is_error(405, "METHOD_NOT_ALLOWED");
        let allow = answer.headers["allow"].to_str().unwrap();
        assert!(allow.contains(allowed), "{method} {path}: {allow}");
    }
}

#[tokio::test]
async fn ids_have_one_spelling() {
    let world = World::start().await;
    let bad = [
        "0",
        "-1",
        "007",
        "1e3",
        "%D9%A1",
        "1.0",
        "x",
        "18446744073709551616",
    ];
    for id in bad {
        world
            .get(&format!("/subscriptions/{id}"))
            .await
            .is_error(422, "VALIDATION_FAILED");
    }
    for id in [
        "2147483648",
        "9007199254740993",
        "9223372036854775808",
        "18446744073709551615",
    ] {
        world
            .get(&format!("/subscriptions/{id}"))
            .await
            .is_error(404, "SUBSCRIPTION_NOT_FOUND");
    }
    world
        .get("/subscriptions/%FF")
        .await
        .is_error(404, "NOT_FOUND");
}

#[tokio::test]
async fn bodies_that_are_not_json_of_the_right_kind_and_size() {
    let world = World::start().await;
    let json = "application/json";
    let good = transfers().to_string();
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let large = format!("{{\"x\":\"{}\"}}", "y".repeat(4 * 1024 * 1024));
    let cases: [(&str, &str, u16, &str); 12] = [
        ("", json, 400, "INVALID_JSON"),
        ("{", json, 400, "INVALID_JSON"),
        ("{\"a\":1,}", json, 400, "INVALID_JSON"),
        ("NaN", json, 400, "INVALID_JSON"),
        ("\"\\ud800\"", json, 400, "INVALID_JSON"),
        (&deep, json, 400, "INVALID_JSON"),
        ("[]", json, 422, "VALIDATION_FAILED"),
        ("null", json, 422, "VALIDATION_FAILED"),
        (&good, "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (&good, "", 415, "UNSUPPORTED_MEDIA_TYPE"),
        (
            &good,
            "application/json; charset=utf-16",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
        ),
        (&large, json, 413, "PAYLOAD_TOO_LARGE"),
    ];
    for (body, content_type, status, code) in cases {
        let body = Bytes::copy_from_slice(body.as_bytes());
        world
            .raw("POST", "/subscriptions", Some(body), content_type)
            .await
            .is_error(status, code);
    }
    let syntax = world
        .raw("POST", "/subscriptions", Some("{\n \"a\" 1}".into()), json)
        .await;
    assert!(
        syntax.body["detail"].as_str().unwrap().contains("line 2"),
        "{}",
        syntax.body
    );
    let charset = "application/json; charset=utf-8";
    let answer = world
        .raw("POST", "/subscriptions", Some(good.into()), charset)
        .await;
    assert_eq!(answer.status, 201);
}

#[tokio::test]
async fn health_and_readiness() {
    let world = World::start().await;
    // A subscription to "latest" waits for the head, so the chain is there afterwards.
    world
        .subscribe(json!({"start_block": "latest", "end_block": null}))
        .await;
    let health = world.get("/health").await;
    assert_eq!(
        (health.status, &health.body["status"]),
        (200, &json!("healthy"))
    );
    assert!(health.body["timestamp"].is_string());
    let ready = world.get("/ready").await;
    assert_eq!(
        (ready.status, &ready.body["ready"]),
        (200, &json!(true)),
        "{}",
        ready.body
    );
    let names: Vec<_> = ready.body["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| &check["name"])
        .collect();
    assert_eq!(names, [&json!("store"), &json!("chain 31337")]);
}

#[tokio::test]
async fn a_chain_without_a_node_is_not_ready() {
    let world = World::tweaked(|mut config| {
        let nowhere = event_streamer_server::ChainConfig::new(1)
            .with_endpoint("http://key@127.0.0.1:9/secret".parse().unwrap());
        config.chains.push(nowhere);
        config
    })
    .await;
    let ready = world.get("/ready").await;
    assert_eq!((ready.status, &ready.body["ready"]), (503, &json!(false)));
    let body = serde_json::to_string(&ready.body).unwrap();
    assert!(!body.contains("secret"), "{body}");
    // Other chains are not affected.
    world.subscribe(json!({})).await;
}

#[tokio::test]
async fn chains_are_shown_without_their_keys() {
    let world = World::tweaked(|mut config| {
        let keyed = config.chains[0].http[0]
            .expose()
            .replace("http://", "http://user:hidden@");
        config.chains[0]
            .http
            .push(format!("{keyed}/v3/topsecret").parse().unwrap());
        config.chains[0].confirmation_blocks = 2;
        config
    })
    .await;
    let list = world.get("/api/chains").await.body;
    let chain = &list["chains"]["31337"];
    assert_eq!(list["total_chains"], 1);
    assert_eq!(
        (&chain["chain_id"], &chain["name"]),
        (&json!(CHAIN), &json!("chain 31337"))
    );
    assert_eq!(chain["rpc_urls"].as_array().unwrap().len(), 3);
    assert_eq!(chain["confirmation_blocks"], 2);
    assert_eq!(
        chain["max_blocks_per_request"],
        chain["historical_max_chunk_size"]
    );
    let one = world.get("/api/chains/31337").await.body;
    assert_eq!(
        (&one["chain_id"], &one["rpc_urls"]),
        (&json!(CHAIN), &chain["rpc_urls"])
    );
    assert!(one["message"].is_string() && one["timestamp"].is_string());
    let text = format!("{list}{one}");
    assert!(
        !text.contains("hidden") && !text.contains("topsecret"),
        "{text}"
    );
    let stats = world.get("/api/chains/stats").await.body;
    assert_eq!(
        (&stats["loaded"], &stats["total_chains"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(stats["supported_chain_ids"], json!([CHAIN]));
}

#[tokio::test]
async fn confirmations_of_the_chain_are_the_default() {
    let world = World::tweaked(|mut config| {
        config.chains[0].confirmation_blocks = 4;
        config
    })
    .await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "progress").await;
    while stream.batch().await["coverage"]["to_block"] != LAST - 4 {}
}

#[tokio::test]
async fn open_connections_are_listed() {
    let world = World::start().await;
    assert_eq!(world.get("/api/connections").await.body, json!([]));
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    let list = world.get("/api/connections").await.body;
    let [connection] = list.as_array().unwrap().as_slice() else {
        panic!("{list}")
    };
    assert_eq!(
        connection["connection_id"],
        stream.headers["x-connection-id"].to_str().unwrap()
    );
    assert_eq!(
        (&connection["subscription_id"], &connection["status"]),
        (&json!(id), &json!("healthy"))
    );
    for name in [
        "last_heartbeat",
        "events_sent",
        "error_rate",
        "uptime_seconds",
    ] {
        assert_ne!(connection[name], Value::Null, "{name}");
    }
    assert_eq!(connection["error_rate"], 0.0);
    // Three of four acknowledgements are of batches that never were.
    let path = format!(
        "/subscriptions/{id}/stream/{}/ack/batch/bulk",
        connection["connection_id"].as_str().unwrap()
    );
    let batches = json!({"connection_id": connection["connection_id"], "batch_ids": [batch["batch_id"], "a", "b", "c"]});
    assert_eq!(world.post(&path, batches).await.status, 200);
    let list = world.get("/api/connections").await.body;
    // Of those four, and of as many messages as have come.
    let all = 3.0 / list[0]["error_rate"].as_f64().unwrap();
    assert!(all >= 5.0 && (all - all.round()).abs() < 1e-9, "{list}");
}

#[tokio::test]
async fn every_answer_has_an_id() {
    let world = World::start().await;
    let first = world.get("/health").await.headers["x-request-id"].clone();
    let second = world.get("/nowhere").await.headers["x-request-id"].clone();
    assert_ne!(first, second);
}
