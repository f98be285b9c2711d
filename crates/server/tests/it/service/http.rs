//! The sockets: what a client can do to them, and what it cannot.

use std::net::SocketAddr;
use std::time::Duration;

use event_streamer_testkit::exchange;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::support::World;

/// Sends a request and reads until the service closes. Unlike [`exchange`] it keeps its own side
/// open, as clients do that want an answer.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn half_a_request_does_not_hold_a_socket_for_ever() {
    let world = World::tweaked(|mut config| {
        config.http.header_timeout = Duration::from_millis(50);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket
        .write_all(b"GET /health HTTP/1.1\r\nHost:")
        .await
        .unwrap();
    let mut answer = Vec::new();
    // Ends when the service closes the socket.
    let _ = socket.read_to_end(&mut answer).await;
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let world = World::tweaked(|mut config| {
        config.http.body_timeout = Duration::from_millis(50);
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = "POST /subscriptions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 10\r\n\r\n{";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = socket.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]);
    assert!(
        answer.starts_with("HTTP/1.1 408 ") && answer.contains("REQUEST_TIMEOUT"),
        "{answer}"
    );
}

#[tokio::test]
async fn sockets_beyond_the_limit_wait_for_their_turn() {
    let world = World::tweaked(|mut config| {
        config.http.max_sockets = 1;
        config
    })
    .await;
    let address = world.service.as_ref().unwrap().local_addr();
    let idle = TcpStream::connect(address).await.unwrap();
    let waiting = ask(
        address,
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    let mut waiting = std::pin::pin!(waiting);
    assert!(futures_util::poll!(waiting.as_mut()).is_pending());
    drop(idle);
    assert!(waiting.await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn broken_requests_are_answered_and_harm_nobody() {
    let world = World::start().await;
    let address = world.service.as_ref().unwrap().local_addr();
    let many: String = (0..1_000)
        .map(|index| format!("X-{index}: y\r\n"))
        .collect();
    let long = "x".repeat(100_000);
    let cases = [
        "NONSENSE\r\n\r\n".to_owned(),
        "GET / HTTP/9.9\r\n\r\n".to_owned(),
        "GET /health HTTP/1.1\r\nBad Name: y\r\n\r\n".to_owned(),
        "GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
        "POST /subscriptions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"
            .to_owned(),
        format!("GET /health HTTP/1.1\r\n{many}\r\n"),
        format!("GET /{long} HTTP/1.1\r\n\r\n"),
    ];
    for case in cases {
        let answer = exchange(address, &case).await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(
            answer.is_empty() || status.starts_with('4'),
            "{}: {answer}",
            &case[..20.min(case.len())]
        );
    }
    assert_eq!(world.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_head_request_does_not_open_a_stream() {
    let world = World::start().await;
    let id = world.subscribe(json!({})).await;
    let address = world.service.as_ref().unwrap().local_addr();
    let request =
        format!("HEAD /subscriptions/{id}/stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = ask(address, &request).await;
    assert!(answer.starts_with("HTTP/1.1 405 "), "{answer}");
    assert_eq!(world.get("/api/connections").await.body, json!([]));
}

#[tokio::test]
async fn streams_are_limited() {
    let world = World::tweaked(|mut config| {
        config.delivery.max_connections = 2;
        config.delivery.max_connections_per_subscription = 1;
        config
    })
    .await;
    let first = world.subscribe(json!({"end_block": null})).await;
    let second = world.subscribe(json!({"end_block": null})).await;
    let third = world.subscribe(json!({"end_block": null})).await;
    let path = |id: u64| format!("/subscriptions/{id}/stream");
    let _open = world.stream(first, "", "").await;
    let refused = world.get(&path(first)).await;
    refused.is_error(429, "RATE_LIMITED");
    assert!(refused.headers.contains_key("retry-after"));
    let _open = world.stream(second, "", "").await;
    let refused = world.get(&path(third)).await;
    refused.is_error(503, "RATE_LIMITED");
    assert!(refused.headers.contains_key("retry-after"));
}
