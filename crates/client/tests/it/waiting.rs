//! Waiting until a subscription is processed up to a block.

use std::error::Error as _;
use std::time::Duration;

use event_streamer_client::{ErrorKind, WaitPolicy};
use event_streamer_testkit::{Reply, Routes, Script, WireServer};
use tokio::time::Instant;

use crate::harness::*;

const LAST: &str = "GET /subscriptions/7/last-processed-block";

fn reached(block: &str) -> Script {
    Script::new().respond(200, format!(r#"{{"last_processed_block":{block}}}"#))
}

#[tokio::test(start_paused = true)]
async fn it_looks_at_growing_delays_until_the_block_is_reached() {
    let mut looks = Vec::new();
    let (told, mut asked) = tokio::sync::mpsc::unbounded_channel();
    let answer = move |_: &_| {
        looks.push(Instant::now());
        let _ = told.send(Instant::now());
        match looks.len() {
            1 => reached("null"),
            20 => reached("100"),
            _ => reached("99"),
        }
    };
    let server = WireServer::routed(Routes::new().answer(LAST, answer)).await;
    let client = client(&server);
    let policy = WaitPolicy::default().with_timeout(Duration::from_secs(600));
    let block = client
        .wait_until_processed(subscription(), 100, &policy)
        .await;
    assert_eq!(block.unwrap(), 100);
    let mut times = Vec::new();
    while let Ok(time) = asked.try_recv() {
        times.push(time);
    }
    let delays: Vec<u128> = times
        .windows(2)
        .map(|two| (two[1] - two[0]).as_millis())
        .collect();
    assert_eq!(delays[..4], [100, 150, 225, 338], "{delays:?}");
    assert!(
        delays.is_sorted() && delays.last() == Some(&5_000),
        "{delays:?}"
    );

    // What is reached already is not waited for.
    let server = WireServer::routed(Routes::new().once(LAST, reached("200"))).await;
    let at_once = self::client(&server);
    let start = Instant::now();
    let block = at_once
        .wait_until_processed(subscription(), 100, &WaitPolicy::default())
        .await;
    assert_eq!((block.unwrap(), start.elapsed()), (200, Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn after_its_time_it_says_how_far_things_are() {
    let server = WireServer::answering(LAST, r#"{"last_processed_block": 42}"#).await;
    let start = Instant::now();
    let policy = WaitPolicy::default().with_timeout(Duration::from_secs(30));
    let waiting = client(&server);
    let error = waiting
        .wait_until_processed(subscription(), 100, &policy)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        error.to_string(),
        "wait for subscription 7: after 30.0 s it is processed up to block 42 and not up to block 100"
    );
    assert_eq!(start.elapsed().as_secs(), 30);

    // A look that is never answered ends with the time as well.
    let server =
        WireServer::routed(Routes::new().answer(LAST, |_| Script::new().await_hang_up())).await;
    let policy = WaitPolicy::default().with_timeout(Duration::from_secs(3));
    let waiting = client(&server);
    let error = waiting
        .wait_until_processed(subscription(), 1, &policy)
        .await
        .unwrap_err();
    assert!(
        error.is_timeout() && error.to_string().contains("not at all"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn failures_that_pass_are_waited_out_and_retry_after_is_kept_to() {
    let later = error_reply(503, "LATER").with_header("retry-after", "20");
    let routes = Routes::new()
        .once(LAST, Script::new().reset())
        .once(LAST, Script::new().respond(500, ""))
        .once(LAST, Script::new().reply(&later))
        .once(LAST, reached("7"));
    let server = WireServer::routed(routes).await;
    let waiting = client(&server);
    let start = Instant::now();
    let block = waiting
        .wait_until_processed(subscription(), 7, &WaitPolicy::default())
        .await;
    assert_eq!(block.unwrap(), 7);
    assert_eq!(start.elapsed().as_secs(), 20);

    let server = WireServer::routed(Routes::new().always(LAST, Reply::new(500, ""))).await;
    let waiting = client(&server);
    let error = waiting
        .wait_until_processed(subscription(), 7, &WaitPolicy::default())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains("answered 500"), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn what_waiting_does_not_change_is_told_at_once() {
    for (status, kind) in [
        (404, ErrorKind::NotFound),
        (401, ErrorKind::Auth),
        (422, ErrorKind::Validation),
    ] {
        let server =
            WireServer::routed(Routes::new().always(LAST, error_reply(status, "NO"))).await;
        let waiting = client(&server);
        let error = waiting
            .wait_until_processed(subscription(), 7, &WaitPolicy::default())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn given_up_it_asks_no_more() {
    let server = WireServer::answering(LAST, r#"{"last_processed_block": null}"#).await;
    let waiting = client(&server);
    let policy = WaitPolicy::default();
    let wait = waiting.wait_until_processed(subscription(), 7, &policy);
    let _ = tokio::time::timeout(Duration::from_secs(1), wait)
        .await
        .unwrap_err();
    let asked = server.requests().len();
    assert!(asked > 1);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(server.requests().len(), asked);
}
