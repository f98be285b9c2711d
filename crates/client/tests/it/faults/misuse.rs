//! The API used out of order.

use event_streamer_client::{ErrorKind, EventStreamer, StreamEnd};
use event_streamer_testkit::{Reply, Script, StreamLines, event, token};
use serde_json::{Map, Value};
use tokio::runtime::Handle;

use super::case::*;
use super::stage::{Handling, Stage};
use crate::harness::{STREAM, acked, error_reply, stream_head};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = started_and_stopped();
    cases.extend(dropped());
    cases.extend(asked_wrongly());
    cases
}

/// The connection gives this event and stays open.
fn open_at(connection: &str, block: u64) -> Script {
    let mut lines = StreamLines::new(7, connection);
    stream_head(connection)
        .chunk(lines.batch(&[event(block, 0)]))
        .await_hang_up()
}

fn nothing(case: Case) -> Case {
    case.handled([])
        .tokens([])
        .acked([] as [&str; 0])
        .nowhere()
        .reports([])
        .waits(at_once())
        .ends(End::Stopped)
}

fn started_and_stopped() -> Vec<Case> {
    vec![
        Case::new(
            "started twice",
            "`start_streaming` while it runs",
            "does nothing: one connection",
        )
        .stream(paused_for(seconds(10)))
        .unbroken()
        .waits(exactly(seconds(10)))
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.start().await;
                stage.book.wait_for(1).await;
                stage.start().await;
            })
        }),
        Case::new(
            "stopped twice",
            "`stop_streaming` when it is stopped",
            "does nothing, and no error",
        )
        .stream(open_at("c1", 10))
        .stopped_behind(1)
        .acked(["c1-batch-1"])
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.book.wait_for(1).await;
                stage.stop().await;
                stage.stop().await;
                stage.stream().disconnect().await.unwrap();
            })
        }),
        nothing(Case::new(
            "stopped before it began",
            "`stop_streaming` and `finished` without a start",
            "it is stopped, and no error",
        ))
        .play(|stage| {
            Box::pin(async move {
                stage.stop().await;
                assert_eq!(stage.stream().finished().await.unwrap(), StreamEnd::Stopped);
            })
        }),
        Case::new(
            "started again",
            "`start_streaming` after a stop",
            "goes on at the position: nothing lost, nothing twice",
        )
        .stream(open_at("c1", 10))
        .stream(rest())
        .reports([])
        .waits(at_once())
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.book.wait_for(1).await;
                stage.stop().await;
                stage.start().await;
            })
        }),
        Case::new(
            "started again behind a handler that was dropped",
            "stopped while a handler runs for too long, then started",
            "what was not handled comes again, from the position",
        )
        .stream(open_at("c1", 10))
        .stream(whole("c2"))
        .handling(Handling::Takes(seconds(30)))
        .tokens([None, None])
        .acked(["c2-batch-1"])
        .reports([])
        .waits(exactly(seconds(5 + 10 + 30)))
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                tokio::time::sleep(seconds(5)).await;
                stage.stop().await;
                stage.start().await;
            })
        }),
        Case::new(
            "started again after the end",
            "the stream ended with 503 `Retry-After` beyond the limit; started again later",
            "tried again, from the position",
        )
        .stream({
            let reply = Reply::new(503, "").with_header("retry-after", "864000");
            Script::new().reply(&reply)
        })
        .stream(whole("c1"))
        .tokens([None, None])
        .acked(["c1-batch-1"])
        .reports(["STREAM_ERROR"])
        .waits(at_once())
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                assert!(stage.stream().finished().await.is_err());
                stage.start().await;
            })
        }),
        Case::new(
            "resumed elsewhere",
            "`resume` with a token while it runs",
            "stopped with its acknowledgements, and begun there",
        )
        .stream(open_at("c1", 10))
        .stream(rest())
        .tokens([None, Some("rt_elsewhere".into())])
        .reports([])
        .waits(at_once())
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.book.wait_for(1).await;
                stage.stream_mut().resume("rt_elsewhere").await.unwrap();
            })
        }),
    ]
}

/// Gives ended tasks the turns they need to be gone, and tells how many are left.
async fn tasks_above(before: usize) -> usize {
    for _ in 0..1_000 {
        if Handle::current().metrics().num_alive_tasks() <= before {
            return 0;
        }
        tokio::task::yield_now().await;
    }
    Handle::current().metrics().num_alive_tasks() - before
}

async fn drop_at(stage: &mut Stage, then: impl AsyncFnOnce(&Stage)) {
    // Let the servers' own tasks begin.
    tokio::task::yield_now().await;
    let before = Handle::current().metrics().num_alive_tasks();
    stage.start().await;
    then(stage).await;
    assert!(Handle::current().metrics().num_alive_tasks() > before);
    drop(stage.stream.take());
    assert_eq!(tasks_above(before).await, 0, "tasks are left behind");
}

fn dropped() -> Vec<Case> {
    const NO_TASK: &str = "the connection is closed; no task is left behind";
    let gone = |case: Case| nothing(case).ends(End::Gone);
    vec![
        gone(Case::new(
            "dropped while connecting",
            "no answer yet when it is dropped",
            NO_TASK,
        ))
        .stream(Script::new().await_hang_up())
        .tokens([None])
        .play(|stage| {
            Box::pin(drop_at(stage, async |stage| {
                stage.server.requests_to(STREAM, 1).await;
            }))
        }),
        gone(Case::new(
            "dropped between attempts",
            "it waits to connect again",
            NO_TASK,
        ))
        .stream(Script::new().respond(503, ""))
        .tokens([None])
        .reports(["STREAM_ERROR"])
        .play(|stage| {
            Box::pin(drop_at(stage, async |stage| {
                stage.server.requests_to(STREAM, 1).await;
                while stage.errors.codes().is_empty() {
                    tokio::task::yield_now().await;
                }
            }))
        }),
        gone(Case::new(
            "dropped in a handler",
            "a handler runs when it is dropped",
            NO_TASK,
        ))
        .stream(open_at("c1", 10))
        .tokens([None])
        .handling(Handling::Takes(seconds(60)))
        .play(|stage| {
            Box::pin(drop_at(stage, async |stage| {
                while stage.book.calls() == 0 {
                    tokio::task::yield_now().await;
                }
            }))
        }),
    ]
}

fn asked_wrongly() -> Vec<Case> {
    vec![
        nothing(Case::new(
            "metadata too large",
            "client metadata of more than 4,096 bytes",
            "`start_streaming` says so before anything is sent",
        ))
        .options(|options| {
            let mut metadata = Map::new();
            metadata.insert("x".into(), Value::from("y".repeat(5_000)));
            options.with_client_metadata(metadata)
        })
        .play(|stage| {
            Box::pin(async move {
                let error = stage.stream().start_streaming().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Validation);
            })
        }),
        nothing(Case::new(
            "acknowledged without a connection",
            "`acknowledge_batch` and `send_heartbeat` before the start",
            "an error that says that no stream is open",
        ))
        .play(|stage| {
            Box::pin(async move {
                let error = stage.stream().acknowledge_batch("b").await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Connection);
                let error = stage.stream().send_heartbeat().await.unwrap_err();
                assert!(error.to_string().contains("no stream is open"), "{error}");
            })
        }),
        Case::new(
            "an unknown batch acknowledged",
            "`acknowledge_batch` with an id that the service does not know",
            "not found, with the code `BATCH_NOT_FOUND`; the stream goes on",
        )
        .stream(open_at("c1", 10))
        .stopped_behind(1)
        .acked(["c1-batch-1"])
        .route(|routes| {
            let path = "POST /subscriptions/7/stream/c1/ack/batch";
            routes.always(path, error_reply(404, "BATCH_NOT_FOUND"))
        })
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.book.wait_for(1).await;
                let error = stage.stream().acknowledge_batch("b").await.unwrap_err();
                assert!(error.is_not_found());
                assert_eq!(error.code().unwrap().to_string(), "BATCH_NOT_FOUND");
                assert!(stage.stream().is_connected());
                assert!(acked(&stage.server).is_empty());
                stage.stop().await;
            })
        }),
        nothing(Case::new(
            "a service URL that is none",
            "relative, of another scheme, with credentials in it",
            "said when the client is made, without the credentials",
        ))
        .play(|_| {
            Box::pin(async move {
                for url in [
                    "events.test",
                    "ftp://events.test",
                    "http://user:pass@events.test",
                ] {
                    let error = EventStreamer::new(url, "tester").unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::Validation, "{url}");
                    assert!(!format!("{error} {error:?}").contains("pass@"), "{error:?}");
                }
            })
        }),
        nothing(Case::new(
            "finished asked early",
            "`finished` after the end, twice",
            "the same answer each time",
        ))
        .stream(whole("c1"))
        .handled([(10, 0), (11, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position("rt_end")
        .ends(End::Completed)
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                for _ in 0..2 {
                    let end = stage.stream().finished().await.unwrap();
                    assert_eq!(end, StreamEnd::Completed);
                }
                let position = stage.stream().current_resume_token().unwrap();
                assert_ne!(position.as_str(), token(11, 0));
            })
        }),
    ]
}
