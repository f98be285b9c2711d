//! Acknowledgements: gathered, sent in bounded requests, repeated, carried over.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::{BatchId, ConnectionId, ResponseId, ResumeToken};

use super::backoff::Backoff;
use super::config::{AckPolicy, MAX_BATCHES_PER_REQUEST};

/// By what a batch is acknowledged.
#[derive(Debug, Clone)]
pub(crate) enum AckTarget {
    /// By its id, on the connection it came from.
    Batch(Arc<ConnectionId>, BatchId),
    /// By its response id, with services that have no batch ids.
    Response(ResponseId),
}

/// A request to send to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AckRequest {
    /// Acknowledge these batches of a connection; never more than 1,000.
    Batches {
        /// The connection that the batches came from.
        connection_id: ConnectionId,
        /// The batches, oldest first.
        batch_ids: Vec<BatchId>,
    },
    /// Confirm a batch of a service without batch ids.
    Response {
        /// The batch's response id.
        response_id: ResponseId,
    },
    /// Acknowledge everything up to a position, on no connection in particular.
    Position {
        /// The position.
        resume_token: ResumeToken,
    },
}

/// What came of an [`AckRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AckOutcome {
    /// Taken, except for the batches that failed.
    Acknowledged {
        /// The ids that the service could not acknowledge.
        failed: Vec<BatchId>,
    },
    /// The service does not know the connection.
    ConnectionUnknown,
    /// The service does not have this kind of request.
    Unsupported,
    /// The service refuses the request, and would refuse it again.
    Refused,
    /// The request got no answer, or one that may be another the next time.
    Unavailable {
        /// How long the service wants to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What an [`AckOutcome`] means for the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum AckVerdict {
    /// All is well.
    Settled,
    /// Something is to be sent again, later.
    Retrying {
        /// How often in a row it failed.
        failures: u32,
    },
    /// The current connection is dead at the service: open another.
    ConnectionGone,
    /// The service keeps refusing a batch of the current connection, and no other counts behind it:
    /// open another.
    GaveUp,
}

/// Acknowledgements that are to be sent, and the one that is on its way.
#[derive(Debug)]
pub(crate) struct AckQueue {
    policy: AckPolicy,
    pending: VecDeque<Pending>,
    sending: Option<Sending>,
    /// When the oldest of `pending` came.
    since: Duration,
    /// No request before this.
    not_before: Duration,
    /// The position is to be acknowledged in place of batches that cannot be any more.
    carry_over: bool,
    /// The connection whose batches cannot be acknowledged by their ids any more: the service has
    /// forgotten it, or refuses one of them, behind which no other counts.
    closed: Option<Arc<ConnectionId>>,
    /// Whether the service is known not to have the position request.
    position_unsupported: bool,
    backoff: Backoff,
    acknowledged: u64,
    /// The position up to which the service confirmed every batch.
    position: Option<ResumeToken>,
    /// The number of the last batch that it confirmed and the position behind that, whatever it
    /// refused before.
    confirmed: Option<(u64, ResumeToken)>,
    /// Batches that were pushed, ever.
    pushed: u64,
}

#[derive(Debug, Clone)]
struct Pending {
    /// Its place in the order of all that were pushed.
    number: u64,
    target: AckTarget,
    /// The position behind the batch.
    token: Option<ResumeToken>,
    refusals: u32,
}

#[derive(Debug)]
enum Sending {
    Targets(Vec<Pending>),
    Position(ResumeToken),
}

impl AckQueue {
    pub(crate) fn new(policy: AckPolicy) -> Self {
        let backoff = Backoff::new(policy.interval.min(policy.max_delay), policy.max_delay);
        Self {
            policy,
            pending: VecDeque::new(),
            sending: None,
            since: Duration::ZERO,
            not_before: Duration::ZERO,
            carry_over: false,
            closed: None,
            position_unsupported: false,
            backoff,
            acknowledged: 0,
            position: None,
            confirmed: None,
            pushed: 0,
        }
    }

    /// Takes a batch that may be acknowledged, and the position behind it.
    pub(crate) fn push(&mut self, now: Duration, target: AckTarget, token: Option<ResumeToken>) {
        if self.pending.is_empty() {
            self.since = now;
        }
        self.pushed += 1;
        self.pending.push_back(Pending {
            number: self.pushed,
            target,
            token,
            refusals: 0,
        });
    }

    /// Batches whose acknowledgement the service has not confirmed.
    pub(crate) fn outstanding(&self) -> usize {
        let sending = match &self.sending {
            Some(Sending::Targets(targets)) => targets.len(),
            Some(Sending::Position(_)) | None => 0,
        };
        self.pending.len() + sending
    }

    /// True when nothing is to be sent and nothing is on its way.
    pub(crate) fn is_settled(&self) -> bool {
        self.pending.is_empty() && self.sending.is_none() && !self.carry_over
    }

    /// The position up to which everything is acknowledged, as far as the service said so.
    pub(crate) fn position(&self) -> Option<&ResumeToken> {
        self.position.as_ref()
    }

    /// Batches acknowledged so far.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// When [`poll`](Self::poll) will have a request, if nothing else happens; `flush` as there.
    pub(crate) fn deadline(&self, flush: bool) -> Option<Duration> {
        if self.sending.is_some() || (self.pending.is_empty() && !self.carry_over) {
            return None;
        }
        let full = self.pending.len() >= self.max_batches();
        let due = if flush || full || self.carry_over {
            Duration::ZERO
        } else {
            self.since.saturating_add(self.policy.interval)
        };
        Some(due.max(self.not_before))
    }

    /// The request that is due, of which there is one at a time. With `flush` the interval is not
    /// waited for.
    pub(crate) fn poll(
        &mut self,
        now: Duration,
        position: Option<&ResumeToken>,
        flush: bool,
    ) -> Option<AckRequest> {
        if self.deadline(flush)? > now {
            return None;
        }
        self.drop_closed();
        if self.carry_over {
            if let Some(token) = position {
                self.sending = Some(Sending::Position(token.clone()));
                return Some(AckRequest::Position {
                    resume_token: token.clone(),
                });
            }
            // Without a position there is nothing to carry: the batches had no tokens.
            self.carry_over = false;
        }
        self.take_batches()
    }

    /// Takes in what came of the request on its way.
    pub(crate) fn on_outcome(
        &mut self,
        now: Duration,
        outcome: AckOutcome,
        current: Option<&ConnectionId>,
        unit: f64,
    ) -> AckVerdict {
        let Some(sending) = self.sending.take() else {
            return AckVerdict::Settled;
        };
        self.since = now;
        match sending {
            Sending::Targets(targets) => self.batches_done(now, targets, outcome, current, unit),
            Sending::Position(token) => self.position_done(now, token, &outcome, unit),
        }
    }

    /// Takes the request on its way back, as its outcome will not be heard.
    pub(crate) fn recall(&mut self) {
        if let Some(Sending::Targets(targets)) = self.sending.take() {
            self.put_back(targets);
        }
    }

    fn max_batches(&self) -> usize {
        self.policy.max_batches.clamp(1, MAX_BATCHES_PER_REQUEST)
    }

    /// The longest run at the front that fits one request.
    fn take_batches(&mut self) -> Option<AckRequest> {
        let connection = match &self.pending.front()?.target {
            AckTarget::Response(response_id) => {
                let response_id = response_id.clone();
                self.sending = Some(Sending::Targets(self.pending.drain(..1).collect()));
                return Some(AckRequest::Response { response_id });
            }
            AckTarget::Batch(connection, _) => Arc::clone(connection),
        };
        let batch_ids: Vec<BatchId> = self
            .pending
            .iter()
            .take(self.max_batches())
            .map_while(|pending| match &pending.target {
                AckTarget::Batch(other, id) if *other == connection => Some(id.clone()),
                _ => None,
            })
            .collect();
        let taken = self.pending.drain(..batch_ids.len()).collect();
        self.sending = Some(Sending::Targets(taken));
        Some(AckRequest::Batches {
            connection_id: (*connection).clone(),
            batch_ids,
        })
    }

    fn batches_done(
        &mut self,
        now: Duration,
        targets: Vec<Pending>,
        outcome: AckOutcome,
        current: Option<&ConnectionId>,
        unit: f64,
    ) -> AckVerdict {
        match outcome {
            AckOutcome::Acknowledged { failed } => {
                let refused = self.confirm(targets, failed);
                if refused.is_empty() {
                    self.backoff.reset();
                    return AckVerdict::Settled;
                }
                self.refused(now, refused, current, unit)
            }
            AckOutcome::ConnectionUnknown => self.connection_unknown(&targets, current),
            AckOutcome::Refused | AckOutcome::Unsupported => {
                self.refused(now, targets, current, unit)
            }
            AckOutcome::Unavailable { retry_after } => {
                self.put_back(targets);
                self.again(now, retry_after, unit)
            }
        }
    }

    /// Notes which batches the service has; answers those that it refused.
    fn confirm(&mut self, targets: Vec<Pending>, failed: Vec<BatchId>) -> Vec<Pending> {
        let failed: HashSet<BatchId> = failed.into_iter().collect();
        let mut refused: Vec<Pending> = Vec::new();
        for target in targets {
            if target.is_among(&failed) {
                refused.push(target);
                continue;
            }
            self.acknowledged += 1;
            self.note(target.number, target.token, refused.first());
        }
        refused
    }

    /// Notes that the service has a batch, and the position if nothing before it is open.
    fn note(&mut self, number: u64, token: Option<ResumeToken>, refused: Option<&Pending>) {
        let last = self.confirmed.as_ref().map(|(last, _)| *last);
        if let Some(token) = token.filter(|_| last.is_none_or(|last| last < number)) {
            self.confirmed = Some((number, token));
        }
        let open = refused.or(self.pending.front());
        if let Some((last, token)) = &self.confirmed
            && open.is_none_or(|open| open.number > *last)
        {
            self.position = Some(token.clone());
        }
    }

    fn position_done(
        &mut self,
        now: Duration,
        token: ResumeToken,
        outcome: &AckOutcome,
        unit: f64,
    ) -> AckVerdict {
        match outcome {
            AckOutcome::Unavailable { retry_after } => {
                return self.again(now, *retry_after, unit);
            }
            AckOutcome::Acknowledged { .. } => {
                self.position = Some(token);
            }
            _ => {}
        }
        // If the service does not take the position, the first batch that is acknowledged on the next
        // connection carries it along: that connection begins behind it.
        self.carry_over = false;
        self.position_unsupported |= *outcome == AckOutcome::Unsupported;
        self.backoff.reset();
        AckVerdict::Settled
    }

    /// From now on the position is acknowledged in place of this connection's batches.
    fn close(&mut self, connection: Arc<ConnectionId>) {
        self.carry_over = !self.position_unsupported;
        self.closed = Some(connection);
        self.drop_closed();
        // The delays were for that connection's sake.
        self.backoff.reset();
        self.not_before = Duration::ZERO;
    }

    /// Lets the position take the place of batches of the closed connection that are pending.
    fn drop_closed(&mut self) {
        let before = self.pending.len();
        let closed = self.closed.as_deref();
        self.pending
            .retain(|pending| closed.is_none() || pending.connection().map(|c| &**c) != closed);
        if self.pending.len() < before {
            self.carry_over = !self.position_unsupported;
        }
    }

    /// Batches of a connection that the service has forgotten can never be acknowledged by id.
    fn connection_unknown(
        &mut self,
        targets: &[Pending],
        current: Option<&ConnectionId>,
    ) -> AckVerdict {
        let Some(gone) = targets.iter().find_map(Pending::connection).cloned() else {
            return AckVerdict::Settled;
        };
        let verdict = if current == Some(&*gone) {
            AckVerdict::ConnectionGone
        } else {
            AckVerdict::Settled
        };
        self.close(gone);
        verdict
    }

    /// Sends the refused again, each so often. What is refused for good holds up every batch behind it
    /// on its connection: only another connection has a future.
    fn refused(
        &mut self,
        now: Duration,
        mut targets: Vec<Pending>,
        current: Option<&ConnectionId>,
        unit: f64,
    ) -> AckVerdict {
        for target in &mut targets {
            target.refusals += 1;
        }
        let given_up = targets
            .iter()
            .find(|target| target.refusals >= self.policy.max_attempts)
            .map(|target| target.connection().cloned());
        targets.retain(|target| target.refusals < self.policy.max_attempts);
        self.put_back(targets);
        let verdict = self.again(now, None, unit);
        let Some(Some(connection)) = given_up else {
            return verdict;
        };
        let present = current == Some(&*connection);
        self.close(connection);
        if present { AckVerdict::GaveUp } else { verdict }
    }

    fn put_back(&mut self, targets: Vec<Pending>) {
        for target in targets.into_iter().rev() {
            self.pending.push_front(target);
        }
    }

    fn again(&mut self, now: Duration, retry_after: Option<Duration>, unit: f64) -> AckVerdict {
        let delay = self.backoff.next(unit).max(retry_after.unwrap_or_default());
        self.not_before = now.saturating_add(delay);
        AckVerdict::Retrying {
            failures: self.backoff.attempts(),
        }
    }
}

impl Pending {
    fn connection(&self) -> Option<&Arc<ConnectionId>> {
        match &self.target {
            AckTarget::Batch(connection, _) => Some(connection),
            AckTarget::Response(_) => None,
        }
    }

    fn is_among(&self, failed: &HashSet<BatchId>) -> bool {
        match &self.target {
            AckTarget::Batch(_, id) => failed.contains(id),
            AckTarget::Response(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
