//! Whether something is missing between one message of a connection and the next.
//!
//! Batches have their `sequence`. A batch that is lost before another message that moves the position
//! shows by the `step`, which all those messages share; where a service has none, by the blocks that
//! were read neither before nor behind it.

use event_streamer_models::ProgressMessage;

use super::fault::ProtocolFault;
use super::{Connection, Session};
use crate::batch::Batch;

impl Session {
    /// `sequence` counts the batches of a connection without a gap.
    pub(super) fn judge_sequence(&self, batch: &Batch, known: bool) -> Result<(), ProtocolFault> {
        let (Some(got), Some(open)) = (batch.sequence(), &self.connection) else {
            return Ok(());
        };
        let expected = open.sequence;
        if got > expected {
            return Err(ProtocolFault::Gap { expected, got });
        }
        if got < expected && !known {
            return Err(ProtocolFault::StepBack { expected, got });
        }
        Ok(())
    }

    /// `step` counts everything that moves the position without a gap. A batch that is known may come
    /// again.
    pub(super) fn judge_step(&self, step: Option<u64>, known: bool) -> Result<(), ProtocolFault> {
        let (Some(got), Some(open)) = (step, &self.connection) else {
            return Ok(());
        };
        let expected = open.step;
        if got > expected || (got < expected && !known) {
            return Err(ProtocolFault::OutOfStep { expected, got });
        }
        Ok(())
    }

    /// A heartbeat tells the last step before it: what is missing shows though nothing follows it.
    pub(super) fn judge_last_step(&self, last: Option<u64>) -> Result<(), ProtocolFault> {
        match (last, &self.connection) {
            (Some(got), Some(open)) if got >= open.step => Err(ProtocolFault::OutOfStep {
                expected: open.step,
                got,
            }),
            _ => Ok(()),
        }
    }

    /// Without steps the blocks tell: what is read goes on where it ended.
    pub(super) fn judge_blocks(&self, progress: &ProgressMessage) -> Result<(), ProtocolFault> {
        let covered = self.connection.as_ref().and_then(|open| open.covered);
        match covered {
            Some(covered) if progress.from_block > covered.saturating_add(1) => {
                Err(ProtocolFault::Hole {
                    covered,
                    got: progress.from_block,
                })
            }
            _ => Ok(()),
        }
    }
}

impl Connection {
    /// Takes in a batch that was accepted.
    pub(super) fn took_batch(&mut self, batch: &Batch, is_new: bool) {
        if let Some(sequence) = batch.sequence() {
            self.sequence = self.sequence.max(sequence.saturating_add(1));
        }
        // What comes again says nothing about how far the blocks are read.
        let covered = self.covered;
        self.took(batch.step(), || {
            if is_new {
                batch.coverage().map(|read| read.to_block)
            } else {
                covered
            }
        });
    }

    /// Takes in a message that moves the position, and the last block that is read with it. That is
    /// asked for only where there is no step.
    pub(super) fn took(&mut self, step: Option<u64>, covered: impl FnOnce() -> Option<u64>) {
        self.covered = match step {
            Some(step) => {
                self.step = self.step.max(step.saturating_add(1));
                None
            }
            None => covered(),
        };
    }
}
