//! Connections that are not made, break, fall silent or end.

use std::time::Duration;

use event_streamer_client::ErrorKind;
use event_streamer_testkit::{Script, StreamLines, event, token};

use super::case::*;
use super::stage::Dialed;
use crate::harness::stream_head;

const RESUMES: &str = "a new connection after a short delay, from behind what was handled; nothing lost, nothing twice";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = not_connected();
    cases.extend(broken());
    cases.extend(broken_framing());
    cases.extend(silent());
    cases.extend(again_and_again());
    cases
}

fn not_connected() -> Vec<Case> {
    vec![
        Case::new(
            "refused",
            "the service's port refuses three times",
            "tried again with growing delays; the stream begins as if nothing had been",
        )
        .dials([Dialed::Refused; 3])
        .stream(whole("c1"))
        .tokens([None])
        .acked(["c1-batch-1"])
        .reports(["CONNECTION_LOST"; 3])
        .says("the service could not be reached")
        .waits(delays(3)),
        Case::new(
            "connecting takes for ever",
            "a SYN without an answer",
            "given up after the connect time-out (10 s), and tried again",
        )
        .dials([Dialed::Silent])
        .stream(whole("c1"))
        .tokens([None])
        .acked(["c1-batch-1"])
        .waits(after(seconds(10), delays(1))),
        Case::new(
            "name not found",
            "the service's name has no address for a while",
            "tried again with growing delays, as when it is refused",
        )
        .dials([Dialed::Unresolved; 2])
        .stream(whole("c1"))
        .tokens([None])
        .acked(["c1-batch-1"])
        .reports(["CONNECTION_LOST"; 2])
        .waits(delays(2)),
        Case::new(
            "name leads elsewhere",
            "the connection breaks, and the name now has the address of another machine",
            "the name is looked up for each connection: the stream goes on at the new address",
        )
        .dials([Dialed::Here, Dialed::Elsewhere])
        .stream(opening().0.delay(seconds(1)).reset())
        .elsewhere(rest())
        .waits(after(seconds(1), delays(1))),
        Case::new(
            "no TLS",
            "the URL is https and the service speaks plain HTTP",
            "a connection error after each attempt; nothing is sent in the clear",
        )
        .url("https://events.test")
        .options(|options| {
            let policy = options.reconnect.clone().with_max_attempts(2);
            options.with_reconnect(policy)
        })
        .dials([Dialed::InTheClear; 3])
        .handled([])
        .tokens([])
        .acked([] as [&str; 0])
        .nowhere()
        .reports(["CONNECTION_LOST"; 3])
        .waits(delays(2))
        .fails(ErrorKind::Connection, "given up after attempt 3"),
        Case::new(
            "TLS without an answer",
            "the TLS handshake is never answered",
            "given up after the connect time-out (10 s), each time",
        )
        .url("https://events.test")
        .options(|options| {
            let policy = options.reconnect.clone().with_max_attempts(1);
            options.with_reconnect(policy)
        })
        .handled([])
        .tokens([])
        .acked([] as [&str; 0])
        .nowhere()
        .reports(["CONNECTION_LOST"; 2])
        .waits(after(seconds(20), delays(1)))
        .fails(ErrorKind::Timeout, "given up after attempt 2")
        .dials([Dialed::Silent; 2]),
    ]
}

fn broken() -> Vec<Case> {
    let half = |lines: &mut StreamLines| {
        let line = lines.batch(&[event(11, 0)]);
        line[..line.len() / 2].to_vec()
    };
    vec![
        Case::new(
            "reset before the response",
            "the connection is reset when the request was read",
            "asked again after a delay",
        )
        .refused_at_first([Script::new().reset()]),
        Case::new(
            "closed before the response",
            "the connection is closed when the request was read",
            "asked again after a delay",
        )
        .refused_at_first([Script::new().close()]),
        Case::new(
            "reset before the first line",
            "reset behind the response's head",
            "asked again after a delay, from the same position",
        )
        .refused_at_first([stream_head("c0").delay(seconds(1)).reset()])
        .waits(after(seconds(1), delays(1))),
        Case::new("reset inside a line", "half a batch, then a reset", RESUMES)
            .breaks(|script, mut lines| script.chunk(half(&mut lines)).delay(seconds(1)).reset())
            .waits(after(seconds(1), delays(1))),
        Case::new(
            "reset behind a line",
            "a whole batch, then a reset",
            RESUMES,
        )
        .breaks(|script, _| script.delay(seconds(1)).reset())
        .waits(after(seconds(1), delays(1))),
        Case::new(
            "clean end in mid-stream",
            "the body ends as HTTP ends bodies; no `complete`",
            "not the end of the subscription: reconnected and resumed",
        )
        .breaks(|script, _| script.last_chunk())
        .says("before the end of the subscription"),
        Case::new(
            "clean end inside a line",
            "the body ends as HTTP ends bodies, behind half a batch",
            "the half is thrown away and comes again whole",
        )
        .breaks(|script, mut lines| script.chunk(half(&mut lines)).last_chunk())
        .reports(["STREAM_ERROR"])
        .says("inside the line"),
        Case::new(
            "service shuts down",
            "`SERVER_SHUTDOWN`, then the end of the body",
            "told with the service's code, then reconnected and resumed",
        )
        .breaks(|script, lines| {
            let line = lines.error("SERVER_SHUTDOWN", "going down", true);
            script.chunk(line).last_chunk()
        })
        .reports(["SERVER_SHUTDOWN", "CONNECTION_LOST"]),
        Case::new(
            "empty stream",
            "status 200, and the body ends at once",
            "asked again after a delay, from the same position",
        )
        .refused_at_first([stream_head("c0").last_chunk()]),
    ]
}

fn broken_framing() -> Vec<Case> {
    vec![
        Case::new(
            "truncated chunk",
            "the connection closes inside a chunk",
            RESUMES,
        )
        .breaks(|script, _| {
            script
                .raw("40\r\n{\"type\":\"event_b")
                .delay(seconds(1))
                .close()
        })
        .waits(after(seconds(1), delays(1))),
        Case::new("bad chunk size", "a chunk size that is no number", RESUMES)
            .breaks(|script, _| script.raw("zz\r\n").await_hang_up())
            .reports(["STREAM_ERROR"]),
        Case::new(
            "endless chunk size",
            "a chunk size of more than 64 bits",
            RESUMES,
        )
        .breaks(|script, _| script.raw("ffffffffffffffffff\r\n").await_hang_up())
        .reports(["STREAM_ERROR"]),
        Case::new(
            "chunk without end",
            "other bytes where a chunk's end is due",
            RESUMES,
        )
        .breaks(|script, _| script.raw("2\r\n{}XX").await_hang_up())
        .reports(["STREAM_ERROR"]),
        Case::new(
            "body without framing",
            "an HTTP/1.0 response whose body ends with the connection",
            "its lines are taken; its end is not the end of the subscription",
        )
        .stream({
            let mut lines = StreamLines::new(7, "c1");
            let head = "HTTP/1.0 200 OK\r\nx-connection-id: c1\r\n\r\n";
            Script::new()
                .raw(head)
                .raw(lines.batch(&[event(10, 0)]))
                .close()
        })
        .stream(rest()),
        Case::new(
            "body shorter than its length",
            "fewer bytes than content-length says, then a close",
            RESUMES,
        )
        .stream({
            let mut lines = StreamLines::new(7, "c1");
            Script::new()
                .head(
                    200,
                    &[("content-length", "100000"), ("x-connection-id", "c1")],
                )
                .raw(lines.batch(&[event(10, 0)]))
                .close()
        })
        .stream(rest()),
        Case::new(
            "not HTTP",
            "another protocol answers",
            "a protocol fault: reported, tried again a bounded number of times",
        )
        .refused_at_first([Script::new().raw("SSH-2.0-OpenSSH_9.6\r\n").await_hang_up()])
        .reports(["STREAM_ERROR"]),
    ]
}

fn silent() -> Vec<Case> {
    vec![
        Case::new(
            "no response",
            "the request is read and never answered",
            "given up after the response time-out (30 s), and asked again",
        )
        .refused_at_first([Script::new().await_hang_up()])
        .waits(after(seconds(30), delays(1)))
        .says("no answer in time"),
        Case::new(
            "half a response head",
            "the head begins and does not go on",
            "given up after the response time-out (30 s), and asked again",
        )
        .refused_at_first([Script::new()
            .raw("HTTP/1.1 200 OK\r\nx-con")
            .await_hang_up()])
        .waits(after(seconds(30), delays(1))),
        Case::new(
            "silence",
            "the socket stays open and not a byte comes",
            "given up after three heartbeats' time (90 s), reconnected and resumed",
        )
        .breaks(|script, _| script.await_hang_up())
        .says("not a byte for 90 seconds")
        .waits(after(seconds(90), delays(1))),
        Case::new(
            "silence inside a line",
            "half a batch, then not a byte more",
            "given up after 90 s; the half is thrown away and comes again whole",
        )
        .breaks(|script, mut lines| {
            let line = lines.batch(&[event(11, 0)]);
            script.chunk(&line[..line.len() / 2]).await_hang_up()
        })
        .waits(after(seconds(90), delays(1))),
        Case::new(
            "quiet but alive",
            "nothing but a heartbeat each minute for ten minutes",
            "no fault: the connection is kept",
        )
        .survives(|script, lines| {
            (0..10).fold(script, |script, _| {
                script.delay(seconds(60)).chunk(lines.heartbeat())
            })
        })
        .waits(exactly(seconds(600))),
        Case::new(
            "one byte at a time",
            "every byte of the response in a packet of its own",
            "the same events, at any chunking",
        )
        .stream({
            let mut lines = StreamLines::new(7, "c1");
            let mut body = lines.batch(&[event(10, 0), event(11, 0)]);
            body.extend(lines.complete(2, "rt_end"));
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nx-connection-id: c1\r\n\r\n",
                body.len()
            );
            Script::new().trickle([head.into_bytes(), body].concat())
        })
        .unbroken()
        .acked(["c1-batch-1"]),
    ]
}

fn again_and_again() -> Vec<Case> {
    vec![
        Case::new(
            "down for long",
            "the port refuses fifty times in a row",
            "the delays grow to 10 s and never shrink; no limit to the attempts by default",
        )
        .dials([Dialed::Refused; 50])
        .stream(whole("c1"))
        .tokens([None])
        .acked(["c1-batch-1"])
        .reports(["CONNECTION_LOST"; 50])
        .waits(delays(50)),
        Case::new(
            "accepted and dropped",
            "eight connections that give a heartbeat and break",
            "an open connection is no progress: the delays grow as if it were refused",
        )
        .refused_at_first((0..8).map(|_| {
            let lines = StreamLines::new(7, "c0");
            stream_head("c0").chunk(lines.heartbeat()).last_chunk()
        }))
        .reports(["CONNECTION_LOST"; 8]),
        Case::new(
            "flapping",
            "twenty connections that give one batch each and are reset",
            "each moves the position, so each delay is the first one; all in order, none twice",
        )
        .flapping(),
        Case::new(
            "attempts are limited",
            "`max_attempts` is 3, and the port refuses",
            "ends with the connection error after the fourth attempt, and says so",
        )
        .options(|options| {
            let policy = options.reconnect.clone().with_max_attempts(3);
            options.with_reconnect(policy)
        })
        .dials([Dialed::Refused; 4])
        .handled([])
        .tokens([])
        .acked([] as [&str; 0])
        .nowhere()
        .reports(["CONNECTION_LOST"; 4])
        .waits(delays(3))
        .fails(ErrorKind::Connection, "given up after attempt 4"),
    ]
}

impl Case {
    fn flapping(self) -> Self {
        const CONNECTIONS: u64 = 20;
        let mut case = self;
        for n in 0..CONNECTIONS {
            let connection = format!("c{n}");
            let mut lines = StreamLines::new(7, &connection);
            let script = stream_head(&connection).chunk(lines.batch(&[event(10 + n, 0)]));
            case = case.stream(script.delay(seconds(1)).reset());
        }
        let last = StreamLines::new(7, "end");
        let end = stream_head("end").chunk(last.complete(CONNECTIONS, "rt_end"));
        let once = vec![1; CONNECTIONS as usize];
        case.stream(end.last_chunk())
            .handled((0..CONNECTIONS).map(|n| (10 + n, 0)))
            .tokens((0..=CONNECTIONS).map(|n| n.checked_sub(1).map(|n| token(10 + n, 0))))
            .acked((0..CONNECTIONS).map(|n| format!("c{n}-batch-1")))
            .reports(["CONNECTION_LOST"; CONNECTIONS as usize])
            .waits(after(Duration::from_secs(CONNECTIONS), delays_from(&once)))
    }
}
