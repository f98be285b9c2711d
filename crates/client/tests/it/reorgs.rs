//! Rollbacks.

use event_streamer_client::{Delivery, ErrorKind, Features, StreamEnd};
use event_streamer_testkit::{
    Routes, Script, StreamLines, WireServer, event, event_of_branch, token,
};
use tokio::sync::mpsc;

use crate::harness::*;

/// Blocks 10 and 11, a rollback to 10, another block 11.
fn with_notice() -> Script {
    let mut lines = StreamLines::new(7, "c1");
    let (ten, eleven) = (lines.batch(&[event(10, 0)]), lines.batch(&[event(11, 0)]));
    let notice = lines.reorg(10, 1, &[event(11, 0)]);
    let anew = lines.batch(&[event_of_branch(1, 11, 0)]);
    let head = stream_head("c1").chunk(ten).chunk(eleven);
    head.chunk(notice)
        .chunk(anew)
        .chunk(lines.complete(3, "rt_end"))
        .last_chunk()
}

#[tokio::test(start_paused = true)]
async fn a_rollback_is_handled_in_its_place() {
    let routes = Routes::new().once(STREAM, with_notice());
    let server = WireServer::routed(agreeable(routes)).await;
    let (told, mut log) = mpsc::unbounded_channel();
    let mut stream = streaming(&server, options());
    stream
        .on_all_events({
            let told = told.clone();
            move |events, _| {
                told.send(format!("{:?}", places(&events))).unwrap();
                std::future::ready(())
            }
        })
        .on_reorg(move |reorg, _| {
            let to = reorg.rollback_to.number;
            told.send(format!("back to {to}, {} removed", reorg.removed.count()))
                .unwrap();
            std::future::ready(())
        });
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    let log: Vec<String> = std::iter::from_fn(|| log.try_recv().ok()).collect();
    assert_eq!(
        log,
        [
            "[(10, 0)]",
            "[(11, 0)]",
            "back to 10, 1 removed",
            "[(11, 0)]"
        ]
    );
    let features = server.request(0).await;
    let features = features
        .header("x-event-streamer-features")
        .unwrap()
        .to_owned();
    assert_eq!(features, "reorg,progress,complete,metadata");
    assert_eq!(
        acked(&server).concat(),
        ["c1-batch-1", "c1-batch-2", "c1-batch-3"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_rollback_that_fails_is_not_stepped_over() {
    let routes = Routes::new().once(STREAM, with_notice());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options());
    stream
        .on_all_events(seen.handler())
        .on_reorg(async |_, _| Err("cannot undo"));
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    assert!(
        error.to_string().contains("a rollback failed in attempt 5"),
        "{error}"
    );
    assert_eq!(seen.all(), [(10, 0), (11, 0)]);
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(11, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_notice_that_was_not_asked_for_does_not_go_unheard() {
    let routes = Routes::new().once(STREAM, with_notice());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut stream = streaming(&server, options());
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Handler);
    assert!(error.to_string().contains("on_reorg"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn without_the_feature_a_rollback_is_an_error_that_is_told_and_the_stream_goes_on() {
    let mut lines = StreamLines::new(7, "c1");
    let script = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.error("REORG_DETECTED", "rolled back to block 10", true))
        .chunk(lines.batch(&[event_of_branch(1, 11, 0)]))
        .chunk(lines.complete(3, "rt_end"))
        .last_chunk();
    let server = WireServer::routed(agreeable(Routes::new().once(STREAM, script))).await;
    let mut seen = Seen::new();
    let errors = Errors::default();
    let mut stream = streaming(&server, options().with_features(Features::none()));
    stream.on_all_events(seen.handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(seen.all(), [(10, 0), (11, 0), (11, 0)]);
    assert_eq!(errors.codes(), ["REORG_DETECTED"]);
    assert_eq!(
        server.request(0).await.header("x-event-streamer-features"),
        None
    );
}

#[tokio::test(start_paused = true)]
async fn who_pulls_gets_the_notice_and_the_position_waits_for_it() {
    let routes = Routes::new().once(STREAM, with_notice());
    let server = WireServer::routed(agreeable(routes)).await;
    let mut deliveries = streaming(&server, options()).into_deliveries();
    let mut rollback = None;
    while let Some(delivery) = deliveries.next().await.unwrap() {
        match delivery {
            Delivery::Batch(batch) => batch.ack().await.unwrap(),
            Delivery::Rollback(notice) => rollback = Some(notice),
            other => panic!("{other:?}"),
        }
    }
    let at = |deliveries: &event_streamer_client::Deliveries| {
        deliveries.current_resume_token().unwrap().to_string()
    };
    assert_eq!(at(&deliveries), token(11, 0));
    let rollback = rollback.unwrap();
    assert_eq!(rollback.reorg().rollback_to.number, 10);
    rollback.ack().await.unwrap();
    assert_eq!(at(&deliveries), "rt_end");
    deliveries.close().await.unwrap();
    assert_eq!(
        acked(&server).concat(),
        ["c1-batch-1", "c1-batch-2", "c1-batch-3"]
    );
}
