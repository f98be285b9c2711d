use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn at(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn connection(name: &str) -> Arc<ConnectionId> {
    Arc::new(ConnectionId::from(name))
}

fn batch(connection: &Arc<ConnectionId>, id: usize) -> AckTarget {
    AckTarget::Batch(Arc::clone(connection), BatchId::from(format!("b{id}")))
}

fn ids(request: Option<AckRequest>) -> Vec<String> {
    match request {
        Some(AckRequest::Batches { batch_ids, .. }) => {
            batch_ids.iter().map(ToString::to_string).collect()
        }
        other => panic!("not batches: {other:?}"),
    }
}

fn all_taken() -> AckOutcome {
    AckOutcome::Acknowledged { failed: Vec::new() }
}

fn queue() -> AckQueue {
    AckQueue::new(AckPolicy::default())
}

#[test]
fn the_interval_counts_from_the_oldest() {
    let one = connection("c1");
    let mut queue = queue();
    assert_eq!(queue.deadline(false), None);
    queue.push(at(10), batch(&one, 1), None);
    queue.push(at(12), batch(&one, 2), None);
    assert_eq!(queue.deadline(false), Some(at(13)));
    assert_eq!(queue.poll(at(12), None, false), None);
    assert_eq!(ids(queue.poll(at(13), None, false)), ["b1", "b2"]);
    // One request at a time.
    queue.push(at(13), batch(&one, 3), None);
    assert_eq!(queue.deadline(false), None);
    assert_eq!(queue.poll(at(99), None, true), None);
    assert_eq!(
        queue.on_outcome(at(14), all_taken(), None, 0.0),
        AckVerdict::Settled
    );
    assert_eq!(queue.acknowledged(), 2);
    assert_eq!(queue.deadline(false), Some(at(17)));
    assert_eq!(ids(queue.poll(at(14), None, true)), ["b3"]);
    assert!(!queue.is_settled());
    assert_eq!(
        queue.on_outcome(at(15), all_taken(), None, 0.0),
        AckVerdict::Settled
    );
    assert!(queue.is_settled());
}

#[test]
fn twenty_thousand_go_in_requests_of_a_thousand_without_waiting() {
    let one = connection("c1");
    let mut queue = queue();
    for id in 0..20_000 {
        queue.push(at(0), batch(&one, id), None);
    }
    let mut requests = 0;
    while let Some(request) = queue.poll(at(0), None, false) {
        assert_eq!(ids(Some(request)).len(), 1_000);
        requests += 1;
        assert_eq!(
            queue.on_outcome(at(0), all_taken(), None, 0.0),
            AckVerdict::Settled
        );
    }
    assert_eq!(requests, 20);
    // A policy cannot ask for more than the protocol allows.
    let mut greedy = AckQueue::new(AckPolicy {
        max_batches: 5_000,
        ..AckPolicy::default()
    });
    for id in 0..1_001 {
        greedy.push(at(0), batch(&one, id), None);
    }
    assert_eq!(ids(greedy.poll(at(9), None, true)).len(), 1_000);
}

#[test]
fn only_the_failed_are_sent_again_and_not_for_ever() {
    let one = connection("c1");
    let mut queue = queue();
    for id in 1..=3 {
        queue.push(at(0), batch(&one, id), None);
    }
    let token = ResumeToken::from("rt_3");
    let mut now = at(0);
    let mut sent = Vec::new();
    loop {
        now += 60 * SECOND;
        match queue.poll(now, Some(&token), false) {
            Some(AckRequest::Batches { batch_ids, .. }) => {
                sent.push(batch_ids.len());
                let failed = vec![BatchId::from("b2"), BatchId::from("never sent")];
                let verdict = queue.on_outcome(now, AckOutcome::Acknowledged { failed }, None, 0.0);
                assert!(matches!(verdict, AckVerdict::Retrying { .. }));
            }
            other => {
                // The position says the same as the id that is refused.
                assert_eq!(
                    other,
                    Some(AckRequest::Position {
                        resume_token: token.clone()
                    })
                );
                break;
            }
        }
    }
    assert_eq!(sent, [3, 1, 1, 1, 1]);
    assert_eq!(queue.acknowledged(), 2);
    assert_eq!(
        queue.on_outcome(now, all_taken(), None, 0.0),
        AckVerdict::Settled
    );
    assert!(queue.is_settled());
}

#[test]
fn what_is_refused_for_good_ends_its_connection() {
    let (one, two) = (connection("c1"), connection("c2"));
    let mut queue = AckQueue::new(AckPolicy::default().with_max_attempts(1));
    queue.push(at(0), batch(&one, 1), None);
    let (first, second) = (ResumeToken::from("rt_1"), ResumeToken::from("rt_2"));
    assert_eq!(ids(queue.poll(at(3), Some(&first), false)), ["b1"]);
    let verdict = queue.on_outcome(at(3), AckOutcome::Refused, Some(&one), 0.0);
    assert_eq!(verdict, AckVerdict::GaveUp);
    let position = |token: &ResumeToken| {
        let resume_token = token.clone();
        Some(AckRequest::Position { resume_token })
    };
    assert_eq!(queue.poll(at(60), Some(&first), false), position(&first));
    assert_eq!(
        queue.on_outcome(at(60), all_taken(), None, 0.0),
        AckVerdict::Settled
    );
    // Behind the refused one no id of that connection counts; those of another do.
    queue.push(at(61), batch(&one, 2), None);
    queue.push(at(61), batch(&two, 3), None);
    assert_eq!(queue.poll(at(64), Some(&second), false), position(&second));
    assert_eq!(
        queue.on_outcome(at(64), AckOutcome::Unsupported, None, 0.0),
        AckVerdict::Settled
    );
    assert_eq!(ids(queue.poll(at(67), Some(&second), false)), ["b3"]);
    // The position is known not to be taken now, and the connection is not the present one.
    let verdict = queue.on_outcome(at(67), AckOutcome::Refused, Some(&one), 0.0);
    assert!(matches!(verdict, AckVerdict::Retrying { .. }));
    assert!(queue.is_settled());
}

#[test]
fn without_an_answer_the_same_is_sent_again_later_and_later() {
    let one = connection("c1");
    let mut queue = queue();
    queue.push(at(0), batch(&one, 1), None);
    let mut now = at(3);
    let mut waits = Vec::new();
    for failures in 1..6 {
        assert_eq!(ids(queue.poll(now, None, false)), ["b1"]);
        let outcome = AckOutcome::Unavailable { retry_after: None };
        assert_eq!(
            queue.on_outcome(now, outcome, None, 0.0),
            AckVerdict::Retrying { failures }
        );
        let next = queue.deadline(true).unwrap();
        assert_eq!(
            queue.poll(next - Duration::from_millis(1), None, true),
            None
        );
        waits.push(next - now);
        now = next;
    }
    assert!(waits.is_sorted() && waits[0] >= SECOND, "{waits:?}");
    assert_eq!(waits.last(), Some(&at(10)));
    assert!(queue.poll(now, None, false).is_some());
    let outcome = AckOutcome::Unavailable {
        retry_after: Some(at(100)),
    };
    let _ = queue.on_outcome(now, outcome, None, 0.0);
    assert_eq!(queue.deadline(true), Some(now + at(100)));
}

#[test]
fn the_position_takes_the_place_of_batches_of_a_forgotten_connection() {
    let (one, two) = (connection("c1"), connection("c2"));
    let mut queue = queue();
    for id in 0..1_500 {
        queue.push(at(0), batch(&one, id), None);
    }
    queue.push(at(0), batch(&two, 9_999), None);
    let token = ResumeToken::from("rt_9");
    assert_eq!(ids(queue.poll(at(0), Some(&token), false)).len(), 1_000);
    // The current connection is another: it is not dead.
    let verdict = queue.on_outcome(at(0), AckOutcome::ConnectionUnknown, Some(&two), 0.0);
    assert_eq!(verdict, AckVerdict::Settled);
    assert_eq!(
        queue.poll(at(0), Some(&token), false),
        Some(AckRequest::Position {
            resume_token: token
        })
    );
    assert_eq!(
        queue.on_outcome(at(0), all_taken(), Some(&two), 0.0),
        AckVerdict::Settled
    );
    assert_eq!(ids(queue.poll(at(3), None, false)), ["b9999"]);
    let verdict = queue.on_outcome(at(3), AckOutcome::ConnectionUnknown, Some(&two), 0.0);
    assert_eq!(verdict, AckVerdict::ConnectionGone);
    // Nothing to carry over without a position.
    assert_eq!(queue.poll(at(9), None, true), None);
    assert!(queue.is_settled());
}

#[test]
fn requests_are_of_one_connection_and_in_order() {
    let (one, two) = (connection("c1"), connection("c2"));
    let mut queue = queue();
    queue.push(at(0), batch(&one, 1), None);
    queue.push(at(0), batch(&two, 2), None);
    queue.push(at(0), AckTarget::Response(ResponseId::from("r3")), None);
    queue.push(at(0), batch(&two, 4), None);
    let mut seen = Vec::new();
    while let Some(request) = queue.poll(at(100), None, true) {
        seen.push(match request {
            AckRequest::Batches {
                connection_id,
                batch_ids,
            } => {
                format!(
                    "{connection_id} {}",
                    batch_ids
                        .iter()
                        .map(ToString::to_string)
                        .collect::<String>()
                )
            }
            AckRequest::Response { response_id } => response_id.to_string(),
            AckRequest::Position { .. } => panic!("nothing is carried over"),
        });
        assert_eq!(
            queue.on_outcome(at(100), all_taken(), None, 0.0),
            AckVerdict::Settled
        );
    }
    assert_eq!(seen, ["c1 b1", "c2 b2", "r3", "c2 b4"]);
}

#[test]
fn an_outcome_of_nothing_changes_nothing() {
    let mut queue = queue();
    assert_eq!(
        queue.on_outcome(at(1), all_taken(), None, 0.0),
        AckVerdict::Settled
    );
    assert_eq!(queue.acknowledged(), 0);
}

#[test]
fn a_request_whose_outcome_will_not_be_heard_is_sent_again() {
    let one = connection("c1");
    let mut queue = queue();
    queue.push(at(0), batch(&one, 1), None);
    assert_eq!(ids(queue.poll(at(3), None, false)), ["b1"]);
    queue.recall();
    queue.push(at(3), batch(&one, 2), None);
    assert_eq!(ids(queue.poll(at(3), None, true)), ["b1", "b2"]);
}
