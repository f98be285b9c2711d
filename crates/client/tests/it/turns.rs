//! What a stream tells of itself: where it resumes, that it caught up, that something is slow.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{Lifecycle, StreamingClient};
use event_streamer_testkit::{Gate, Routes, StreamLines, WireServer, event, token};
use serde_json::json;

use crate::harness::*;

type Turns = Arc<Mutex<Vec<String>>>;

fn listen(stream: &mut StreamingClient) -> Turns {
    let turns = Turns::default();
    stream.on_lifecycle({
        let turns = turns.clone();
        move |turn| {
            let text = match turn {
                Lifecycle::Connected { connection_id } => {
                    format!("connected {}", connection_id.unwrap())
                }
                Lifecycle::ResumedAt { resume_token } => {
                    format!("resumed at {}", resume_token.as_str())
                }
                Lifecycle::Reconnecting { attempt, .. } => format!("reconnecting {attempt}"),
                Lifecycle::CaughtUp { block } => format!("caught up with {block}"),
                Lifecycle::SlowHandler {
                    handler,
                    running_for,
                } => {
                    format!("slow {handler} {}", running_for.as_secs())
                }
                Lifecycle::SlowConsumer { waiting_for } => {
                    format!("full {}", waiting_for.as_secs())
                }
                Lifecycle::Completed => "completed".to_owned(),
                other => format!("{other:?}"),
            };
            turns.lock().unwrap().push(text);
            std::future::ready(())
        }
    });
    turns
}

fn told(turns: &Turns) -> Vec<String> {
    turns.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_stream_tells_where_it_is_and_how_far_behind() {
    let mut lines = StreamLines::new(7, "c1");
    let beat = |lines: &StreamLines, head: u64, last: u64| {
        lines.message("heartbeat", json!({"head_block": head, "last_block": last}))
    };
    let gate = Gate::new();
    let first = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(beat(&lines, 14, 10))
        .signal(&gate)
        .close();
    let lines = StreamLines::new(7, "c2");
    let second = stream_head("c2")
        .chunk(lines.progress(11, 14))
        .chunk(beat(&lines, 14, 14))
        .chunk(beat(&lines, 16, 14))
        .chunk(lines.progress(15, 16))
        .chunk(lines.complete(1, "rt_end"))
        .last_chunk();
    let routes = Routes::new().once(STREAM, first).once(STREAM, second);
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    let turns = listen(&mut stream);
    stream.start_streaming().await.unwrap();
    seen.next(1).await;
    gate.wait().await;
    while stream.stats().head_block.is_none() {
        tokio::task::yield_now().await;
    }
    let stats = stream.stats();
    assert_eq!((stats.head_block, stats.lag_blocks), (Some(14), Some(4)));
    // The event of the year 2024 is the last that was handled.
    assert!(stats.lag.unwrap() > Duration::from_secs(86_400));
    stream.finished().await.unwrap();
    assert_eq!(
        told(&turns),
        [
            "connected c1",
            "reconnecting 1",
            "connected c2",
            &format!("resumed at {}", token(10, 0)),
            "caught up with 14",
            "caught up with 16",
            "completed",
        ]
    );
    let stats = stream.stats();
    assert_eq!(
        (stats.lag_blocks, stats.lag),
        (Some(0), Some(Duration::ZERO))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_slow_is_told_again_and_again() {
    let mut lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let script = (0..10).fold(head, |script, block| {
        script.chunk(lines.batch(&[event(block, 0)]))
    });
    let routes = agreeable(Routes::new().once(STREAM, script.await_hang_up()));
    let server = WireServer::routed(routes).await;
    let mut stream = streaming(&server, options().with_queue(1, 1 << 20));
    stream.on_all_events(|_, _| std::future::pending::<()>());
    let turns = listen(&mut stream);
    stream.start_streaming().await.unwrap();
    tokio::time::sleep(Duration::from_secs(130)).await;
    let mut told = told(&turns);
    told.sort();
    assert_eq!(
        told,
        [
            "connected c1",
            "full 120",
            "full 60",
            "slow all events 120",
            "slow all events 60"
        ]
    );
}

/// Handlers are tasks of their own: one that blocks its thread holds up the others only where there is
/// but one thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_handler_that_blocks_its_thread_does_not_stop_heartbeats_and_acknowledgements() {
    let mut lines = StreamLines::new(7, "c1");
    let script = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(lines.batch(&[event(11, 0)]))
        .await_hang_up();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let quick = options()
        .with_heartbeat_interval(Duration::from_millis(20))
        .with_batch_ack_interval(Duration::from_millis(20));
    let (unblock, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = Mutex::new(blocked);
    let mut stream = streaming(&server, quick);
    stream.on_all_events(move |_, context| {
        if context.batch().sequence() == Some(2) {
            // A thread that waits, on purpose.
            let _ = blocked.lock().unwrap().recv();
        }
        std::future::ready(())
    });
    stream.start_streaming().await.unwrap();
    server.requests_to(BULK, 1).await;
    server.requests_to(HEARTBEAT, 5).await;
    assert_eq!(acked(&server).concat(), ["c1-batch-1"]);
    drop(unblock);
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server).concat(), ["c1-batch-1", "c1-batch-2"]);
}
