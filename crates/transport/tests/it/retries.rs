//! Which exchanges are repeated, when, and how often.

use std::future::ready;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use event_streamer_testkit::{Reply, Script, WireServer};
use event_streamer_transport::{
    CallOptions, Dial, HttpClient, Origin, RetryMode, RetryPolicy, TransportErrorKind,
};
use http::{Method, Response};
use tokio::io::DuplexStream;
use tokio::time::Instant;

use crate::{get, request};

const SECOND: Duration = Duration::from_secs(1);

/// Delays of 1, 2, 4 .. seconds less jitter; waits of up to a minute when asked to.
fn policy() -> RetryPolicy {
    RetryPolicy::default()
        .with_base(SECOND)
        .with_cap(SECOND * 8)
        .with_max_attempts(4)
}

fn client(policy: RetryPolicy, dialer: impl Dial) -> HttpClient {
    HttpClient::builder()
        .dialer(dialer)
        .retry_policy(policy)
        .whole_call_timeout(SECOND * 1000)
        // One connection for each attempt, as the scripts have it.
        .max_idle_connections(0)
        .jitter_seed(7)
        .build()
        .unwrap()
}

fn answer(reply: &Reply) -> Script {
    Script::new().expect_any().reply(reply)
}

fn status(code: u16) -> Script {
    answer(&Reply::new(code, ""))
}

async fn call(
    client: &HttpClient,
    server: &WireServer,
    method: Method,
    retry: RetryMode,
) -> Response<Bytes> {
    let options = CallOptions::default().with_retry(retry);
    client
        .request(request(method, &server.url()), options)
        .await
        .unwrap()
}

/// Plays the scripts, and gives the status of the last answer and the seconds that it took.
async fn play<const N: usize>(
    scripts: [Script; N],
    method: Method,
    retry: RetryMode,
) -> (u16, f64) {
    let server = WireServer::scripted(scripts).await;
    let start = Instant::now();
    let response = call(&client(policy(), server.dialer()), &server, method, retry).await;
    let elapsed = start.elapsed().as_secs_f64();
    server.finished().await;
    (response.status().as_u16(), elapsed)
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_failures_is_waited_out_with_growing_delays() {
    let scripts = [
        status(502),
        Script::new().expect_any().reset(),
        status(504),
        status(200),
    ];
    let (status, elapsed) = play(scripts, Method::GET, RetryMode::Safe).await;
    assert_eq!(status, 200);
    // 1 + 2 + 4 seconds, of each up to one half off.
    assert!((3.5..7.1).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn after_the_last_attempt_its_answer_is_returned() {
    let (status, _) = play(
        [status(503), status(503), status(502), status(500)],
        Method::GET,
        RetryMode::Safe,
    )
    .await;
    assert_eq!(status, 500);
}

#[tokio::test(start_paused = true)]
async fn after_the_last_attempt_its_error_is_returned() {
    let server = WireServer::scripted([0; 4].map(|_| Script::new().expect_any().reset())).await;
    let error = client(policy(), server.dialer())
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_seconds_is_waited_for_in_full() {
    let busy = answer(&Reply::new(503, "").with_header("retry-after", "30"));
    let (status, elapsed) = play([busy, status(200)], Method::POST, RetryMode::Safe).await;
    assert_eq!(status, 200);
    assert!((30.0..31.1).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_is_waited_for_in_full() {
    let limited = Reply::new(429, "")
        .with_header("date", "Fri, 21 Nov 2025 10:00:00 GMT")
        .with_header("retry-after", "Fri, 21 Nov 2025 10:00:45 GMT");
    let (status, elapsed) = play(
        [answer(&limited), status(200)],
        Method::GET,
        RetryMode::Safe,
    )
    .await;
    assert_eq!(status, 200);
    assert!((45.0..46.1).contains(&elapsed), "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn a_longer_retry_after_than_allowed_is_handed_to_the_caller_at_once() {
    let busy = answer(&Reply::new(429, "slow down").with_header("retry-after", "61"));
    let (status, elapsed) = play([busy], Method::GET, RetryMode::Safe).await;
    assert_eq!(status, 429);
    assert!(elapsed < 1.0, "{elapsed}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_the_call_has_no_time_for_is_not_begun() {
    let busy = answer(&Reply::new(503, "").with_header("retry-after", "30"));
    let server = WireServer::scripted([busy]).await;
    let start = Instant::now();
    let options = CallOptions::default().with_timeout(SECOND * 20);
    let response = client(policy(), server.dialer())
        .request(get(&server.url()), options)
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
    assert!(start.elapsed() < SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_post_is_repeated_only_where_it_was_not_carried_out() {
    assert_eq!(
        play([status(500)], Method::POST, RetryMode::Safe).await.0,
        500
    );
    assert_eq!(
        play([status(502)], Method::POST, RetryMode::Safe).await.0,
        502
    );
    assert_eq!(
        play([status(503), status(200)], Method::POST, RetryMode::Safe)
            .await
            .0,
        200
    );
    assert_eq!(
        play([status(429), status(200)], Method::POST, RetryMode::Safe)
            .await
            .0,
        200
    );

    let server = WireServer::scripted([Script::new().expect_any().reset()]).await;
    let post = request(Method::POST, &server.url());
    let interrupted = client(policy(), server.dialer())
        .request(post, CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(interrupted.kind(), TransportErrorKind::Interrupted);
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn a_post_that_the_caller_calls_idempotent_is_repeated_like_a_get() {
    let scripts = [Script::new().expect_any().reset(), status(500), status(200)];
    assert_eq!(
        play(scripts, Method::POST, RetryMode::Idempotent).await.0,
        200
    );
}

#[tokio::test(start_paused = true)]
async fn a_truncated_answer_is_asked_for_again() {
    let truncated = Script::new()
        .expect_any()
        .head(200, &[("content-length", "9")])
        .raw("half")
        .close();
    let (status, _) = play([truncated, status(200)], Method::GET, RetryMode::Safe).await;
    assert_eq!(status, 200);
}

#[tokio::test(start_paused = true)]
async fn final_answers_and_forbidden_repeats_are_not_repeated() {
    for code in [400, 401, 403, 404, 409, 410, 413, 422] {
        assert_eq!(
            play([status(code)], Method::GET, RetryMode::Idempotent)
                .await
                .0,
            code
        );
    }
    assert_eq!(
        play([status(503)], Method::GET, RetryMode::Never).await.0,
        503
    );
}

#[tokio::test(start_paused = true)]
async fn the_body_is_sent_again_with_each_attempt() {
    let server = WireServer::scripted([status(503), status(200)]).await;
    let request = http::Request::post(server.url())
        .body(Bytes::from("payload"))
        .unwrap();
    client(policy(), server.dialer())
        .request(request, CallOptions::default())
        .await
        .unwrap();
    for attempt in 0..2 {
        assert_eq!(server.request(attempt).await.body, "payload");
    }
}

#[tokio::test(start_paused = true)]
async fn all_calls_of_a_client_share_one_budget_of_repeats() {
    // 2 repeats for the first call, none left for the second; ten successes earn one again.
    let mut scripts = vec![status(503), status(503), status(503), status(503)];
    scripts.extend((0..10).map(|_| status(200)));
    scripts.extend([status(503), status(200)]);
    let server = WireServer::scripted(scripts).await;
    let client = client(policy().with_budget(2), server.dialer());
    let get = || call(&client, &server, Method::GET, RetryMode::Safe);
    assert_eq!(get().await.status(), 503);
    assert_eq!(server.accepted(), 3);
    assert_eq!(get().await.status(), 503);
    assert_eq!(server.accepted(), 4);
    for _ in 0..11 {
        assert_eq!(get().await.status(), 200);
    }
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_not_repeated() {
    let server = WireServer::scripted([status(503)]).await;
    assert_eq!(
        client(policy(), server.dialer())
            .stream(get(&server.url()))
            .await
            .unwrap()
            .status(),
        503
    );
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_tried_again_even_for_a_post() {
    let dials = Arc::new(AtomicU32::new(0));
    let refusing = {
        let dials = dials.clone();
        move |_: Origin| {
            dials.fetch_add(1, Ordering::Relaxed);
            ready(Err::<DuplexStream, _>(ErrorKind::ConnectionRefused.into()))
        }
    };
    let start = Instant::now();
    let post = request(Method::POST, "http://down.example/");
    let error = client(policy(), refusing)
        .request(post, CallOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert_eq!(dials.load(Ordering::Relaxed), 4);
    assert!(start.elapsed() >= SECOND * 7 / 2, "{:?}", start.elapsed());
}
