//! Streams that the service does not open.

use std::time::Duration;

use event_streamer_client::{ErrorKind, StreamEnd};
use event_streamer_testkit::{Reply, Routes, Script, StreamLines, WireServer, event};
use tokio::time::Instant;

use crate::harness::*;

fn completed() -> Script {
    let mut lines = StreamLines::new(7, "c1");
    stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(lines.complete(1, "rt_end"))
        .last_chunk()
}

#[tokio::test(start_paused = true)]
async fn refusals_for_good_end_at_once_with_what_the_service_said() {
    for (status, code, kind) in [
        (400, "INVALID_RESUME_TOKEN", ErrorKind::Validation),
        (401, "UNAUTHORIZED", ErrorKind::Auth),
        (403, "FORBIDDEN", ErrorKind::Auth),
        (404, "SUBSCRIPTION_NOT_FOUND", ErrorKind::NotFound),
        (409, "CONFLICT", ErrorKind::Conflict),
        (410, "GONE", ErrorKind::NotFound),
        (413, "TOO_LARGE", ErrorKind::Validation),
        (422, "INVALID", ErrorKind::Validation),
    ] {
        let routes = Routes::new().once(STREAM, Script::new().reply(&error_reply(status, code)));
        let server = WireServer::routed(routes).await;
        let errors = Errors::default();
        let mut stream = streaming(&server, options());
        stream.on_all_events(Seen::new().handler());
        errors.listen(&mut stream);
        stream.start_streaming().await.unwrap();
        let error = stream.finished().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.code().unwrap().as_str(), code);
        assert!(
            error.to_string().contains(&format!("error {code}")),
            "{error}"
        );
        assert!(!error.is_retryable());
        assert_eq!(errors.codes(), [code]);
        assert!(!errors.last().recoverable);
        assert_eq!(server.requests().len(), 1);
        assert!(!stream.is_running());
        // Asked again, the same.
        assert_eq!(stream.finished().await.unwrap_err().kind(), kind);
    }
}

#[tokio::test(start_paused = true)]
async fn redirects_are_not_followed() {
    let moved = Reply::new(302, "").with_header("location", "http://evil.test/");
    let server = WireServer::routed(Routes::new().once(STREAM, Script::new().reply(&moved))).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("redirect"), "{error}");
}

/// A refusal that is waited out, and the time from the refusal to the delivery.
async fn waited_for(refusal: Reply) -> Duration {
    let routes = Routes::new()
        .once(STREAM, Script::new().reply(&refusal))
        .once(STREAM, completed());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    let start = Instant::now();
    stream.start_streaming().await.unwrap();
    seen.next(1).await;
    let waited = start.elapsed();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    waited
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_waited_for_and_never_shortened() {
    let about = |waited: Duration, seconds: u64| waited.as_secs() == seconds;
    for status in [429, 503] {
        let refusal = error_reply(status, "LATER").with_header("retry-after", "120");
        let waited = waited_for(refusal).await;
        assert!(about(waited, 120), "{waited:?}");
    }
    let refusal = error_reply(503, "LATER")
        .with_header("date", "Thu, 23 May 2024 10:30:00 GMT")
        .with_header("retry-after", "Thu, 23 May 2024 10:31:30 GMT");
    let waited = waited_for(refusal).await;
    assert!(about(waited, 90), "{waited:?}");
    // Without it, or with one that has passed, the usual delays.
    for refusal in [
        error_reply(503, "LATER"),
        error_reply(429, "LATER").with_header("retry-after", "0"),
        error_reply(500, "OOPS"),
        Reply::new(504, ""),
        Reply::new(502, "<html><h1>bad gateway</h1>"),
        Reply::new(408, ""),
    ] {
        let waited = waited_for(refusal).await;
        assert!(waited < Duration::from_secs(1), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_reason_is_an_error() {
    let refusal = error_reply(503, "LATER").with_header("retry-after", "86400");
    let server =
        WireServer::routed(Routes::new().once(STREAM, Script::new().reply(&refusal))).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Service);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(86_400)));
}

#[tokio::test(start_paused = true)]
async fn answers_that_cannot_be_a_stream_are_not_read_as_one() {
    let page = Script::new()
        .reply(&Reply::new(200, "<html>").with_header("content-type", "text/html; charset=utf-8"));
    let packed = Script::new()
        .stream_head(&[("content-encoding", "br")])
        .last_chunk();
    let nothing = Script::new().reply(&Reply::new(204, ""));
    let routes = Routes::new()
        .once(STREAM, page)
        .once(STREAM, packed)
        .once(STREAM, nothing)
        .once(STREAM, completed());
    let server = WireServer::routed(agreeable(routes)).await;
    let errors = Errors::default();
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(errors.codes(), ["STREAM_ERROR"; 3]);
    assert_eq!(stream.stats().protocol_faults, 3);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_comes_is_not_waited_for_without_end() {
    let silent = Script::new().await_hang_up();
    let routes = Routes::new().once(STREAM, silent).once(STREAM, completed());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
}

#[tokio::test(start_paused = true)]
async fn final_errors_on_the_stream_end_it() {
    for (code, kind) in [
        ("SUBSCRIPTION_NOT_FOUND", ErrorKind::NotFound),
        ("REORG_TOO_DEEP", ErrorKind::Subscription),
        ("SOMETHING_NEW", ErrorKind::Subscription),
    ] {
        let mut lines = StreamLines::new(7, "c1");
        let script = stream_head("c1")
            .chunk(lines.batch(&[event(10, 0)]))
            .chunk(lines.error(code, "no more", false))
            .await_hang_up();
        let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
        let seen = Seen::new();
        let mut stream = streaming(&server, options());
        stream.on_all_events(seen.handler());
        stream.start_streaming().await.unwrap();
        let error = stream.finished().await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(error.code().unwrap().as_str(), code);
        assert!(error.to_string().contains("no more"), "{error}");
        server.finished().await;
    }
}
