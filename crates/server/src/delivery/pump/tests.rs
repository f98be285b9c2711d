mod rig;
mod steps;

use serde_json::{Value, json};
use tokio::time::sleep;

use self::rig::Setup;
use super::*;
use crate::delivery::testing::{block, nft_transfer};
use crate::ingest::{Incomplete, IngestError, IngestErrorKind};
use crate::sync::lock;

fn after(number: u64, branch: u8) -> Cursor {
    Cursor::after_block(block(number, branch))
}

#[tokio::test(start_paused = true)]
async fn a_segment_becomes_a_batch_with_the_position_behind_it() {
    let mut rig = Setup::features("progress").start().await;
    rig.logs(1, 9, 0, 2);
    let batch = rig.line().await;
    assert_eq!(batch["type"], "event_batch");
    assert_eq!(
        (&batch["sequence"], &batch["batch_size"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(batch["events"]["Transfer"][1]["value"], "1");
    assert_eq!(batch["coverage"]["from_block"], 1);
    assert_eq!(batch["coverage"]["to_block"], 9);
    assert_eq!(rig.position(&batch), after(9, 0));
    assert_eq!(batch["connection_id"], rig.connection.id().as_str());

    assert_eq!(rig.store.acknowledged(rig.id()).cursor, None);
    rig.acknowledge(&batch).await;
    let stored = rig.store.acknowledged(rig.id());
    assert_eq!(
        (stored.cursor, stored.events_delivered),
        (Some(after(9, 0)), 2)
    );
    assert!(stored.last_event_id.unwrap().as_str().ends_with("-1"));
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_ends_inside_the_segment() {
    let settings = DeliveryConfig::default().with_max_batch_events(2);
    let mut rig = Setup {
        settings,
        ..Setup::features("progress")
    }
    .start()
    .await;
    rig.logs(5, 9, 0, 5);
    let batches = [rig.line().await, rig.line().await, rig.line().await];
    let ends = batches.each_ref().map(|batch| rig.position(batch));
    let inside = |index| Cursor::after_log(block(9, 0), index);
    assert_eq!(ends, [inside(1), inside(3), after(9, 0)]);
    let covered = |batch: &Value| {
        let coverage = &batch["coverage"];
        (coverage["from_block"].clone(), coverage["to_block"].clone())
    };
    assert_eq!(
        batches.each_ref().map(covered),
        [
            (json!(5), json!(9)),
            (json!(9), json!(9)),
            (json!(9), json!(9))
        ]
    );
    let sizes = batches.each_ref().map(|batch| batch["batch_size"].clone());
    assert_eq!(sizes, [json!(2), json!(2), json!(1)]);
}

#[tokio::test(start_paused = true)]
async fn lines_keep_their_limit() {
    let settings = DeliveryConfig::default().with_max_line_bytes(4_000);
    let mut rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    rig.logs(1, 9, 0, 40);
    let mut events = 0;
    while events < 40 {
        let line = rig.lines.recv().await.unwrap();
        assert!(line.len() <= 4_000, "{}", line.len());
        let batch: Value = serde_json::from_slice(&line).unwrap();
        assert!(batch.get("coverage").is_none(), "only with the feature");
        events += batch["batch_size"].as_u64().unwrap();
    }
    assert_eq!(events, 40);
}

#[tokio::test(start_paused = true)]
async fn empty_blocks_are_progress_for_those_who_know_it() {
    let mut rig = Setup::features("progress").start().await;
    rig.logs(1, 9, 0, 0);
    let progress = rig.line().await;
    assert_eq!(progress["type"], "progress");
    assert_eq!(
        (&progress["from_block"], &progress["to_block"]),
        (&json!(1), &json!(9))
    );
    assert_eq!(progress["head_block"], 500);
    assert_eq!(rig.position(&progress), after(9, 0));

    let mut rig = Setup::default().start().await;
    rig.logs(1, 9, 0, 0);
    rig.logs(10, 10, 0, 1);
    assert_eq!(rig.line().await["type"], "event_batch");
}

#[tokio::test(start_paused = true)]
async fn empty_blocks_are_stored_now_and_then() {
    let settings = DeliveryConfig::default();
    let interval = settings.position_interval;
    let rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    rig.logs(1, 9, 0, 0);
    sleep(interval / 2).await;
    assert_eq!(rig.store.acknowledged(rig.id()).cursor, None);
    sleep(interval).await;
    assert_eq!(rig.store.acknowledged(rig.id()).cursor, Some(after(9, 0)));
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_heartbeats() {
    let settings = DeliveryConfig::default();
    let interval = settings.heartbeat_interval;
    let mut rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    rig.logs(1, 9, 0, 1);
    let began = Instant::now();
    assert_eq!(rig.line().await["type"], "event_batch");
    let heartbeat = rig.line().await;
    assert_eq!(heartbeat["type"], "heartbeat");
    assert_eq!(began.elapsed().as_secs(), interval.as_secs());
    assert_eq!(
        (&heartbeat["head_block"], &heartbeat["last_block"]),
        (&json!(500), &json!(9))
    );
    assert_eq!(rig.position(&heartbeat), after(9, 0));
}

#[tokio::test(start_paused = true)]
async fn a_reorg_is_told_with_what_it_removes() {
    let mut rig = Setup {
        finalized: Some(7),
        ..Setup::features("reorg,progress")
    }
    .start()
    .await;
    for number in 7..=9 {
        rig.logs(number, number, 0, 1);
        let batch = rig.line().await;
        rig.acknowledge(&batch).await;
    }
    rig.step(Step::Reorg(Rollback {
        rollback_to: block(6, 0),
        depth: 3,
    }));
    rig.logs(7, 7, 1, 1);
    let notice = rig.line().await;
    assert_eq!(notice["type"], "reorg");
    assert_eq!(notice["rollback_to"]["block_number"], 6);
    assert_eq!(notice["depth"], 3);
    let removed = notice["removed"]["Transfer"].as_array().unwrap();
    let blocks: Vec<_> = removed
        .iter()
        .map(|event| event["block_number"].clone())
        .collect();
    assert_eq!(
        blocks,
        [9, 8],
        "newest first; block 7 was final and is not kept"
    );
    assert_eq!(rig.position(&notice), after(6, 0));

    let batch = rig.line().await;
    assert_eq!(batch["sequence"], 4);
    let stored = rig.store.acknowledged(rig.id());
    assert_eq!(
        stored.cursor,
        Some(after(9, 0)),
        "nobody has answered the notice yet"
    );
    rig.acknowledge(&batch).await;
    assert_eq!(rig.store.acknowledged(rig.id()).cursor, Some(after(7, 1)));
}

#[tokio::test(start_paused = true)]
async fn older_clients_are_told_of_a_reorg_by_an_error() {
    let mut rig = Setup::default().start().await;
    rig.step(Step::Reorg(Rollback {
        rollback_to: block(6, 0),
        depth: 3,
    }));
    let error = rig.line().await;
    assert_eq!(
        (&error["type"], &error["error_code"]),
        (&json!("error"), &json!("REORG_DETECTED"))
    );
    assert_eq!(error["recoverable"], true);
    assert!(
        error["error_message"]
            .as_str()
            .unwrap()
            .contains("block 6 "),
        "{error}"
    );
    rig.logs(7, 7, 1, 1);
    assert_eq!(rig.line().await["type"], "event_batch");
}

#[tokio::test(start_paused = true)]
async fn complete_ends_the_stream_for_those_who_know_it() {
    let mut rig = Setup::features("complete").start().await;
    rig.logs(1, 9, 0, 3);
    rig.step(Step::End);
    rig.line().await;
    let complete = rig.line().await;
    assert_eq!(
        (&complete["type"], &complete["events_delivered"]),
        (&json!("complete"), &json!(3))
    );
    assert_eq!(rig.position(&complete), after(9, 0));
    let (last, ending) = rig.end().await;
    assert_eq!(last, Value::Null);
    assert!(matches!(ending, Ending::Complete), "{ending:?}");
}

#[tokio::test(start_paused = true)]
async fn for_older_clients_a_finished_stream_stays_open() {
    let mut rig = Setup::default().start().await;
    rig.logs(1, 9, 0, 0);
    rig.step(Step::End);
    assert_eq!(rig.line().await["type"], "heartbeat");
    assert_eq!(rig.line().await["type"], "heartbeat");
    let stored = rig.store.acknowledged(rig.id());
    assert_eq!(
        stored.cursor,
        Some(after(9, 0)),
        "nothing was outstanding at the end"
    );
}

#[tokio::test(start_paused = true)]
async fn a_finished_stream_that_stays_open_tells_a_reorg_of_its_end() {
    let mut rig = Setup::default().start().await;
    rig.logs(1, 9, 0, 1);
    rig.step(Step::End);
    assert_eq!(rig.line().await["type"], "event_batch");
    assert_eq!(rig.line().await["type"], "heartbeat");
    rig.step(Step::Reorg(Rollback {
        rollback_to: block(8, 0),
        depth: 1,
    }));
    rig.logs(9, 9, 1, 2);
    rig.step(Step::End);
    assert_eq!(rig.line().await["error_code"], "REORG_DETECTED");
    assert_eq!(rig.line().await["batch_size"], 2);
    assert_eq!(rig.line().await["type"], "heartbeat");
}

#[tokio::test(start_paused = true)]
async fn a_position_that_cannot_move_is_told() {
    let mut rig = Setup::default().start().await;
    rig.step(Step::Incomplete(Incomplete {
        block: 7,
        reason: "logs are missing".to_owned(),
    }));
    let error = rig.line().await;
    assert_eq!(
        (&error["type"], &error["error_code"]),
        (&json!("error"), &json!("UPSTREAM_INCOMPLETE"))
    );
    assert_eq!(error["recoverable"], true);
    let text = error["error_message"].as_str().unwrap();
    assert!(
        text.contains("block 7") && text.contains("logs are missing"),
        "{text}"
    );
    assert_eq!(rig.connection.life().waits_at, Some(7));
    // The stream goes on when there is something to go on with.
    rig.logs(7, 7, 0, 1);
    assert_eq!(rig.line().await["type"], "event_batch");
    assert_eq!(rig.connection.life().waits_at, None);
}

#[tokio::test(start_paused = true)]
async fn too_many_unacknowledged_batches_pause_the_stream() {
    let settings = DeliveryConfig::default().with_unacknowledged_batches(2);
    let mut rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    for number in 1..=3 {
        rig.logs(number, number, 0, 1);
    }
    let first = rig.line().await;
    rig.line().await;
    assert_eq!(rig.line().await["type"], "heartbeat", "paused, but alive");
    rig.acknowledge(&first).await;
    let third = rig.line().await;
    assert_eq!(
        (&third["type"], &third["sequence"]),
        (&json!("event_batch"), &json!(3))
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_window_that_the_store_did_not_take_is_stored_without_the_client() {
    let settings = DeliveryConfig::default().with_unacknowledged_batches(2);
    let mut rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    for number in 1..=3 {
        rig.logs(number, number, 0, 1);
    }
    let (first, second) = (rig.line().await, rig.line().await);
    rig.store.fail(true);
    for batch in [&first, &second] {
        let ids = rig.connection.ids();
        let sequence = ids.sequence_of_batch(batch["batch_id"].as_str().unwrap());
        let stored = rig.connection.acknowledge([sequence], &*rig.store).await;
        assert!(stored.is_err());
    }
    rig.store.fail(false);
    // The client believes that it has to wait, and does not ask again.
    let third = loop {
        let line = rig.line().await;
        if line["type"] == "event_batch" {
            break line;
        }
    };
    assert_eq!(third["sequence"], 3);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_closed_and_told_why() {
    let settings = DeliveryConfig {
        queued_lines: 1,
        ..DeliveryConfig::default()
    };
    let timeout = settings.connection_timeout;
    let rig = Setup {
        settings,
        ..Setup::default()
    }
    .start()
    .await;
    for number in 1..=5 {
        rig.logs(number, number, 0, 1);
    }
    // Heartbeats keep it open, although nothing is read.
    for _ in 0..3 {
        sleep(timeout * 2 / 3).await;
        assert!(!rig.pump.is_finished());
        rig.connection.heard();
    }
    let connection = Arc::clone(&rig.connection);
    let (last, ending) = rig.end().await;
    assert!(matches!(ending, Ending::Silent), "{ending:?}");
    let counts = connection.tally().counts();
    assert_eq!(counts.closed_silent, 1);
    assert!(counts.checks > 0);
    assert_eq!(
        (&last["error_code"], &last["recoverable"]),
        (&json!("SLOW_CONSUMER"), &json!(true))
    );
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_away_ends_the_pump() {
    let rig = Setup::default().start().await;
    drop(rig.lines);
    assert!(matches!(rig.pump.await.unwrap(), Ending::Gone));
}

#[tokio::test(start_paused = true)]
async fn endings_are_told_with_their_codes() {
    let endings = [
        (Ending::Deleted, "SUBSCRIPTION_NOT_FOUND", false),
        (Ending::Shutdown, "SERVER_SHUTDOWN", true),
        (
            Ending::Stopped("paused".to_owned()),
            "PROCESSING_STOPPED",
            false,
        ),
    ];
    for (ending, code, recoverable) in endings {
        let rig = Setup::default().start().await;
        rig.connection.end(ending);
        let (last, _) = rig.end().await;
        assert_eq!(last["error_code"], code);
        assert_eq!(last["recoverable"], recoverable);
    }
}

#[tokio::test(start_paused = true)]
async fn a_chain_that_cannot_be_followed_ends_the_stream_for_good() {
    let rig = Setup::default().start().await;
    let kind = IngestErrorKind::ReorgTooDeep {
        position: 90,
        rollback_to: 10,
        finalized: 50,
    };
    rig.steps[0].send(Err(IngestError::new(kind))).unwrap();
    let (last, ending) = rig.end().await;
    assert_eq!(
        (&last["error_code"], &last["recoverable"]),
        (&json!("REORG_TOO_DEEP"), &json!(false))
    );
    assert!(ending.lasting_failure().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_changed_subscription_goes_on_from_where_it_is() {
    let mut rig = Setup {
        feeds: 2,
        ..Setup::default()
    }
    .start()
    .await;
    rig.logs(1, 9, 0, 1);
    rig.line().await;
    let mut changed = rig.subscription.clone();
    changed.revision += 1;
    changed.spec.events.further.push(nft_transfer());
    changed.spec.end_block = Some(20);
    rig.connection.update(&changed);
    rig.steps.pop_front();
    rig.logs(10, 10, 0, 1);
    let batch = rig.line().await;
    assert_eq!(batch["sequence"], 2);
    let wanted = lock(&rig.script.wanted);
    assert_eq!(wanted[0].start, FollowStart::Block(1));
    assert_eq!(wanted[1].start, FollowStart::After(after(9, 0)));
    assert_eq!((wanted[1].end_block, wanted[1].first_block), (Some(20), 1));
}

#[tokio::test(start_paused = true)]
async fn what_the_store_did_not_take_is_not_acknowledged() {
    let mut rig = Setup::default().start().await;
    rig.logs(1, 9, 0, 1);
    let batch = rig.line().await;
    let id = rig
        .connection
        .ids()
        .sequence_of_batch(batch["batch_id"].as_str().unwrap());
    rig.store.fail(true);
    assert!(rig.connection.acknowledge([id], &*rig.store).await.is_err());
    assert!(
        rig.connection.acknowledge([id], &*rig.store).await.is_err(),
        "nor the repetition"
    );
    rig.store.fail(false);
    rig.acknowledge(&batch).await;
    assert_eq!(rig.store.acknowledged(rig.id()).cursor, Some(after(9, 0)));
}
