//! What to do with a message that arrives: new, seen before, or not to be trusted.

use std::sync::Arc;
use std::time::Duration;

use event_streamer_models::{
    CompleteMessage, ErrorCode, ProgressMessage, ReorgMessage, ResumeToken, StreamingError,
};

use super::acks::AckTarget;
use super::fault::ProtocolFault;
use super::identity::{Identity, OwnedIdentity};
use super::ledger::Mark;
use super::watermark::Watermark;
use super::{Action, DeliveryId, Session};
use crate::batch::Batch;
use crate::message::StreamMessage;
use crate::position::LogPosition;

/// What a batch is to the session.
#[derive(Clone, Copy)]
enum Judgement {
    /// To be delivered, without the events up to a place if some of it was before.
    New {
        behind: Option<LogPosition>,
        end: Option<Watermark>,
    },
    /// All of it was delivered before.
    Seen,
}

/// What is to be done with a batch.
enum Arrived {
    Deliver(DeliveryId, Batch),
    Duplicate,
    Nothing,
}

impl Session {
    /// Takes in a message of the open connection; answers what to do with it.
    pub fn receive(&mut self, now: Duration, message: StreamMessage) -> Action {
        self.accept(now, message).unwrap_or_else(Action::Break)
    }

    fn accept(&mut self, now: Duration, message: StreamMessage) -> Result<Action, ProtocolFault> {
        Ok(match message {
            StreamMessage::EventBatch(batch) => match self.take_batch(now, batch)? {
                Arrived::Deliver(delivery, batch) => Action::Deliver(delivery, batch),
                Arrived::Duplicate => Action::Duplicate,
                Arrived::Nothing => Action::Nothing,
            },
            StreamMessage::Reorg(reorg) => {
                self.judge_step(reorg.step, false)?;
                self.receive_reorg(reorg)
            }
            StreamMessage::Progress(progress) => {
                self.judge_step(progress.step, false)?;
                self.judge_blocks(&progress)?;
                self.receive_progress(now, progress)
            }
            StreamMessage::Complete(complete) => {
                self.judge_step(complete.step, false)?;
                self.receive_complete(now, complete)
            }
            StreamMessage::Error(error) => {
                self.judge_step(error.step, false)?;
                self.receive_error(now, error)
            }
            StreamMessage::Heartbeat(heartbeat) => {
                self.judge_last_step(heartbeat.step)?;
                Action::Heartbeat(heartbeat)
            }
            StreamMessage::Unknown { .. } => Action::Nothing,
        })
    }

    /// The same for a batch: the batch that is to be delivered, if any of it is new.
    ///
    /// # Errors
    ///
    /// What [`Action::Break`] tells: close the connection and ask [`fault`](Self::fault) what to do.
    pub fn receive_batch(
        &mut self,
        now: Duration,
        batch: Batch,
    ) -> Result<Option<(DeliveryId, Batch)>, ProtocolFault> {
        Ok(match self.take_batch(now, batch)? {
            Arrived::Deliver(delivery, batch) => Some((delivery, batch)),
            Arrived::Duplicate | Arrived::Nothing => None,
        })
    }

    fn take_batch(&mut self, now: Duration, batch: Batch) -> Result<Arrived, ProtocolFault> {
        let identity = Identity::of(&batch);
        let hash = identity.map(|identity| self.recent.hash_of(identity.text()));
        let known = identity
            .zip(hash)
            .is_some_and(|(identity, hash)| self.recent.contains(hash, identity.text()));
        let judgement = self.judge(&batch, known, identity.is_some())?;
        let id = identity.map(Identity::to_owned);
        let ack = self.ack_target(&batch, id.as_ref());
        if let Some(open) = &mut self.connection {
            open.took_batch(&batch, !matches!(judgement, Judgement::Seen));
        }
        if let (Some(hash), Some(id)) = (hash, id) {
            self.recent.remember(hash, id.into_shared());
        }
        let token = batch.token_text().map(ResumeToken::from);
        Ok(match judgement {
            Judgement::Seen => {
                self.counters.duplicate_batches += 1;
                // Its acknowledgement waits for whatever is still being handled: that may be it.
                self.pass(now, None, ack);
                Arrived::Duplicate
            }
            Judgement::New { .. } if batch.is_empty() => {
                self.pass(now, token, ack);
                Arrived::Nothing
            }
            Judgement::New { behind, end } => {
                let batch = match behind {
                    Some(place) => batch.after(place),
                    None => batch,
                };
                self.deliver(batch, token, end, ack)
            }
        })
    }

    fn deliver(
        &mut self,
        batch: Batch,
        token: Option<ResumeToken>,
        end: Option<Watermark>,
        ack: Option<AckTarget>,
    ) -> Arrived {
        if let Some(open) = &mut self.connection {
            open.advanced = true;
        }
        let events = batch.len() as u64;
        self.counters.batches_delivered += 1;
        self.counters.events_delivered += events;
        if end.is_some() {
            self.delivered = end;
        }
        if token.is_some() {
            self.next.clone_from(&token);
        }
        let delivery = self.ledger.deliver(Mark {
            token,
            end,
            ack,
            events,
            forgets: false,
            kept: false,
        });
        Arrived::Deliver(delivery, batch)
    }

    /// Everything that can be wrong with a batch, cheapest first. `known`: it was seen before;
    /// `recognisable`: that would show.
    fn judge(
        &self,
        batch: &Batch,
        known: bool,
        recognisable: bool,
    ) -> Result<Judgement, ProtocolFault> {
        let expected = self.config.subscription_id;
        if let Some(got) = batch.subscription_id().filter(|got| *got != expected) {
            return Err(ProtocolFault::Foreign { expected, got });
        }
        let got = batch.len() as u64;
        if let Some(stated) = batch.declared_size().filter(|stated| *stated != got) {
            return Err(ProtocolFault::SizeMismatch { stated, got });
        }
        self.judge_sequence(batch, known)?;
        self.judge_step(batch.step(), known)?;
        if known {
            return Ok(Judgement::Seen);
        }
        if batch.redelivery().is_some() {
            // Asked for, and out of order by nature.
            return Ok(Judgement::New {
                behind: None,
                end: None,
            });
        }
        self.judge_place(batch, recognisable)
    }

    /// Events ascend. At the beginning of a connection some may have been delivered before.
    fn judge_place(&self, batch: &Batch, recognisable: bool) -> Result<Judgement, ProtocolFault> {
        let Some((first, last)) = batch.edges() else {
            return Ok(Judgement::New {
                behind: None,
                end: None,
            });
        };
        let new = |behind| Judgement::New {
            behind,
            end: Some(last),
        };
        let Some(delivered) = &self.delivered else {
            return Ok(new(None));
        };
        if let Some(other) = [&first, &last]
            .into_iter()
            .find(|place| delivered.contradicts(place))
        {
            let block_number = other.position.block_number;
            return Err(ProtocolFault::BranchChanged { block_number });
        }
        if first.position > delivered.position {
            return Ok(new(None));
        }
        let advanced = self.connection.as_ref().is_some_and(|open| open.advanced);
        if advanced && recognisable {
            // It would be known had it been delivered before.
            return Err(ProtocolFault::OutOfOrder {
                last: last.position,
                delivered: delivered.position,
            });
        }
        if last.position <= delivered.position {
            return Ok(Judgement::Seen);
        }
        Ok(new(Some(delivered.position)))
    }

    fn receive_reorg(&mut self, reorg: ReorgMessage) -> Action {
        let rollback_to = &reorg.rollback_to;
        let end = Watermark {
            position: LogPosition::end_of(rollback_to.number),
            block_hash: Some(rollback_to.hash),
        };
        self.delivered = Some(end);
        if let Some(open) = &mut self.connection {
            open.advanced = false;
            open.took(reorg.step, || Some(rollback_to.number));
        }
        self.next = Some(reorg.resume_token.clone());
        let delivery = self.ledger.deliver(Mark {
            token: Some(reorg.resume_token.clone()),
            end: Some(end),
            ack: None,
            events: 0,
            forgets: false,
            kept: false,
        });
        Action::Rollback(delivery, reorg)
    }

    fn receive_progress(&mut self, now: Duration, progress: ProgressMessage) -> Action {
        if let Some(open) = &mut self.connection {
            open.took(progress.step, || Some(progress.to_block));
        }
        self.pass(now, Some(progress.resume_token.clone()), None);
        Action::Progress(progress)
    }

    fn receive_complete(&mut self, now: Duration, complete: CompleteMessage) -> Action {
        if let Some(open) = &mut self.connection {
            open.took(complete.step, || None);
        }
        self.pass(now, Some(complete.resume_token.clone()), None);
        Action::Finish(complete)
    }

    fn receive_error(&mut self, now: Duration, error: StreamingError) -> Action {
        if !error.recoverable {
            return Action::Fail(error);
        }
        if error.error_code == ErrorCode::ReorgDetected {
            // To a client without the feature this is the notice: what follows may lie before what
            // was delivered, by how much it does not say in a form to be relied on.
            self.delivered = None;
            if let Some(open) = &mut self.connection {
                open.advanced = false;
                open.took(error.step, || None);
            }
            // The same for what is handled by then, or a restart would take the new branch's events
            // for repeats. In its turn: earlier deliveries may still be at work.
            self.ledger.pass(Mark {
                forgets: true,
                ..Mark::default()
            });
            self.settle(now);
        }
        Action::Report(error)
    }

    /// Takes in what needs no handling.
    fn pass(&mut self, now: Duration, token: Option<ResumeToken>, ack: Option<AckTarget>) {
        if token.is_some() {
            self.next.clone_from(&token);
        }
        self.ledger.pass(Mark {
            token,
            end: None,
            ack,
            events: 0,
            forgets: false,
            kept: false,
        });
        self.settle(now);
    }

    fn ack_target(&mut self, batch: &Batch, id: Option<&OwnedIdentity>) -> Option<AckTarget> {
        let open = self.connection.as_mut()?;
        if let Some(OwnedIdentity::Batch(batch_id)) = id {
            // Services without the header name the connection in the batch.
            if open.id.is_none() {
                open.id = batch.connection_id().cloned().map(Arc::new);
            }
            if let Some(connection) = &open.id {
                return Some(AckTarget::Batch(Arc::clone(connection), batch_id.clone()));
            }
        }
        batch.response_id().cloned().map(AckTarget::Response)
    }
}
