//! Handlers that fail, panic, dawdle, block or never return.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{
    AfterFailure, DeadLetter, DeadLetterError, DeadLetterErrorKind, DeadLetterFuture,
    DeadLetterSink, ErrorKind, HandlerPolicy, UnhandledEvents,
};
use event_streamer_testkit::{Gate, StreamLines, event, token};

use super::case::*;
use super::stage::Handling;
use crate::harness::{HEARTBEAT, stream_head};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = failing();
    cases.extend(slow());
    cases.extend(absent());
    cases.extend(others());
    cases
}

/// Both events on one connection.
fn plain(case: Case) -> Case {
    case.survives(|script, _| script)
}

/// Takes the one letter that there is to take.
#[derive(Debug)]
struct Letters;

impl DeadLetterSink for Letters {
    fn write<'a>(&'a self, letters: &'a [DeadLetter]) -> DeadLetterFuture<'a> {
        assert_eq!(letters.len(), 1);
        assert!(letters[0].error.contains("the database is away"));
        Box::pin(std::future::ready(Ok(())))
    }
}

/// Takes none.
#[derive(Debug)]
struct FullLetters;

impl DeadLetterSink for FullLetters {
    fn write<'a>(&'a self, _: &'a [DeadLetter]) -> DeadLetterFuture<'a> {
        Box::pin(async {
            Err(DeadLetterError::new(
                DeadLetterErrorKind::Unavailable,
                "the disk is full",
            ))
        })
    }
}

/// The handler of the first batch fails for good: nothing is handled.
fn fails_at_once(case: Case, text: &'static str) -> Case {
    case.stream(paused_for(seconds(1_000)))
        .handled([])
        .tokens([None])
        .acked([] as [&str; 0])
        .nowhere()
        .fails(ErrorKind::Handler, text)
}

fn failing() -> Vec<Case> {
    let for_good = "called five times with growing delays, then the end with the handler's error; not \
         acknowledged, the position stays before the batch";
    let four_delays = || exactly(Duration::from_millis(200 + 400 + 800 + 1_600));
    vec![
        plain(Case::new(
            "fails once",
            "the handler returns an error, then succeeds",
            "called again with the same events after 200 ms; told each time",
        ))
        .handling(Handling::FailsFirst(1))
        .reports(["STREAM_ERROR"])
        .waits(exactly(Duration::from_millis(200))),
        fails_at_once(
            Case::new(
                "fails each time",
                "the handler returns an error each time",
                for_good,
            ),
            "failed in attempt 5",
        )
        .handling(Handling::FailsFirst(u32::MAX))
        .reports(["STREAM_ERROR"; 5])
        .waits(four_delays()),
        plain(Case::new(
            "panics once",
            "the handler panics, then succeeds",
            "a panic is a failure like another: called again after 200 ms",
        ))
        .handling(Handling::PanicsFirst(1))
        .reports(["STREAM_ERROR"])
        .says("panicked")
        .waits(exactly(Duration::from_millis(200))),
        fails_at_once(
            Case::new("panics each time", "the handler panics each time", for_good),
            "panicked in attempt 5",
        )
        .handling(Handling::PanicsFirst(u32::MAX))
        .reports(["STREAM_ERROR"; 5])
        .waits(four_delays()),
        fails_at_once(
            Case::new(
                "attempts are limited",
                "`max_attempts` is 1, and the handler fails",
                "ends at the first failure",
            ),
            "failed in attempt 1",
        )
        .options(|options| options.with_handlers(HandlerPolicy::default().with_max_attempts(1)))
        .handling(Handling::FailsFirst(u32::MAX))
        .reports(["STREAM_ERROR"])
        .waits(at_once()),
        Case::new(
            "fails behind a success",
            "the handler takes the first batch and fails at the second each time",
            "the first is acknowledged and the position is behind it; then the end",
        )
        .stream(paused_for(seconds(1)))
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .handling(Handling::Absent)
        .play(|stage| {
            Box::pin(async move {
                let book = stage.book.clone();
                stage.stream_mut().on_all_events(move |events, context| {
                    let second = context.batch().sequence() == Some(2);
                    if !second {
                        book.note(&events);
                    }
                    std::future::ready(if second { Err("no") } else { Ok(()) })
                });
                stage.start().await;
            })
        })
        .reports(["STREAM_ERROR"; 5])
        .waits(after(seconds(1), four_delays()))
        .fails(ErrorKind::Handler, "failed in attempt 5"),
        plain(Case::new(
            "dead-letter by choice",
            "the handler fails at the first batch each time, and dead letters are chosen",
            "after five calls its event is written there, with the error; the batch counts as handled, and \
             the next one comes",
        ))
        .options(|options| {
            let policy = HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter);
            options.with_handlers(policy).with_dead_letters(Letters)
        })
        .handling(Handling::FailsFirst(5))
        .handled([(11, 0)])
        .reports(["STREAM_ERROR"; 5])
        .says("failed in attempt 5")
        .waits(four_delays()),
        fails_at_once(
            Case::new(
                "dead letters cannot be written",
                "the handler fails each time, and so does the dead letters' store",
                "nothing is stepped over: ends before the batch",
            ),
            "dead letter",
        )
        .options(|options| {
            let policy = HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter);
            options.with_handlers(policy).with_dead_letters(FullLetters)
        })
        .handling(Handling::FailsFirst(u32::MAX))
        .reports(["STREAM_ERROR"; 9])
        .waits(exactly(seconds(6))),
        plain(Case::new(
            "one of two fails",
            "the handler of `Transfer` succeeds and that of all events fails once",
            "only the one that failed is called again",
        ))
        .handling(Handling::FailsFirst(1))
        .reports(["STREAM_ERROR"])
        .waits(exactly(Duration::from_millis(200)))
        .play(|stage| {
            Box::pin(async move {
                let calls = Arc::new(AtomicU32::new(0));
                let count = Arc::clone(&calls);
                stage.stream_mut().on_event("Transfer", move |_, _| {
                    count.fetch_add(1, Ordering::SeqCst);
                    std::future::ready(())
                });
                stage.start().await;
                stage.stream().finished().await.unwrap();
                assert_eq!(calls.load(Ordering::SeqCst), 2, "once for each batch");
                assert_eq!(stage.book.calls(), 3);
            })
        }),
    ]
}

fn slow() -> Vec<Case> {
    let gate = Gate::new();
    let open = gate.clone();
    let many: Vec<u64> = (0..300).collect();
    let mut lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let script = many.iter().fold(head, |script, n| {
        script.chunk(lines.batch(&[event(10 + n, 0)]))
    });
    let script = script.chunk(lines.complete(300, "rt_end")).last_chunk();
    let beaten = Gate::new();
    let go_on = beaten.clone();
    let (block, blocked) = std::sync::mpsc::channel();
    vec![
        Case::new(
            "slow",
            "the handler of the first of 300 batches takes four minutes",
            "64 batches wait in memory and no more; heartbeats go on; then all are handled, in order",
        )
        .stream(script)
        .unbroken()
        .handled(many.iter().map(|n| (10 + n, 0)))
        .acked((1..=300).map(|n| format!("c1-batch-{n}")))
        .handling(Handling::WaitsFor(gate))
        .reports(["STREAM_ERROR"; 4])
        .says("has been running for 240 seconds")
        .waits(exactly(seconds(250)))
        .play(move |stage| {
            Box::pin(async move {
                stage.start().await;
                tokio::time::sleep(seconds(250)).await;
                let received = stage.stream().stats().batches_received;
                assert!((64..=66).contains(&received), "{received} batches in memory");
                assert_eq!(stage.server.requests_to(HEARTBEAT, 8).await.len(), 8);
                open.open();
            })
        }),
        Case::new(
            "never returns",
            "the handler of the first batch never returns",
            "told every minute; a stop gives it 10 s and then drops it; the batch comes again",
        )
        .stream(opening().0.await_hang_up())
        .options(|options| options.with_idle_timeout(seconds(3_600)))
        .handling(Handling::WaitsFor(Gate::new()))
        .handled([])
        .tokens([None])
        .acked([] as [&str; 0])
        .nowhere()
        .reports(["STREAM_ERROR"; 2])
        .says("has been running for 60 seconds")
        .says("has been running for 120 seconds")
        .waits(exactly(seconds(130 + 10)))
        .ends(End::Stopped)
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                tokio::time::sleep(seconds(130)).await;
                stage.stop().await;
            })
        }),
        fails_at_once(
            Case::new(
                "takes longer than its limit",
                "a time-out of 5 s, two attempts, and a handler that never returns",
                "dropped after 5 s, called again, dropped again; then the end",
            ),
            "took more than 5 seconds in attempt 2",
        )
        .options(|options| {
            let policy = HandlerPolicy::default().with_max_attempts(2);
            options.with_handlers(policy.with_timeout(seconds(5)))
        })
        .handling(Handling::WaitsFor(Gate::new()))
        .reports(["STREAM_ERROR"; 2])
        .waits(exactly(Duration::from_millis(10_200))),
        Case::new(
            "cancelled",
            "stopped while the handler of the second batch runs, for longer than `stop_timeout`",
            "dropped at its await; its batch is neither acknowledged nor passed",
        )
        .stream(paused_for(seconds(1)))
        .handling(Handling::Takes(seconds(30)))
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports([])
        .waits(exactly(seconds(35 + 10)))
        .ends(End::Stopped)
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                tokio::time::sleep(seconds(35)).await;
                stage.stop().await;
            })
        }),
        Case::new(
            "blocks its thread",
            "the handler blocks a thread of the runtime, without an await",
            "on a runtime with another thread, heartbeats go on; nothing is lost",
        )
        .survives(|script, _| script.wait(&beaten))
        .options(|options| options.with_heartbeat_interval(Duration::from_millis(1)))
        .handling(Handling::Blocks(Arc::new(Mutex::new(blocked))))
        .play(move |stage| {
            Box::pin(async move {
                stage.start().await;
                stage.server.requests_to(HEARTBEAT, 3).await;
                assert!(stage.book.places().is_empty());
                drop(block);
                go_on.open();
            })
        })
        .on_threads(),
    ]
}

fn absent() -> Vec<Case> {
    let other_handler = |case: Case| {
        case.handling(Handling::Absent).play(|stage| {
            Box::pin(async move {
                stage
                    .stream_mut()
                    .on_event("Approval", |_, _| std::future::ready(()));
                stage.start().await;
            })
        })
    };
    vec![
        other_handler(fails_at_once(
            Case::new(
                "no handler for an event",
                "an event of a name that no handler is there for",
                "an error by default: ends before the batch",
            ),
            "no handler for events of the name `Transfer`",
        ))
        .reports(["STREAM_ERROR"])
        .waits(at_once()),
        other_handler(plain(Case::new(
            "ignored by choice",
            "the same with `UnhandledEvents::Ignore`",
            "counted as ignored, and as handled",
        )))
        .options(|options| options.with_unhandled_events(UnhandledEvents::Ignore))
        .handled([]),
        Case::new(
            "the handler of rollbacks fails",
            "`on_reorg` fails each time",
            "the position stays before the rollback; ends with the handler's error",
        )
        .stream({
            let (script, lines) = opening();
            script
                .chunk(lines.reorg(9, 1, &[event(10, 0)]))
                .await_hang_up()
        })
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports(["STREAM_ERROR"; 5])
        .waits(exactly(seconds(3)))
        .fails(
            ErrorKind::Handler,
            "the handler for a rollback failed in attempt 5",
        )
        .play(|stage| {
            Box::pin(async move {
                stage
                    .stream_mut()
                    .on_reorg(|_, _| std::future::ready(Err("no")));
                stage.start().await;
            })
        }),
    ]
}

fn others() -> Vec<Case> {
    vec![
        Case::new(
            "stops the stream itself",
            "the handler calls `request_stop` in the first of two batches",
            "that batch is handled and acknowledged; the next one is not begun",
        )
        .stream(paused_for(seconds(60)))
        .handling(Handling::Absent)
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports([])
        .waits(at_once())
        .ends(End::Stopped)
        .play(|stage| {
            Box::pin(async move {
                let book = stage.book.clone();
                stage.stream_mut().on_all_events(move |events, context| {
                    context.request_stop();
                    book.note(&events);
                    std::future::ready(())
                });
                stage.start().await;
            })
        }),
        Case::new(
            "a listener panics",
            "`on_heartbeat` panics each time",
            "logged; events and acknowledgements go on",
        )
        .survives(|script, lines| script.chunk(lines.heartbeat()).chunk(lines.heartbeat()))
        .play(|stage| {
            Box::pin(async move {
                stage
                    .stream_mut()
                    .on_heartbeat(async |_| panic!("the listener's own bug"));
                stage.start().await;
            })
        }),
        Case::new(
            "a listener never returns",
            "`on_heartbeat` never returns",
            "events and acknowledgements go on; the end waits `stop_timeout` (10 s) for it",
        )
        .survives(|script, lines| script.chunk(lines.heartbeat()).chunk(lines.heartbeat()))
        .waits(exactly(seconds(10)))
        .play(|stage| {
            Box::pin(async move {
                stage
                    .stream_mut()
                    .on_heartbeat(async |_| std::future::pending::<()>().await);
                stage.start().await;
            })
        }),
    ]
}
