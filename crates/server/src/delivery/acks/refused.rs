//! Batches that the consumer refuses: the acknowledged run does not pass them before they are
//! acknowledged after all, or kept elsewhere.

use super::{AckTracker, Outstanding, SentBatch, Slot};
use crate::delivery::event_id::EventRef;
use crate::ingest::Cursor;

/// What a refusal did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The batch of this sequence number was refused so often. `again` is false if it was on its
    /// way to be sent again already.
    Batch {
        sequence: u64,
        refusals: u32,
        again: bool,
    },
    /// A replayed one was refused: it stays kept.
    Letter,
    /// It was acknowledged before.
    Acknowledged,
    /// No such batch was sent.
    Unknown,
}

impl AckTracker {
    /// Refuses the batch with this sequence number. One that was sent again stands for the first.
    pub(crate) fn refuse(&mut self, sequence: u64) -> Refused {
        if sequence == 0 || sequence >= self.next_sequence {
            return Refused::Unknown;
        }
        match self.again.remove(&sequence) {
            Some(Slot::Letter(_)) => return Refused::Letter,
            Some(Slot::Again(first)) => return self.refuse(first),
            None => {}
        }
        let sent = self.outstanding_mut(sequence);
        let Some(sent) = sent.filter(|sent| !sent.acknowledged) else {
            return Refused::Acknowledged;
        };
        let again = !std::mem::replace(&mut sent.is_waiting, true);
        sent.refusals = sent.refusals.saturating_add(u32::from(again));
        Refused::Batch {
            sequence,
            refusals: sent.refusals,
            again,
        }
    }

    /// A refused batch that is still to be dealt with.
    pub(crate) fn refused(&mut self, sequence: u64) -> Option<SentBatch> {
        let sent = self.outstanding_mut(sequence)?;
        (!sent.acknowledged).then_some(sent.batch)
    }

    /// A refused batch, or a kept one, is sent again with the next sequence number. It moves no
    /// position by itself.
    pub(crate) fn sent_again(&mut self, slot: Slot, end: Cursor) {
        if let Slot::Again(first) = slot
            && let Some(sent) = self.outstanding_mut(first)
        {
            sent.is_waiting = false;
        }
        self.again.insert(self.next_sequence, slot);
        self.next_sequence += 1;
        self.outstanding.push_back(Outstanding {
            batch: SentBatch {
                start: None,
                first_block: end.block.number,
                end,
                last_event: EventRef {
                    block_hash: end.block.hash,
                    log_index: 0,
                },
                events: 0,
            },
            acknowledged: true,
            after_reorg: false,
            is_placeholder: true,
            refusals: 0,
            is_waiting: false,
        });
        self.settle();
    }

    /// A refused batch needs no consumer any more: it is kept, or its blocks are undone.
    pub(crate) fn settled_elsewhere(&mut self, sequence: u64) {
        if let Some(sent) = self.outstanding_mut(sequence) {
            sent.acknowledged = true;
            sent.batch.events = 0;
        }
        self.settle();
    }

    /// The kept batches whose replay was acknowledged since the last call.
    pub(crate) fn take_replayed(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.replayed)
    }

    pub(super) fn outstanding_mut(&mut self, sequence: u64) -> Option<&mut Outstanding> {
        let first = self.next_sequence - self.outstanding.len() as u64;
        let index = usize::try_from(sequence.checked_sub(first)?).ok()?;
        self.outstanding.get_mut(index)
    }
}
