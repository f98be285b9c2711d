//! The settings of a client, as they show on the wire.

use std::io::Write as _;
use std::time::Duration;

use event_streamer_client::{
    Compression, ErrorKind, EventStreamer, EventStreamerBuilder, StreamEnd,
};
use event_streamer_testkit::{Reply, Routes, Script, StreamLines, WireServer, event};
use tokio::time::Instant;

use crate::harness::*;

const HEALTHY: &str = r#"{"status":"healthy"}"#;

fn builder(server: &WireServer) -> EventStreamerBuilder {
    let dialer = server.dialer();
    EventStreamer::builder("http://events.test", "tester")
        .retry_policy(event_streamer_client::RetryPolicy::never())
        .with_http(|http| http.dialer(dialer))
}

/// Lines, each compressed and flushed, as chunks of a stream's answer; then the end of all.
fn compressed(lines: &[Vec<u8>]) -> Script {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    let head = Script::new().stream_head(&[
        ("content-type", "application/x-ndjson; charset=utf-8"),
        ("content-encoding", "zstd"),
        ("x-connection-id", "c1"),
    ]);
    let script = lines.iter().fold(head, |script, line| {
        encoder.write_all(line).unwrap();
        encoder.flush().unwrap();
        script.chunk(std::mem::take(encoder.get_mut()))
    });
    script.chunk(encoder.finish().unwrap()).last_chunk()
}

#[tokio::test(start_paused = true)]
async fn streams_are_asked_for_compressed_with_the_credentials_of_every_call() {
    let mut lines = StreamLines::new(7, "c1");
    let lines: Vec<Vec<u8>> = vec![
        lines.batch(&[event(10, 0)]),
        lines.batch(&[event(11, 0)]),
        lines.complete(2, "rt_end"),
    ];
    let server =
        WireServer::routed(agreeable(Routes::new().once(STREAM, compressed(&lines)))).await;
    let client = builder(&server)
        .api_key("s3cret")
        .header("x-tenant", "blue")
        .build()
        .unwrap();
    let mut seen = Seen::new();
    let mut stream = client.create_streaming_client(subscription(), options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (11, 0)]);
    for request in server.requests() {
        assert_eq!(request.header("x-api-key"), Some("s3cret"), "{request}");
        assert_eq!(request.header("x-tenant"), Some("blue"), "{request}");
        assert_eq!(
            request.header("accept-encoding"),
            Some("zstd, gzip"),
            "{request}"
        );
    }
    assert_eq!(
        server.requests()[0].header("accept"),
        Some("application/x-ndjson")
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_a_bomb_or_damaged_is_tried_again_a_bounded_number_of_times() {
    let head = |encoding| {
        Script::new().stream_head(&[("content-encoding", encoding), ("x-connection-id", "c1")])
    };
    let bomb = zstd::stream::encode_all(&vec![b' '; 32 << 20][..], 1).unwrap();
    for script in [
        head("zstd").chunk(bomb),
        head("gzip").chunk("no gzip"),
        head("gzip, gzip"),
    ] {
        let script = script.await_hang_up();
        let routes = Routes::new().answer(STREAM, move |_| script.clone());
        let server = WireServer::routed(agreeable(routes)).await;
        let mut stream = streaming(&server, options());
        stream.on_all_events(Seen::new().handler());
        stream.start_streaming().await.unwrap();
        let error = stream.finished().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert_eq!(server.requests().len(), 9, "the first and 8 repeats");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_of_another_type_is_not_read_as_a_stream() {
    for (media, taken) in [
        ("application/x-ndjson", true),
        ("Application/JSON; charset=utf-8", true),
        ("text/plain", true),
        ("text/event-stream", false),
        ("image/png", false),
        ("application/xml", false),
    ] {
        let lines = StreamLines::new(7, "c1");
        let stream = Script::new()
            .stream_head(&[("content-type", media)])
            .chunk(lines.complete(0, "rt_end"))
            .last_chunk();
        let ends = StreamLines::new(7, "c2");
        let then = stream_head("c2")
            .chunk(ends.complete(0, "rt_end"))
            .last_chunk();
        let routes = Routes::new().once(STREAM, stream).once(STREAM, then);
        let server = WireServer::routed(agreeable(routes)).await;
        let errors = Errors::default();
        let mut stream = streaming(&server, options());
        stream.on_all_events(Seen::new().handler());
        errors.listen(&mut stream);
        stream.start_streaming().await.unwrap();
        stream.finished().await.unwrap();
        assert_eq!(errors.codes().is_empty(), taken, "{media}");
        if !taken {
            let text = errors.texts().remove(0);
            assert!(
                text.contains(media) && text.contains("application/x-ndjson"),
                "{text}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn compression_can_be_left_out() {
    let server = WireServer::answering("GET /health", HEALTHY).await;
    let client = builder(&server)
        .compression(Compression::Off)
        .build()
        .unwrap();
    assert!(client.health_check().await);
    assert_eq!(server.request(0).await.header("accept-encoding"), None);
}

#[tokio::test(start_paused = true)]
async fn each_time_limit_is_its_own() {
    let silent = || Script::new().await_hang_up();
    let half = || {
        Script::new()
            .head(200, &[("content-length", "20")])
            .raw("{")
            .await_hang_up()
    };
    let seconds = Duration::from_secs;
    for (script, change, expected) in [
        (
            silent(),
            (|b| b.response_timeout(Duration::from_secs(3))) as fn(EventStreamerBuilder) -> _,
            seconds(3),
        ),
        (
            half(),
            |b| b.idle_timeout(Duration::from_secs(4)),
            seconds(4),
        ),
        (half(), |b| b.timeout(Duration::from_secs(5)), seconds(5)),
    ] {
        let server = WireServer::routed(Routes::new().once("GET /health", script)).await;
        let client = change(builder(&server)).build().unwrap();
        let start = Instant::now();
        let error = client.get_health().await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        assert_eq!(start.elapsed().as_secs(), expected.as_secs());
    }
    let never = EventStreamer::builder("http://events.test", "tester")
        .connect_timeout(seconds(2))
        .retry_policy(event_streamer_client::RetryPolicy::never())
        .with_http(|http| {
            http.dialer(|_| std::future::pending::<std::io::Result<tokio::io::DuplexStream>>())
        })
        .build()
        .unwrap();
    let start = Instant::now();
    assert!(never.get_health().await.unwrap_err().is_timeout());
    assert_eq!(start.elapsed().as_secs(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_proxy_is_asked_in_the_services_place() {
    let server = WireServer::answering("GET http://events.test/health", HEALTHY).await;
    let client = builder(&server)
        .proxy("http://me:s3cret@proxy.test:3128")
        .build()
        .unwrap();
    assert!(client.health_check().await);
    let request = server.request(0).await;
    assert_eq!(request.target, "http://events.test/health");
    assert_eq!(
        request.header("proxy-authorization"),
        Some("Basic bWU6czNjcmV0")
    );
    assert!(!format!("{client:?}").contains("s3cret"));
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_free_connection() {
    let stream = stream_head("c1").await_hang_up();
    let routes = Routes::new()
        .once(STREAM, stream)
        .always("GET /health", Reply::new(200, HEALTHY));
    let server = WireServer::routed(routes).await;
    let client = builder(&server).max_connections(1).build().unwrap();
    let mut stream = client.create_streaming_client(subscription(), options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    server.requests_to(STREAM, 1).await;
    let error = client.get_health().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(
        error.to_string().contains("connections are in use"),
        "{error}"
    );
    drop(stream);
    assert!(client.health_check().await);
}

#[test]
fn unusable_settings_say_what_is_wrong_and_hold_no_secret() {
    let builder = || EventStreamer::builder("https://events.test", "tester");
    let key = "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n";
    for (builder, text) in [
        (
            builder().root_certificates_pem("s3cret"),
            "root certificate PEM holds no CERTIFICATE",
        ),
        (
            builder().client_certificate_pem(key, key),
            "client certificate PEM holds no CERTIFICATE",
        ),
        (
            builder().proxy("socks5://s3cret:1080"),
            "proxy is not of the form http://host:port",
        ),
        (builder().header("x-key", "s3cret\n"), "x-key"),
        (builder().bearer_token("s3cret\n"), "credentials"),
    ] {
        assert!(!format!("{builder:?}").contains("s3cret"));
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.to_string().contains(text), "{error}");
        assert!(
            !format!("{error} {error:?}").contains("s3cret"),
            "{error:?}"
        );
    }
}
