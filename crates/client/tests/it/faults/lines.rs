//! Lines of every kind: odd and sound, broken, hostile, too long.

use event_streamer_client::ErrorKind;
use event_streamer_testkit::{Script, StreamLines, event, token};
use serde_json::{Value, json};

use super::case::*;
use crate::harness::{stream_head, with, without};

const POISON: &str = "nothing of it is handled and nothing is stepped over: asked for again from the position, a \
     bounded number of times, then the end with a protocol error";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = odd_and_sound();
    cases.extend(broken());
    cases.extend(numbers_and_depth());
    cases.extend(long());
    cases.extend(fields());
    cases.extend(messages());
    cases
}

/// A batch line of c1 for (11, 0), as bytes to be tampered with.
fn second(change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut lines = StreamLines::new(7, "c1");
    lines.batch(&[event(10, 0)]);
    let line = String::from_utf8(lines.batch(&[event(11, 0)])).unwrap();
    let changed = change(line.clone());
    assert_ne!(line, changed, "the tampering finds its place");
    changed.into_bytes()
}

/// The same line with a field of the event set to a text that need not be JSON.
fn with_value(text: &str) -> Vec<u8> {
    let marked =
        "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"";
    second(|line| line.replace(marked, text))
}

/// (10, 0) and this line for (11, 0), then the end.
fn accepts(case: Case, line: impl AsRef<[u8]>) -> Case {
    let (script, lines) = opening();
    let script = script
        .chunk(line)
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk();
    case.stream(script).unbroken()
}

/// After the end: the JSON of the second event holds this text.
fn holds(case: Case, text: String) -> Case {
    case.play(move |stage| {
        Box::pin(async move {
            stage.start().await;
            stage.stream().finished().await.unwrap();
            let texts = stage.book.texts();
            assert!(texts[1].contains(&text), "{}", texts[1]);
        })
    })
}

fn odd_and_sound() -> Vec<Case> {
    let umlauts = "\"Grüße 😀 \u{1F469}\u{200D}\u{1F680}\"";
    let mut one_by_one = {
        let line = with_value(umlauts);
        let (script, lines) = opening();
        let script = line
            .iter()
            .fold(script, |script, byte| script.chunk([*byte]));
        script.chunk(lines.complete(2, "rt_end")).last_chunk()
    };
    let mut all_in_one = StreamLines::new(7, "c1");
    let body = [
        all_in_one.batch(&[event(10, 0)]),
        all_in_one.batch(&[event(11, 0)]),
        all_in_one.complete(2, "rt_end"),
    ]
    .concat();
    let with_mark = [b"\xef\xbb\xbf".to_vec(), body.clone()].concat();
    let crlf = String::from_utf8(body.clone())
        .unwrap()
        .replace('\n', "\r\n");
    vec![
        Case::new("CRLF", "lines end with CR LF", "the same as with LF")
            .stream(stream_head("c1").chunk(crlf).last_chunk())
            .unbroken(),
        Case::new(
            "blank lines",
            "empty lines and lines of spaces between",
            "skipped",
        )
        .survives(|script, _| script.chunk("\n\r\n   \n\t\n")),
        Case::new(
            "all in one chunk",
            "all lines in one chunk",
            "taken one by one",
        )
        .stream(stream_head("c1").chunk(body).last_chunk())
        .unbroken(),
        holds(
            Case::new(
                "UTF-8 split",
                "characters of up to four bytes, every byte in a chunk of its own",
                "the text is whole",
            )
            .stream(std::mem::take(&mut one_by_one))
            .unbroken(),
            umlauts.to_owned(),
        ),
        Case::new(
            "byte order mark",
            "a BOM before the first line",
            "tolerated",
        )
        .stream(stream_head("c1").chunk(with_mark).last_chunk())
        .unbroken(),
        holds(
            accepts(
                Case::new(
                    "NUL in a string",
                    "`\\u0000` in a decoded string",
                    "kept as it was sent",
                ),
                with_value("\"a\\u0000b\""),
            ),
            "a\\u0000b".to_owned(),
        ),
    ]
}

fn broken() -> Vec<Case> {
    let invalid = {
        let mut line = with_value("\"????\"");
        let at = line.windows(4).position(|bytes| bytes == b"????").unwrap();
        line[at] = 0xff;
        line
    };
    let truncated = second(|line| line[..line.len() / 2].to_owned() + "\n");
    let mark = [b"\xef\xbb\xbf".to_vec(), second(|line| line + "\n")].concat();
    vec![
        Case::new(
            "not UTF-8",
            "a byte that is no UTF-8 within a string",
            POISON,
        )
        .poisoned(invalid, "not readable"),
        Case::new("not JSON", "a line of words", POISON)
            .poisoned("upstream connect error\n", "not readable"),
        Case::new(
            "not JSON, once",
            "a line of words, and a sound stream on the next connection",
            "told, reconnected and resumed; what follows is as if nothing had been",
        )
        .breaks(|script, _| script.chunk("upstream connect error\n").await_hang_up())
        .reports(["STREAM_ERROR"]),
        Case::new(
            "truncated in mid-stream",
            "half a batch with an end of line",
            POISON,
        )
        .poisoned(truncated, "not readable"),
        Case::new("a BOM later", "a BOM before a later line", POISON)
            .poisoned(mark, "not readable"),
        Case::new("an array", "a line that is JSON and no object", POISON)
            .poisoned("[1,2]\n", "not readable"),
        Case::new("NaN", "`NaN` where a number is due", POISON)
            .poisoned(with_value("NaN"), "not readable"),
        Case::new("no type", "an object without `type`", POISON)
            .poisoned("{\"events\":{}}\n", "no `type`"),
        Case::new(
            "two lines in one",
            "two objects without an end of line between",
            POISON,
        )
        .poisoned(
            "{\"type\":\"heartbeat\"}{\"type\":\"heartbeat\"}\n",
            "not readable",
        ),
        Case::new(
            "a field twice",
            "`batch_size` twice in one batch",
            "which of them counts is open, so neither does: a protocol fault",
        )
        .poisoned(
            second(|line| line.replacen('{', "{\"batch_size\":1,", 1)),
            "duplicate field",
        ),
        Case::new(
            "an event name twice",
            "two arrays of one event name in a batch",
            POISON,
        )
        .poisoned(
            second(|line| line.replace("\"events\":{", "\"events\":{\"Transfer\":[],")),
            "twice",
        ),
    ]
}

fn numbers_and_depth() -> Vec<Case> {
    let digits = "9".repeat(78);
    let many = "7".repeat(5_000);
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    vec![
        holds(
            accepts(
                Case::new(
                    "78 digits",
                    "an integer of 256 bits as a JSON number",
                    "handed over digit for digit, never through a floating point number",
                ),
                with_value(&digits),
            ),
            format!(":{digits}"),
        ),
        holds(
            accepts(
                Case::new(
                    "5,000 digits",
                    "an integer of 5,000 digits as a JSON number",
                    "handed over digit for digit; whether it fits is asked when it is read",
                ),
                with_value(&many),
            ),
            format!(":{many}"),
        ),
        holds(
            accepts(
                Case::new(
                    "a field twice in an event",
                    "an event whose parameter stands twice",
                    "handed over as it was sent; reading it as a type of one's own says so",
                ),
                with_value("\"1\",\"value\":\"2\""),
            ),
            "\"value\":\"1\",\"value\":\"2\"".to_owned(),
        ),
        accepts(
            Case::new(
                "nesting of 50,000 in an event",
                "an event with 50,000 brackets within each other",
                "no stack overflow: handed over as text, and an error where it is read as a value",
            ),
            with_value(&deep),
        )
        .play(|stage| {
            Box::pin(async move {
                let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
                let book = stage.book.clone();
                stage.stream_mut().on_all_events(move |events, _| {
                    for event in &events {
                        sender.send(event.to_value().is_ok()).unwrap();
                    }
                    book.note(&events);
                    std::future::ready(())
                });
                stage.start().await;
                assert_eq!(told.recv().await, Some(true));
                assert_eq!(told.recv().await, Some(false));
            })
        }),
        Case::new(
            "nesting of 50,000 in a message",
            "an unknown message with 50,000 brackets within each other",
            "no stack overflow: a message that is not known is skipped",
        )
        .survives(|script, _| script.chunk(format!("{{\"type\":\"new\",\"x\":{deep}}}\n"))),
    ]
}

fn long() -> Vec<Case> {
    let taken = |case: Case, bytes: usize| case.later(move |case| accepts(case, of_size(bytes)));
    vec![
        taken(Case::new("64 KiB", "a line of 64 KiB", "handed over"), 64 << 10),
        taken(Case::new("1 MiB", "a line of 1 MiB", "handed over"), 1 << 20),
        taken(
            Case::new(
                "15 MiB",
                "a line of 15 MiB, under the default limit of 16 MiB",
                "handed over, alone in the queue",
            ),
            15 << 20,
        ),
        taken(
            Case::new(
                "64 MiB, allowed",
                "a line of 64 MiB, and `max_line_bytes` of 80 MiB",
                "handed over: the limit is a setting",
            )
            .options(|options| options.with_max_line_bytes(80 << 20)),
            64 << 20,
        ),
        Case::new(
            "endless line",
            "a line that never ends",
            "no more than the limit (16 MiB) is held; the error names it; the same line is not asked \
             for without end",
        )
        .later(|case| {
            let text = "longer than the limit of 16777216 bytes; raise the line limit";
            case.poisoned_by(endless_line, text)
        }),
        Case::new(
            "longer than a small limit",
            "a line of 64 KiB, and `max_line_bytes` of 4 KiB",
            POISON,
        )
        .options(|options| options.with_max_line_bytes(4 << 10))
        .poisoned(of_size(64 << 10), "longer than the limit of 4096 bytes"),
    ]
}

/// A batch line with an event that is so long.
fn of_size(bytes: usize) -> Vec<u8> {
    with_value(&format!("\"{}\"", "x".repeat(bytes)))
}

/// 64 MiB without an end of line.
fn endless_line(script: Script) -> Script {
    let mebibyte = vec![b'a'; 1 << 20];
    (0..64).fold(script, |script, _| script.chunk(&mebibyte))
}

fn fields() -> Vec<Case> {
    let changed = |field: &'static str, to: Value| with(&second(|line| line + "\n"), field, to);
    let ack_path = "POST /confirmations";
    vec![
        accepts(
            Case::new(
                "unknown fields",
                "a batch with fields nobody knows",
                "taken; they are kept",
            ),
            second(|line| line.replacen('{', "{\"novelty\":{\"a\":[1]},", 1)),
        ),
        accepts(
            Case::new(
                "optional fields missing",
                "a batch without `batch_size`, `sequence`, `coverage` and `timestamp`",
                "taken: only `type` and `events` are indispensable",
            ),
            without(
                &second(|line| line + "\n"),
                &["batch_size", "sequence", "coverage", "timestamp"],
            ),
        ),
        accepts(
            Case::new(
                "optional fields null",
                "the same fields with `null`",
                "`null` is as good as absent",
            ),
            ["batch_size", "sequence", "coverage", "timestamp"]
                .into_iter()
                .fold(second(|line| line + "\n"), |line, field| {
                    with(&line, field, Value::Null)
                }),
        ),
        accepts(
            Case::new(
                "no batch id",
                "a batch that has a `response_id` only, as older services send it",
                "acknowledged by `/confirmations`",
            ),
            without(&second(|line| line + "\n"), &["batch_id"]),
        )
        .acked(["c1-batch-1"])
        .route(move |routes| {
            let answer = json!({
                "success": true, "subscription_id": 7, "response_id": "response-2",
                "message": "confirmed", "timestamp": "2024-05-23T10:30:00.000Z",
            });
            routes.once(
                ack_path,
                Script::new().reply(&event_streamer_testkit::Reply::json(200, &answer)),
            )
        }),
        accepts(
            Case::new(
                "no id at all",
                "a batch without any id",
                "handed over, not acknowledged",
            ),
            without(&second(|line| line + "\n"), &["batch_id", "response_id"]),
        )
        .acked(["c1-batch-1"]),
        accepts(
            Case::new(
                "unreadable time",
                "a `timestamp` that is no time",
                "taken: nothing depends on it",
            ),
            changed("timestamp", json!("yesterday")),
        ),
        Case::new(
            "batch_size disagrees",
            "`batch_size` 2, and one event",
            "events may be missing: nothing of it is handed over, as with a line that is broken",
        )
        .poisoned(
            changed("batch_size", json!(2)),
            "a batch of 2 events holds 1",
        ),
        Case::new(
            "foreign subscription",
            "a batch of subscription 8 on the stream of 7",
            "never handed over; a protocol fault",
        )
        .poisoned(
            changed("subscription_id", json!(8)),
            "a batch of subscription 8",
        ),
        Case::new("no events", "a batch without `events`", POISON).poisoned(
            without(&second(|line| line + "\n"), &["events"]),
            "no `events`",
        ),
        Case::new(
            "an event that is a number",
            "a number in the list of events",
            POISON,
        )
        .poisoned(changed("events", json!({"Transfer": [5]})), "not an object"),
        Case::new(
            "empty batch",
            "a batch without an event",
            "no handler is called; it is acknowledged and moves the position",
        )
        .survives(|script, lines| script.chunk(lines.batch_at("Transfer", &[], "rt_10_9")))
        .acked(["c1-batch-1", "c1-batch-2", "c1-batch-3"]),
    ]
}

fn messages() -> Vec<Case> {
    let (_, lines) = opening();
    let error = |code: &str, recoverable| lines.error(code, "because", recoverable);
    vec![
        Case::new(
            "unknown type",
            "a message of a type nobody knows",
            "skipped, and no fault",
        )
        .survives(|script, lines| script.chunk(lines.message("novelty", json!({"a": 1})))),
        Case::new(
            "heartbeat with more and less",
            "a heartbeat with `null` and unknown fields",
            "a sign of life all the same",
        )
        .survives(|script, _| {
            script.chunk("{\"type\":\"heartbeat\",\"connection_id\":null,\"novelty\":1}\n")
        }),
        Case::new(
            "error that passes",
            "an `error` with `recoverable: true`",
            "told to `on_error`; the stream goes on",
        )
        .survives(|script, _| script.chunk(error("CIRCUIT_BREAKER_OPEN", true)))
        .reports(["CIRCUIT_BREAKER_OPEN"]),
        Case::new(
            "error of unknown code",
            "an `error` with a code nobody knows, and no `recoverable`",
            "told with the code as text; the stream goes on",
        )
        .survives(|script, _| script.chunk(without(&error("NOVELTY", true), &["recoverable"])))
        .reports(["NOVELTY"]),
        Case::new(
            "error that is final",
            "an `error` with `recoverable: false`",
            "what came before is handled and acknowledged; then the end, with the service's code",
        )
        .stream(
            opening()
                .0
                .chunk(error("REORG_TOO_DEEP", false))
                .await_hang_up(),
        )
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports(["REORG_TOO_DEEP"])
        .waits(at_once())
        .fails(ErrorKind::Subscription, "REORG_TOO_DEEP"),
        Case::new(
            "subscription deleted",
            "an `error` with `SUBSCRIPTION_NOT_FOUND`, final",
            "ends at once, as not found",
        )
        .stream(
            opening()
                .0
                .chunk(error("SUBSCRIPTION_NOT_FOUND", false))
                .await_hang_up(),
        )
        .handled([(10, 0)])
        .tokens([None])
        .acked(["c1-batch-1"])
        .position(token(10, 0))
        .reports(["SUBSCRIPTION_NOT_FOUND"])
        .waits(at_once())
        .fails(ErrorKind::NotFound, "SUBSCRIPTION_NOT_FOUND"),
    ]
}
