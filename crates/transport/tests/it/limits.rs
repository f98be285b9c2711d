//! How much of a head is read, and how many connections there are.

use event_streamer_testkit::{Gate, Reply, Routes, Script, WireServer};
use event_streamer_transport::{CallOptions, TimeoutKind, TransportErrorKind};

use crate::{get, plain};

#[tokio::test]
async fn heads_are_limited_in_bytes_and_headers() {
    let many = |count: usize| {
        format!(
            "HTTP/1.1 200 OK\r\n{}content-length: 0\r\n\r\n",
            "x: y\r\n".repeat(count)
        )
    };
    let long = |bytes: usize| {
        format!(
            "HTTP/1.1 200 OK\r\nx: {}\r\ncontent-length: 0\r\n\r\n",
            "y".repeat(bytes)
        )
    };
    let client = plain()
        .max_headers(10)
        .max_head_bytes(16 << 10)
        .build()
        .unwrap();
    for (head, fits) in [
        (many(9), true),
        (many(10), false),
        (long(8_000), true),
        (long(20_000), false),
    ] {
        let server = WireServer::scripted([Script::new().expect_any().raw(head)]).await;
        let answer = client
            .request(get(&server.url()), CallOptions::default())
            .await;
        assert_eq!(answer.is_ok(), fits);
        if let Err(error) = answer {
            assert_eq!(error.kind(), TransportErrorKind::Protocol, "{error:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_without_a_free_connection_waits_and_then_says_so() {
    let ended = Gate::new();
    let stream = Script::new()
        .stream_head(&[])
        .chunk("x")
        .wait(&ended)
        .last_chunk();
    let routes = Routes::new()
        .once("GET /stream", stream)
        .always("GET /", Reply::new(200, "whole"));
    let server = WireServer::routed(routes).await;
    let client = plain()
        .dialer(server.dialer())
        .max_connections(1)
        .build()
        .unwrap();
    let mut body = client
        .stream(get("http://service.test/stream"))
        .await
        .unwrap()
        .into_body();
    let call = || client.request(get("http://service.test/"), CallOptions::default());
    let error = call().await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Timeout(TimeoutKind::Pool));
    assert!(error.is_connect() && error.is_timeout(), "it was not sent");
    assert_eq!(server.requests().len(), 1);

    // The stream's end frees its connection, though the body is still held.
    ended.open();
    while let Some(piece) = body.chunk().await {
        piece.unwrap();
    }
    assert_eq!(call().await.unwrap().body(), "whole");
    drop(body);
}
