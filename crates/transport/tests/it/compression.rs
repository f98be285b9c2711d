//! Compressed bodies over the wire.

use std::io::Write as _;

use event_streamer_testkit::{Gate, Reply, Script, WireServer};
use event_streamer_transport::{
    CallOptions, Compression, HttpClient, TransportError, TransportErrorKind,
};
use flate2::write::GzEncoder;

use crate::{client, get, plain};

fn compressed() -> HttpClient {
    plain().compression(Compression::On).build().unwrap()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zstd(body: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(body, 1).unwrap()
}

async fn answer_to(
    client: &HttpClient,
    reply: Reply,
) -> Result<http::Response<bytes::Bytes>, TransportError> {
    let server = WireServer::scripted([Script::new().expect_any().reply(&reply)]).await;
    client
        .request(get(&server.url()), CallOptions::default())
        .await
}

#[tokio::test]
async fn whole_bodies_arrive_decompressed_and_without_headers_of_the_other_form() {
    for (encoding, body) in [("gzip", gzip(b"the body")), ("zstd", zstd(b"the body"))] {
        let reply = Reply::new(200, body)
            .with_header("content-encoding", encoding)
            .with_header("etag", "kept");
        let response = answer_to(&compressed(), reply).await.unwrap();
        assert_eq!(response.body(), "the body");
        assert_eq!(response.headers()["etag"], "kept");
        assert!(!response.headers().contains_key("content-encoding"));
        assert!(!response.headers().contains_key("content-length"));
    }
    let empty = Reply::new(204, "").with_header("content-encoding", "gzip");
    assert_eq!(answer_to(&compressed(), empty).await.unwrap().body(), "");
}

#[tokio::test]
async fn compression_is_asked_for_on_calls_and_streams_and_only_where_wanted() {
    for (client, expected) in [(compressed(), Some("zstd, gzip")), (client(), None)] {
        let script = || Script::new().expect_any().respond(200, "");
        let server = WireServer::scripted([script(), script()]).await;
        let request = || get(&server.url());
        client
            .request(request(), CallOptions::default())
            .await
            .unwrap();
        client.stream(request()).await.unwrap();
        for index in 0..2 {
            assert_eq!(
                server.request(index).await.header("accept-encoding"),
                expected
            );
        }
    }
    // Not asked for, a body stays as it is.
    let reply = Reply::new(200, gzip(b"x")).with_header("content-encoding", "gzip");
    let response = answer_to(&client(), reply).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.body()[..], gzip(b"x"));
}

#[tokio::test]
async fn a_flushed_message_is_read_before_the_next_is_sent() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    let mut message = |text: &str| {
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.flush().unwrap();
        std::mem::take(encoder.get_mut())
    };
    let (read, cut) = (Gate::new(), Gate::new());
    let script = Script::new()
        .expect_any()
        .stream_head(&[("content-encoding", "zstd")])
        .chunk(message("first\n"))
        .wait(&read)
        .chunk(message("second\n"))
        .wait(&cut)
        .last_chunk();
    let server = WireServer::scripted([script]).await;
    let mut body = compressed()
        .stream(get(&server.url()))
        .await
        .unwrap()
        .into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "first\n");
    read.open();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "second\n");
    cut.open();
    // HTTP says that it is over, zstd does not: never taken for the end.
    let error = body.chunk().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(error.to_string().contains("in the middle"), "{error}");
    assert!(error.is_retryable());
    assert!(body.chunk().await.is_none());
    server.finished().await;
}

#[tokio::test]
async fn what_cannot_be_decompressed_is_told_clearly() {
    let bomb = gzip(&vec![0; 32 << 20]);
    for (encoding, body, text) in [
        ("br", b"x".to_vec(), "neither zstd nor gzip"),
        ("gzip, gzip", gzip(&gzip(b"x")), "neither zstd nor gzip"),
        ("gzip", b"plain text".to_vec(), "damaged"),
        ("zstd", b"plain text".to_vec(), "damaged"),
        ("gzip", bomb, "more than 200 times"),
    ] {
        let reply = Reply::new(200, body).with_header("content-encoding", encoding);
        let error = answer_to(&compressed(), reply).await.unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::Compression, "{error:?}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(error.origin().is_some() && !error.is_retryable());
    }
}

#[tokio::test]
async fn the_size_limit_counts_what_came_out() {
    let client = plain()
        .compression(Compression::On)
        .max_body_bytes(1_000)
        .build()
        .unwrap();
    for (length, fits) in [(1_000, true), (1_001, false)] {
        let reply =
            Reply::new(200, zstd(&vec![b'x'; length])).with_header("content-encoding", "zstd");
        let answer = answer_to(&client, reply).await;
        match answer {
            Ok(response) => assert!(fits && response.body().len() == length),
            Err(error) => {
                assert!(!fits);
                assert_eq!(
                    error.kind(),
                    TransportErrorKind::BodyTooLarge { limit: 1_000 }
                );
            }
        }
    }
}

#[tokio::test]
async fn the_status_of_a_failure_counts_more_than_its_body() {
    for (encoding, body, expected) in [
        ("gzip", gzip(b"why it failed"), "why it failed"),
        ("br", b"\x0b\x02\x80".to_vec(), "\u{b}\u{2}\u{fffd}"),
        ("gzip", b"no gzip at all".to_vec(), ""),
    ] {
        let reply = Reply::new(503, body).with_header("content-encoding", encoding);
        let response = answer_to(&compressed(), reply).await.unwrap();
        assert_eq!(response.status(), 503);
        assert_eq!(String::from_utf8_lossy(response.body()), expected);
        // Who reads the body can see that it is none to be read.
        assert_eq!(
            response.headers().contains_key("content-encoding"),
            encoding == "br"
        );
    }
}
