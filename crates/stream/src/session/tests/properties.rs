//! The session against a service that fails in every way it may, over random interleavings.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The logs of the chain: log `n` is log `n % 3` of block `n / 3`.
const LOGS: u64 = 40;

#[derive(Debug, Clone)]
enum Step {
    /// The service sends the next batch of so many logs.
    Send(u64),
    /// A batch is lost on the way.
    Lose(u64),
    /// The last batch comes once more.
    Repeat,
    /// A batch of the connection comes again, out of turn.
    Older(usize),
    /// The connection breaks.
    Cut,
    /// The application is done with one of the deliveries it holds.
    Handle(usize),
    /// The store has the checkpoint that is due, or loses it on the way.
    Checkpoint { kept: bool },
    /// Acknowledgements are sent; this comes of it.
    Ack(Answer),
    /// The process dies and begins again where it was told to.
    Crash { from_checkpoint: bool },
    /// The application stops and starts again in the same process.
    Restart,
}

#[derive(Debug, Clone)]
enum Answer {
    Taken,
    TakenButUnheard,
    Partly,
    Unavailable,
    Unknown,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (1u64..5).prop_map(Step::Send),
        1 => (1u64..5).prop_map(Step::Lose),
        1 => Just(Step::Repeat),
        1 => any::<usize>().prop_map(Step::Older),
        2 => Just(Step::Cut),
        8 => any::<usize>().prop_map(Step::Handle),
        4 => prop::bool::weighted(0.8).prop_map(|kept| Step::Checkpoint { kept }),
        4 => prop_oneof![
            3 => Just(Answer::Taken),
            1 => Just(Answer::TakenButUnheard),
            1 => Just(Answer::Partly),
            1 => Just(Answer::Unavailable),
            1 => Just(Answer::Unknown),
        ].prop_map(Step::Ack),
        1 => any::<bool>().prop_map(|from_checkpoint| Step::Crash { from_checkpoint }),
        1 => Just(Step::Restart),
    ]
}

/// The service: one connection's batches, the position it has acknowledged. A position is the number
/// of logs before it.
#[derive(Default)]
struct Service {
    connections: u64,
    /// First log, end, acknowledged; of the open connection.
    batches: Vec<(u64, u64, bool)>,
    next: u64,
    acknowledged: u64,
}

impl Service {
    fn connect(&mut self, token: Option<&ResumeToken>) {
        self.connections += 1;
        self.batches.clear();
        self.next = token.map_or(self.acknowledged, parse);
    }

    fn next_batch(&mut self, logs: u64) -> Option<usize> {
        let end = (self.next + logs).min(LOGS);
        if self.next == end {
            return None;
        }
        self.batches.push((self.next, end, false));
        self.next = end;
        Some(self.batches.len() - 1)
    }

    fn message(&self, index: usize) -> serde_json::Value {
        let (from, end, _) = self.batches[index];
        let events: Vec<_> = (from..end)
            .map(|log| json!({"log": log, "block_number": log / 3, "log_index": log % 3, "block_hash": hash(log / 3)}))
            .collect();
        json!({
            "type": "event_batch", "batch_id": format!("{}/{index}", self.connections),
            "sequence": index + 1, "subscription_id": 7, "resume_token": format!("{end}"),
            "batch_size": events.len(), "events": {"E": events},
        })
    }

    fn acknowledge(&mut self, request: &AckRequest) -> Vec<event_streamer_models::BatchId> {
        let mut failed = Vec::new();
        match request {
            AckRequest::Batches { batch_ids, .. } => {
                for id in batch_ids {
                    match id.as_str().split_once('/') {
                        Some((connection, index)) if connection == self.connections.to_string() => {
                            self.batches[index.parse::<usize>().unwrap()].2 = true;
                        }
                        _ => failed.push(id.clone()),
                    }
                }
                let run = self
                    .batches
                    .iter()
                    .take_while(|(_, _, acked)| *acked)
                    .last();
                self.acknowledged = self.acknowledged.max(run.map_or(0, |(_, end, _)| *end));
            }
            AckRequest::Position { resume_token } => {
                self.acknowledged = self.acknowledged.max(parse(resume_token));
            }
            AckRequest::Response { .. } => panic!("every batch has an id"),
        }
        failed
    }
}

fn parse(token: &ResumeToken) -> u64 {
    token.as_str().parse().unwrap()
}

/// The application: what it holds and what it has done, over all its processes.
struct World {
    service: Service,
    session: Session,
    now: Duration,
    held: Vec<(DeliveryId, Vec<u64>)>,
    handled: BTreeSet<u64>,
    /// The furthest position that a store ever had.
    kept: u64,
    /// The last log delivered in this process.
    last: Option<u64>,
    delays: Vec<Duration>,
    position_at_delay: Option<Option<ResumeToken>>,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            service: Service::default(),
            session: Session::new(Self::config(None)),
            now: Duration::ZERO,
            held: Vec::new(),
            handled: BTreeSet::new(),
            kept: 0,
            last: None,
            delays: Vec::new(),
            position_at_delay: None,
        };
        world.connect();
        world
    }

    fn config(token: Option<ResumeToken>) -> SessionConfig {
        let mut config = config();
        config.resume_token = token;
        config.keeper = PositionKeeper::Store;
        config.reconnect.max_protocol_faults = u32::MAX;
        config.acks.max_attempts = 2;
        config
    }

    fn connect(&mut self) {
        self.service.connect(self.session.resume_token());
        let id = ConnectionId::from(self.service.connections.to_string());
        self.session.connected(Some(id));
    }

    fn reconnect(&mut self, kind: FaultKind) {
        let Recovery::Reconnect { delay, .. } = self.session.fault(kind, 0.5) else {
            panic!("no fault of this world is final");
        };
        let position = Some(self.session.position().cloned());
        if self.position_at_delay == position {
            assert!(
                Some(&delay) >= self.delays.last(),
                "a delay shrank: {:?}, {delay:?}",
                self.delays
            );
        }
        self.position_at_delay = position;
        self.delays.push(delay);
        self.now += delay;
        self.connect();
    }

    fn receive(&mut self, value: &serde_json::Value) {
        match self.session.receive(self.now, message(value)) {
            Action::Deliver(id, batch) => {
                let logs: Vec<u64> = batch
                    .events()
                    .iter()
                    .map(|event| event.field("log").unwrap().unwrap())
                    .collect();
                for log in &logs {
                    assert!(
                        self.last.is_none_or(|last| last < *log),
                        "{log} after {:?}",
                        self.last
                    );
                    let gap = self.last.is_some_and(|last| last + 1 != *log);
                    assert!(
                        !gap,
                        "nothing may be left out before {log}, after {:?}",
                        self.last
                    );
                    self.last = Some(*log);
                }
                self.held.push((id, logs));
            }
            Action::Duplicate => {}
            Action::Break(_) => self.reconnect(FaultKind::Protocol),
            other => panic!("{other:?}"),
        }
    }

    fn ack(&mut self, answer: &Answer) {
        self.now += Duration::from_secs(60);
        let Some(request) = self.session.poll_ack(self.now, true) else {
            return;
        };
        let outcome = match answer {
            Answer::Taken => AckOutcome::Acknowledged {
                failed: self.service.acknowledge(&request),
            },
            Answer::TakenButUnheard => {
                self.service.acknowledge(&request);
                AckOutcome::Unavailable { retry_after: None }
            }
            Answer::Partly => match request {
                AckRequest::Batches {
                    batch_ids,
                    connection_id,
                } => {
                    let half = batch_ids.len() / 2;
                    let mut failed = batch_ids[half..].to_vec();
                    failed.extend(self.service.acknowledge(&AckRequest::Batches {
                        connection_id,
                        batch_ids: batch_ids[..half].to_vec(),
                    }));
                    AckOutcome::Acknowledged { failed }
                }
                _ => AckOutcome::Refused,
            },
            Answer::Unavailable => AckOutcome::Unavailable { retry_after: None },
            Answer::Unknown => AckOutcome::ConnectionUnknown,
        };
        let verdict = self.session.ack_outcome(self.now, outcome, 0.5);
        if matches!(verdict, AckVerdict::ConnectionGone | AckVerdict::GaveUp) {
            self.reconnect(FaultKind::Connection);
        }
    }

    fn handle(&mut self, which: usize) {
        if self.held.is_empty() {
            return;
        }
        let (id, logs) = self.held.remove(which % self.held.len());
        self.handled.extend(logs);
        self.session.handled(self.now, id);
    }

    fn begin_again(&mut self, session: Session) {
        self.session = session;
        self.held.clear();
        self.position_at_delay = None;
        self.connect();
        // What may be delivered next: everything behind where this connection begins.
        self.last = self.service.next.checked_sub(1);
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Send(logs) => {
                if let Some(index) = self.service.next_batch(*logs) {
                    self.receive(&self.service.message(index));
                }
            }
            Step::Lose(logs) => {
                self.service.next_batch(*logs);
            }
            Step::Repeat => {
                if let Some(index) = self.service.batches.len().checked_sub(1) {
                    self.receive(&self.service.message(index));
                }
            }
            Step::Older(which) => {
                if !self.service.batches.is_empty() {
                    let index = which % self.service.batches.len();
                    self.receive(&self.service.message(index));
                }
            }
            Step::Cut => self.reconnect(FaultKind::Connection),
            Step::Handle(which) => self.handle(*which),
            Step::Checkpoint { kept } => {
                if let Some(checkpoint) = self.session.due_checkpoint().filter(|_| *kept) {
                    self.session.checkpointed(self.now, &checkpoint);
                }
            }
            Step::Ack(answer) => self.ack(answer),
            Step::Crash { from_checkpoint } => {
                // Of what was handled the store knows only what it was told.
                let kept = self.session.checkpointed_position();
                let kept = kept.filter(|_| *from_checkpoint);
                let session = Session::new(Self::config(kept.cloned()));
                self.begin_again(session);
            }
            Step::Restart => {
                let mut session =
                    std::mem::replace(&mut self.session, Session::new(Self::config(None)));
                session.rewind();
                self.begin_again(session);
            }
        }
        self.check();
    }

    /// What holds at every moment.
    fn check(&mut self) {
        let durable = self.session.checkpointed_position().map_or(0, parse);
        self.kept = self.kept.max(durable);
        let done = (0..).take_while(|log| self.handled.contains(log)).count() as u64;
        let position = self.session.position().map_or(0, parse);
        assert!(
            position <= done,
            "position {position}, but handled up to {done}"
        );
        let kept = self.session.checkpointed_position().map_or(0, parse);
        assert!(kept <= position, "kept {kept}, but position {position}");
        let confirmed = self.session.acknowledged_position().map_or(0, parse);
        assert!(confirmed <= kept, "confirmed {confirmed}, but kept {kept}");
        let acknowledged = self.service.acknowledged;
        assert!(
            acknowledged <= self.kept.max(kept),
            "acknowledged {acknowledged}, but kept up to {kept}"
        );
    }

    /// The faults end: everything is delivered, handled and acknowledged.
    fn heal(&mut self) {
        for _ in 0..1_000 {
            let at_the_end = self.session.position().map(parse) == Some(LOGS);
            if self.service.acknowledged == LOGS || (at_the_end && self.session.acks_settled()) {
                break;
            }
            self.step(&Step::Send(3));
            self.step(&Step::Handle(0));
            self.step(&Step::Checkpoint { kept: true });
            self.step(&Step::Ack(Answer::Taken));
            // Losses before the end of the faults show at the latest now.
            if self.service.next == LOGS && self.held.is_empty() && self.last != Some(LOGS - 1) {
                self.step(&Step::Cut);
            }
        }
        assert_eq!(self.handled.len() as u64, LOGS);
        // A process that died behind the last batch has nothing left to acknowledge.
        assert!(self.service.acknowledged == LOGS || self.service.batches.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn everything_is_handled_in_order_and_nothing_is_acknowledged_before(
        steps in proptest::collection::vec(step(), 0..120),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.step(step);
        }
        world.heal();
    }
}
