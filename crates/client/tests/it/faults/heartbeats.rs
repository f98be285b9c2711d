//! The client's own heartbeats, and what the service makes of them.

use event_streamer_client::ErrorKind;
use event_streamer_testkit::{Reply, Script, token};

use super::case::*;
use crate::harness::{HEARTBEAT, error_reply};

/// The first heartbeat, after 30 s, is answered so; the stream goes on for 80 s.
fn answered(case: Case, answer: Script) -> Case {
    case.stream(paused_for(seconds(80)))
        .route(move |routes| routes.once(HEARTBEAT, answer))
        .unbroken()
        .waits(exactly(seconds(80)))
}

pub(super) fn cases() -> Vec<Case> {
    let gone = |case: Case, status, code: &'static str| {
        case.stream(opening().0.await_hang_up())
            .stream(rest())
            .route(move |routes| {
                routes.once(HEARTBEAT, Script::new().reply(&error_reply(status, code)))
            })
            .says("no longer knows its connection")
            .waits(after(seconds(30), delays(1)))
    };
    vec![
        gone(
            Case::new(
                "404",
                "the service does not know the connection",
                "reconnected and resumed",
            ),
            404,
            "CONNECTION_NOT_FOUND",
        ),
        gone(
            Case::new(
                "410",
                "the connection is gone at the service",
                "reconnected and resumed",
            ),
            410,
            "GONE",
        ),
        answered(
            Case::new(
                "500",
                "a heartbeat is answered 500",
                "told; the stream and the next ones go on",
            ),
            Script::new().respond(500, "no"),
        )
        .reports(["STREAM_ERROR"]),
        answered(
            Case::new(
                "429",
                "a heartbeat is answered 429",
                "told; the stream and the next ones go on",
            ),
            Script::new().reply(&Reply::new(429, "")),
        )
        .reports(["RATE_LIMITED"]),
        answered(
            Case::new(
                "reset",
                "the connection of a heartbeat is reset",
                "told; the stream and the next ones go on",
            ),
            Script::new().reset(),
        )
        .reports(["CONNECTION_LOST"]),
        answered(
            Case::new(
                "slow",
                "a heartbeat is never answered",
                "given up after the interval (30 s) and told; the stream goes on",
            ),
            Script::new().await_hang_up(),
        )
        .reports(["CONNECTION_LOST"]),
        answered(
            Case::new(
                "unreadable answer",
                "a heartbeat is answered 200 with HTML",
                "told; the stream and the next ones go on",
            ),
            Script::new().respond(200, "<html>"),
        )
        .reports(["STREAM_ERROR"]),
        Case::new(
            "401",
            "the service wants other credentials for heartbeats",
            "ends at once with the auth error; the position stays for the next start",
        )
        .stream(opening().0.await_hang_up())
        .route(|routes| routes.always(HEARTBEAT, error_reply(401, "UNAUTHORIZED")))
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports(["UNAUTHORIZED"])
        .waits(exactly(seconds(30)))
        .fails(ErrorKind::Auth, "answered 401"),
    ]
}
