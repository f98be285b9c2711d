//! What is to be acknowledged, as it must be: every batch that is kept, in order, until the service
//! confirms it or its position takes its place.

use std::collections::{HashMap, HashSet, VecDeque};

use event_streamer_models::BatchId;

use super::super::super::*;
use super::super::chain::Token;

/// How often a batch may be refused.
pub(super) const MAX_ATTEMPTS: u32 = 2;

#[derive(Debug, Clone)]
struct Batch {
    id: String,
    /// Its place in the order of all.
    number: u64,
    refusals: u32,
}

#[derive(Debug, Default)]
pub(super) struct Due {
    queue: VecDeque<Batch>,
    flight: Vec<Batch>,
    /// The connection whose batches the position takes the place of.
    closed: Option<String>,
    carry: bool,
    pushed: u64,
    /// The last batch before each position, when it was first kept; 0 if there was none.
    ends: HashMap<Token, u64>,
    /// Positions that were acknowledged as such, for whatever lies before them.
    positions: HashSet<Token>,
    /// The service takes no positions.
    unsupported: bool,
}

impl Due {
    /// The batch is kept, if there is one, and the position behind it. A notice moves the position
    /// too: it lies behind the batches before the notice, not behind those that leave it there later.
    pub(super) fn push(&mut self, id: Option<&str>, end: Option<Token>) {
        self.pushed += u64::from(id.is_some());
        if let Some(end) = end {
            self.ends.entry(end).or_insert(self.pushed);
        }
        let Some(id) = id else { return };
        self.queue.push_back(Batch {
            id: id.to_owned(),
            number: self.pushed,
            refusals: 0,
        });
    }

    /// Whether a position lies behind a batch that the service has not confirmed.
    pub(super) fn is_ahead(&self, position: Token) -> bool {
        let open = self.flight.first().or(self.queue.front());
        let end = self.ends.get(&position);
        !self.positions.contains(&position)
            && open.zip(end).is_some_and(|(open, end)| open.number <= *end)
    }

    /// Of the connection that is closed the position is acknowledged.
    pub(super) fn drop_closed(&mut self) {
        let before = self.queue.len();
        let closed = self.closed.as_deref();
        self.queue
            .retain(|batch| closed != Some(connection_of(&batch.id)));
        if self.queue.len() < before {
            self.carry = !self.unsupported;
        }
    }

    /// A request goes out: of all that is due, in order.
    pub(super) fn request(&mut self, request: &AckRequest) {
        match request {
            AckRequest::Batches { batch_ids, .. } => {
                assert!(!self.carry, "the position is due first");
                self.flight = self.queue.drain(..batch_ids.len()).collect();
                let ids = self.flight.iter().map(|batch| batch.id.as_str());
                assert!(
                    ids.eq(batch_ids.iter().map(BatchId::as_str)),
                    "{batch_ids:?} in place of {:?}",
                    self.flight
                );
            }
            AckRequest::Position { resume_token } => {
                assert!(self.carry, "no batch was dropped");
                self.positions.insert(Token::parse(resume_token));
            }
            AckRequest::Response { .. } => panic!("every batch has an id"),
        }
    }

    pub(super) fn outcome(&mut self, outcome: &AckOutcome) {
        let flight = std::mem::take(&mut self.flight);
        let Some(connection) = flight.first().map(|batch| connection_of(&batch.id)) else {
            return self.position_outcome(outcome);
        };
        let connection = connection.to_owned();
        let open = match outcome {
            AckOutcome::Unavailable { .. } => return self.put_back(flight),
            AckOutcome::ConnectionUnknown => return self.close(connection),
            AckOutcome::Refused | AckOutcome::Unsupported => flight,
            AckOutcome::Acknowledged { failed } => {
                let failed: HashSet<&str> = failed.iter().map(BatchId::as_str).collect();
                let is_open = |batch: &Batch| failed.contains(batch.id.as_str());
                flight.into_iter().filter(is_open).collect()
            }
        };
        let refused = |batch: Batch| Batch {
            refusals: batch.refusals + 1,
            ..batch
        };
        let refused: Vec<Batch> = open.into_iter().map(refused).collect();
        if refused.iter().any(|batch| batch.refusals >= MAX_ATTEMPTS) {
            self.close(connection);
        } else {
            self.put_back(refused);
        }
    }

    fn position_outcome(&mut self, outcome: &AckOutcome) {
        if !matches!(outcome, AckOutcome::Unavailable { .. }) {
            self.carry = false;
            self.unsupported |= *outcome == AckOutcome::Unsupported;
        }
    }

    fn close(&mut self, connection: String) {
        self.carry = !self.unsupported;
        self.closed = Some(connection);
        self.drop_closed();
    }

    fn put_back(&mut self, batches: Vec<Batch>) {
        for batch in batches.into_iter().rev() {
            self.queue.push_front(batch);
        }
    }

    /// The answer to what is on its way will not be heard.
    pub(super) fn recall(&mut self) {
        let flight = std::mem::take(&mut self.flight);
        self.put_back(flight);
    }

    pub(super) fn is_settled(&self) -> bool {
        self.queue.is_empty() && self.flight.is_empty() && !self.carry
    }
}

fn connection_of(id: &str) -> &str {
    id.split_once('/').unwrap().0
}
