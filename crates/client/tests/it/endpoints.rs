//! Every call of the API: the request as it is sent, answers of every protocol, and refusals.

mod table;

use std::time::Duration;

use event_streamer_client::{ErrorKind, EventStreamer};
use event_streamer_models::{ChainId, ChainStatus};
use event_streamer_testkit::{Reply, Routes, WireServer};
use serde_json::{Value, json};

use self::table::{Endpoint, all};
use crate::harness::*;

/// A client with a key, and a server that answers this endpoint alone.
async fn served(endpoint: &Endpoint, reply: Reply) -> (WireServer, EventStreamer) {
    let pattern = endpoint.request.split('?').next().unwrap();
    let server = WireServer::routed(Routes::new().always(pattern, reply)).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test", "tester")
        .bearer_token("s3cret")
        .retry_policy(event_streamer_client::RetryPolicy::never())
        .with_http(|http| http.dialer(dialer))
        .build();
    (server, client.unwrap())
}

/// Every field that was sent is there in what was read.
fn assert_contains(read: &Value, sent: &Value, path: &str) {
    match (read, sent) {
        (Value::Object(read), Value::Object(sent)) => {
            for (name, sent) in sent {
                assert_contains(
                    read.get(name).unwrap_or(&Value::Null),
                    sent,
                    &format!("{path}.{name}"),
                );
            }
        }
        (Value::Array(read), Value::Array(sent)) if read.len() == sent.len() => {
            for (read, sent) in read.iter().zip(sent) {
                assert_contains(read, sent, &format!("{path}[]"));
            }
        }
        _ => assert_eq!(read, sent, "{path}"),
    }
}

#[tokio::test(start_paused = true)]
async fn each_is_asked_for_as_the_protocol_says() {
    for endpoint in all() {
        let answer = endpoint.answers.last().unwrap();
        let (server, client) = served(&endpoint, Reply::json(200, answer)).await;
        (endpoint.call)(&client).await.unwrap();
        let request = server.request(0).await;
        assert_eq!(request.to_string(), endpoint.request);
        assert_eq!(request.header("authorization"), Some("Bearer s3cret"));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("accept-encoding"), Some("zstd, gzip"));
        match &endpoint.body {
            Some(body) => {
                assert_contains(&request.json(), body, endpoint.request);
                assert_eq!(request.header("content-type"), Some("application/json"));
            }
            None => assert!(request.body.is_empty(), "{request}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_reads_every_protocol_and_keeps_fields_that_it_does_not_know() {
    for endpoint in all() {
        for answer in &endpoint.answers {
            let mut answer = answer.clone();
            if let Some(object) = answer.as_object_mut() {
                object.insert("shiny".to_owned(), json!({"new": [1]}));
            }
            let (_server, client) = served(&endpoint, Reply::json(200, &answer)).await;
            let read = (endpoint.call)(&client).await;
            let read = read.unwrap_or_else(|error| panic!("{}: {error}", endpoint.request));
            assert_contains(&read, &answer, endpoint.request);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_tells_refusals_and_answers_that_are_none() {
    let page = Reply::new(502, "<html><title>Bad Gateway</title>")
        .with_header("content-type", "text/html");
    for endpoint in all() {
        for (reply, kind) in [
            (error_reply(401, "UNAUTHORIZED"), ErrorKind::Auth),
            (error_reply(404, "NOT_FOUND"), ErrorKind::NotFound),
            (error_reply(409, "CONFLICT"), ErrorKind::Conflict),
            (error_reply(422, "INVALID"), ErrorKind::Validation),
            (
                error_reply(429, "RATE_LIMITED").with_header("retry-after", "7"),
                ErrorKind::RateLimited,
            ),
            (page.clone(), ErrorKind::Service),
            (Reply::new(503, ""), ErrorKind::Service),
            (
                Reply::new(307, "").with_header("location", "/elsewhere"),
                ErrorKind::Protocol,
            ),
            (Reply::new(200, ""), ErrorKind::Protocol),
            (Reply::new(200, "<html>"), ErrorKind::Protocol),
            (Reply::new(204, ""), ErrorKind::Protocol),
        ] {
            let (server, client) = served(&endpoint, reply).await;
            let error = (endpoint.call)(&client).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{}: {error}", endpoint.request);
            assert_eq!(server.requests().len(), 1);
            if kind == ErrorKind::RateLimited {
                assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
                assert_eq!(error.code().unwrap().as_str(), "RATE_LIMITED");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn chains_are_read_as_a_map_and_as_a_list() {
    let list = json!([{"chain_id": 1, "name": "Ethereum", "status": "active"}, {"chain_id": 137}]);
    for answer in [json!({"chains": list}), list] {
        let server = WireServer::answering("GET /api/chains", &answer.to_string()).await;
        let chains = client(&server).get_all_chains().await.unwrap().chains;
        assert_eq!(chains.len(), 2);
        assert_eq!(chains[0].status, Some(ChainStatus::Active));
        assert_eq!(chains[1].chain_id, ChainId::new(137));
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_is_not_ready_says_why_and_is_asked_once() {
    let body = json!({"ready": false, "checks": [{"name": "store", "passed": false}]});
    let server =
        WireServer::routed(Routes::new().always("GET /ready", Reply::json(503, &body))).await;
    let dialer = server.dialer();
    let client = EventStreamer::builder("http://events.test", "tester")
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap();
    let ready = client.get_ready().await.unwrap();
    assert!(!ready.ready && ready.checks[0].name == "store");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn prometheus_metrics_are_text_as_it_came() {
    let text = "# HELP events_total Events.\nevents_total{chain=\"1\"} 41\n";
    let reply = Reply::new(200, text).with_header("content-type", "text/plain; version=0.0.4");
    let server = WireServer::routed(Routes::new().always("GET /metrics", reply)).await;
    assert_eq!(
        client(&server).get_prometheus_metrics().await.unwrap(),
        text
    );
    assert_eq!(server.request(0).await.header("accept"), Some("text/plain"));

    let reply = Reply::new(200, &b"up 1\xff"[..]);
    let server = WireServer::routed(Routes::new().always("GET /metrics", reply)).await;
    let error = client(&server).get_prometheus_metrics().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

#[tokio::test(start_paused = true)]
async fn a_bulk_acknowledgement_names_one_to_a_thousand_batches() {
    let server = WireServer::routed(Routes::new()).await;
    for count in [0, 1_001, 100_000] {
        let ids = (0..count).map(|n| n.to_string());
        let (client, connection) = (client(&server), "c".into());
        let refused = client.acknowledge_batch_bulk(subscription(), &connection, ids);
        assert_eq!(
            refused.await.unwrap_err().kind(),
            ErrorKind::Validation,
            "{count}"
        );
    }
    assert!(server.requests().is_empty());
}
