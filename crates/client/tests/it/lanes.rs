//! Handlers side by side: in order where it matters.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{Concurrency, DecodedEvent, ErrorKind, StreamEnd, StreamingOptions};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};
use serde_json::{Value, json};

use crate::harness::*;

/// An event of a contract that is one letter.
fn of(contract: char, block: u64, log: u32) -> Value {
    let mut event = event(block, log);
    event["address"] = json!(format!("0x{}", contract.to_string().repeat(40)));
    event
}

fn contract(event: &DecodedEvent) -> char {
    event.address().unwrap().to_string().chars().last().unwrap()
}

async fn server_of(lines: &[Vec<u8>]) -> WireServer {
    let script = lines.iter().fold(stream_head("c1"), Script::chunk);
    let end = StreamLines::new(7, "c1").complete(9, "rt_end");
    let routes = Routes::new().once(STREAM, script.chunk(end).last_chunk());
    WireServer::routed(agreeable(routes)).await
}

/// Each contract in a lane of its own: `a` is the first.
fn lanes(count: usize) -> StreamingOptions {
    options()
        .with_concurrency(Concurrency::lanes(count).with_key(|event| ByLetter(contract(event))))
}

/// Hashes to its place in the alphabet, so that a test knows the lane.
struct ByLetter(char);

impl std::hash::Hash for ByLetter {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[tokio::test(start_paused = true)]
async fn each_key_is_handled_in_order_and_no_more_than_allowed_at_a_time() {
    let mut lines = StreamLines::new(7, "c1");
    let batches: Vec<_> = (0..20)
        .map(|block| {
            let letters = ['a', 'b', 'c', 'd', 'e', 'f'];
            let events: Vec<_> = letters
                .iter()
                .enumerate()
                .map(|(log, letter)| of(*letter, block, log as u32))
                .collect();
            lines.batch(&events)
        })
        .collect();
    let server = server_of(&batches).await;
    let order: Arc<Mutex<HashMap<char, Vec<u64>>>> = Arc::default();
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut stream = streaming(&server, options().with_concurrency(Concurrency::lanes(3)));
    stream.on_event("Transfer", {
        let (order, running, most) = (order.clone(), running.clone(), most.clone());
        move |events, _| {
            let (order, running, most) = (order.clone(), running.clone(), most.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let events: Vec<_> = events.into_iter().collect();
                // Later blocks are quicker, so that only waiting keeps the order.
                let block = events[0].block_number().unwrap();
                tokio::time::sleep(Duration::from_millis(100 - block)).await;
                for event in events {
                    let mut order = order.lock().unwrap();
                    let blocks = order.entry(contract(&event)).or_default();
                    blocks.push(event.block_number().unwrap());
                }
                running.fetch_sub(1, Ordering::SeqCst);
            }
        }
    });
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    let order = order.lock().unwrap();
    assert_eq!(order.len(), 6);
    for blocks in order.values() {
        assert_eq!(*blocks, (0..20).collect::<Vec<_>>());
    }
    let most = most.load(Ordering::SeqCst);
    assert!((2..=3).contains(&most), "{most} at a time");
    assert_eq!(stream.stats().events_handled, 120);
    assert_eq!(acked(&server).concat().len(), 20);
}

/// Two letters that are in different lanes of two.
fn two_lanes() -> (char, char) {
    let lane = |letter: char| {
        use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
        BuildHasherDefault::<DefaultHasher>::default().hash_one(ByLetter(letter)) % 2
    };
    let first = 'a';
    let second = ('b'..='f')
        .find(|letter| lane(*letter) != lane(first))
        .unwrap();
    (first, second)
}

#[tokio::test(start_paused = true)]
async fn the_position_moves_only_over_what_is_handled_without_a_gap() {
    let (slow, quick) = two_lanes();
    let mut lines = StreamLines::new(7, "c1");
    let batches = [of(slow, 10, 0), of(quick, 11, 0), of(quick, 12, 0)];
    let batches = batches.map(|event| lines.batch(&[event]));
    let server = server_of(&batches).await;
    let (gate, seen) = (Gate::new(), Seen::new());
    let mut seen = seen;
    let note = seen.handler();
    let mut stream = streaming(&server, lanes(2));
    stream.on_all_events({
        let gate = gate.clone();
        move |events, context| {
            let is_slow = events.iter().any(|event| contract(&event) == slow);
            let (gate, noted) = (gate.clone(), note(events, context));
            async move {
                noted.await;
                if is_slow {
                    gate.wait().await;
                }
            }
        }
    });
    stream.start_streaming().await.unwrap();
    assert_eq!(seen.next(3).await.len(), 3);
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert!(acked(&server).is_empty());
    assert_eq!(stream.current_resume_token(), None);
    gate.open();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(
        acked(&server).concat(),
        ["c1-batch-1", "c1-batch-2", "c1-batch-3"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_rollback_waits_for_everything_before_it_and_holds_up_everything_behind() {
    let (first, second) = two_lanes();
    let mut lines = StreamLines::new(7, "c1");
    let lines = [
        lines.batch(&[of(first, 10, 0), of(second, 10, 1)]),
        lines.reorg(9, 1, &[]),
        lines.batch(&[of(first, 10, 0), of(second, 10, 1)]),
    ];
    let server = server_of(&lines).await;
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let mut stream = streaming(&server, lanes(2));
    stream
        .on_all_events({
            let log = log.clone();
            move |events, context| {
                let log = log.clone();
                async move {
                    let event = events.into_iter().next().unwrap();
                    let slow = u64::from(contract(&event) == first);
                    tokio::time::sleep(Duration::from_secs(slow)).await;
                    let sequence = context.batch().sequence().unwrap();
                    log.lock().unwrap().push(format!("batch {sequence}"));
                }
            }
        })
        .on_reorg({
            let log = log.clone();
            move |_, _| {
                let log = log.clone();
                async move {
                    log.lock().unwrap().push("undo".to_owned());
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    log.lock().unwrap().push("undone".to_owned());
                }
            }
        });
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(
        *log.lock().unwrap(),
        ["batch 1", "batch 1", "undo", "undone", "batch 2", "batch 2"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_with_busy_lanes_does_not_let_a_rollback_overtake_what_was_before_it() {
    let mut lines = StreamLines::new(7, "c1");
    let lines = [
        lines.batch(&[of('a', 10, 0)]),
        lines.batch(&[of('a', 11, 0)]),
        lines.reorg(9, 2, &[]),
    ];
    let head = stream_head("c1");
    let script = lines.iter().fold(head, Script::chunk);
    let routes = agreeable(Routes::new().once(STREAM, script.await_hang_up()));
    let server = WireServer::routed(routes).await;
    let (begun, gate) = (Gate::new(), Gate::new());
    let undone = Arc::new(AtomicBool::new(false));
    let mut stream = streaming(&server, lanes(2));
    stream
        .on_all_events({
            let (begun, gate) = (begun.clone(), gate.clone());
            move |_, _| {
                let (begun, gate) = (begun.clone(), gate.clone());
                async move {
                    begun.open();
                    gate.wait().await;
                }
            }
        })
        .on_reorg({
            let undone = Arc::clone(&undone);
            move |_, _| {
                undone.store(true, Ordering::SeqCst);
                std::future::ready(())
            }
        });
    stream.start_streaming().await.unwrap();
    begun.wait().await;
    // The second batch is dealt out behind the first, and the rollback waits for both.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        gate.open();
    };
    let (stopped, ()) = tokio::join!(stream.stop_streaming(), stop);
    stopped.unwrap();
    assert!(!undone.load(Ordering::SeqCst));
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_earlier_ones_finish_and_later_ones_do_not_begin() {
    let (slow, quick) = two_lanes();
    let mut lines = StreamLines::new(7, "c1");
    let batches: Vec<_> = [
        of(slow, 10, 0),
        of(slow, 11, 0),
        of(quick, 12, 0),
        of(quick, 13, 0),
        of(slow, 14, 0),
    ]
    .into_iter()
    .map(|event| lines.batch(&[event]))
    .collect();
    let server = server_of(&batches).await;
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, lanes(2));
    stream.on_all_events(move |events, context| {
        let block = events.iter().next().unwrap().block_number().unwrap();
        let noted = note(events, context);
        async move {
            noted.await;
            if block < 12 {
                tokio::time::sleep(Duration::from_secs(60)).await;
            }
            if block == 12 {
                Err("cannot take it")
            } else {
                Ok(())
            }
        }
    });
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    let mut blocks: Vec<u64> = seen.all().into_iter().map(|place| place.0).collect();
    blocks.dedup();
    assert!(!blocks.contains(&13) && !blocks.contains(&14), "{blocks:?}");
    assert!(blocks.contains(&11));
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(11, 0)
    );
    assert_eq!(acked(&server).concat(), ["c1-batch-1", "c1-batch-2"]);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_lanes_counts_against_the_queue() {
    let mut lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let script = (0..100).fold(head, |script, block| {
        script.chunk(lines.batch(&[of('a', block, 0)]))
    });
    let routes = agreeable(Routes::new().once(STREAM, script.await_hang_up()));
    let server = WireServer::routed(routes).await;
    let mut stream = streaming(&server, lanes(4).with_queue(10, 5_000));
    stream.on_all_events(|_, _| std::future::pending::<()>());
    stream.start_streaming().await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    let received = stream.stats().batches_received;
    assert!(received > 1 && received <= 10, "{received}");
}
