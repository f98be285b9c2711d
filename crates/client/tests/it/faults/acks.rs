//! Acknowledgements that are refused, lost, late or many.

use event_streamer_client::ErrorKind;
use event_streamer_testkit::{Gate, Reply, Script, StreamLines, event, token};
use tokio::time::Instant;

use super::case::*;
use super::stage::Handling;
use crate::harness::{BULK, POSITION, acked, bulk_reply, error_reply, stream_head};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = failed();
    cases.extend(forgotten());
    cases.extend(many());
    cases
}

/// A stream long enough for any acknowledgement; the first requests of that kind are answered so.
fn answered_first(case: Case, answers: impl IntoIterator<Item = Script>) -> Case {
    let answers: Vec<Script> = answers.into_iter().collect();
    let repeats = vec!["c1-batch-1"; answers.len() + 1];
    case.stream(kept_alive_for(2))
        .route(move |routes| {
            answers
                .into_iter()
                .fold(routes, |routes, answer| routes.once(BULK, answer))
        })
        .unbroken()
        .acked([repeats, vec!["c1-batch-2"]].concat())
        .waits(exactly(seconds(120)))
}

/// Connection `c1` with (10, 0), so many minutes of heartbeats, (11, 0) and the end.
fn kept_alive_for(minutes: u64) -> Script {
    let (script, mut lines) = opening();
    let script = (0..minutes).fold(script, |script, _| {
        script.delay(seconds(60)).chunk(lines.heartbeat())
    });
    script
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk()
}

fn failed() -> Vec<Case> {
    let plain = |status| Script::new().respond(status, "no");
    let again = "sent again after a delay; the events go on meanwhile";
    vec![
        answered_first(
            Case::new(
                "answer lost",
                "the connection is reset when the request was read",
                again,
            ),
            [Script::new().reset()],
        )
        .reports(["CONNECTION_LOST"]),
        answered_first(
            Case::new("500", "three answers of 500", again),
            vec![plain(500); 3],
        )
        .reports(["STREAM_ERROR"; 3]),
        answered_first(
            Case::new(
                "429",
                "`Retry-After: 20`",
                "sent again after that time, not before",
            ),
            [Script::new().reply(&Reply::new(429, "").with_header("retry-after", "20"))],
        )
        .reports(["RATE_LIMITED"])
        .play(|stage| {
            Box::pin(async move {
                let start = Instant::now();
                stage.start().await;
                stage.server.requests_to(BULK, 2).await;
                assert!(start.elapsed() >= seconds(3 + 20));
            })
        }),
        answered_first(
            Case::new(
                "no answer",
                "the request is read and never answered",
                "given up after the call's time-out (30 s), sent again; the events go on meanwhile",
            ),
            [Script::new().await_hang_up()],
        )
        .reports(["CONNECTION_LOST"]),
        answered_first(
            Case::new("unreadable answer", "status 200 with HTML", again),
            [plain(200)],
        )
        .reports(["STREAM_ERROR"]),
        answered_first(
            Case::new("redirect", "status 302", "not followed; sent again"),
            [plain(302)],
        )
        .reports(["STREAM_ERROR"]),
        answered_first(
            Case::new("refused once", "status 422, then 200", again),
            [Script::new().reply(&error_reply(422, "INVALID"))],
        )
        .reports(["INVALID"]),
        Case::new(
            "partly failed",
            "one of three batches is in `failed_batch_ids`, twice",
            "only the failed one is sent again, a bounded number of times",
        )
        .partly_failed(),
        Case::new(
            "401",
            "the service wants other credentials for acknowledgements",
            "ends at once with the auth error; the position stays for the next start",
        )
        .stream(opening().0.await_hang_up())
        .route(|routes| routes.always(BULK, error_reply(401, "UNAUTHORIZED")))
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports(["UNAUTHORIZED"])
        .waits(seconds(3)..=seconds(4))
        .fails(ErrorKind::Auth, "answered 401"),
    ]
}

fn forgotten() -> Vec<Case> {
    let unknown = || error_reply(404, "CONNECTION_NOT_FOUND");
    let first_unknown = |case: Case| {
        case.stream(opening().0.await_hang_up())
            .stream(rest())
            .route(move |routes| routes.once(BULK, Script::new().reply(&unknown())))
            .waits(after(seconds(3), delays(1)))
    };
    vec![
        first_unknown(Case::new(
            "connection unknown",
            "404 `CONNECTION_NOT_FOUND`: the service has forgotten the connection",
            "the position is acknowledged in place of its batches, and a new connection goes on there",
        ))
        .positions([token(10, 0)]),
        first_unknown(Case::new(
            "position unknown too",
            "a service that has forgotten the connection and has no `/position`",
            "the first batch of the new connection carries the position along",
        ))
        .positions([token(10, 0)])
        .route(|routes| routes.always(POSITION, Reply::new(404, ""))),
        first_unknown(Case::new(
            "position is further",
            "409 `POSITION_BEHIND`: another client of the subscription is further",
            "there is nothing to carry over; the stream goes on",
        ))
        .positions([token(10, 0)])
        .route(|routes| routes.always(POSITION, error_reply(409, "POSITION_BEHIND"))),
        first_unknown(Case::new(
            "position not taken at first",
            "`/position` is answered 503, then taken",
            "sent again; the stream goes on meanwhile",
        ))
        .positions([token(10, 0), "rt_end".to_owned()])
        .reports_besides("STREAM_ERROR")
        // The end waits for the repeat: 3 s to 6 s after the first.
        .waits(seconds(6)..=seconds(3 + 6 + 1))
        .route(|routes| routes.once(POSITION, Script::new().respond(503, ""))),
        Case::new(
            "failed for good",
            "one batch is in `failed_batch_ids` each time",
            "after five attempts no batch behind it would count: the position is acknowledged instead, \
             and a new connection is made",
        )
        .stream(opening().0.await_hang_up())
        .stream(rest())
        .options(|options| options.with_idle_timeout(seconds(600)))
        .route(|routes| {
            routes.answer(BULK, |request| {
                let failed = match request.path().contains("/c1/") {
                    true => vec!["c1-batch-1"],
                    false => vec![],
                };
                Script::new().reply(&bulk_reply(request, &failed))
            })
        })
        .acked([vec!["c1-batch-1"; 5], vec!["c2-batch-1"]].concat())
        .positions([token(10, 0)])
        .reports(vec!["BATCH_NOT_FOUND"; 4].into_iter().chain(["CONNECTION_LOST"]))
        // 3 s until the first; then four delays from 3 s, doubling, to 10 s.
        .waits(seconds(3 + 3 + 6 + 10 + 10)..=seconds(3 + 6 + 10 + 10 + 10 + 1)),
    ]
}

fn many() -> Vec<Case> {
    const MANY: u64 = 20_000;
    let mut lines = StreamLines::new(7, "c1");
    let all: Vec<u8> = (0..MANY)
        .flat_map(|n| lines.batch(&[event(10 + n, 0)]))
        .collect();
    let gate = Gate::new();
    let (waiting, open) = (gate.clone(), gate);
    let end = lines.complete(MANY, "rt_end");
    let late = Gate::new();
    vec![
        Case::new(
            "20,000 pending",
            "the first acknowledgement is answered when 20,000 batches are handled",
            "1,000 ids in a request at most; every batch once, in order",
        )
        .stream(
            stream_head("c1")
                .chunk(all)
                .wait(&late)
                .chunk(end)
                .last_chunk(),
        )
        .unbroken()
        .handled((0..MANY).map(|n| (10 + n, 0)))
        .acked((1..=MANY).map(|n| format!("c1-batch-{n}")))
        .route(move |routes| {
            let mut first = Some(waiting);
            routes.answer(BULK, move |request| {
                let script = first
                    .take()
                    .into_iter()
                    .fold(Script::new(), |script, gate| script.wait(&gate));
                script.reply(&bulk_reply(request, &[]))
            })
        })
        .play(move |stage| {
            Box::pin(async move {
                stage.start().await;
                stage.book.wait_for(MANY as usize).await;
                assert_eq!(acked(&stage.server).len(), 1);
                open.open();
                late.open();
                stage.stream().finished().await.unwrap();
                let largest = acked(&stage.server).iter().map(Vec::len).max();
                assert_eq!(largest, Some(1_000));
            })
        }),
        Case::new(
            "pending at the stop",
            "stopped before the interval of acknowledgements is over",
            "sent at once; stopping waits for the answer",
        )
        .stream(opening().0.await_hang_up())
        .options(|options| options.with_batch_ack_interval(seconds(3_600)))
        .stopped_behind(1)
        .acked(["c1-batch-1"]),
        Case::new(
            "no answer at the stop",
            "stopped while the service does not answer acknowledgements",
            "stopping takes `stop_timeout` (10 s) at most, and says that batches come again",
        )
        .stream(opening().0.await_hang_up())
        .route(|routes| routes.answer(BULK, |_| Script::new().await_hang_up()))
        .stopped_behind(1)
        .acked(["c1-batch-1"])
        .reports(["CONNECTION_LOST"])
        .waits(exactly(seconds(10)))
        .fails(
            ErrorKind::Timeout,
            "not every acknowledgement was confirmed",
        ),
        Case::new(
            "none wanted",
            "`auto_acknowledge` is off",
            "nothing is acknowledged; the position moves with what is handled",
        )
        .stream(paused_for(seconds(60)))
        .options(|options| options.with_auto_acknowledge(false))
        .unbroken()
        .acked([] as [&str; 0])
        .waits(exactly(seconds(60))),
        Case::new(
            "handler is slow",
            "the handler of the second batch takes a minute",
            "the first is acknowledged meanwhile, the second when its handler has returned",
        )
        .stream(paused_for(seconds(1)))
        .handling(Handling::Takes(seconds(60)))
        .unbroken()
        .waits(exactly(seconds(120))),
    ]
}

impl Case {
    fn reports_besides(mut self, code: &'static str) -> Self {
        self.expected.reports.push(code);
        self
    }

    fn partly_failed(self) -> Self {
        let mut lines = StreamLines::new(7, "c1");
        let batches: Vec<u8> = (10..13)
            .flat_map(|block| lines.batch(&[event(block, 0)]))
            .collect();
        let script = stream_head("c1")
            .chunk(batches)
            .delay(seconds(60))
            .chunk(lines.complete(3, "rt_end"))
            .last_chunk();
        let mut answered = 0;
        self.stream(script)
            .unbroken()
            .handled([(10, 0), (11, 0), (12, 0)])
            .route(move |routes| {
                routes.answer(BULK, move |request| {
                    answered += 1;
                    let failed = if answered <= 2 {
                        vec!["c1-batch-2"]
                    } else {
                        vec![]
                    };
                    Script::new().reply(&bulk_reply(request, &failed))
                })
            })
            .acked([
                "c1-batch-1",
                "c1-batch-2",
                "c1-batch-3",
                "c1-batch-2",
                "c1-batch-2",
            ])
            .reports(["BATCH_NOT_FOUND"; 2])
            .waits(exactly(seconds(60)))
    }

    /// One connection that is stopped when so many events are handled.
    pub(super) fn stopped_behind(self, events: usize) -> Self {
        let blocks = (10..).take(events);
        let places: Vec<(u64, u32)> = blocks.map(|block| (block, 0)).collect();
        let position = token(places[events - 1].0, 0);
        self.unbroken()
            .handled(places)
            .position(position)
            .ends(End::Stopped)
            .play(move |stage| {
                Box::pin(async move {
                    stage.start().await;
                    stage.book.wait_for(events).await;
                    // What came of it is told by the end.
                    let _ = stage.stream().stop_streaming().await;
                })
            })
    }
}
