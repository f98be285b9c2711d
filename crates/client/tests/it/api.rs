//! The calls of the API: what is sent, and what is made of the answers.

use std::time::Duration;

use event_streamer_client::{ErrorKind, EventStreamer};
use event_streamer_models::{
    AbiEvent, AbiInput, ChainId, ResumeToken, SubscriptionCreate, SubscriptionUpdate,
};
use event_streamer_testkit::{Reply, Routes, Script, WireServer};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::harness::*;

fn transfer() -> AbiEvent {
    AbiEvent::new(
        "Transfer",
        vec![
            AbiInput::indexed("from", "address"),
            AbiInput::indexed("to", "address"),
            AbiInput::new("value", "uint256"),
        ],
    )
}

fn subscription_json(id: u64) -> Value {
    json!({
        "id": id, "topic0": format!("0x{}", "dd".repeat(32)), "event_signature": transfer(),
        "addresses": [], "start_block": 5, "end_block": null, "chain_id": 1, "subscriber_id": "tester",
        "is_streaming": false, "streaming_status": "pending", "resume_token": null,
        "last_event_id": null, "last_processed_block": null, "events_delivered": 0,
        "created_at": "2024-05-23T10:30:00.000Z", "updated_at": "2024-05-23T10:30:00.000Z",
        "shiny": true,
    })
}

async fn one(pattern: &str, reply: Reply) -> (WireServer, EventStreamer) {
    let server = WireServer::routed(Routes::new().always(pattern, reply)).await;
    let client = client(&server);
    (server, client)
}

#[tokio::test(start_paused = true)]
async fn subscriptions_are_created_as_the_subscribers_own() {
    let reply = Reply::json(201, &subscription_json(7));
    let (server, client) = one("POST /subscriptions", reply).await;
    let wanted =
        SubscriptionCreate::new(transfer(), ChainId::new(1), 5).with_subscriber_id("somebody");
    let created = client.create_subscription(wanted).await.unwrap();
    assert_eq!(created.id, subscription());
    assert_eq!(created.extra["shiny"], true);
    let request = server.request(0).await;
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));
    let body = request.json();
    assert_eq!(body["subscriber_id"], "tester");
    assert_eq!(
        (&body["start_block"], &body["chain_id"]),
        (&json!(5), &json!(1))
    );
    assert_eq!(body["event_signature"]["name"], "Transfer");
}

#[tokio::test(start_paused = true)]
async fn subscriptions_are_read_listed_changed_and_deleted() {
    let list =
        json!({"subscriptions": [subscription_json(7)], "total": 41, "page": 2, "page_size": 20});
    let routes = Routes::new()
        .always(
            "GET /subscriptions/7",
            Reply::json(200, &subscription_json(7)),
        )
        .always("GET /subscriptions", Reply::json(200, &list))
        .always(
            "PUT /subscriptions/7",
            Reply::json(200, &subscription_json(7)),
        )
        .always("DELETE /subscriptions/7", Reply::new(204, ""));
    let server = WireServer::routed(routes).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test/v1/", "a b&c")
        .with_http(|http| http.dialer(dialer))
        .build();
    assert_eq!(client.unwrap().service_url(), "http://events.test/v1");

    let client = self::client(&server);
    assert_eq!(
        client
            .get_subscription(subscription())
            .await
            .unwrap()
            .id
            .get(),
        7
    );
    let page = client.list_subscriptions(2, 20).await.unwrap();
    assert_eq!((page.total, page.subscriptions.len()), (41, 1));
    let update = SubscriptionUpdate {
        end_block: Some(Some(9)),
        ..SubscriptionUpdate::default()
    };
    client
        .update_subscription(subscription(), &update)
        .await
        .unwrap();
    client.delete_subscription(subscription()).await.unwrap();

    let requests = server.requests();
    assert_eq!(requests[0].query("subscriber_id"), Some("tester"));
    assert_eq!(
        requests[1].target,
        "/subscriptions?page=2&page_size=20&subscriber_id=tester"
    );
    assert_eq!(requests[2].json(), json!({"end_block": 9}));
    assert_eq!(requests[3].body.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn health_is_told_as_yes_or_no_and_in_full() {
    for (status, expected) in [("healthy", true), ("degraded", false), ("odd", false)] {
        let body = json!({"status": status, "timestamp": "2024-05-23T10:30:00.000Z"});
        let (_server, client) = one("GET /health", Reply::json(200, &body)).await;
        assert_eq!(client.health_check().await, expected);
        assert_eq!(client.get_health().await.unwrap().status.as_str(), status);
    }
    let (_server, client) = one("GET /health", Reply::new(500, "")).await;
    assert!(!client.health_check().await);
    assert_eq!(
        client.get_health().await.unwrap_err().kind(),
        ErrorKind::Service
    );
}

#[tokio::test(start_paused = true)]
async fn positions_are_set_and_asked_for() {
    let position = json!({
        "acknowledged": true, "resume_token": "rt_9", "last_processed_block": 9,
        "timestamp": "2024-05-23T10:30:00.000Z",
    });
    let status = json!({
        "subscription_id": 7, "is_processing": true, "connection_count": 2,
        "timestamp": "2024-05-23T10:30:00.000Z",
    });
    let routes = Routes::new()
        .once(POSITION, Script::new().reply(&Reply::json(200, &position)))
        .once(
            POSITION,
            Script::new().reply(&error_reply(409, "POSITION_BEHIND")),
        )
        .once(
            "GET /subscriptions/7/last-processed-block",
            Script::new().respond(200, r#"{"last_processed_block":9}"#),
        )
        .once(
            "GET /subscriptions/7/last-processed-block",
            Script::new().respond(200, r#"{"last_processed_block":null}"#),
        )
        .always(
            "GET /subscriptions/7/processing-status",
            Reply::json(200, &status),
        );
    let server = WireServer::routed(routes).await;
    let client = client(&server);
    let id = subscription();
    let token = ResumeToken::from("rt_9");
    let answer = client.set_position(id, token.clone()).await.unwrap();
    assert_eq!(answer.last_processed_block, Some(9));
    let error = client.set_position(id, token).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert_eq!(error.code().unwrap().as_str(), "POSITION_BEHIND");
    let one = client
        .get_subscription_last_processed_block(id, Some(ChainId::new(137)))
        .await;
    assert_eq!(one.unwrap(), Some(9));
    assert_eq!(
        client
            .get_subscription_last_processed_block(id, None)
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        client
            .get_processing_status(id)
            .await
            .unwrap()
            .connection_count,
        2
    );
    let requests = server.requests();
    assert_eq!(requests[0].json(), json!({"resume_token": "rt_9"}));
    assert_eq!(
        requests[2].target,
        "/subscriptions/7/last-processed-block?chain_id=137"
    );
    assert_eq!(requests[3].target, "/subscriptions/7/last-processed-block");
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_read_are_protocol_errors() {
    for body in ["", "null", "[]", "<html>hello</html>", r#"{"id":0}"#] {
        let (_server, client) = one("GET /subscriptions/7", Reply::new(200, body)).await;
        let error = client.get_subscription(subscription()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
        assert!(
            error
                .to_string()
                .starts_with("get subscription 7: the answer cannot be read"),
            "{error}"
        );
        assert_eq!(error.body(), Some(body));
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_and_headers_go_with_every_call_and_are_never_shown() {
    let server = WireServer::routed(Routes::new().always("GET /health", Reply::new(401, ""))).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test", "tester")
        .api_key("s3cret")
        .header("x-tenant", "blue")
        .user_agent("me/1")
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap();
    let error = client.get_health().await.unwrap_err();
    assert!(error.is_auth());
    let request = server.request(0).await;
    assert_eq!(request.header("x-api-key"), Some("s3cret"));
    assert_eq!(request.header("x-tenant"), Some("blue"));
    assert_eq!(request.header("user-agent"), Some("me/1"));
    let shown = format!("{error} {error:?} {client:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn unusable_settings_are_refused_when_the_client_is_made() {
    for (url, id) in [
        ("not a url", "tester"),
        ("http://events.test", ""),
        ("http://events.test", "  "),
        ("http://events.test", "a\nb"),
        ("http://events.test", &"x".repeat(1_025)),
    ] {
        let error = EventStreamer::new(url, id).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
    }
    let header = EventStreamer::builder("http://events.test", "tester").header("bad name", "x");
    assert_eq!(header.build().unwrap_err().kind(), ErrorKind::Validation);
    let key = EventStreamer::builder("http://events.test", "tester").api_key("s3cret\r\n");
    let error = key.build().unwrap_err();
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[tokio::test(start_paused = true)]
async fn calls_are_limited_in_time_and_repeated_where_that_is_safe() {
    let routes = Routes::new().answer("GET /health", |_| Script::new().await_hang_up());
    let server = WireServer::routed(routes).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test", "tester")
        .timeout(Duration::from_secs(7))
        .response_timeout(Duration::from_secs(60))
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = client.get_health().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 7);

    let healthy = json!({"status": "healthy", "timestamp": "2024-05-23T10:30:00.000Z"});
    let routes = Routes::new()
        .once("GET /health", Script::new().respond(502, ""))
        .once(
            "GET /health",
            Script::new().reply(&Reply::json(200, &healthy)),
        )
        .always("POST /subscriptions", Reply::new(502, ""));
    let server = WireServer::routed(routes).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test", "tester")
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap();
    assert!(client.health_check().await);
    let wanted = SubscriptionCreate::new(transfer(), ChainId::new(1), 5);
    let error = client.create_subscription(wanted).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(
        server.requests().len(),
        2 + 1,
        "a creation may have been carried out"
    );
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_there_is_a_connection_error() {
    let client = EventStreamer::builder("http://events.test", "tester")
        .retry_policy(event_streamer_client::RetryPolicy::never())
        .with_http(|http| {
            http.dialer(|_| async {
                Err::<tokio::io::DuplexStream, _>(std::io::ErrorKind::ConnectionRefused.into())
            })
        })
        .build()
        .unwrap();
    let error = client.get_health().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert_eq!(
        error.to_string(),
        "get health: the service could not be reached"
    );
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn contract_abis_are_read_offline() {
    let client = EventStreamer::new("http://events.test", "tester").unwrap();
    let abi = serde_json::to_string(&[transfer()]).unwrap();
    assert_eq!(
        client.extract_abi_event(&abi, "Transfer").unwrap(),
        transfer()
    );
    assert_eq!(client.extract_abi_events(&abi).unwrap().len(), 1);
    assert_eq!(client.parse_contract_abi(&abi).unwrap().events.len(), 1);
    let error = client.extract_abi_event(&abi, "Approval").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("Approval"), "{source}");
}
