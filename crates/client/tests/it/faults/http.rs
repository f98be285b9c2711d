//! Answers to the request for the stream that are not a stream.

use std::time::{Duration, SystemTime};

use event_streamer_client::ErrorKind;
use event_streamer_testkit::{Reply, Script};

use super::case::*;
use crate::harness::error_reply;

const FINAL: &str =
    "the same request would get the same answer: ends at once with status, code and body";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = refusals();
    cases.extend(unavailable());
    cases.extend(not_streams());
    cases.extend(heads());
    cases
}

fn refusals() -> Vec<Case> {
    let refused = |name, fault, status, code: &str, kind, text| {
        let script = Script::new().reply(&error_reply(status, code));
        Case::new(name, fault, FINAL).refused_for_good(script, kind, text)
    };
    vec![
        refused("400", "a resume token that is not accepted", 400, "INVALID_RESUME_TOKEN",
            ErrorKind::Validation, "error INVALID_RESUME_TOKEN")
            .reports(["INVALID_RESUME_TOKEN"]),
        refused("401", "credentials that are not accepted", 401, "UNAUTHORIZED",
            ErrorKind::Auth, "the service answered 401"),
        refused("403", "someone else's subscription", 403, "FORBIDDEN",
            ErrorKind::Auth, "the service answered 403"),
        refused("404", "no such subscription", 404, "SUBSCRIPTION_NOT_FOUND",
            ErrorKind::NotFound, "the service answered 404"),
        refused("405", "a service that knows no streams", 405, "METHOD_NOT_ALLOWED",
            ErrorKind::Validation, "the service answered 405"),
        refused("409", "a subscription that is paused", 409, "PAUSED",
            ErrorKind::Conflict, "the service answered 409"),
        refused("410", "a subscription that is gone", 410, "GONE",
            ErrorKind::NotFound, "the service answered 410"),
        refused("413", "a request that is too large", 413, "TOO_LARGE",
            ErrorKind::Validation, "the service answered 413"),
        refused("422", "a request that is not valid", 422, "INVALID",
            ErrorKind::Validation, "the service answered 422"),
        Case::new(
            "refused in mid-life",
            "the connection breaks, and the next request is answered 403",
            "what was handled is acknowledged as far as the service lets it; ends with the auth error",
        )
        .stream(opening().0.delay(seconds(5)).reset())
        .stream(Script::new().reply(&error_reply(403, "FORBIDDEN")))
        .handled([(10, 0)])
        .acked(["c1-batch-1"])
        .position(event_streamer_testkit::token(10, 0))
        .reports(["CONNECTION_LOST", "FORBIDDEN"])
        .waits(after(seconds(5), delays(1)))
        .fails(ErrorKind::Auth, "the service answered 403"),
    ]
}

fn unavailable() -> Vec<Case> {
    let busy = |status, after: &str| {
        Script::new().reply(&Reply::new(status, "busy").with_header("retry-after", after))
    };
    let plain = |status| Script::new().respond(status, "no");
    let later = |wait| wait..=wait + Duration::from_millis(1);
    vec![
        Case::new(
            "429 with seconds",
            "`Retry-After: 7`",
            "waited for, never shortened",
        )
        .refused_at_first([busy(429, "7")])
        .reports(["RATE_LIMITED"])
        .waits(later(seconds(7))),
        Case::new(
            "503 with seconds",
            "`Retry-After: 60`",
            "waited for, never shortened",
        )
        .refused_at_first([busy(503, "60")])
        .reports(["STREAM_ERROR"])
        .waits(later(seconds(60))),
        Case::new(
            "503 with a date",
            "`Retry-After` as an HTTP date two minutes ahead",
            "waited for until then",
        )
        .later(move |case| {
            let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(120));
            case.refused_at_first([busy(503, &date)])
                .reports(["STREAM_ERROR"])
                // The date has whole seconds, and real time passes while the case is set up.
                .waits(seconds(90)..=seconds(121))
        }),
        Case::new(
            "a wait for days",
            "`Retry-After: 864000`, more than `max_retry_after` (1 h)",
            "not waited for and not shortened: ends with the error, which holds the time asked for",
        )
        .refused_for_good(busy(429, "864000"), ErrorKind::RateLimited, "answered 429"),
        Case::new(
            "Retry-After of nonsense",
            "`Retry-After: soon`",
            "as without: the delay of the policy",
        )
        .refused_at_first([busy(503, "soon")])
        .reports(["STREAM_ERROR"]),
        Case::new("408 and 425", "time-outs of proxies", "tried again")
            .refused_at_first([plain(408), plain(425)])
            .reports(["CONNECTION_LOST", "STREAM_ERROR"]),
        Case::new(
            "500 in a row",
            "eight answers of 500",
            "tried again with growing delays",
        )
        .refused_at_first(vec![plain(500); 8])
        .reports(["STREAM_ERROR"; 8]),
        Case::new(
            "502 with HTML",
            "a proxy's web page of 100,000 characters",
            "tried again; the error says that it was a web page, and its body is 512 bytes of it at most",
        )
        .refused_at_first([Script::new().respond(502, "<html>oops ".repeat(9_000))])
        .reports(["STREAM_ERROR"])
        .says("502: a web page"),
        Case::new(
            "504 without a body",
            "an empty answer of 504",
            "tried again",
        )
        .refused_at_first([Script::new().respond(504, "")])
        .reports(["STREAM_ERROR"]),
        Case::new(
            "an error body without end",
            "status 500, and a body that never ends",
            "no more than an excerpt is read, and not for longer than 5 s",
        )
        .refused_at_first([Script::new()
            .head(500, &[("transfer-encoding", "chunked")])
            .chunk("no")
            .await_hang_up()])
        .reports(["STREAM_ERROR"])
        .waits(after(seconds(5), delays(1))),
    ]
}

fn not_streams() -> Vec<Case> {
    let page = |kind: &str| {
        Script::new()
            .stream_head(&[("content-type", kind)])
            .chunk("<html>please log in</html>")
            .last_chunk()
    };
    let redirect = |status| {
        let reply = Reply::new(status, "").with_header("location", "http://evil.test/");
        Script::new().reply(&reply)
    };
    let not_followed = |name, fault, script| {
        Case::new(
            name,
            fault,
            "not followed, whatever the origin: ends at once; credentials go nowhere else",
        )
        .refused_for_good(
            script,
            ErrorKind::Protocol,
            "a redirect, which is not followed",
        )
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                let _ = stage.stream().finished().await;
                assert_eq!(stage.dialed.load(std::sync::atomic::Ordering::SeqCst), 1);
            })
        })
    };
    vec![
        Case::new(
            "200 with HTML",
            "a captive portal's page instead of the stream",
            "a protocol fault that says so; tried again a bounded number of times",
        )
        .refused_at_first([page("text/html; charset=utf-8")])
        .reports(["STREAM_ERROR"])
        .says("web page"),
        Case::new(
            "200 with another content type",
            "lines of JSON as `text/plain`",
            "the lines decide: taken",
        )
        .stream(whole_behind(
            Script::new().stream_head(&[("content-type", "text/plain"), ("x-connection-id", "c1")]),
            "c1",
        ))
        .unbroken()
        .acked(["c1-batch-1"]),
        Case::new(
            "204",
            "no content where the stream should be",
            "a protocol fault; tried again a bounded number of times",
        )
        .refused_at_first([Script::new().reply(&Reply::new(204, ""))])
        .reports(["STREAM_ERROR"]),
        not_followed(
            "301",
            "a redirect for good to another origin",
            redirect(301),
        ),
        not_followed("302", "a redirect to another origin", redirect(302)),
        not_followed("307", "a redirect that keeps the method", redirect(307)),
        not_followed(
            "308",
            "a redirect for good that keeps the method",
            redirect(308),
        ),
    ]
}

fn heads() -> Vec<Case> {
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n";
    let go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    let framed = [("transfer-encoding", "chunked"), ("x-connection-id", "c1")];
    let huge = "x".repeat(1 << 20);
    let many: Vec<(String, String)> = (0..500).map(|n| (format!("x-{n}"), "y".into())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    vec![
        Case::new("103", "early hints before the response", "passed over")
            .stream(whole_behind(
                Script::new().raw(hints).head(200, &framed),
                "c1",
            ))
            .unbroken()
            .acked(["c1-batch-1"]),
        Case::new("100", "`100 Continue` before the response", "passed over")
            .stream(whole_behind(
                Script::new().raw(go_on).head(200, &framed),
                "c1",
            ))
            .unbroken()
            .acked(["c1-batch-1"]),
        Case::new(
            "huge header",
            "a header of 1 MiB",
            "not read to its end: a protocol fault; tried again a bounded number of times",
        )
        .refused_at_first([Script::new()
            .head(200, &[("x-huge", &huge)])
            .await_hang_up()])
        .reports(["STREAM_ERROR"]),
        Case::new(
            "500 headers",
            "more headers than any service sends",
            "a protocol fault; tried again a bounded number of times",
        )
        .refused_at_first([Script::new().head(200, &many).await_hang_up()])
        .reports(["STREAM_ERROR"]),
        Case::new(
            "two lengths",
            "`content-length` twice, with different values",
            "a protocol fault: where the body ends is open",
        )
        .refused_at_first([Script::new()
            .head(200, &[("content-length", "5"), ("content-length", "6")])
            .await_hang_up()])
        .reports(["STREAM_ERROR"]),
    ]
}
