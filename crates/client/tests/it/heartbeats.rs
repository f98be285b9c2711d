//! The client's own heartbeats.

use std::time::Duration;

use event_streamer_testkit::{Reply, Routes, Script, StreamLines, WireServer, event, token};
use tokio::time::Instant;

use crate::harness::*;

/// A stream that is silent but for the service's heartbeats.
fn quiet_stream(connection: &str) -> Script {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection).chunk(lines.batch(&[event(10, 0)]));
    let beat = Duration::from_secs(30);
    let script = (0..100).fold(head, |script, _| {
        script.delay(beat).chunk(lines.heartbeat())
    });
    script.await_hang_up()
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_goes_out_every_thirty_seconds() {
    let routes = agreeable(Routes::new().once(STREAM, quiet_stream("conn_ü/1")));
    let server = WireServer::routed(routes).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    let beats = server.requests_to(HEARTBEAT, 3).await;
    assert_eq!(start.elapsed().as_secs(), 90);
    let numbers: Vec<u64> = beats
        .iter()
        .map(|beat| beat.json()["sequence_number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(
        beats[0].json()["timestamp"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    assert!(stream.send_heartbeat().await.unwrap().acknowledged);
    stream.stop_streaming().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_connection_unknown_to_the_service_is_opened_again() {
    let routes = Routes::new()
        .once(STREAM, quiet_stream("c1"))
        .once(STREAM, quiet_stream("c2"))
        .once(
            HEARTBEAT,
            Script::new().reply(&error_reply(404, "CONNECTION_NOT_FOUND")),
        );
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    let beats = server.requests_to(HEARTBEAT, 2).await;
    assert_eq!(beats[1].path(), "/stream/c2/heartbeat");
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
    assert_eq!(errors.codes(), ["CONNECTION_LOST"]);
    stream.stop_streaming().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn failed_and_slow_heartbeats_are_reported_and_go_on() {
    let routes = Routes::new()
        .once(STREAM, quiet_stream("c1"))
        .once(HEARTBEAT, Script::new().reply(&Reply::new(500, "oops")))
        .once(HEARTBEAT, Script::new().await_hang_up());
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    server.requests_to(HEARTBEAT, 4).await;
    assert_eq!(errors.codes(), ["STREAM_ERROR", "CONNECTION_LOST"]);
    assert_eq!(tokens(&server).len(), 1);
    stream.stop_streaming().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_interval_is_a_setting_and_wrong_credentials_are_final() {
    let routes = Routes::new()
        .once(STREAM, quiet_stream("c1"))
        .always(HEARTBEAT, error_reply(403, "FORBIDDEN"));
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(
        &server,
        options().with_heartbeat_interval(Duration::from_secs(5)),
    );
    stream.on_all_events(Seen::new().handler());
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(start.elapsed().as_secs(), 5);
}
