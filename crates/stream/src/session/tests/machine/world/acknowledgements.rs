//! What is acknowledged, and what comes of it.

use super::super::super::*;
use super::super::chain::Token;
use super::super::model::Answer;
use super::World;

impl World {
    pub(super) fn acknowledge(&mut self, flush: bool) {
        if self.flight.is_some() {
            assert_eq!(self.session.poll_ack(self.now, true), None);
            return;
        }
        self.now += Duration::from_secs(if flush { 60 } else { 1 });
        let due = self.session.ack_deadline(flush);
        if due.is_some_and(|due| due <= self.now) {
            self.due.drop_closed();
        }
        let request = self.session.poll_ack(self.now, flush);
        assert!(request.is_none() || due.is_some_and(|due| due <= self.now));
        if let Some(request) = &request {
            self.due.request(request);
        }
        match &request {
            Some(AckRequest::Batches { batch_ids, .. }) => {
                self.count("acknowledge batches");
                for id in batch_ids {
                    let end = self.ends[id.as_str()];
                    assert!(self.allowed.contains(&end), "{id} is not kept");
                    self.owed.remove(id.as_str());
                }
            }
            Some(AckRequest::Position { resume_token }) => {
                self.count("acknowledge position");
                let kept = self.token_of(self.kept);
                assert_eq!(Some(Token::parse(resume_token)), kept);
            }
            Some(AckRequest::Response { .. }) => panic!("every batch has an id"),
            None => {}
        }
        self.flight = request;
    }

    pub(super) fn answer(&mut self, answer: Answer) {
        let Some(request) = self.flight.take() else {
            return;
        };
        let outcome = self.outcome(answer, &request);
        if !matches!(answer, Answer::Taken | Answer::TakenButUnheard) {
            // Refused for good or forgotten, the position takes their place.
            self.owed.clear();
        }
        self.due.outcome(&outcome);
        let verdict = self.session.ack_outcome(self.now, outcome, 0.5);
        if matches!(verdict, AckVerdict::ConnectionGone | AckVerdict::GaveUp) {
            self.fault(FaultKind::Connection, 0.5, 0);
        }
    }

    pub(super) fn outcome(&mut self, answer: Answer, request: &AckRequest) -> AckOutcome {
        match (answer, request) {
            (Answer::Taken, _) => {
                self.count("taken");
                AckOutcome::Acknowledged {
                    failed: self.service.acknowledge(request),
                }
            }
            (Answer::TakenButUnheard, _) => {
                self.count("unavailable");
                self.service.acknowledge(request);
                AckOutcome::Unavailable { retry_after: None }
            }
            (
                Answer::Partly,
                AckRequest::Batches {
                    batch_ids,
                    connection_id,
                },
            ) => {
                self.count("refused or in part");
                // Every other one, so that batches are taken behind one that is refused.
                let (mut taken, mut failed) = (Vec::new(), Vec::new());
                for (nth, id) in batch_ids.iter().cloned().enumerate() {
                    if nth % 2 == 0 {
                        &mut failed
                    } else {
                        &mut taken
                    }
                    .push(id);
                }
                failed.extend(self.service.acknowledge(&AckRequest::Batches {
                    connection_id: connection_id.clone(),
                    batch_ids: taken,
                }));
                AckOutcome::Acknowledged { failed }
            }
            (Answer::Unavailable, _) => {
                self.count("unavailable");
                AckOutcome::Unavailable { retry_after: None }
            }
            (Answer::Unknown, _) => {
                self.count("unknown");
                self.service.forget(request);
                AckOutcome::ConnectionUnknown
            }
            (Answer::Unsupported, AckRequest::Position { .. }) => AckOutcome::Unsupported,
            _ => {
                self.count("refused or in part");
                AckOutcome::Refused
            }
        }
    }
}
