//! `step`: one count over all that moves the position.

use serde_json::{Value, json};

use super::rig::{Rig, Setup};
use crate::delivery::testing::block;
use crate::ingest::{Rollback, Step};

/// Type, `step` and `sequence` of the next line.
async fn numbers(rig: &mut Rig) -> (Value, Value, Value) {
    let line = rig.line().await;
    (
        line["type"].clone(),
        line["step"].clone(),
        line["sequence"].clone(),
    )
}

fn reorg() -> Step {
    Step::Reorg(Rollback {
        rollback_to: block(6, 0),
        depth: 3,
    })
}

#[tokio::test(start_paused = true)]
async fn everything_that_moves_the_position_is_counted() {
    let mut rig = Setup::features("reorg,progress,complete").start().await;
    rig.logs(1, 7, 0, 0);
    rig.logs(8, 9, 0, 1);
    rig.step(reorg());
    rig.logs(7, 9, 1, 1);
    let expected = [
        (json!("progress"), json!(1), Value::Null),
        (json!("event_batch"), json!(2), json!(1)),
        (json!("reorg"), json!(3), Value::Null),
        (json!("event_batch"), json!(4), json!(2)),
        (json!("heartbeat"), json!(4), Value::Null),
    ];
    for line in expected {
        assert_eq!(numbers(&mut rig).await, line);
    }
    rig.step(Step::End);
    let end = numbers(&mut rig).await;
    assert_eq!(end, (json!("complete"), json!(5), Value::Null));
}

#[tokio::test(start_paused = true)]
async fn to_older_clients_only_what_they_are_sent_is_counted() {
    let mut rig = Setup::default().start().await;
    let first = numbers(&mut rig).await;
    assert_eq!(first, (json!("heartbeat"), json!(0), Value::Null));
    rig.logs(1, 7, 0, 0);
    rig.logs(8, 9, 0, 1);
    rig.step(reorg());
    rig.logs(7, 9, 1, 1);
    let batch = numbers(&mut rig).await;
    assert_eq!(batch, (json!("event_batch"), json!(1), json!(1)));
    let error = numbers(&mut rig).await;
    assert_eq!(error, (json!("error"), json!(2), Value::Null));
    let batch = numbers(&mut rig).await;
    assert_eq!(batch, (json!("event_batch"), json!(3), json!(2)));
}
