//! What the service sends, and what the session must make of it.

use serde_json::{Value, json};

use super::super::super::*;
use super::super::chain::{Log, Token, block_of, next_match};
use super::super::model::Flaw;
use super::super::service::{Rollback, Sent};
use super::{Entry, World};
use crate::Batch;

impl World {
    pub(super) fn receive(&mut self, value: &Value) -> Action {
        self.session.receive(self.now, message(value))
    }

    pub(super) fn send(&mut self, size: usize) {
        let behind = self.service.cursor < self.front;
        let sent = self.service.batch(size.max(usize::from(behind)));
        let message = self.service.message(&sent);
        let action = self.receive(&message);
        if sent.sequence > self.sequence {
            self.count("send after a loss");
            assert!(
                matches!(action, Action::Break(ProtocolFault::Gap { expected, got })
                    if expected == self.sequence && got == sent.sequence),
                "a gap gave {action:?}"
            );
            return self.fault(FaultKind::Protocol, 0.5, 0);
        }
        if self.out_of_step(sent.step, &action) {
            return self.count("send after a loss");
        }
        self.sequence += 1;
        let again = matches!(action, Action::Duplicate);
        let covered = if again {
            self.covered
        } else {
            Some(sent.blocks.1)
        };
        self.took(sent.step, covered);
        self.ends.insert(sent.id.clone(), sent.end);
        let new = sent.logs.iter().filter(|log| log.number >= self.front);
        let new: Vec<Log> = new.copied().collect();
        match action {
            Action::Nothing if sent.logs.is_empty() => {
                self.count("send nothing");
                self.pass(sent.end, Some(sent.id));
            }
            Action::Duplicate if !sent.logs.is_empty() && new.is_empty() => {
                self.count("send again in another batch");
                self.again(&sent);
            }
            Action::Deliver(id, batch) if !new.is_empty() => {
                self.count(if new == sent.logs {
                    "send"
                } else {
                    "send part of it"
                });
                self.deliver(id, &batch, new, sent);
            }
            other => panic!("{message} gave {other:?}"),
        }
    }

    pub(super) fn deliver(&mut self, id: DeliveryId, batch: &Batch, new: Vec<Log>, sent: Sent) {
        let events = batch.events();
        let got: Vec<Log> = events
            .iter()
            .map(|event| Log {
                number: event.field("log").unwrap().unwrap(),
                branch: event.field("branch").unwrap().unwrap(),
            })
            .collect();
        assert_eq!(got, new, "what is delivered");
        for log in &new {
            assert_eq!(log.number, next_match(self.front), "nothing is left out");
            assert!(self.seen.insert(*log), "{log:?} is delivered twice");
            self.front = log.number + 1;
        }
        self.expected.batches_delivered += 1;
        self.expected.events_delivered += new.len() as u64;
        self.front = sent.end.logs;
        self.next = Some(sent.end);
        self.bounded = true;
        self.held.push((id, self.entries.len()));
        self.entries.push(Entry {
            logs: new,
            rollback: None,
            token: Some(sent.end),
            end: Some(sent.end),
            batch: Some(sent.id.clone()),
            done: false,
        });
        self.last = Some(sent);
    }

    /// Something that needs no handling moved the position.
    pub(super) fn pass(&mut self, token: Token, batch: Option<String>) {
        self.front = token.logs;
        self.next = Some(token);
        self.entries.push(Entry {
            logs: Vec::new(),
            rollback: None,
            token: Some(token),
            end: Some(token),
            batch,
            done: true,
        });
        self.settle();
    }

    /// A batch came that was delivered before.
    pub(super) fn again(&mut self, sent: &Sent) {
        self.expected.duplicate_batches += 1;
        self.owed.insert(sent.id.clone());
        self.entries.push(Entry {
            logs: Vec::new(),
            rollback: None,
            token: None,
            end: Some(sent.end),
            batch: Some(sent.id.clone()),
            done: true,
        });
        self.settle();
    }

    pub(super) fn progress(&mut self) {
        let hole = |covered: u64| block_of(self.service.cursor) > covered + 1;
        let left_out = self.covered.is_some_and(hole);
        // Without steps, what is lost shows only where whole blocks are.
        let shows = self.service.last_step().is_some() || left_out;
        if !shows && self.misses() || self.service.cursor < self.front && !self.misses() {
            return;
        }
        let progress = self.service.progress();
        let action = self.receive(&progress.message);
        if self.out_of_step(progress.step, &action) {
            return self.count("progress after a loss");
        }
        if left_out {
            self.count("blocks left out");
            let right = matches!(&action, Action::Break(ProtocolFault::Hole { covered, got })
                if Some(*covered) == self.covered && *got == progress.blocks.0);
            assert!(right, "{progress:?} gave {action:?}");
            return self.fault(FaultKind::Protocol, 0.5, 0);
        }
        self.count("progress");
        assert!(matches!(action, Action::Progress(_)), "{action:?}");
        self.took(progress.step, Some(progress.blocks.1));
        self.pass(progress.token, None);
    }

    pub(super) fn heartbeat(&mut self) {
        let message = self.service.heartbeat();
        let action = self.receive(&message);
        match self.service.last_step() {
            Some(got) if got >= self.step => {
                self.count("heartbeat after a loss");
                let expected = self.step;
                let right = matches!(&action, Action::Break(fault)
                    if *fault == ProtocolFault::OutOfStep { expected, got });
                assert!(right, "{message} gave {action:?}");
                self.fault(FaultKind::Protocol, 0.5, 0);
            }
            _ => {
                self.count("heartbeat");
                assert!(matches!(action, Action::Heartbeat(_)), "{action:?}");
            }
        }
    }

    /// Whether a message shows by its step that one before it is lost; then it must not be taken.
    fn out_of_step(&mut self, step: Option<u64>, action: &Action) -> bool {
        let Some(got) = step.filter(|got| *got > self.step) else {
            return false;
        };
        let expected = self.step;
        let right = matches!(action, Action::Break(fault)
            if *fault == ProtocolFault::OutOfStep { expected, got });
        assert!(
            right,
            "step {got}, where {expected} was due, gave {action:?}"
        );
        self.fault(FaultKind::Protocol, 0.5, 0);
        true
    }

    /// A message that moves the position was taken.
    fn took(&mut self, step: Option<u64>, covered: Option<u64>) {
        self.step += u64::from(step.is_some());
        self.covered = covered.filter(|_| step.is_none());
    }

    /// Whether something was lost that the client does not miss yet.
    pub(super) fn misses(&self) -> bool {
        let step = self.service.last_step();
        self.service.sent().len() as u64 >= self.sequence
            || step.is_some_and(|step| step >= self.step)
    }

    pub(super) fn repeat(&mut self, which: usize) {
        let accepted = usize::try_from(self.sequence - 1).unwrap();
        if accepted == 0 {
            return;
        }
        self.count("repeat");
        let sent = self.service.sent()[which % accepted].clone();
        let message = self.service.message(&sent);
        let action = self.receive(&message);
        assert!(matches!(action, Action::Duplicate), "{action:?}");
        self.again(&sent);
    }

    pub(super) fn flawed(&mut self, flaw: Flaw) {
        let accepted = self.service.sent().first().cloned();
        let (message, kind) = match flaw {
            Flaw::Foreign => {
                let sent = self.service.batch(1);
                let message = with(self.service.message(&sent), "subscription_id", json!(8));
                (message, "foreign")
            }
            Flaw::FalseSize => {
                let sent = self.service.batch(2);
                let message = with(self.service.message(&sent), "batch_size", json!(3));
                (message, "false size")
            }
            Flaw::Stranger if self.sequence > 1 => {
                let sent = accepted.unwrap();
                let message = with(self.service.message(&sent), "batch_id", json!("stranger"));
                (message, "stranger")
            }
            Flaw::Backwards if self.last.is_some() && !self.misses() => {
                let sent = self.last.clone().unwrap();
                let message = with(self.service.message(&sent), "batch_id", json!("backwards"));
                let message = with(message, "sequence", json!(self.sequence));
                let step = sent.step.map(|_| self.step);
                (with(message, "step", json!(step)), "backwards")
            }
            Flaw::Stranger | Flaw::Backwards => return,
        };
        self.count(kind);
        let action = self.receive(&message);
        let right = match (&action, flaw) {
            (Action::Break(fault), Flaw::Foreign) => matches!(fault, ProtocolFault::Foreign { .. }),
            (Action::Break(fault), Flaw::FalseSize) => {
                matches!(fault, ProtocolFault::SizeMismatch { .. })
            }
            (Action::Break(fault), Flaw::Stranger) => {
                matches!(fault, ProtocolFault::StepBack { .. })
            }
            (Action::Break(fault), Flaw::Backwards) => {
                matches!(fault, ProtocolFault::OutOfOrder { .. })
            }
            _ => false,
        };
        assert!(right, "{message} gave {action:?}");
        self.fault(FaultKind::Protocol, 0.0, 0);
    }

    pub(super) fn reorganise(&mut self, depth: u64, heard: bool) {
        let lost = self.misses();
        if self.service.cursor < self.front && !lost {
            return;
        }
        let rollback = self.service.reorganise(depth);
        if !heard {
            self.count("reorganise unheard");
            self.fault(FaultKind::Connection, 0.2, 0);
        } else if let Some(rollback) = rollback {
            if lost {
                self.count("reorganise after a loss");
                let action = self.receive(&rollback.message);
                assert!(self.out_of_step(rollback.step, &action));
                return;
            }
            self.count("reorganise heard");
            self.roll_back(&rollback);
        }
    }

    /// The service says that blocks are void, before anything of the new branch.
    pub(super) fn roll_back(&mut self, rollback: &Rollback) {
        let token = self.service.chain.token(self.service.cursor);
        let action = self.receive(&rollback.message);
        match action {
            Action::Rollback(id, notice) if self.extended => {
                assert_eq!(notice.rollback_to.number, rollback.block);
                self.held.push((id, self.entries.len()));
                self.next = Some(token);
                self.bounded = true;
            }
            Action::Report(_) if !self.extended => self.bounded = false,
            other => panic!("{} gave {other:?}", rollback.message),
        }
        let covered = self.extended.then_some(rollback.block);
        self.took(rollback.step, covered);
        self.front = self.service.cursor;
        self.last = None;
        self.entries.push(Entry {
            logs: Vec::new(),
            rollback: Some(self.front),
            token: self.extended.then_some(token),
            end: None,
            batch: None,
            done: !self.extended,
        });
        self.settle();
    }
}
