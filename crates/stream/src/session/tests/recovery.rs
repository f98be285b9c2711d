//! After faults: when to try again, where to begin, how much to take in.

use super::*;

#[test]
fn delays_grow_until_the_position_moves_not_until_a_connection_opens() {
    let mut session = open(config());
    let mut delays = Vec::new();
    for _ in 0..12 {
        match session.fault(FaultKind::Connection, 0.3) {
            Recovery::Reconnect { delay, .. } => delays.push(delay),
            Recovery::Stop => panic!("a broken connection is never final by default"),
        }
        session.connected(None);
    }
    assert!(delays.is_sorted());
    assert_eq!(delays.last(), Some(&Duration::from_secs(10)));
    let (id, _) = deliver(&mut session, &batch(1));
    assert_eq!(
        session.fault(FaultKind::Connection, 0.3),
        reconnect(10_000, 13)
    );
    session.handled(NOW, id);
    assert_eq!(session.fault(FaultKind::Connection, 0.0), reconnect(250, 1));
}

fn reconnect(millis: u64, attempt: u32) -> Recovery {
    let delay = Duration::from_millis(millis);
    Recovery::Reconnect { delay, attempt }
}

#[test]
fn the_service_may_ask_for_a_longer_wait_but_not_for_any() {
    let mut session = open(config());
    let busy = |seconds| FaultKind::Unavailable {
        retry_after: Some(Duration::from_secs(seconds)),
    };
    assert_eq!(session.fault(busy(120), 0.0), reconnect(120_000, 1));
    assert_eq!(session.fault(busy(0), 0.0), reconnect(500, 2));
    assert_eq!(session.fault(busy(3_601), 0.0), Recovery::Stop);
}

#[test]
fn poison_is_final_after_bounded_attempts() {
    let policy = ReconnectPolicy::default().with_max_protocol_faults(3);
    let mut session = open(SessionConfig {
        reconnect: policy,
        ..config()
    });
    for _ in 0..2 {
        for _ in 0..3 {
            assert!(matches!(
                session.fault(FaultKind::Protocol, 0.0),
                Recovery::Reconnect { .. }
            ));
        }
        // Moving on shows that it was not poison.
        session.connected(None);
        let token = format!("rt_{}", session.counters().connections);
        let _ = receive(&mut session, &progress(&token));
    }
    for _ in 0..3 {
        assert!(matches!(
            session.fault(FaultKind::Protocol, 0.0),
            Recovery::Reconnect { .. }
        ));
        // Other faults in between do not hide it.
        assert!(matches!(
            session.fault(FaultKind::Connection, 0.0),
            Recovery::Reconnect { .. }
        ));
    }
    assert_eq!(session.fault(FaultKind::Protocol, 0.0), Recovery::Stop);
}

#[test]
fn attempts_can_be_bounded() {
    let mut session = open(SessionConfig {
        reconnect: ReconnectPolicy::default().with_max_attempts(2),
        ..config()
    });
    assert!(matches!(
        session.fault(FaultKind::Connection, 0.0),
        Recovery::Reconnect { .. }
    ));
    assert!(matches!(
        session.fault(FaultKind::Connection, 0.0),
        Recovery::Reconnect { .. }
    ));
    assert_eq!(session.fault(FaultKind::Connection, 0.0), Recovery::Stop);
}

#[test]
fn what_was_not_handled_comes_again_after_a_rewind() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    let (second, _) = deliver(&mut session, &batch(2));
    session.handled(NOW, first);
    session.rewind();
    assert_eq!(session.resume_token().unwrap().as_str(), "rt_1");
    session.handled(NOW, second);
    assert_eq!(
        position(&session),
        Some("rt_1"),
        "what was forgotten cannot be handled"
    );
    session.connected(Some(ConnectionId::from("c2")));
    let (again, _) = deliver(&mut session, &with(batch(2), "sequence", json!(1)));
    session.handled(NOW, again);
    assert_eq!(position(&session), Some("rt_2"));
}

#[test]
fn no_more_is_read_while_too_much_is_outstanding() {
    let mut session = open(SessionConfig {
        max_in_flight: 2,
        ..config()
    });
    let (first, _) = deliver(&mut session, &batch(1));
    assert!(session.has_room());
    let (second, _) = deliver(&mut session, &batch(2));
    assert!(!session.has_room());
    session.handled(NOW, first);
    session.handled(NOW, second);
    assert!(!session.has_room(), "the acknowledgements wait");
    acked(&mut session);
    assert!(session.has_room());
}

#[test]
fn a_stored_token_is_where_the_first_connection_begins() {
    let session = Session::new(SessionConfig {
        resume_token: Some(ResumeToken::from("rt_kept")),
        ..config()
    });
    assert_eq!(session.resume_token().unwrap().as_str(), "rt_kept");
    assert_eq!(position(&session), Some("rt_kept"));
}

#[test]
fn an_acknowledgement_on_its_way_at_a_rewind_is_sent_again() {
    let mut session = open(config());
    let (first, _) = deliver(&mut session, &batch(1));
    session.handled(NOW, first);
    assert!(session.poll_ack(Duration::MAX, true).is_some());
    assert!(!session.acks_settled());
    session.rewind();
    assert_eq!(acked(&mut session), ["b1"]);
    assert!(session.acks_settled());
}
