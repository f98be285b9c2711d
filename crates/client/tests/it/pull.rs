//! Streaming by pulling.

use std::pin::pin;
use std::time::Duration;

use event_streamer_client::{DeliveredBatch, Deliveries, Delivery, ErrorKind};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};
use futures_core::Stream;

use crate::harness::*;

fn batches(connection: &str, first_block: u64, count: u64) -> (Script, StreamLines) {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection);
    let script = (0..count).fold(head, |script, n| {
        script.chunk(lines.batch(&[event(first_block + n, 0)]))
    });
    (script, lines)
}

async fn batch(deliveries: &mut Deliveries) -> DeliveredBatch {
    match deliveries.next().await.unwrap() {
        Some(Delivery::Batch(batch)) => batch,
        other => panic!("{other:?}"),
    }
}

fn position(deliveries: &Deliveries) -> Option<String> {
    deliveries
        .current_resume_token()
        .map(|token| token.to_string())
}

#[tokio::test(start_paused = true)]
async fn batches_are_pulled_acknowledged_and_end() {
    let (script, lines) = batches("c1", 10, 2);
    let script = script
        .chunk(lines.progress(12, 20))
        .chunk(lines.complete(2, "rt_end"))
        .last_chunk();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    assert!(
        server.requests().is_empty(),
        "the first pull starts the stream"
    );
    for block in [10, 11] {
        let batch = batch(&mut deliveries).await;
        assert_eq!(places(&batch.events()), [(block, 0)]);
        assert_eq!(batch.resume_token().unwrap().as_str(), token(block, 0));
        assert_eq!(batch.batch().len(), 1);
        batch.ack().await.unwrap();
        batch.ack().await.unwrap();
    }
    match deliveries.next().await.unwrap() {
        Some(Delivery::Progress(progress)) => assert_eq!(progress.to_block, 20),
        other => panic!("{other:?}"),
    }
    assert!(deliveries.next().await.unwrap().is_none());
    assert!(deliveries.next().await.unwrap().is_none());
    assert_eq!(position(&deliveries).as_deref(), Some("rt_end"));
    assert_eq!(deliveries.stats().events_handled, 2);
    deliveries.close().await.unwrap();
    assert_eq!(acked(&server), [["c1-batch-1", "c1-batch-2"]]);
    assert_eq!(
        server.request(0).await.header("x-event-streamer-features"),
        Some("reorg,progress,complete,metadata")
    );
}

#[tokio::test(start_paused = true)]
async fn the_position_moves_over_what_is_acknowledged_without_a_gap() {
    let (script, lines) = batches("c1", 10, 3);
    let script = script.chunk(lines.complete(3, "rt_end")).last_chunk();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(batch(&mut deliveries).await);
    }
    assert!(deliveries.next().await.unwrap().is_none());
    held[2].ack().await.unwrap();
    held[1].ack().await.unwrap();
    assert_eq!(position(&deliveries), None);
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(acked(&server).is_empty());
    // After the last batch was pulled acknowledgements are still taken.
    held[0].ack().await.unwrap();
    assert_eq!(position(&deliveries).as_deref(), Some("rt_end"));
    server.requests_to(BULK, 1).await;
    deliveries.close().await.unwrap();
    assert_eq!(
        acked(&server).concat(),
        ["c1-batch-1", "c1-batch-2", "c1-batch-3"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_held_over_a_break_does_not_come_twice_and_is_acknowledged_where_it_came_from() {
    let (first, _) = batches("c1", 10, 2);
    let (second, lines) = batches("c2", 12, 1);
    let second = second.chunk(lines.complete(3, "rt_end")).last_chunk();
    let routes = Routes::new()
        .once(STREAM, first.last_chunk())
        .once(STREAM, second);
    let server = WireServer::routed(agreeable(routes)).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    let mut held = Vec::new();
    for _ in 0..3 {
        held.push(batch(&mut deliveries).await);
    }
    assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
    assert!(deliveries.next().await.unwrap().is_none());
    held[2].ack().await.unwrap();
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(acked(&server).is_empty(), "what came before is not handled");
    held[0].ack().await.unwrap();
    held[1].ack().await.unwrap();
    deliveries.close().await.unwrap();
    assert_eq!(
        acked(&server).concat(),
        ["c1-batch-1", "c1-batch-2", "c2-batch-1"]
    );
}

#[tokio::test(start_paused = true)]
async fn an_error_is_given_and_given_again() {
    let refused = Script::new().reply(&error_reply(404, "SUBSCRIPTION_NOT_FOUND"));
    let server = WireServer::routed(Routes::new().once(STREAM, refused)).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    for _ in 0..2 {
        let error = deliveries.next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    assert!(deliveries.close().await.unwrap_err().is_not_found());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_delivered_before_an_error_is_given_before_it() {
    let (script, lines) = batches("c1", 10, 2);
    let script = script
        .chunk(lines.error("PROCESSING_STOPPED", "enough", false))
        .last_chunk();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    batch(&mut deliveries).await;
    batch(&mut deliveries).await;
    let error = deliveries.next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Subscription);
}

#[tokio::test(start_paused = true)]
async fn after_the_end_an_acknowledgement_says_that_it_goes_nowhere() {
    let (script, _) = batches("c1", 10, 2);
    let routes = Routes::new().once(STREAM, script.await_hang_up());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    let first = batch(&mut deliveries).await;
    let second = batch(&mut deliveries).await;
    first.ack().await.unwrap();
    deliveries.close().await.unwrap();
    assert_eq!(acked(&server), [["c1-batch-1"]]);
    let error = second.ack().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Stopped);

    let unused = streaming(&server, options()).into_deliveries();
    unused.close().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_who_pulls_is_no_reason_to_read_on() {
    let mut lines = StreamLines::new(7, "c1");
    let far = Gate::new();
    let mut script = stream_head("c1");
    for n in 0..400 {
        let wide: Vec<_> = (0..20).map(|log| event(n, log)).collect();
        script = script.chunk(lines.batch(&wide));
    }
    let script = script.signal(&far).await_hang_up();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    batch(&mut deliveries).await;
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert!(deliveries.stats().batches_received <= 1 + 64);
    assert!(!far.is_open());
    assert_eq!(
        tokens(&server).len(),
        1,
        "a full queue is no silence of the service"
    );
    for _ in 1..400 {
        batch(&mut deliveries).await;
    }
    assert!(far.is_open());
}

#[tokio::test(start_paused = true)]
async fn deliveries_are_a_stream() {
    let (script, lines) = batches("c1", 10, 2);
    let script = script.chunk(lines.complete(2, "rt_end")).last_chunk();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut deliveries = pin!(streaming(&server, options()).into_deliveries());
    let mut count = 0;
    while let Some(delivery) =
        std::future::poll_fn(|context| deliveries.as_mut().poll_next(context)).await
    {
        assert!(matches!(delivery.unwrap(), Delivery::Batch(_)));
        count += 1;
    }
    assert_eq!(count, 2);
}

#[tokio::test(start_paused = true)]
async fn a_running_client_can_be_turned_into_deliveries() {
    let (first, _) = batches("c1", 10, 2);
    let (second, lines) = batches("c2", 12, 1);
    let second = second.chunk(lines.complete(3, "rt_end")).last_chunk();
    let routes = Routes::new()
        .once(STREAM, first.await_hang_up())
        .once(STREAM, second);
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    seen.next(2).await;
    while stream
        .current_resume_token()
        .is_none_or(|at| at.as_str() != token(11, 0))
    {
        tokio::task::yield_now().await;
    }
    let mut deliveries = stream.into_deliveries();
    assert_eq!(places(&batch(&mut deliveries).await.events()), [(12, 0)]);
    assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
    assert!(deliveries.next().await.unwrap().is_none());
}
