//! Handlers: what they are given, and what follows when they fail.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{
    BatchContext, ErrorKind, Events, HandlerPolicy, StreamEnd, StreamingClient, StreamingOptions,
    UnhandledEvents,
};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};
use serde_json::json;
use tokio::time::Instant;

use crate::harness::*;

/// One stream of these lines that then ends.
async fn server_of(lines: &[&[u8]]) -> WireServer {
    let head = stream_head("c1");
    let script = lines.iter().fold(head, Script::chunk);
    let end = StreamLines::new(7, "c1").complete(9, "rt_end");
    let routes = Routes::new().once(STREAM, script.chunk(end).last_chunk());
    WireServer::routed(agreeable(routes)).await
}

/// Two batches of one event each.
async fn two_batches() -> WireServer {
    let mut lines = StreamLines::new(7, "c1");
    let (one, two) = (lines.batch(&[event(10, 0)]), lines.batch(&[event(11, 0)]));
    server_of(&[&one, &two]).await
}

type Log = Arc<Mutex<Vec<String>>>;

fn log() -> Log {
    Arc::default()
}

fn entries(log: &Log) -> Vec<String> {
    log.lock().unwrap().clone()
}

/// A handler that writes its name and the places of its events, and succeeds.
fn writes(
    name: &'static str,
    log: &Log,
) -> impl Fn(Events, BatchContext) -> std::future::Ready<()> + Send + Sync + 'static {
    let log = Arc::clone(log);
    move |events, _| {
        let text = format!("{name} {:?}", places(&events));
        log.lock().unwrap().push(text);
        std::future::ready(())
    }
}

async fn to_the_end(stream: &StreamingClient) {
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
}

/// A batch of two names whose events alternate on the chain.
fn two_names() -> Vec<u8> {
    let line = StreamLines::new(7, "c1").batch(&[event(10, 0), event(10, 2)]);
    let line = with(&line, "batch_size", json!(3));
    let mut value: serde_json::Value = serde_json::from_slice(&line).unwrap();
    value["events"]["Approval"] = json!([event(10, 1)]);
    with(&line, "events", value["events"].clone())
}

#[tokio::test(start_paused = true)]
async fn each_name_has_its_handler_and_all_events_go_to_the_other_too() {
    let server = server_of(&[&two_names()]).await;
    let log = log();
    let mut stream = streaming(&server, options());
    stream
        .on_event("Transfer", writes("transfer", &log))
        .on_event("Approval", writes("approval", &log))
        .on_all_events(writes("all", &log));
    to_the_end(&stream).await;
    assert_eq!(
        entries(&log),
        [
            "transfer [(10, 0), (10, 2)]",
            "approval [(10, 1)]",
            "all [(10, 0), (10, 1), (10, 2)]"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_context_tells_the_batch_and_the_position() {
    let server = two_batches().await;
    let (told, mut contexts) = tokio::sync::mpsc::unbounded_channel();
    let mut stream = streaming(&server, options());
    stream.on_all_events(move |_, context: BatchContext| {
        told.send(context).unwrap();
        std::future::ready(())
    });
    to_the_end(&stream).await;
    let context = contexts.recv().await.unwrap();
    assert_eq!(context.batch_id().unwrap().as_str(), "c1-batch-1");
    assert_eq!(context.resume_token().unwrap().as_str(), token(10, 0));
    assert_eq!((context.attempt(), context.batch().len()), (1, 1));
    let shown = format!("{context:?} {stream:?}");
    assert!(
        !shown.contains("0x1111") && !shown.contains("rt_"),
        "{shown}"
    );
}

#[tokio::test(start_paused = true)]
async fn events_without_a_handler_stop_the_stream_before_the_batch() {
    let mut lines = StreamLines::new(7, "c1");
    let known = lines.batch(&[event(10, 0)]);
    let unknown = lines.batch_of("$undecoded", &[event(11, 0)]);
    let server = server_of(&[&known, &unknown]).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_event("Transfer", seen.handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    assert!(error.to_string().contains("`$undecoded`"), "{error}");
    assert_eq!(seen.all(), [(10, 0)]);
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn events_without_a_handler_can_be_ignored() {
    let server = server_of(&[&two_names()]).await;
    let mut seen = Seen::new();
    let mut stream = streaming(
        &server,
        options().with_unhandled_events(UnhandledEvents::Ignore),
    );
    stream.on_event("Approval", seen.handler());
    to_the_end(&stream).await;
    assert_eq!(seen.all(), [(10, 1)]);
    assert_eq!(stream.stats().events_ignored, 2);
    assert_eq!(acked(&server), [["c1-batch-1"]]);
}

/// A handler that fails `times` times in the way of `fail`, then succeeds.
fn fails<F>(
    times: u32,
    calls: &Arc<AtomicU32>,
    fail: F,
) -> impl Fn(Events, BatchContext) -> std::future::Ready<Result<(), std::io::Error>>
+ Send
+ Sync
+ 'static
where
    F: Fn() -> std::io::Error + Send + Sync + 'static,
{
    let calls = Arc::clone(calls);
    move |_, context| {
        let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
        std::future::ready(if call <= times {
            assert_eq!(context.attempt(), call);
            Err(fail())
        } else {
            Ok(())
        })
    }
}

fn disk_full() -> std::io::Error {
    std::io::Error::other("disk full")
}

#[tokio::test(start_paused = true)]
async fn a_failed_handler_is_called_again_and_the_others_are_not() {
    let server = two_batches().await;
    let (log, calls, errors) = (log(), Arc::default(), Errors::default());
    let mut stream = streaming(&server, options());
    stream
        .on_event("Transfer", writes("transfer", &log))
        .on_all_events(fails(2, &calls, disk_full));
    errors.listen(&mut stream);
    let start = Instant::now();
    to_the_end(&stream).await;
    assert_eq!(entries(&log), ["transfer [(10, 0)]", "transfer [(11, 0)]"]);
    assert_eq!(calls.load(Ordering::SeqCst), 2 + 1 + 1);
    assert!(start.elapsed() >= Duration::from_millis(200 + 400));
    assert_eq!(errors.codes(), ["STREAM_ERROR"; 2]);
    assert!(
        errors.texts()[1].contains("all events failed in attempt 2"),
        "{:?}",
        errors.texts()
    );
    assert_eq!(stream.stats().handler_failures, 2);
    assert_eq!(acked(&server).concat(), ["c1-batch-1", "c1-batch-2"]);
}

/// Fails for good at the first batch; started again, the same batch comes again.
async fn stops_and_starts_again<F, Fut>(
    options: StreamingOptions,
    fail: F,
) -> event_streamer_client::Error
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), std::io::Error>> + Send + 'static,
{
    let script = |connection| {
        let mut lines = StreamLines::new(7, connection);
        stream_head(connection)
            .chunk(lines.batch(&[event(10, 0)]))
            .chunk(lines.batch(&[event(11, 0)]))
            .chunk(lines.complete(2, "rt_end"))
            .last_chunk()
    };
    let routes = Routes::new()
        .once(STREAM, script("c1"))
        .once(STREAM, script("c2"));
    let server = WireServer::routed(agreeable(routes)).await;
    let (broken, calls) = (Arc::new(Mutex::new(true)), Arc::new(AtomicU32::new(0)));
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options);
    stream.on_all_events({
        let (broken, calls) = (Arc::clone(&broken), Arc::clone(&calls));
        let fail = Arc::new(fail);
        move |events, context| {
            calls.fetch_add(1, Ordering::SeqCst);
            let failing = *broken.lock().unwrap();
            if !failing {
                drop(note(events, context));
            }
            let fail = Arc::clone(&fail);
            async move { if failing { fail().await } else { Ok(()) } }
        }
    });
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    assert_eq!(calls.load(Ordering::SeqCst), 5);
    assert_eq!(stream.current_resume_token(), None);
    assert!(acked(&server).is_empty());

    *broken.lock().unwrap() = false;
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (11, 0)]);
    assert_eq!(tokens(&server), [None, None]);
    assert_eq!(acked(&server).concat(), ["c2-batch-1", "c2-batch-2"]);
    error
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_keeps_failing_stops_the_stream_with_its_error() {
    let error = stops_and_starts_again(options(), || std::future::ready(Err(disk_full()))).await;
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), "disk full");
    assert!(
        !error.to_string().contains("disk full"),
        "a source is not repeated: {error}"
    );
    assert!(error.to_string().contains("failed in attempt 5"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failure() {
    let error =
        stops_and_starts_again(options(), || -> std::future::Ready<_> { panic!("at once") }).await;
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "panicked: at once"
    );
    let error = stops_and_starts_again(options(), async || {
        tokio::task::yield_now().await;
        panic!("later")
    })
    .await;
    assert!(
        error.to_string().contains("panicked in attempt 5"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_may_be_limited_in_time() {
    let limited = HandlerPolicy::default().with_timeout(Duration::from_secs(7));
    let start = Instant::now();
    let error =
        stops_and_starts_again(options().with_handlers(limited), std::future::pending).await;
    assert!(
        error.to_string().contains("took more than 7 seconds"),
        "{error}"
    );
    assert!(start.elapsed() >= Duration::from_secs(5 * 7));
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_returns_is_told_of_and_holds_nothing_up_but_events() {
    let mut lines = StreamLines::new(7, "c1");
    let written = Arc::new(AtomicU32::new(0));
    let mut script = stream_head("c1").chunk(lines.batch(&[event(9, 0)]));
    let reached: Vec<Gate> = (0..100).map(|_| Gate::new()).collect();
    for (n, gate) in reached.iter().enumerate() {
        let wide: Vec<_> = (0..20).map(|log| event(10 + n as u64, log)).collect();
        script = script.chunk(lines.batch(&wide)).signal(gate);
    }
    let routes = agreeable(Routes::new().once(STREAM, script.await_hang_up()));
    let server = WireServer::routed(routes).await;
    let errors = Errors::default();
    let stuck = Gate::new();
    let mut stream = streaming(&server, options().with_queue(4, 1 << 20));
    stream.on_all_events({
        let (stuck, written) = (stuck.clone(), Arc::clone(&written));
        move |_, context| {
            let (stuck, written) = (stuck.clone(), Arc::clone(&written));
            async move {
                if context.batch().sequence() == Some(2) {
                    stuck.wait().await;
                }
                written.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    tokio::time::sleep(Duration::from_secs(125)).await;
    // The first batch is acknowledged, and the client lives.
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    assert_eq!(server.requests_to(HEARTBEAT, 4).await.len(), 4);
    assert_eq!(errors.codes(), ["STREAM_ERROR"; 2]);
    assert!(
        errors.texts()[1].contains("running for 120 seconds"),
        "{:?}",
        errors.texts()
    );
    // The service is held back: neither the queue nor the silence of a full one is a fault.
    assert!(!reached[60].is_open(), "read far ahead of the handler");
    assert_eq!(tokens(&server).len(), 1);
    assert!(stream.stats().batches_received <= 1 + 1 + 4);
    stuck.open();
    reached[99].wait().await;
    while stream.stats().events_handled < 1 + 100 * 20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(written.load(Ordering::SeqCst), 101);
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server).concat().len(), 101);
}

#[tokio::test(start_paused = true)]
async fn a_handler_can_ask_for_the_stop() {
    let mut lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let script = (0..50).fold(head, |script, n| script.chunk(lines.batch(&[event(n, 0)])));
    let routes = agreeable(Routes::new().once(STREAM, script.await_hang_up()));
    let server = WireServer::routed(routes).await;
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options());
    stream.on_all_events(move |events, context| {
        if context.batch().sequence() == Some(3) {
            context.request_stop();
        }
        note(events, context)
    });
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Stopped);
    let handled = seen.all();
    assert!(
        handled.len() >= 3 && handled.len() < 50,
        "{}",
        handled.len()
    );
    assert_eq!(acked(&server).concat().len(), handled.len());
}

#[tokio::test(start_paused = true)]
async fn listeners_are_told_and_their_panics_are_theirs() {
    let mut lines = StreamLines::new(7, "c1");
    let batch = lines.batch(&[event(10, 0)]);
    let server = server_of(&[
        &lines.heartbeat(),
        &lines.error("CIRCUIT_BREAKER_OPEN", "patience", true),
        &lines.progress(1, 9),
        &batch,
        &lines.heartbeat(),
    ])
    .await;
    let (log, errors) = (log(), Errors::default());
    let mut stream = streaming(&server, options());
    errors.listen(&mut stream);
    stream
        .on_all_events(writes("all", &log))
        .on_progress({
            let log = Arc::clone(&log);
            move |progress| {
                log.lock()
                    .unwrap()
                    .push(format!("progress {}", progress.to_block));
                std::future::ready(())
            }
        })
        .on_heartbeat({
            let log = Arc::clone(&log);
            move |heartbeat| -> std::future::Ready<()> {
                let id = heartbeat.connection_id.unwrap();
                log.lock().unwrap().push(format!("heartbeat {id}"));
                panic!("a listener's own matter")
            }
        });
    to_the_end(&stream).await;
    let mut log = entries(&log);
    log.sort();
    assert_eq!(
        log,
        [
            "all [(10, 0)]",
            "heartbeat c1",
            "heartbeat c1",
            "progress 9"
        ]
    );
    assert_eq!(errors.codes(), ["CIRCUIT_BREAKER_OPEN"]);
    assert!(errors.last().recoverable);
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_never_returns_holds_nothing_up() {
    let server = two_batches().await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream
        .on_all_events(seen.handler())
        .on_lifecycle(|_| std::future::pending());
    to_the_end(&stream).await;
    assert_eq!(seen.all().len(), 2);
}

#[allow(dead_code, reason = "compiles is all that is asked")]
fn closures_of_many_forms(stream: &mut StreamingClient) {
    stream
        .on_event("A", async |_events, _context| {})
        .on_event("B", async |events, _context| {
            for event in events {
                event.to_value()?;
            }
            Ok::<_, event_streamer_client::HandlerError>(())
        })
        .on_event("C", |_, _| async { Err("a text is an error") })
        .on_reorg(async |_reorg, _context| {})
        .on_error(async |_error| {});
}
