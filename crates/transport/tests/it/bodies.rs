//! Response bodies: collected within a limit, or streamed.

use bytes::Bytes;
use event_streamer_testkit::{Gate, Script, WireServer};
use event_streamer_transport::{BodyStream, CallOptions, TransportErrorKind};
use http::Response;

use crate::{client, get, plain};

async fn stream_of(script: Script) -> (WireServer, Response<BodyStream>) {
    let server = WireServer::scripted([script]).await;
    let response = client().stream(get(&server.url())).await.unwrap();
    (server, response)
}

#[tokio::test]
async fn chunked_bodies_are_joined() {
    let script = Script::new()
        .expect_any()
        .stream_head(&[])
        .chunk("a")
        .chunk("bc")
        .chunk("d")
        .last_chunk();
    let trickled = Script::new()
        .expect_any()
        .trickle("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nab\r\n2\r\ncd\r\n0\r\nt: v\r\n\r\n");
    let until_the_end = Script::new()
        .expect_any()
        .head(200, &[])
        .raw("ab")
        .raw("cd")
        .close();
    let server = WireServer::scripted([script, trickled, until_the_end]).await;
    let client = plain().max_idle_connections(0).build().unwrap();
    for _ in 0..3 {
        let response = client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
        assert_eq!(response.body(), "abcd");
    }
    server.finished().await;
}

#[tokio::test]
async fn a_body_that_breaks_off_is_interrupted_and_never_taken_for_whole() {
    let cut_length = Script::new()
        .expect_any()
        .head(200, &[("content-length", "10")])
        .raw("half")
        .close();
    let server = WireServer::scripted([
        cut_length.clone(),
        Script::new()
            .expect_any()
            .head(200, &[("content-length", "10")])
            .raw("half")
            .reset(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("whole")
            .raw("a\r\nhalf")
            .close(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("whole")
            .close(),
    ])
    .await;
    for case in [
        "length, closed",
        "length, reset",
        "inside a chunk",
        "between chunks",
    ] {
        let error = client()
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::Interrupted,
            "{case}: {error:?}"
        );
        assert!(error.origin().is_some());
    }
    server.finished().await;
}

#[tokio::test]
async fn broken_chunk_framing_is_a_protocol_error() {
    for bad in ["zz\r\nab\r\n", "ffffffffffffffffff\r\n", "2\r\nabXX"] {
        let script = Script::new()
            .expect_any()
            .stream_head(&[])
            .raw(bad)
            .await_hang_up();
        let server = WireServer::scripted([script]).await;
        let error = client()
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(
            error.kind(),
            TransportErrorKind::Protocol,
            "{bad:?}: {error:?}"
        );
        server.finished().await;
    }
}

#[tokio::test]
async fn the_size_limit_holds_announced_or_not() {
    let endless = "x".repeat(1000);
    let server = WireServer::scripted([
        // Announced: refused at the head, whether or not it ever comes.
        Script::new()
            .expect_any()
            .head(200, &[("content-length", "11")])
            .await_hang_up(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("12345")
            .chunk("123456")
            .await_hang_up(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk(&endless)
            .await_hang_up(),
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("12345")
            .chunk("12345")
            .last_chunk(),
        Script::new().expect_any().respond(200, "1234567890"),
    ])
    .await;
    let client = plain()
        .max_body_bytes(10)
        .max_idle_connections(0)
        .build()
        .unwrap();
    for _ in 0..3 {
        let error = client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::BodyTooLarge { limit: 10 });
        assert!(!error.is_retryable());
    }
    for _ in 0..2 {
        let response = client
            .request(get(&server.url()), CallOptions::default())
            .await
            .unwrap();
        assert_eq!(response.body().len(), 10);
    }
    // The connections of refused bodies were closed: their scripts ended.
    server.finished().await;
}

#[tokio::test]
async fn a_stream_gives_each_piece_as_it_arrives() {
    let (first_read, ended) = (Gate::new(), Gate::new());
    let script = Script::new()
        .expect_any()
        .stream_head(&[("content-type", "application/x-ndjson")])
        .chunk("first\n")
        .wait(&first_read)
        .chunk("second\n")
        .wait(&ended)
        .last_chunk();
    let (server, response) = stream_of(script).await;
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let mut body = response.into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "first\n");
    first_read.open();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "second\n");
    ended.open();
    assert!(body.chunk().await.is_none());
    assert!(body.chunk().await.is_none());
    server.finished().await;
}

#[tokio::test]
async fn a_stream_that_breaks_off_fails_once_and_then_is_over() {
    let (server, response) = stream_of(
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("whole")
            .raw("9\r\nhalf")
            .close(),
    )
    .await;
    let mut body = response.into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "whole");
    let mut last = body.chunk().await;
    if let Some(Ok(half)) = last {
        assert_eq!(half, "half");
        last = body.chunk().await;
    }
    assert_eq!(
        last.unwrap().unwrap_err().kind(),
        TransportErrorKind::Interrupted
    );
    assert!(body.chunk().await.is_none());
    server.finished().await;
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let (server, response) = stream_of(
        Script::new()
            .expect_any()
            .stream_head(&[])
            .chunk("x")
            .await_hang_up(),
    )
    .await;
    drop(response);
    server.finished().await;
}

#[tokio::test]
async fn an_excerpt_is_what_came_up_to_its_limit() {
    let head = || Script::new().expect_any().stream_head(&[]);
    for (script, limit, expected) in [
        (
            head().chunk("12345").chunk("67890").await_hang_up(),
            7,
            "1234567",
        ),
        (
            head().chunk("12345").chunk("67").last_chunk(),
            100,
            "1234567",
        ),
        (head().chunk("12345").close(), 5, "12345"),
        (
            head().chunk("1234567").raw("zz\r\n").close(),
            100,
            "1234567",
        ),
        (head().await_hang_up(), 0, ""),
    ] {
        let (_server, response) = stream_of(script).await;
        assert_eq!(
            response.into_body().excerpt(limit).await,
            Bytes::from(expected),
            "{limit}"
        );
    }
}
