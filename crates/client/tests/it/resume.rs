//! Connections that break, and what follows.

use std::time::Duration;

use event_streamer_client::{ErrorKind, Lifecycle, StreamEnd};
use event_streamer_testkit::{Gate, Reply, Routes, Script, StreamLines, WireServer, event, token};
use tokio::time::Instant;

use crate::harness::*;

/// The second connection of every test here: the rest, and the end.
fn rest() -> Script {
    let mut lines = StreamLines::new(7, "c2");
    stream_head("c2")
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk()
}

/// Plays a first connection that breaks after one batch, then the rest. What is handled is each event
/// once, and the second connection begins behind the first event.
async fn breaks_and_resumes(first: Script) -> Errors {
    let routes = Routes::new().once(STREAM, first).once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (11, 0)]);
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
    assert_eq!(stream.current_resume_token().unwrap().as_str(), "rt_end");
    assert_eq!(stream.stats().reconnects, 1);
    let all: Vec<String> = acked(&server).concat();
    assert_eq!(all, ["c1-batch-1", "c2-batch-1"]);
    errors
}

fn one_batch() -> (Script, StreamLines) {
    let mut lines = StreamLines::new(7, "c1");
    let script = stream_head("c1").chunk(lines.batch(&[event(10, 0)]));
    (script, lines)
}

#[tokio::test(start_paused = true)]
async fn a_reset_in_mid_line_resumes_behind_the_last_handled_batch() {
    let (script, mut lines) = one_batch();
    let half = lines.batch(&[event(11, 0)]);
    let read = Gate::new();
    let script = script
        .chunk(&half[..half.len() / 2])
        .delay(Duration::from_secs(1))
        .signal(&read);
    let errors = breaks_and_resumes(script.reset()).await;
    assert!(read.is_open());
    assert_eq!(errors.codes(), ["CONNECTION_LOST"]);
}

#[tokio::test(start_paused = true)]
async fn a_line_cut_by_a_clean_end_resumes_too() {
    let (script, mut lines) = one_batch();
    let half = lines.batch(&[event(11, 0)]);
    let errors = breaks_and_resumes(script.chunk(&half[..40]).last_chunk()).await;
    assert!(
        errors.texts()[0].contains("inside the line"),
        "{:?}",
        errors.texts()
    );
}

#[tokio::test(start_paused = true)]
async fn a_clean_end_in_mid_stream_is_no_end_of_the_subscription() {
    let (script, _) = one_batch();
    let errors = breaks_and_resumes(script.last_chunk()).await;
    assert_eq!(errors.codes(), ["CONNECTION_LOST"]);
}

#[tokio::test(start_paused = true)]
async fn the_services_shutdown_is_reported_and_resumed() {
    let (script, lines) = one_batch();
    let goodbye = lines.error("SERVER_SHUTDOWN", "going down", true);
    let errors = breaks_and_resumes(script.chunk(goodbye).last_chunk()).await;
    assert_eq!(errors.codes(), ["SERVER_SHUTDOWN", "CONNECTION_LOST"]);
}

#[tokio::test(start_paused = true)]
async fn broken_chunks_are_resumed() {
    for garbage in ["zz\r\n", "ffffffffffffffffff\r\n", "10\r\n{\"type\""] {
        let (script, _) = one_batch();
        let second = Duration::from_secs(1);
        breaks_and_resumes(script.raw(garbage).delay(second).close()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn lines_come_in_whatever_pieces() {
    let mut lines = StreamLines::new(7, "c1");
    let mut text = b"\r\n".to_vec();
    text.extend(lines.batch(&[event(10, 0), event(10, 1)]));
    text.extend(b"  \n");
    text.extend(lines.heartbeat());
    text.extend(lines.complete(2, "rt_end"));
    let mut script = stream_head("c1");
    for piece in text.chunks(7) {
        script = script.chunk(piece);
    }
    let routes = Routes::new().once(STREAM, script.last_chunk());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (10, 1)]);
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_fault_and_heartbeats_are_not_silence() {
    let (script, lines) = one_batch();
    let minute = Duration::from_secs(60);
    let script = script
        .delay(minute)
        .chunk(lines.heartbeat())
        .delay(minute)
        .chunk(lines.heartbeat())
        .await_hang_up();
    let start = Instant::now();
    let errors = breaks_and_resumes(script).await;
    assert_eq!(errors.codes(), ["CONNECTION_LOST"]);
    assert!(
        errors.texts()[0].contains("not a byte for 90 seconds"),
        "{:?}",
        errors.texts()
    );
    assert!(start.elapsed() >= Duration::from_secs(120 + 90));
}

#[tokio::test(start_paused = true)]
async fn delays_grow_until_the_position_moves() {
    let mut routes = Routes::new();
    for _ in 0..8 {
        routes = routes.once(STREAM, Script::new().respond(500, "no"));
    }
    let mut lines = StreamLines::new(7, "c1");
    // Accepted, and broken without having moved: no reason to be quicker.
    routes = routes.once(
        STREAM,
        stream_head("c1").chunk(lines.heartbeat()).last_chunk(),
    );
    let with_event = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .last_chunk();
    let routes = routes.once(STREAM, with_event).once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let (told, mut delays) = tokio::sync::mpsc::unbounded_channel();
    let mut stream = streaming(&server, options());
    stream
        .on_all_events(Seen::new().handler())
        .on_lifecycle(move |turn| {
            if let Lifecycle::Reconnecting { attempt, delay, .. } = turn {
                told.send((attempt, delay)).unwrap();
            }
            std::future::ready(())
        });
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    let delays: Vec<(u32, Duration)> = std::iter::from_fn(|| delays.try_recv().ok()).collect();
    let attempts: Vec<u32> = delays.iter().map(|(attempt, _)| *attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]);
    let growing: Vec<Duration> = delays[..9].iter().map(|(_, delay)| *delay).collect();
    assert!(
        growing.is_sorted() && growing[8] == Duration::from_secs(10),
        "{growing:?}"
    );
    assert!(delays[9].1 < Duration::from_secs(1), "{delays:?}");
    let waited: Duration = delays.iter().map(|(_, delay)| *delay).sum();
    assert!(start.elapsed() >= waited);
}

#[tokio::test(start_paused = true)]
async fn after_the_last_fault_delivery_resumes_within_thirty_seconds() {
    let mut routes = Routes::new();
    for _ in 0..40 {
        routes = routes.once(STREAM, Script::new().reset());
    }
    let healed = Gate::new();
    let last = Script::new().signal(&healed).reset();
    let server =
        WireServer::routed(agreeable(routes.once(STREAM, last).once(STREAM, rest()))).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    healed.wait().await;
    let start = Instant::now();
    seen.next(1).await;
    assert!(
        start.elapsed() <= Duration::from_secs(30),
        "{:?}",
        start.elapsed()
    );
    stream.finished().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_new_connection_waits_for_the_handler_and_begins_behind_it() {
    let mut lines = StreamLines::new(7, "c1");
    let first = stream_head("c1")
        .chunk(lines.batch(&[event(9, 0)]))
        .chunk(lines.batch(&[event(10, 0)]))
        .last_chunk();
    let routes = Routes::new().once(STREAM, first).once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let (inside, go) = (Gate::new(), Gate::new());
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options());
    stream.on_all_events({
        let (inside, go) = (inside.clone(), go.clone());
        move |events, context| {
            drop(note(events, context));
            let (inside, go) = (inside.clone(), go.clone());
            async move {
                inside.open();
                go.wait().await;
            }
        }
    });
    stream.start_streaming().await.unwrap();
    inside.wait().await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!(tokens(&server), [None]);
    go.open();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(9, 0), (10, 0), (11, 0)]);
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
}

#[tokio::test(start_paused = true)]
async fn a_kept_token_is_sent_percent_encoded() {
    let routes = Routes::new().once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options().with_resume_token("rt_a+b/c=&x#%"));
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    assert_eq!(
        tokens(&server),
        [Some("rt_a%2Bb%2Fc%3D%26x%23%25".to_owned())]
    );
}

#[tokio::test(start_paused = true)]
async fn the_request_says_what_the_client_understands_and_who_it_is() {
    let routes = Routes::new().once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let dialer = server.dialer();
    let client = event_streamer_client::EventStreamer::builder("http://events.test", "tester")
        .bearer_token("s3cret")
        .header("x-team", "payments")
        .with_http(|http| http.dialer(dialer))
        .build()
        .unwrap();
    let metadata = serde_json::json!({"app": "test"})
        .as_object()
        .unwrap()
        .clone();
    let mut stream =
        client.create_streaming_client(subscription(), options().with_client_metadata(metadata));
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    let request = server.request(0).await;
    assert_eq!(request.header("accept"), Some("application/x-ndjson"));
    // Without a handler for rollbacks they are not asked for.
    assert_eq!(
        request.header("x-event-streamer-features"),
        Some("progress,complete,metadata")
    );
    assert_eq!(
        request.header("x-client-metadata"),
        Some(r#"{"app":"test"}"#)
    );
    assert_eq!(request.header("authorization"), Some("Bearer s3cret"));
    assert_eq!(request.header("x-team"), Some("payments"));
    // The acknowledgements go with the same credentials.
    let ack = &server.requests_to(BULK, 1).await[0];
    assert_eq!(ack.header("authorization"), Some("Bearer s3cret"));
    let shown = format!("{stream:?} {client:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn attempts_can_be_bounded() {
    let mut routes = Routes::new();
    for _ in 0..3 {
        routes = routes.once(
            STREAM,
            Script::new().reply(&Reply::new(502, "<html>bad gateway")),
        );
    }
    let server = WireServer::routed(routes).await;
    let policy = event_streamer_client::ReconnectPolicy::default().with_max_attempts(2);
    let mut stream = streaming(&server, options().with_reconnect(policy));
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert!(
        error.to_string().contains("given up after attempt 3"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn over_real_sockets_it_is_the_same() {
    let mut lines = StreamLines::new(7, "c1");
    let half = lines.clone().batch(&[event(10, 0), event(10, 1)]);
    let first = stream_head("c1").chunk(&half[..half.len() / 2]).reset();
    let second = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(lines.batch(&[event(10, 1)]))
        .last_chunk();
    let routes = Routes::new()
        .once(STREAM, first)
        .once(STREAM, second)
        .once(STREAM, rest());
    let server = WireServer::routed(agreeable(routes)).await;
    let client = event_streamer_client::EventStreamer::new(server.url(), "tester").unwrap();
    let soon = Duration::from_millis(1);
    let policy = event_streamer_client::ReconnectPolicy::default().with_delays(soon, soon);
    let mut seen = Seen::new();
    let mut stream =
        client.create_streaming_client(subscription(), options().with_reconnect(policy));
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (10, 1), (11, 0)]);
    assert_eq!(tokens(&server), [None, None, Some(token(10, 1))]);
    let all: Vec<String> = acked(&server).concat();
    assert_eq!(all, ["c1-batch-1", "c1-batch-2", "c2-batch-1"]);
}
