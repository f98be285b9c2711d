//! One case each; the properties over many interleavings are in `machine.rs`.

use event_streamer_models::SubscriptionId;
use serde_json::json;

use super::*;
use crate::{Batch, LogPosition, StreamMessage};

mod checkpoints;
mod lines;
mod machine;
mod recovery;
mod refused;

const NOW: Duration = Duration::ZERO;

fn config() -> SessionConfig {
    SessionConfig::new(SubscriptionId::new(7).unwrap())
}

fn open(config: SessionConfig) -> Session {
    let mut session = Session::new(config);
    session.connected(Some(ConnectionId::from("c1")));
    session
}

fn message(value: &serde_json::Value) -> StreamMessage {
    StreamMessage::decode(value.to_string().into()).unwrap()
}

/// Batch `n` of a service: block `n`, one event, in sequence.
fn batch(n: u64) -> serde_json::Value {
    json!({
        "type": "event_batch", "batch_id": format!("b{n}"), "sequence": n, "subscription_id": 7,
        "resume_token": format!("rt_{n}"), "batch_size": 1,
        "events": {"E": [{"block_number": n, "log_index": 0, "block_hash": hash(n)}]},
    })
}

fn hash(n: u64) -> String {
    format!("0x{n:064x}")
}

fn with(mut value: serde_json::Value, field: &str, to: serde_json::Value) -> serde_json::Value {
    value[field] = to;
    value
}

fn receive(session: &mut Session, value: &serde_json::Value) -> Action {
    session.receive(NOW, message(value))
}

fn deliver(session: &mut Session, value: &serde_json::Value) -> (DeliveryId, Batch) {
    match receive(session, value) {
        Action::Deliver(id, batch) => (id, batch),
        other => panic!("not delivered: {other:?}"),
    }
}

fn fault(session: &mut Session, value: &serde_json::Value) -> ProtocolFault {
    match receive(session, value) {
        Action::Break(fault) => fault,
        other => panic!("accepted: {other:?}"),
    }
}

fn position(session: &Session) -> Option<&str> {
    session.position().map(ResumeToken::as_str)
}

fn acked(session: &mut Session) -> Vec<String> {
    let mut ids = Vec::new();
    while let Some(request) = session.poll_ack(Duration::MAX, true) {
        match request {
            AckRequest::Batches { batch_ids, .. } => {
                ids.extend(batch_ids.iter().map(ToString::to_string));
            }
            other => ids.push(format!("{other:?}")),
        }
        let outcome = AckOutcome::Acknowledged { failed: Vec::new() };
        let _ = session.ack_outcome(Duration::MAX, outcome, 0.0);
    }
    ids
}

#[test]
fn position_and_acks_follow_the_handled_not_the_delivered() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    let (second, _) = deliver(&mut session, &batch(2));
    assert_eq!((position(&session), session.unhandled()), (None, 2));
    session.handled(NOW, second);
    assert_eq!(position(&session), None);
    assert!(acked(&mut session).is_empty());
    session.handled(NOW, first);
    session.handled(NOW, first);
    assert_eq!((position(&session), session.unhandled()), (Some("rt_2"), 0));
    assert_eq!(acked(&mut session), ["b1", "b2"]);
    let counters = session.counters();
    assert_eq!(counters.events_handled, 2);
    assert_eq!(counters.batches_acknowledged, 2);
}

#[test]
fn nothing_is_acknowledged_unless_wanted() {
    let mut session = open(SessionConfig {
        acknowledge: false,
        ..config()
    });
    let (first, _) = deliver(&mut session, &batch(1));
    session.handled(NOW, first);
    assert_eq!(position(&session), Some("rt_1"));
    assert!(acked(&mut session).is_empty());
}

#[test]
fn a_batch_that_comes_twice_is_dropped_and_acknowledged_again() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    assert!(matches!(
        receive(&mut session, &batch(1)),
        Action::Duplicate
    ));
    assert!(acked(&mut session).is_empty(), "it is still being handled");
    session.handled(NOW, first);
    assert_eq!(acked(&mut session), ["b1", "b1"]);
    let (second, _) = deliver(&mut session, &batch(2));
    session.handled(NOW, second);
    assert!(matches!(
        receive(&mut session, &batch(1)),
        Action::Duplicate
    ));
    assert_eq!(acked(&mut session), ["b2", "b1"]);
    assert_eq!(
        position(&session),
        Some("rt_2"),
        "a duplicate does not move the position back"
    );
    deliver(&mut session, &batch(3));
    assert_eq!(session.counters().duplicate_batches, 2);
}

#[test]
fn a_gap_and_a_step_back_break_the_connection() {
    let mut session = open(config());
    assert_eq!(
        fault(&mut session, &batch(2)),
        ProtocolFault::Gap {
            expected: 1,
            got: 2
        }
    );
    deliver(&mut session, &batch(1));
    let stranger = with(batch(9), "sequence", json!(1));
    assert_eq!(
        fault(&mut session, &stranger),
        ProtocolFault::StepBack {
            expected: 2,
            got: 1
        }
    );
    // A service that counts right and goes back on the chain.
    deliver(&mut session, &batch(2));
    let back = with(
        with(batch(1), "batch_id", json!("new")),
        "sequence",
        json!(3),
    );
    assert!(matches!(
        fault(&mut session, &back),
        ProtocolFault::OutOfOrder { .. }
    ));
}

#[test]
fn a_foreign_batch_and_a_false_size_break_the_connection() {
    let mut session = open(config());
    let foreign = with(batch(1), "subscription_id", json!(8));
    assert!(matches!(
        fault(&mut session, &foreign),
        ProtocolFault::Foreign { .. }
    ));
    let false_size = with(batch(1), "batch_size", json!(2));
    assert_eq!(
        fault(&mut session, &false_size),
        ProtocolFault::SizeMismatch { stated: 2, got: 1 }
    );
    deliver(&mut session, &batch(1));
}

#[test]
fn the_next_connection_counts_anew_and_begins_behind_what_was_delivered() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    let Recovery::Reconnect { attempt: 1, .. } = session.fault(FaultKind::Connection, 0.0) else {
        panic!("a broken connection is no end");
    };
    assert_eq!(session.connection_id(), None);
    assert_eq!(session.resume_token().unwrap().as_str(), "rt_1");
    assert_eq!(position(&session), None);
    session.connected(Some(ConnectionId::from("c2")));
    let (second, _) = deliver(&mut session, &with(batch(2), "sequence", json!(1)));
    session.handled(NOW, second);
    assert!(
        acked(&mut session).is_empty(),
        "the batch before it is not handled"
    );
    session.handled(NOW, first);
    assert_eq!(position(&session), Some("rt_2"));
    assert_eq!(acked(&mut session), ["b1", "b2"]);
}

#[test]
fn a_service_that_begins_too_early_repeats_nothing_to_the_handler() {
    let mut session = open(config());
    for n in 1..=3 {
        let (id, _) = deliver(&mut session, &batch(n));
        session.handled(NOW, id);
    }
    assert_eq!(acked(&mut session).len(), 3);
    let _ = session.fault(FaultKind::Connection, 0.0);
    session.connected(Some(ConnectionId::from("c2")));
    // Blocks 1 and 2 in another batch, then 3 and 4 in one.
    let early = with(
        with(batch(2), "batch_id", json!("x1")),
        "sequence",
        json!(1),
    );
    assert!(matches!(receive(&mut session, &early), Action::Duplicate));
    let overlap = json!({
        "type": "event_batch", "batch_id": "x2", "sequence": 2, "resume_token": "rt_4", "batch_size": 2,
        "events": {"E": [{"block_number": 3, "log_index": 0, "block_hash": hash(3)},
                         {"block_number": 4, "log_index": 0, "block_hash": hash(4)}]},
    });
    let (id, rest) = deliver(&mut session, &overlap);
    assert_eq!(rest.len(), 1);
    assert_eq!(rest.extent().unwrap().0, LogPosition::new(4, 0));
    session.handled(NOW, id);
    assert_eq!(acked(&mut session), ["x1", "x2"]);
}

#[test]
fn another_hash_of_a_delivered_block_without_a_notice_is_not_accepted() {
    let mut session = open(config());
    deliver(&mut session, &with(batch(5), "sequence", json!(1)));
    let other_branch = json!({
        "type": "event_batch", "batch_id": "x", "sequence": 2, "batch_size": 1,
        "events": {"E": [{"block_number": 5, "log_index": 3, "block_hash": hash(99)}]},
    });
    assert_eq!(
        fault(&mut session, &other_branch),
        ProtocolFault::BranchChanged { block_number: 5 }
    );
}

fn reorg(to: u64, token: &str) -> serde_json::Value {
    json!({
        "type": "reorg", "rollback_to": {"block_number": to, "block_hash": hash(to)},
        "depth": 1, "removed": {}, "resume_token": token,
    })
}

#[test]
fn after_the_notice_of_a_rollback_blocks_may_come_again() {
    let mut session = open(config());
    for n in 1..=3 {
        let (id, _) = deliver(&mut session, &batch(n));
        session.handled(NOW, id);
    }
    let Action::Rollback(notice, _) = receive(&mut session, &reorg(1, "rt_1'")) else {
        panic!("the notice is delivered");
    };
    let anew = json!({
        "type": "event_batch", "batch_id": "x", "sequence": 4, "resume_token": "rt_2'", "batch_size": 1,
        "events": {"E": [{"block_number": 2, "log_index": 0, "block_hash": hash(22)}]},
    });
    let (id, _) = deliver(&mut session, &anew);
    session.handled(NOW, id);
    assert_eq!(
        position(&session),
        Some("rt_3"),
        "the notice itself is not handled"
    );
    session.handled(NOW, notice);
    assert_eq!(position(&session), Some("rt_2'"));
    // What stays cannot come again.
    let stays = with(with(batch(1), "batch_id", json!("y")), "sequence", json!(5));
    assert!(matches!(
        fault(&mut session, &stays),
        ProtocolFault::OutOfOrder { .. }
    ));
}

#[test]
fn without_the_feature_the_error_takes_the_place_of_the_notice() {
    let mut session = open(config());
    deliver(&mut session, &with(batch(3), "sequence", json!(1)));
    let error = json!({"type": "error", "error_code": "REORG_DETECTED", "error_message": "to block 1", "recoverable": true});
    assert!(matches!(receive(&mut session, &error), Action::Report(_)));
    let again = with(with(batch(2), "batch_id", json!("x")), "sequence", json!(2));
    deliver(&mut session, &again);
}

/// The position is on the new branch already, so no notice comes after a restart; what was handled
/// on the dead one must not make repeats of the new events.
#[test]
fn after_the_error_a_restart_takes_nothing_new_for_a_repeat() {
    let mut session = open(config());
    let (id, _) = deliver(&mut session, &with(batch(9), "sequence", json!(1)));
    session.handled(NOW, id);
    let error = json!({"type": "error", "error_code": "REORG_DETECTED", "error_message": "to block 5", "recoverable": true});
    assert!(matches!(receive(&mut session, &error), Action::Report(_)));
    let _ = receive(&mut session, &progress("rt_6'"));
    assert_eq!(position(&session), Some("rt_6'"));
    session.rewind();
    session.connected(Some(ConnectionId::from("c2")));
    let new = with(with(batch(7), "batch_id", json!("x")), "sequence", json!(1));
    deliver(&mut session, &new);
}

#[test]
fn errors_are_reported_or_final() {
    let mut session = open(config());
    let open_breaker =
        json!({"type": "error", "error_code": "CIRCUIT_BREAKER_OPEN", "error_message": "m"});
    assert!(matches!(
        receive(&mut session, &open_breaker),
        Action::Report(_)
    ));
    let gone = json!({"type": "error", "error_code": "SUBSCRIPTION_NOT_FOUND", "error_message": "m", "recoverable": false});
    assert!(matches!(receive(&mut session, &gone), Action::Fail(_)));
}

fn progress(token: &str) -> serde_json::Value {
    json!({"type": "progress", "resume_token": token, "from_block": 1, "to_block": 9, "to_block_hash": hash(9)})
}

#[test]
fn progress_moves_the_position_behind_what_is_handled() {
    let mut session = open(config());
    assert!(matches!(
        receive(&mut session, &progress("rt_p1")),
        Action::Progress(_)
    ));
    assert_eq!(position(&session), Some("rt_p1"));
    let (id, _) = deliver(&mut session, &batch(1));
    for n in 2..1_000 {
        let _ = receive(&mut session, &progress(&format!("rt_p{n}")));
    }
    assert_eq!(position(&session), Some("rt_p1"));
    assert_eq!(
        session.ledger.len(),
        2,
        "of the waiting positions only the last is kept"
    );
    session.handled(NOW, id);
    assert_eq!(position(&session), Some("rt_p999"));
}

/// Each in turn behind batch 1, where step 2 is lost.
#[test]
fn nothing_moves_the_position_over_what_is_lost() {
    let told = [
        with(progress("rt_9"), "step", json!(3)),
        with(reorg(9, "rt_9"), "step", json!(3)),
        with(
            json!({"type": "complete", "resume_token": "rt_9", "events_delivered": 9}),
            "step",
            json!(3),
        ),
        json!({"type": "error", "error_code": "REORG_DETECTED", "error_message": "to 9", "step": 3}),
        with(batch(2), "step", json!(3)),
        json!({"type": "heartbeat", "step": 2}),
    ];
    for message in told {
        let mut session = open(config());
        let (first, _) = deliver(&mut session, &with(batch(1), "step", json!(1)));
        let got = message["step"].as_u64().unwrap();
        let expected = 2;
        assert_eq!(
            fault(&mut session, &message),
            ProtocolFault::OutOfStep { expected, got }
        );
        session.handled(NOW, first);
        assert_eq!(position(&session), Some("rt_1"), "{message}");
        assert_eq!(session.resume_token().unwrap().as_str(), "rt_1");
    }
}

#[test]
fn a_step_that_is_over_is_no_step_unless_its_batch_is_known() {
    let mut session = open(config());
    let first = with(batch(1), "step", json!(1));
    let (id, _) = deliver(&mut session, &first);
    assert!(matches!(receive(&mut session, &first), Action::Duplicate));
    session.handled(NOW, id);
    let on = with(progress("rt_p"), "step", json!(2));
    assert!(matches!(receive(&mut session, &on), Action::Progress(_)));
    let heartbeat = json!({"type": "heartbeat", "step": 2});
    assert!(matches!(
        receive(&mut session, &heartbeat),
        Action::Heartbeat(_)
    ));
    assert_eq!(
        fault(&mut session, &on),
        ProtocolFault::OutOfStep {
            expected: 3,
            got: 2
        }
    );
}

#[test]
fn without_steps_the_blocks_tell_what_is_left_out() {
    let mut session = open(config());
    let read = |from: u64, to: u64| {
        json!({"type": "progress", "resume_token": "rt_p", "from_block": from, "to_block": to,
               "to_block_hash": hash(to)})
    };
    let covered = json!({"from_block": 10, "to_block": 12, "to_block_hash": hash(12)});
    for message in [read(1, 9), read(10, 10), read(10, 11)] {
        let action = receive(&mut session, &message);
        assert!(matches!(action, Action::Progress(_)), "{action:?}");
    }
    deliver(&mut session, &with(batch(1), "coverage", covered));
    assert_eq!(
        fault(&mut session, &read(14, 20)),
        ProtocolFault::Hole {
            covered: 12,
            got: 14
        }
    );
    // A batch that does not tell what is read with it leaves that open.
    deliver(&mut session, &batch(2));
    let action = receive(&mut session, &read(14, 20));
    assert!(matches!(action, Action::Progress(_)), "{action:?}");
}

#[test]
fn an_empty_batch_needs_no_handler() {
    let mut session = open(config());
    let empty = with(with(batch(1), "events", json!({})), "batch_size", json!(0));
    assert!(matches!(receive(&mut session, &empty), Action::Nothing));
    assert_eq!(position(&session), Some("rt_1"));
    assert_eq!(acked(&mut session), ["b1"]);
}

#[test]
fn the_end_is_the_position_behind_the_last_batch() {
    let mut session = open(config());
    let (id, _) = deliver(&mut session, &batch(1));
    let complete = json!({"type": "complete", "resume_token": "rt_end", "events_delivered": 1});
    assert!(matches!(
        receive(&mut session, &complete),
        Action::Finish(_)
    ));
    assert_eq!(position(&session), None);
    session.handled(NOW, id);
    assert_eq!(position(&session), Some("rt_end"));
}

#[test]
fn older_batches_are_acknowledged_by_what_they_have() {
    let mut session = Session::new(config());
    session.connected(None);
    let by_response = json!({"type": "event_batch", "response_id": "r1", "events": {"E": [{}]}});
    let (id, _) = deliver(&mut session, &by_response);
    session.handled(NOW, id);
    let request = session.poll_ack(Duration::MAX, true);
    assert!(
        matches!(request, Some(AckRequest::Response { .. })),
        "{request:?}"
    );
    let _ = session.ack_outcome(NOW, AckOutcome::Acknowledged { failed: Vec::new() }, 0.0);
    // Without the header the connection's name in the batch is taken.
    let named = json!({"type": "event_batch", "batch_id": "b2", "connection_id": "c9", "events": {"E": [{}]}});
    let (id, _) = deliver(&mut session, &named);
    session.handled(NOW, id);
    assert_eq!(session.connection_id(), Some(&ConnectionId::from("c9")));
    assert_eq!(acked(&mut session), ["b2"]);
    let nameless = json!({"type": "event_batch", "events": {"E": [{}]}});
    let (id, _) = deliver(&mut session, &nameless);
    session.handled(NOW, id);
    assert!(session.acks_settled());
}

#[test]
fn without_ids_or_sequence_a_batch_is_known_by_the_places_of_its_events() {
    let mut session = open(config());
    let nameless =
        json!({"type": "event_batch", "events": {"E": [{"block_number": 1, "log_index": 4}]}});
    deliver(&mut session, &nameless);
    assert!(matches!(
        receive(&mut session, &nameless),
        Action::Duplicate
    ));
}
