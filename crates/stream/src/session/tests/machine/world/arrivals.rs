//! What the service sends, and what the session must make of it.

use serde_json::{Value, json};

use super::super::super::*;
use super::super::chain::{Log, Token, next_match};
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
        self.sequence += 1;
        self.ends.insert(sent.id.clone(), sent.end);
        let new = sent.logs.iter().filter(|log| log.number >= self.front);
        let new: Vec<Log> = new.copied().collect();
        match action {
            Action::Nothing if sent.logs.is_empty() => {
                self.count("send nothing");
                self.pass(sent.end);
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
            done: false,
        });
        self.last = Some(sent);
    }

    /// Something that needs no handling moved the position.
    pub(super) fn pass(&mut self, token: Token) {
        self.front = token.logs;
        self.next = Some(token);
        self.entries.push(Entry {
            logs: Vec::new(),
            rollback: None,
            token: Some(token),
            end: Some(token),
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
            done: true,
        });
        self.settle();
    }

    pub(super) fn progress(&mut self) {
        if self.service.cursor < self.front || self.misses() {
            return;
        }
        self.count("progress");
        let (message, token) = self.service.progress();
        let action = self.receive(&message);
        assert!(matches!(action, Action::Progress(_)), "{action:?}");
        self.pass(token);
    }

    /// Whether a batch was lost that the client does not miss yet.
    pub(super) fn misses(&self) -> bool {
        self.service.sent().len() as u64 >= self.sequence
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
                (with(message, "sequence", json!(self.sequence)), "backwards")
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
        if self.service.cursor < self.front || self.misses() {
            return;
        }
        let rollback = self.service.reorganise(depth);
        if !heard {
            self.count("reorganise unheard");
            self.fault(FaultKind::Connection, 0.2, 0);
        } else if let Some(rollback) = rollback {
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
        self.front = self.service.cursor;
        self.last = None;
        self.entries.push(Entry {
            logs: Vec::new(),
            rollback: Some(self.front),
            token: self.extended.then_some(token),
            end: None,
            done: !self.extended,
        });
        self.settle();
    }
}
