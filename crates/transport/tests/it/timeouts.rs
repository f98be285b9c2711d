//! The four time limits, each a knob of its own.

use std::time::Duration;

use event_streamer_testkit::{Gate, Script, WireServer};
use event_streamer_transport::{
    CallOptions, HttpClientBuilder, TimeoutKind, TransportError, TransportErrorKind,
};
use tokio::time::Instant;

use crate::{get, plain};

const SECOND: Duration = Duration::from_secs(1);

fn assert_timeout(error: &TransportError, which: TimeoutKind, start: Instant, limit: Duration) {
    assert_eq!(error.kind(), TransportErrorKind::Timeout(which));
    assert!(error.is_timeout() && error.is_retryable() && error.origin().is_some());
    // The paused clock moves to the next timer, in steps of a millisecond.
    let elapsed = start.elapsed();
    assert!(elapsed >= limit && elapsed < limit + SECOND, "{elapsed:?}");
}

/// A client that reaches the server in memory, so that the paused clock stands while bytes move.
fn paused(server: &WireServer) -> HttpClientBuilder {
    plain().dialer(server.dialer())
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_never_answers() {
    let silent = Script::new().expect_any().await_hang_up();
    let server = WireServer::scripted([silent.clone(), silent]).await;
    let client = paused(&server)
        .response_head_timeout(SECOND * 5)
        .build()
        .unwrap();

    let start = Instant::now();
    let error = client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap_err();
    assert_timeout(&error, TimeoutKind::ResponseHead, start, SECOND * 5);

    let start = Instant::now();
    let error = client.stream(get(&server.url())).await.unwrap_err();
    assert_timeout(&error, TimeoutKind::ResponseHead, start, SECOND * 5);
    // Both connections were given up, not left behind.
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn a_tls_handshake_that_never_ends_is_no_connection() {
    let server = WireServer::scripted([Script::new().await_hang_up()]).await;
    let client = paused(&server).connect_timeout(SECOND * 3).build().unwrap();
    let start = Instant::now();
    let url = format!("https://{}/", server.addr());
    let error = client
        .request(get(&url), CallOptions::default())
        .await
        .unwrap_err();
    assert_timeout(&error, TimeoutKind::Connect, start, SECOND * 3);
    assert!(error.is_connect());
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls() {
    let stalls = Script::new()
        .expect_any()
        .stream_head(&[])
        .chunk("x")
        .await_hang_up();
    let server = WireServer::scripted([stalls.clone(), stalls]).await;
    let client = paused(&server)
        .idle_body_timeout(SECOND * 7)
        .build()
        .unwrap();

    let start = Instant::now();
    let error = client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap_err();
    assert_timeout(&error, TimeoutKind::IdleBody, start, SECOND * 7);

    let start = Instant::now();
    let mut body = client.stream(get(&server.url())).await.unwrap().into_body();
    assert_eq!(body.chunk().await.unwrap().unwrap(), "x");
    let error = body.chunk().await.unwrap().unwrap_err();
    assert_timeout(&error, TimeoutKind::IdleBody, start, SECOND * 7);
    assert!(body.chunk().await.is_none());
    server.finished().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_slow_but_not_idle_is_fine_until_the_call_has_no_more_time() {
    let slow = (0..10).fold(Script::new().expect_any().stream_head(&[]), |script, _| {
        script.delay(SECOND * 5).chunk("x")
    });
    let server = WireServer::scripted([
        slow.clone().last_chunk(),
        slow.clone().last_chunk(),
        slow.await_hang_up(),
    ])
    .await;
    let limits = paused(&server).idle_body_timeout(SECOND * 7);

    let client = limits
        .clone()
        .whole_call_timeout(SECOND * 60)
        .build()
        .unwrap();
    let response = client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap();
    assert_eq!(response.body(), "xxxxxxxxxx");

    // The limit of whole calls is not one of streams.
    let client = limits
        .whole_call_timeout(SECOND * 12)
        .max_idle_connections(0)
        .build()
        .unwrap();
    let body = client.stream(get(&server.url())).await.unwrap().into_body();
    assert_eq!(body.collect(100).await.unwrap(), "xxxxxxxxxx");

    let start = Instant::now();
    let error = client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap_err();
    assert_timeout(&error, TimeoutKind::WholeCall, start, SECOND * 12);
}

#[tokio::test(start_paused = true)]
async fn a_call_may_bring_its_own_limit() {
    let server = WireServer::scripted([Script::new().expect_any().await_hang_up()]).await;
    let start = Instant::now();
    let options = CallOptions::default().with_timeout(SECOND * 2);
    let error = paused(&server)
        .build()
        .unwrap()
        .request(get(&server.url()), options)
        .await
        .unwrap_err();
    assert_timeout(&error, TimeoutKind::WholeCall, start, SECOND * 2);
}

#[tokio::test]
async fn limits_of_any_size_are_taken() {
    let go = Gate::new();
    let server =
        WireServer::scripted([Script::new().expect_any().wait(&go).respond(503, "")]).await;
    let client = plain()
        .connect_timeout(Duration::MAX)
        .response_head_timeout(Duration::MAX)
        .whole_call_timeout(Duration::MAX)
        .idle_body_timeout(Duration::MAX)
        .idle_connection_timeout(Duration::MAX)
        .build()
        .unwrap();
    go.open();
    let response = client
        .request(get(&server.url()), CallOptions::default())
        .await
        .unwrap();
    assert_eq!(response.status(), 503);
}
