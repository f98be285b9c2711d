//! Breakers and numbers.

use event_streamer_server::ChainConfig;
use event_streamer_transport::HttpClient;
use serde_json::json;

use super::support::{CHAIN, EVENTS, FIRST, World};

const BREAKERS: &str = "/api/circuit-breakers";

/// A service with one good endpoint and one that nobody listens at.
async fn half_well() -> World {
    World::tweaked(|mut config| {
        let chain = config.chains.remove(0);
        let mut half = ChainConfig::new(CHAIN).with_name("Test Chain");
        half.http = vec!["http://127.0.0.1:1/secret-key".parse().unwrap()];
        half.http.extend(chain.http);
        config.with_chain(half)
    })
    .await
}

#[tokio::test]
async fn the_breaker_of_an_endpoint_that_fails_opens_and_can_be_reset() {
    let world = half_well().await;
    // The chain is read all the same, and by then the bad endpoint was tried.
    let id = world.subscribe(json!({})).await;
    let mut stream = world.stream(id, "", "complete").await;
    stream.rest().await;

    let status = world.get(&format!("{BREAKERS}/status")).await.body;
    let names: Vec<_> = status["circuit_breakers"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(names, ["test_chain_rpc", "test_chain_rpc_2"]);
    let clients = &status["rpc_clients"][CHAIN.to_string()];
    assert_eq!(clients["test_chain_rpc_2"]["state"], "closed");
    assert_eq!(
        clients["test_chain_rpc_2"]["metrics"]["head_block"].as_u64(),
        Some(139)
    );
    assert!(!status.to_string().contains("secret-key"), "{status}");
    assert_eq!(status["summary"]["total"], 2);

    let metrics = |name: &str| format!("{BREAKERS}/{name}/metrics");
    let bad = world.get(&metrics("test_chain_rpc")).await.body;
    assert!(bad["failure_count"].as_u64().unwrap() > 0, "{bad}");
    assert_eq!(
        (&bad["success_rate"], &bad["failure_rate"]),
        (&json!(0.0), &json!(1.0))
    );
    assert!(bad["last_failure_time"].is_string());
    let good = world.get(&metrics("test_chain_rpc_2")).await.body;
    assert_eq!(good["success_rate"], 1.0, "{good}");
    assert!(good["average_response_time"].as_f64().unwrap() > 0.0);
    world
        .get(&metrics("nobody"))
        .await
        .is_error(404, "CIRCUIT_BREAKER_NOT_FOUND");

    let one = world
        .post(&format!("{BREAKERS}/test_chain_rpc/reset"), json!({}))
        .await;
    assert_eq!((one.status, &one.body["reset_count"]), (200, &json!(1)));
    let all = world.post(&format!("{BREAKERS}/reset"), json!({})).await;
    assert_eq!((all.status, &all.body["reset_count"]), (200, &json!(2)));
    let none = world
        .post(&format!("{BREAKERS}/nobody/reset"), json!({}))
        .await;
    none.is_error(404, "CIRCUIT_BREAKER_NOT_FOUND");
    let audit = world.get("/api/audit").await.body;
    assert_eq!(audit["entries"][0]["action"], "breaker.reset");

    let config = world.get(&format!("{BREAKERS}/config")).await.body;
    assert!(
        config["failure_threshold"].as_u64().unwrap() > 0,
        "{config}"
    );
    assert!(config["recovery_timeout"].as_u64().unwrap() > 0, "{config}");
}

#[tokio::test]
async fn health_counts_the_endpoints_that_are_well() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    world.stream(id, "", "complete").await.rest().await;
    let health = world.get(&format!("{BREAKERS}/health")).await.body;
    assert_eq!(health["overall_health"], "healthy");
    assert_eq!(health["health_percentage"], 100.0);
    assert_eq!(health["healthy_rpcs"], health["total_rpcs"]);
    assert_eq!(health["unhealthy_chains"], json!([]));
    assert_eq!(health["rpc_clients"][CHAIN.to_string()]["is_healthy"], true);
}

#[tokio::test]
async fn subscriptions_and_streams_are_counted() {
    let world = World::start().await;
    let done = world.subscribe(json!({})).await;
    let mut stream = world.stream(done, "", "complete").await;
    for batch in stream
        .rest()
        .await
        .iter()
        .filter(|it| it["type"] == "event_batch")
    {
        assert_eq!(world.acknowledge(batch).await.status, 200);
    }
    let live = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(live, "", "").await;
    let mut seen = 0;
    while seen < EVENTS {
        seen += usize::try_from(stream.batch().await["batch_size"].as_u64().unwrap()).unwrap();
    }
    world
        .subscribe(json!({"end_block": null, "start_block": FIRST}))
        .await;

    let metrics = world.get("/api/metrics").await.body;
    assert_eq!(metrics["total_subscriptions"], 3);
    assert_eq!(metrics["active_subscriptions"], 1);
    assert_eq!(
        (
            &metrics["historical_subscriptions"],
            &metrics["completed_historical"]
        ),
        (&json!(1), &json!(1))
    );
    let open_ended =
        ["live_subscriptions", "hybrid_subscriptions"].map(|name| metrics[name].as_u64().unwrap());
    assert_eq!(open_ended.iter().sum::<u64>(), 2);
    assert_eq!(metrics["events_processed"], EVENTS);
    assert_eq!(metrics["by_chain"][CHAIN.to_string()]["subscriptions"], 3);
    assert_eq!(metrics["supported_chains"], json!([CHAIN]));

    let streaming = world.get("/api/streaming/metrics").await.body;
    assert_eq!(streaming["active_connections"], 1);
    assert_eq!(streaming["connections_by_status"], json!({"healthy": 1}));
    assert_eq!(streaming["events_delivered"], EVENTS);
    assert_eq!(streaming["events_queued"], EVENTS, "none is acknowledged");
    assert_eq!(streaming["healthy_connections"][0]["subscription_id"], live);
    assert_eq!(streaming["avg_connections_per_subscription"], 1.0);
    // The rest is counted since the start.
    assert_eq!(streaming["total_connections"], 2);
    assert_eq!(streaming["delivery_failures"], 0);
    assert_eq!(streaming["delivery_success_rate"], 1.0);
    assert_eq!(streaming["connections_auto_closed"], 0);
    for measured in [
        "avg_event_delivery_time",
        "health_checks_performed",
        "tokens_generated",
    ] {
        assert!(streaming[measured].as_f64().unwrap() > 0.0, "{measured}");
    }
}

#[tokio::test]
async fn prometheus_reads_the_documented_names() {
    let world = half_well().await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "").await;
    let batch = stream.batch().await;
    assert_eq!(world.acknowledge(&batch).await.status, 200);
    let client = HttpClient::builder().build().unwrap();
    let request = http::Request::get(format!("{}/metrics", world.url()));
    let answer = client
        .request(
            request.body(bytes::Bytes::new()).unwrap(),
            Default::default(),
        )
        .await
        .unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    let value = |series: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        let line = line.unwrap_or_else(|| panic!("{series} in\n{text}"));
        line.parse::<f64>().unwrap()
    };
    let good = format!("chain_id=\"{CHAIN}\",endpoint=\"test_chain_rpc_2\"");
    assert!(value("event_streamer_store_up") == 1.0);
    assert!(value("event_streamer_connections") == 1.0);
    assert!(
        value(&format!(
            "event_streamer_chain_head_block{{chain_id=\"{CHAIN}\"}}"
        )) == 139.0
    );
    assert!(
        value(&format!(
            "event_streamer_rpc_calls_total{{{good},method=\"eth_getLogs\",result=\"success\"}}"
        )) > 0.0
    );
    assert!(value(&format!("event_streamer_rpc_breaker_state{{{good}}}")) == 0.0);
    let lag = format!(
        "event_streamer_subscription_lag_blocks{{chain_id=\"{CHAIN}\",subscription_id=\"{id}\"}}"
    );
    assert!(value(&lag) <= 139.0);
    let seconds = lag.replace("_blocks", "_seconds");
    assert_eq!(value(&seconds), 12.0 * value(&lag), "a block each 12 s");
    let of_chain = |name: &str| value(&format!("event_streamer_{name}{{chain_id=\"{CHAIN}\"}}"));
    assert_eq!(of_chain("streams_opened_total"), 1.0);
    assert!(of_chain("batches_total") >= 1.0);
    assert!(of_chain("events_total") >= of_chain("acknowledged_events_total"));
    assert_eq!(of_chain("acknowledged_batches_total"), 1.0);
    assert_eq!(
        of_chain("acknowledged_events_total"),
        batch["batch_size"].as_f64().unwrap()
    );
    assert_eq!(of_chain("reorgs_total"), 0.0);
    assert_eq!(of_chain("undecoded_logs_total"), 4.0);
    let acknowledged = "event_streamer_store_seconds_count{work=\"acknowledge\"}";
    assert!(value(acknowledged) >= 1.0);
    assert!(!text.contains("secret-key"));

    // Each name is documented, and no other.
    let documented = include_str!("../../../../../docs/reference/metrics.md");
    let names = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
    let names: Vec<_> = names.map(|name| format!("| `{name}` |")).collect();
    let rows = documented
        .lines()
        .filter(|line| line.starts_with("| `event_streamer_"));
    assert_eq!(rows.count(), names.len());
    for name in names {
        assert!(documented.contains(&name), "{name}");
    }
}
