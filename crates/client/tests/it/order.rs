//! Batches out of turn, and lines that are no messages.

use event_streamer_client::{ErrorKind, ReconnectPolicy, StreamEnd, StreamingOptions};
use event_streamer_testkit::{Routes, Script, StreamLines, WireServer, event, token};
use serde_json::json;

use crate::harness::*;

/// Batches 1, 2, 3 .. of a connection: one event each, in blocks from 10 on.
fn batches(connection: &str, first_block: u64, count: u64) -> Vec<Vec<u8>> {
    let mut lines = StreamLines::new(7, connection);
    (0..count)
        .map(|n| lines.batch(&[event(first_block + n, 0)]))
        .collect()
}

fn end() -> Vec<u8> {
    StreamLines::new(7, "c").complete(9, "rt_end")
}

fn connection(name: &str, lines: &[&[u8]]) -> Script {
    let head = stream_head(name);
    lines.iter().fold(head, Script::chunk)
}

/// Runs to the end; answers what was handled, where connections began, what was acknowledged.
async fn run(
    connections: Vec<Script>,
) -> (Vec<(u64, u32)>, Vec<Option<String>>, Vec<String>, Errors) {
    let routes = connections
        .into_iter()
        .fold(Routes::new(), |routes, script| routes.once(STREAM, script));
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    server.finished().await;
    (seen.all(), tokens(&server), acked(&server).concat(), errors)
}

#[tokio::test(start_paused = true)]
async fn a_batch_twice_is_handled_once_and_acknowledged_twice() {
    let b = batches("c1", 10, 2);
    let script = connection("c1", &[&b[0], &b[0], &b[1], &b[0], &end()]).last_chunk();
    let (seen, tokens, acked, errors) = run(vec![script]).await;
    assert_eq!(seen, [(10, 0), (11, 0)]);
    assert_eq!(tokens, [None]);
    let mut acked = acked;
    acked.sort();
    assert_eq!(
        acked,
        ["c1-batch-1", "c1-batch-1", "c1-batch-1", "c1-batch-2"]
    );
    assert!(errors.codes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_gap_reconnects_from_the_position_and_nothing_is_lost() {
    let b = batches("c1", 10, 3);
    let c = batches("c2", 11, 2);
    let broken = connection("c1", &[&b[0], &b[2]]).await_hang_up();
    let healed = connection("c2", &[&c[0], &c[1], &end()]).last_chunk();
    let (seen, tokens, _, errors) = run(vec![broken, healed]).await;
    assert_eq!(seen, [(10, 0), (11, 0), (12, 0)]);
    assert_eq!(tokens, [None, Some(token(10, 0))]);
    assert_eq!(errors.codes(), ["STREAM_ERROR"]);
    assert!(
        errors.texts()[0].contains("batch 3 came where batch 2 was due"),
        "{:?}",
        errors.texts()
    );
}

#[tokio::test(start_paused = true)]
async fn untrustworthy_batches_reconnect() {
    let b = batches("c1", 10, 2);
    for (bad, text) in [
        (
            with(&b[1], "batch_size", json!(7)),
            "a batch of 7 events holds 1",
        ),
        (with(&b[1], "subscription_id", json!(8)), "subscription 8"),
        (
            with(&with(&b[1], "sequence", json!(1)), "batch_id", json!("x")),
            "behind its turn",
        ),
        (
            b"{\"type\":\"event_batch\",\"events\":{\"T\":[{\"v\":NaN}]}}\n".to_vec(),
            "not readable",
        ),
        (b"{\"type\":\"event_batch\"}\n".to_vec(), "no `events`"),
        (b"\xff\xfe\n".to_vec(), "not readable"),
        (
            b"{\"type\":\"event_batch\",\"events\":{}}}\n".to_vec(),
            "not readable",
        ),
        (
            [b"{\"a\":".repeat(50_000).as_slice(), b"\n"].concat(),
            "not readable",
        ),
    ] {
        let broken = connection("c1", &[&b[0], &bad]).await_hang_up();
        let c = batches("c2", 11, 1);
        let healed = connection("c2", &[&c[0], &end()]).last_chunk();
        let (seen, tokens, _, errors) = run(vec![broken, healed]).await;
        assert_eq!(seen, [(10, 0), (11, 0)]);
        assert_eq!(tokens, [None, Some(token(10, 0))]);
        assert!(errors.texts()[0].contains(text), "{:?}", errors.texts());
    }
}

#[tokio::test(start_paused = true)]
async fn a_service_that_repeats_itself_after_a_break_repeats_nothing_to_the_handler() {
    let b = batches("c1", 10, 2);
    let first = connection("c1", &[&b[0], &b[1]]).last_chunk();
    // As if it had not seen the token; and with other borders between the batches.
    let mut lines = StreamLines::new(7, "c2");
    let again = [
        lines.batch(&[event(10, 0)]),
        lines.batch(&[event(11, 0), event(12, 0)]),
    ];
    let second = connection("c2", &[&again[0], &again[1], &end()]).last_chunk();
    let (seen, _, acked, _) = run(vec![first, second]).await;
    assert_eq!(seen, [(10, 0), (11, 0), (12, 0)]);
    assert_eq!(
        acked,
        ["c1-batch-1", "c1-batch-2", "c2-batch-1", "c2-batch-2"]
    );
}

#[tokio::test(start_paused = true)]
async fn unknown_messages_and_fields_are_no_faults() {
    let b = batches("c1", 10, 1);
    let odd = with(&b[0], "shard", json!({"of": 4}));
    let weather = b"{\"type\":\"weather\",\"events\":7}\n";
    let script = connection("c1", &[weather, &odd, &end()]).last_chunk();
    let (seen, _, _, errors) = run(vec![script]).await;
    assert_eq!(seen, [(10, 0)]);
    assert!(errors.codes().is_empty());
}

/// Plays the same bad line to every connection; the stream ends with an error after so many.
async fn poison(line: &[u8], options: StreamingOptions) -> (event_streamer_client::Error, usize) {
    let line = line.to_vec();
    let routes = Routes::new().answer(STREAM, move |_| {
        let mut lines = StreamLines::new(7, "c1");
        let first = lines.batch(&[event(10, 0)]);
        connection("c1", &[&first, &line]).await_hang_up()
    });
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options);
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(
        seen.all(),
        [(10, 0)],
        "nothing behind the bad line is delivered"
    );
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
    (error, tokens(&server).len())
}

#[tokio::test(start_paused = true)]
async fn a_line_that_stays_bad_is_final_and_never_stepped_over() {
    let (error, connections) = poison(b"{\"type\":\n", options()).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert_eq!(connections, 9);
    let policy = ReconnectPolicy::default().with_max_protocol_faults(2);
    let (error, connections) = poison(b"nonsense\n", options().with_reconnect(policy)).await;
    assert!(
        error.to_string().contains("given up after attempt 3"),
        "{error}"
    );
    assert_eq!(connections, 3);
}

#[tokio::test(start_paused = true)]
async fn a_line_over_the_limit_is_final_with_advice() {
    let long = format!("{{\"type\":\"weather\",\"x\":\"{}\"}}\n", "x".repeat(5_000));
    let policy = ReconnectPolicy::default().with_max_protocol_faults(1);
    let options = options().with_reconnect(policy).with_max_line_bytes(4_096);
    let (error, _) = poison(long.as_bytes(), options).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("limit of 4096 bytes"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn batches_of_older_services_are_taken() {
    let b = batches("c1", 10, 3);
    let bare = without(&b[0], &["batch_id", "sequence", "connection_id"]);
    let named = without(&b[1], &["sequence", "response_id"]);
    let nameless =
        b"{\"type\":\"event_batch\",\"events\":{\"T\":[{\"block_number\":12,\"log_index\":0}]}}\n";
    let script = connection("c1", &[&bare, &named, nameless, &end()]).last_chunk();
    let confirmed =
        event_streamer_testkit::Reply::json(200, &json!({"success": true, "message": "ok"}));
    let routes = Routes::new()
        .once(STREAM, script)
        .always("POST /confirmations", confirmed);
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (11, 0), (12, 0)]);
    let confirmation = server.requests_to("POST /confirmations", 1).await[0].json();
    assert_eq!(
        confirmation,
        json!({"subscription_id": 7, "response_id": "response-1"})
    );
    assert_eq!(acked(&server), [["c1-batch-2"]]);
}
