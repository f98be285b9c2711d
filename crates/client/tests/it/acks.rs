//! Acknowledgements: when, of what, and what follows when they fail.

use std::time::Duration;

use event_streamer_client::{ErrorKind, StreamEnd};
use event_streamer_testkit::{Gate, Reply, Routes, Script, StreamLines, WireServer, event, token};
use serde_json::json;
use tokio::time::Instant;

use crate::harness::*;

/// A stream of so many batches that stays open.
fn open_stream(connection: &str, batches: u64) -> Script {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection);
    let script = (0..batches).fold(head, |script, n| {
        script.chunk(lines.batch(&[event(10 + n, 0)]))
    });
    script.await_hang_up()
}

#[tokio::test(start_paused = true)]
async fn handled_batches_are_acknowledged_together_after_the_interval() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 3)));
    let server = WireServer::routed(routes).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    seen.next(3).await;
    let request = &server.requests_to(BULK, 1).await[0];
    assert_eq!(start.elapsed().as_secs(), 3);
    assert_eq!(
        batch_ids(request),
        ["c1-batch-1", "c1-batch-2", "c1-batch-3"]
    );
    assert_eq!(request.path(), "/subscriptions/7/stream/c1/ack/batch/bulk");
    assert_eq!(request.json()["connection_id"], "c1");
    stream.stop_streaming().await.unwrap();
    assert_eq!(stream.stats().batches_acknowledged, 3);
    assert_eq!(acked(&server).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_go_in_a_request_without_waiting() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 2_500)));
    let server = WireServer::routed(routes).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    seen.next(2_500).await;
    server.requests_to(BULK, 2).await;
    assert!(start.elapsed() < Duration::from_secs(3));
    stream.stop_streaming().await.unwrap();
    let sizes: Vec<usize> = acked(&server).iter().map(Vec::len).collect();
    assert!(sizes.iter().all(|size| *size <= 1_000), "{sizes:?}");
    let mut all: Vec<String> = acked(&server).concat();
    let expected: Vec<String> = (1..=2_500).map(|n| format!("c1-batch-{n}")).collect();
    assert_eq!(all, expected);
    all.dedup();
    assert_eq!(all.len(), 2_500);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_acknowledged_before_it_is_handled() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 2)));
    let server = WireServer::routed(routes).await;
    let (inside, go) = (Gate::new(), Gate::new());
    let mut stream = streaming(&server, options());
    stream.on_all_events({
        let (inside, go) = (inside.clone(), go.clone());
        move |_, context| {
            let (inside, go) = (inside.clone(), go.clone());
            async move {
                if context.batch().sequence() == Some(2) {
                    inside.open();
                    go.wait().await;
                }
            }
        }
    });
    stream.start_streaming().await.unwrap();
    inside.wait().await;
    server.requests_to(BULK, 1).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
    go.open();
    server.requests_to(BULK, 2).await;
    assert_eq!(acked(&server), [["c1-batch-1"], ["c1-batch-2"]]);
    stream.stop_streaming().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn of_a_partial_failure_only_the_failed_are_sent_again() {
    let failing = |request: &event_streamer_testkit::RecordedRequest| {
        Script::new().reply(&bulk_reply(request, &["c1-batch-2"]))
    };
    let mut attempts = 0;
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 3))
        .answer(BULK, move |request| {
            attempts += 1;
            match attempts {
                1 | 2 => failing(request),
                _ => Script::new().reply(&bulk_reply(request, &[])),
            }
        });
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    server.requests_to(BULK, 3).await;
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server)[1..], [["c1-batch-2"], ["c1-batch-2"]]);
    assert_eq!(stream.stats().batches_acknowledged, 3);
    assert_eq!(errors.codes(), ["BATCH_NOT_FOUND"; 2]);
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_for_good_is_carried_by_the_position() {
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 2))
        .once(STREAM, open_stream("c2", 0))
        .answer(BULK, |request| {
            Script::new().reply(&bulk_reply(request, &["c1-batch-1"]))
        });
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let position = server.requests_to(POSITION, 1).await;
    assert_eq!(position[0].json(), json!({"resume_token": token(11, 0)}));
    // Behind a refused batch the service counts no other of the connection.
    server.requests_to(STREAM, 2).await;
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server).len(), 5);
    assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
}

#[tokio::test(start_paused = true)]
async fn refused_without_another_way_a_new_connection_is_opened() {
    let mut last = StreamLines::new(7, "c2");
    let second = stream_head("c2")
        .chunk(last.batch(&[event(12, 0)]))
        .chunk(last.complete(3, "rt_end"))
        .last_chunk();
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 2))
        .once(STREAM, second)
        .answer(BULK, |request| match request.path().contains("/c1/") {
            true => Script::new().reply(&error_reply(400, "NO")),
            false => Script::new().reply(&bulk_reply(request, &[])),
        })
        .always(HEARTBEAT, heartbeat_reply())
        .always(POSITION, Reply::new(404, "Not Found"));
    let server = WireServer::routed(routes).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
    assert_eq!(acked(&server).last().unwrap()[..], ["c2-batch-1"]);
}

#[tokio::test(start_paused = true)]
async fn acknowledgements_of_a_forgotten_connection_are_carried_over() {
    let mut first = StreamLines::new(7, "c1");
    let mut second = StreamLines::new(7, "c2");
    let more = Gate::new();
    let one = stream_head("c1")
        .chunk(first.batch(&[event(10, 0)]))
        .last_chunk();
    let two = stream_head("c2")
        .wait(&more)
        .chunk(second.batch(&[event(11, 0)]))
        .await_hang_up();
    let routes = Routes::new()
        .once(STREAM, one)
        .once(STREAM, two)
        .answer(BULK, |request| match request.path().contains("/c1/") {
            true => Script::new().reply(&error_reply(404, "CONNECTION_NOT_FOUND")),
            false => Script::new().reply(&bulk_reply(request, &[])),
        });
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let position = server.requests_to(POSITION, 1).await;
    assert_eq!(position[0].json(), json!({"resume_token": token(10, 0)}));
    more.open();
    server.requests_to(BULK, 2).await;
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server), [["c1-batch-1"], ["c2-batch-1"]]);
    assert_eq!(
        tokens(&server),
        [None, Some(token(10, 0))],
        "the present connection is not to blame"
    );
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_the_service_forgot_is_opened_again() {
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 1))
        .once(STREAM, open_stream("c2", 0))
        .always(
            BULK,
            Reply::new(404, r#"{"detail":"Connection c1 not found"}"#),
        );
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    server.requests_to(STREAM, 2).await;
    server.requests_to(POSITION, 1).await;
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
    stream.stop_streaming().await.unwrap();
    assert_eq!(errors.codes(), ["CONNECTION_LOST"]);
}

#[tokio::test(start_paused = true)]
async fn failures_are_repeated_later_and_the_answer_that_got_lost_does_no_harm() {
    let answers = [
        Script::new().reply(&error_reply(500, "OOPS")),
        Script::new().reset(),
        Script::new().reply(&error_reply(503, "LATER").with_header("retry-after", "50")),
    ];
    let routes = Routes::new().once(STREAM, open_stream("c1", 2));
    let routes = answers
        .into_iter()
        .fold(routes, |routes, answer| routes.once(BULK, answer));
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    server.requests_to(BULK, 4).await;
    assert!(
        start.elapsed() >= Duration::from_secs(3 + 50),
        "{:?}",
        start.elapsed()
    );
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server), vec![["c1-batch-1", "c1-batch-2"]; 4]);
    assert_eq!(tokens(&server).len(), 1, "the stream itself was well");
    assert_eq!(errors.codes(), ["OOPS", "CONNECTION_LOST", "LATER"]);
}

#[tokio::test(start_paused = true)]
async fn acknowledgements_with_wrong_credentials_end_the_stream() {
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 1))
        .always(BULK, error_reply(401, "UNAUTHORIZED"));
    let server = WireServer::routed(routes).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(acked(&server).len(), 1);
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn stopping_sends_what_is_pending_and_does_not_wait_for_ever() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 5)));
    let server = WireServer::routed(routes).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    seen.next(5).await;
    let start = Instant::now();
    stream.stop_streaming().await.unwrap();
    assert!(start.elapsed() < Duration::from_secs(1));
    assert_eq!(acked(&server).concat().len(), 5);

    let silent = Routes::new()
        .once(STREAM, open_stream("c1", 1))
        .answer(BULK, |_| Script::new().await_hang_up());
    let server = WireServer::routed(silent).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    seen.next(1).await;
    let start = Instant::now();
    let error = stream.stop_streaming().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn without_auto_acknowledge_nothing_is_sent_but_what_is_asked_for() {
    let single = "POST /subscriptions/7/stream/*/ack/batch";
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 3))
        .answer(single, |request| {
            let id = request.json()["batch_id"].clone();
            Script::new().reply(&Reply::json(200, &json!({
                "acknowledged": true, "batch_id": id, "events_acknowledged": 1, "connection_id": "c1",
                "timestamp": "2024-05-23T10:30:00.000Z",
            })))
        });
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options().with_auto_acknowledge(false));
    stream.on_all_events(move |events, context| {
        drop(note(events, context.clone()));
        async move {
            if context.batch().sequence() == Some(1) {
                context.acknowledge().await?;
            }
            Ok::<_, event_streamer_client::Error>(())
        }
    });
    stream.start_streaming().await.unwrap();
    seen.next(3).await;
    assert_eq!(stream.connection_id().unwrap().as_str(), "c1");
    let answer = stream.acknowledge_batch("c1-batch-2").await.unwrap();
    assert_eq!(answer.batch_id.unwrap().as_str(), "c1-batch-2");
    let ids: Vec<String> = (0..2_100).map(|n| format!("b{n}")).collect();
    let answer = stream.acknowledge_batch_bulk(ids).await.unwrap();
    assert_eq!(
        (answer.total_batches, answer.acknowledged_batches),
        (2_100, 2_100)
    );
    let none = stream
        .acknowledge_batch_bulk(Vec::<String>::new())
        .await
        .unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Validation);
    stream.stop_streaming().await.unwrap();
    let singles = server.requests_to(single, 2).await;
    assert_eq!(singles[0].json(), json!({"batch_id": "c1-batch-1"}));
    let sizes: Vec<usize> = acked(&server).iter().map(Vec::len).collect();
    assert_eq!(sizes, [1_000, 1_000, 100]);
    let error = stream.acknowledge_batch("c1-batch-3").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection, "no stream is open");
}
