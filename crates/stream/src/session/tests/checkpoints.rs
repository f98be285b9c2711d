//! Handler, checkpoint, acknowledgement: in this order.

use super::*;

fn with_store() -> Session {
    open(SessionConfig {
        keeper: PositionKeeper::Store,
        ..config()
    })
}

/// Delivered, handled, checkpointed, acknowledged.
fn positions(session: &Session) -> [Option<&str>; 4] {
    [
        session.resume_token(),
        session.position(),
        session.checkpointed_position(),
        session.acknowledged_position(),
    ]
    .map(|token| token.map(ResumeToken::as_str))
}

#[test]
fn with_a_store_nothing_is_acknowledged_before_it_is_kept() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    let (second, _) = deliver(&mut session, &batch(2));
    assert_eq!(session.due_checkpoint(), None);
    session.handled(NOW, first);
    let checkpoint = session.due_checkpoint().unwrap();
    session.handled(NOW, second);
    assert!(acked(&mut session).is_empty());
    assert!(!session.acks_settled(), "two batches wait for the store");
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(
        positions(&session),
        [Some("rt_2"), Some("rt_2"), Some("rt_1"), None]
    );
    assert_eq!(acked(&mut session), ["b1"]);
    assert_eq!(session.acknowledged_position().unwrap().as_str(), "rt_1");

    let later = session.due_checkpoint().unwrap();
    assert_eq!(later.token().as_str(), "rt_2");
    session.checkpointed(NOW, &later);
    session.checkpointed(NOW, &later);
    // One that was slow to be written changes nothing any more.
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(session.due_checkpoint(), None);
    assert_eq!(acked(&mut session), ["b2"]);
    assert_eq!(positions(&session), [Some("rt_2"); 4]);
    assert_eq!(session.counters().checkpoints, 2);
    assert!(session.acks_settled());
}

#[test]
fn where_the_service_keeps_the_position_there_is_nothing_to_write() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    session.handled(NOW, first);
    assert_eq!(session.due_checkpoint(), None);
    assert_eq!(session.checkpointed_position(), session.position());
    assert_eq!(session.counters().checkpoints, 0);
    assert_eq!(acked(&mut session), ["b1"]);
}

#[test]
fn blocks_without_events_are_kept_too_and_hold_nothing_back() {
    let mut session = with_store();
    let _ = receive(&mut session, &progress("rt_p"));
    let checkpoint = session.due_checkpoint().unwrap();
    assert_eq!(checkpoint.token().as_str(), "rt_p");
    assert!(session.acks_settled());
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(session.checkpointed_position(), session.position());
}

#[test]
fn a_repeat_is_acknowledged_again_once_what_it_repeats_is_kept() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    session.handled(NOW, first);
    assert!(matches!(
        receive(&mut session, &batch(1)),
        Action::Duplicate
    ));
    assert!(acked(&mut session).is_empty());
    let checkpoint = session.due_checkpoint().unwrap();
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(acked(&mut session), ["b1", "b1"]);
    assert!(matches!(
        receive(&mut session, &batch(1)),
        Action::Duplicate
    ));
    assert_eq!(session.due_checkpoint(), None, "there is nothing new");
    assert_eq!(acked(&mut session), ["b1"]);
}

#[test]
fn a_batch_without_a_token_is_where_the_one_before_it_is() {
    let mut session = with_store();
    let nameless = with(batch(1), "resume_token", json!(null));
    let (first, _) = deliver(&mut session, &nameless);
    session.handled(NOW, first);
    assert_eq!(session.due_checkpoint(), None);
    assert_eq!(acked(&mut session), ["b1"]);
    let (second, _) = deliver(&mut session, &batch(2));
    let (third, _) = deliver(&mut session, &with(batch(3), "resume_token", json!(null)));
    session.handled(NOW, second);
    session.handled(NOW, third);
    assert!(acked(&mut session).is_empty());
    let checkpoint = session.due_checkpoint().unwrap();
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(acked(&mut session), ["b2", "b3"]);
}

#[test]
fn what_is_committed_with_its_position_waits_for_no_store() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    let (second, _) = deliver(&mut session, &batch(2));
    assert!(session.is_next(first));
    assert!(!session.is_next(second), "the first is not handled");
    session.committed(NOW, first);
    assert_eq!(session.due_checkpoint(), None);
    assert_eq!(
        positions(&session),
        [Some("rt_2"), Some("rt_1"), Some("rt_1"), None]
    );
    assert!(session.is_next(second));
    assert_eq!(acked(&mut session), ["b1"]);
    session.handled(NOW, second);
    assert!(!session.is_next(second));
    session.committed(NOW, second);
    assert!(
        acked(&mut session).is_empty(),
        "it was handled without its position: too late"
    );
}

#[test]
fn a_commit_covers_what_was_handled_before_it() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    let (second, _) = deliver(&mut session, &batch(2));
    let (third, _) = deliver(&mut session, &batch(3));
    session.handled(NOW, third);
    session.handled(NOW, first);
    session.committed(NOW, second);
    assert_eq!(
        positions(&session),
        [Some("rt_3"), Some("rt_3"), Some("rt_2"), None]
    );
    assert_eq!(acked(&mut session), ["b1", "b2"]);
    assert_eq!(session.due_checkpoint().unwrap().token().as_str(), "rt_3");
}

#[test]
fn a_rollback_is_kept_before_what_follows_it() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    session.committed(NOW, first);
    let Action::Rollback(notice, _) = receive(&mut session, &reorg(0, "rt_0'")) else {
        panic!("the notice is delivered");
    };
    session.handled(NOW, notice);
    let checkpoint = session.due_checkpoint().unwrap();
    assert_eq!(checkpoint.token().as_str(), "rt_0'");
}

#[test]
fn what_waits_for_the_store_outlives_a_rewind() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    deliver(&mut session, &batch(2));
    session.handled(NOW, first);
    let checkpoint = session.due_checkpoint().unwrap();
    session.rewind();
    assert_eq!(session.resume_token().unwrap().as_str(), "rt_1");
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(acked(&mut session), ["b1"]);
}

#[test]
fn a_slow_store_holds_up_the_reading() {
    let mut session = open(SessionConfig {
        keeper: PositionKeeper::Store,
        max_in_flight: 2,
        ..config()
    });
    for n in 1..=2 {
        assert!(session.has_room());
        let (id, _) = deliver(&mut session, &batch(n));
        session.handled(NOW, id);
    }
    assert!(!session.has_room());
    let checkpoint = session.due_checkpoint().unwrap();
    session.checkpointed(NOW, &checkpoint);
    assert_eq!(acked(&mut session), ["b1", "b2"]);
    assert!(session.has_room());
}

/// A forgotten connection's batches are acknowledged by the position, and that is the kept one.
#[test]
fn the_position_that_is_carried_over_is_the_kept_one() {
    let mut session = with_store();
    let (first, _) = deliver(&mut session, &batch(1));
    session.committed(NOW, first);
    let (second, _) = deliver(&mut session, &batch(2));
    session.handled(NOW, second);
    assert!(session.poll_ack(Duration::MAX, true).is_some());
    let verdict = session.ack_outcome(NOW, AckOutcome::ConnectionUnknown, 0.0);
    assert_eq!(verdict, AckVerdict::ConnectionGone);
    let Some(AckRequest::Position { resume_token }) = session.poll_ack(Duration::MAX, true) else {
        panic!("the position takes the batch's place");
    };
    assert_eq!(resume_token.as_str(), "rt_1");
    let _ = session.ack_outcome(NOW, AckOutcome::Acknowledged { failed: Vec::new() }, 0.0);
    assert_eq!(session.acknowledged_position(), Some(&resume_token));
}

/// The service refuses the second of three and takes it later: the position waits for it.
#[test]
fn the_acknowledged_position_stops_before_what_is_refused() {
    let mut session = open(config());
    for n in 1..=3 {
        let (id, _) = deliver(&mut session, &batch(n));
        session.handled(NOW, id);
    }
    let failed = |ids: &[&str]| AckOutcome::Acknowledged {
        failed: ids.iter().map(|id| (*id).into()).collect(),
    };
    assert!(session.poll_ack(Duration::MAX, true).is_some());
    let _ = session.ack_outcome(NOW, failed(&["b2"]), 0.0);
    assert_eq!(session.acknowledged_position().unwrap().as_str(), "rt_1");
    assert!(session.poll_ack(Duration::MAX, true).is_some());
    let _ = session.ack_outcome(NOW, failed(&[]), 0.0);
    assert_eq!(session.acknowledged_position().unwrap().as_str(), "rt_3");
}
