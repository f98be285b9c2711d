//! Starting, stopping, starting again, and leaving nothing behind.

use std::time::Duration;

use event_streamer_client::{StreamEnd, StreamingClient};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};
use tokio::runtime::Handle;
use tokio::time::Instant;

use crate::harness::*;

/// A stream of so many batches from a block on, that stays open.
fn open_stream(connection: &str, first_block: u64, batches: u64) -> Script {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection);
    let script = (0..batches).fold(head, |script, n| {
        script.chunk(lines.batch(&[event(first_block + n, 0)]))
    });
    script.await_hang_up()
}

#[tokio::test(start_paused = true)]
async fn started_twice_it_runs_once_and_stopped_twice_it_stays_stopped() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 10, 1)));
    let server = WireServer::routed(routes).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    assert!(!stream.is_running());
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Stopped);
    stream.stop_streaming().await.unwrap();
    stream.start_streaming().await.unwrap();
    stream.start_streaming().await.unwrap();
    seen.next(1).await;
    stream.start_streaming().await.unwrap();
    assert!(stream.is_running() && stream.is_connected());
    stream.stop_streaming().await.unwrap();
    stream.stop_streaming().await.unwrap();
    stream.disconnect().await.unwrap();
    assert!(!stream.is_running() && !stream.is_connected());
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Stopped);
    assert_eq!(tokens(&server).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn started_again_it_goes_on_at_the_position() {
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 10, 2))
        .once(STREAM, open_stream("c2", 12, 1))
        .once(STREAM, open_stream("c3", 5, 1));
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    seen.next(2).await;
    stream.stop_streaming().await.unwrap();
    stream.start_streaming().await.unwrap();
    assert_eq!(seen.next(1).await, [(12, 0)]);
    stream.resume("rt_4").await.unwrap();
    assert_eq!(seen.next(1).await, [(5, 0)]);
    stream.stop_streaming().await.unwrap();
    let begins = [None, Some(token(11, 0)), Some("rt_4".to_owned())];
    assert_eq!(tokens(&server), begins);
}

#[tokio::test(start_paused = true)]
async fn what_the_handler_had_not_done_at_the_stop_comes_again() {
    let routes = Routes::new()
        .once(STREAM, open_stream("c1", 10, 9))
        .once(STREAM, open_stream("c2", 11, 1));
    let server = WireServer::routed(agreeable(routes)).await;
    let (inside, never) = (Gate::new(), Gate::new());
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options());
    stream.on_all_events({
        let (inside, never) = (inside.clone(), never.clone());
        move |events, context| {
            let second = context.batch().connection_id().unwrap().as_str() == "c1"
                && context.batch().sequence() == Some(2);
            if !second {
                drop(note(events, context));
            }
            let (inside, never) = (inside.clone(), never.clone());
            async move {
                if second {
                    inside.open();
                    never.wait().await;
                }
            }
        }
    });
    stream.start_streaming().await.unwrap();
    inside.wait().await;
    let start = Instant::now();
    stream.stop_streaming().await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 10, "the handler had its time");
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    stream.start_streaming().await.unwrap();
    assert_eq!(seen.next(2).await, [(10, 0), (11, 0)]);
    stream.stop_streaming().await.unwrap();
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
}

#[tokio::test(start_paused = true)]
async fn the_handler_that_runs_may_finish_before_the_stop() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 10, 3)));
    let server = WireServer::routed(routes).await;
    let inside = Gate::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events({
        let inside = inside.clone();
        move |_, _| {
            let inside = inside.clone();
            async move {
                inside.open();
                tokio::time::sleep(Duration::from_secs(4)).await;
            }
        }
    });
    stream.start_streaming().await.unwrap();
    inside.wait().await;
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails_is_not_called_again_after_the_stop() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 10, 3)));
    let server = WireServer::routed(routes).await;
    let failed = Gate::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events({
        let failed = failed.clone();
        move |_, context| {
            assert_eq!(context.attempt(), 1);
            failed.open();
            std::future::ready(Err("no"))
        }
    });
    stream.start_streaming().await.unwrap();
    failed.wait().await;
    let start = Instant::now();
    stream.stop_streaming().await.unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Stopped);
    assert!(acked(&server).is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_does_not_wait_for_a_connection() {
    for first in [
        Script::new().await_hang_up(),
        Script::new().respond(500, ""),
    ] {
        let server = WireServer::routed(Routes::new().once(STREAM, first)).await;
        let mut stream = streaming(&server, options());
        stream.on_all_events(Seen::new().handler());
        stream.start_streaming().await.unwrap();
        server.request(0).await;
        let start = Instant::now();
        stream.stop_streaming().await.unwrap();
        assert_eq!(start.elapsed(), Duration::ZERO);
        assert_eq!(stream.finished().await.unwrap(), StreamEnd::Stopped);
    }
}

/// Gives ended tasks the turns they need to be gone, and tells how many are left.
async fn tasks_left_above(before: usize) -> usize {
    for _ in 0..1_000 {
        if Handle::current().metrics().num_alive_tasks() <= before {
            return 0;
        }
        tokio::task::yield_now().await;
    }
    Handle::current().metrics().num_alive_tasks() - before
}

async fn dropped_at<F: AsyncFnOnce(&StreamingClient, &WireServer)>(first: Script, then: F) {
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, first))).await;
    // Let the server's own task begin.
    tokio::task::yield_now().await;
    let before = Handle::current().metrics().num_alive_tasks();
    let mut stream = streaming(&server, options());
    stream
        .on_all_events(async |_, _| std::future::pending::<()>().await)
        .on_error(async |_| std::future::pending::<()>().await);
    stream.start_streaming().await.unwrap();
    then(&stream, &server).await;
    assert!(Handle::current().metrics().num_alive_tasks() > before);
    drop(stream);
    assert_eq!(tasks_left_above(before).await, 0);
}

#[tokio::test(start_paused = true)]
async fn dropped_without_a_stop_it_leaves_no_task() {
    // Before anything happened.
    dropped_at(Script::new(), async |_, _| {}).await;
    // While it connects.
    dropped_at(Script::new().await_hang_up(), async |_, server| {
        server.request(0).await;
    })
    .await;
    // While it waits to connect again.
    dropped_at(Script::new().respond(503, ""), async |_, server| {
        server.request(0).await;
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // While the handler runs and the queue is full.
    dropped_at(open_stream("c1", 10, 200), async |stream, _| {
        while stream.stats().batches_received < 65 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn deliveries_dropped_leave_no_task() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 10, 200)));
    let server = WireServer::routed(routes).await;
    tokio::task::yield_now().await;
    let before = Handle::current().metrics().num_alive_tasks();
    let mut deliveries = streaming(&server, options()).into_deliveries();
    let held = deliveries.next().await.unwrap();
    drop(deliveries);
    assert_eq!(tasks_left_above(before).await, 0);
    drop(held);
}

#[tokio::test(start_paused = true)]
async fn stopped_it_leaves_no_task_either() {
    let routes = agreeable(Routes::new().once(STREAM, open_stream("c1", 10, 2)));
    let server = WireServer::routed(routes).await;
    tokio::task::yield_now().await;
    let before = Handle::current().metrics().num_alive_tasks();
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    seen.next(2).await;
    stream.stop_streaming().await.unwrap();
    drop(stream);
    assert_eq!(tasks_left_above(before).await, 0);
}
