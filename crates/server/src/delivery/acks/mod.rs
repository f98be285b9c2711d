//! Which position a connection's acknowledgements amount to: a state machine without IO or time.
//!
//! The acknowledged position is the end of the longest run of acknowledged batches from the
//! connection's start (`docs/protocol.md`, section 4). Three refinements make it useful:
//!
//! - Where nothing is outstanding, blocks without a matching log count as acknowledged too:
//!   nobody will ever acknowledge nothing. Not so while the connection's start lies ahead of the
//!   stored position: what was delivered before it, to another connection, may still be in
//!   somebody's hands, and passing empty blocks does not say that it is done.
//! - After the notice of a reorg the position stays on the dead branch until a batch of the new
//!   one is acknowledged. A consumer that crashes in between gets the notice again.
//! - What was acknowledged but not yet stored is remembered until the store has confirmed it, so
//!   that a failed commit is made up for by the next.

mod refused;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

use event_streamer_models::ChainId;

use crate::delivery::event_id::EventRef;
use crate::ingest::Cursor;
use crate::store::{Advance, AdvanceStep};
use crate::subscription::Acknowledged;
pub(crate) use refused::Refused;

/// The acknowledgements of one connection.
#[derive(Debug)]
pub(crate) struct AckTracker {
    chain_id: ChainId,
    epoch: u64,
    /// Sent and not yet part of the acknowledged run, in order.
    outstanding: VecDeque<Outstanding>,
    /// The sequence number of the next batch.
    next_sequence: u64,
    acknowledged: Option<Cursor>,
    /// The connection's start, until something says that everything before it is done.
    ahead: Option<Cursor>,
    /// The end of the blocks without logs behind everything outstanding.
    covered: Option<Cursor>,
    /// A reorg was told, back to this position, and no batch was sent since.
    reorg: Option<Cursor>,
    /// Where the store was when it last answered.
    stored: Option<Cursor>,
    /// How many events it had counted then.
    stored_events: u64,
    unstored: Option<Unstored>,
    /// What is sent again, by sequence number, until it is acknowledged or refused.
    again: BTreeMap<u64, Slot>,
    /// Kept batches whose replay was acknowledged.
    replayed: Vec<u64>,
}

/// A batch as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SentBatch {
    /// The position before it, if it is not the start block.
    pub(crate) start: Option<Cursor>,
    /// The lowest block that it covers.
    pub(crate) first_block: u64,
    /// The position after it.
    pub(crate) end: Cursor,
    pub(crate) last_event: EventRef,
    pub(crate) events: u64,
}

/// What an acknowledgement did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ack {
    /// The batch has so many events, and was not acknowledged before.
    New { events: u64 },
    /// It was acknowledged before.
    Repeated,
    /// No such batch was sent.
    Unknown,
}

#[derive(Debug)]
struct Outstanding {
    batch: SentBatch,
    acknowledged: bool,
    /// The first batch after the notice of a reorg.
    after_reorg: bool,
    /// Not a batch of the chain, only its sequence number: what is sent again stands elsewhere.
    is_placeholder: bool,
    /// How often it was refused.
    refusals: u32,
    /// It was refused, and is not sent again yet.
    is_waiting: bool,
}

/// What the sequence number of something that is sent again stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// The batch of this sequence number, sent again.
    Again(u64),
    /// A kept batch, replayed.
    Letter(u64),
}

/// Part of the acknowledged run, but not known to be stored.
#[derive(Debug)]
struct Unstored {
    cursor: Cursor,
    last_event: Option<EventRef>,
    steps: Vec<AdvanceStep>,
    /// The run passes the notice of a reorg.
    passes_reorg: bool,
}

impl AckTracker {
    /// A connection that starts after `start`, on a subscription that is at `stored`.
    pub(crate) fn new(
        chain_id: ChainId,
        epoch: u64,
        start: Option<Cursor>,
        stored: &Acknowledged,
    ) -> Self {
        Self {
            chain_id,
            epoch,
            outstanding: VecDeque::new(),
            next_sequence: 1,
            acknowledged: start,
            ahead: start.filter(|start| !is_behind(start, stored.cursor.as_ref())),
            covered: None,
            reorg: None,
            stored: stored.cursor,
            stored_events: stored.events_delivered,
            unstored: None,
            again: BTreeMap::new(),
            replayed: Vec::new(),
        }
    }

    /// The sequence number the next batch gets.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.next_sequence
    }

    /// Batches that are not acknowledged, or not yet stored: what this tracker's memory holds.
    pub(crate) fn window(&self) -> usize {
        self.outstanding.len()
            + self.again.len()
            + self
                .unstored
                .as_ref()
                .map_or(0, |unstored| unstored.steps.len())
    }

    /// The acknowledged position.
    pub(crate) fn acknowledged(&self) -> Option<&Cursor> {
        self.acknowledged.as_ref()
    }

    /// The events the subscription has delivered: acknowledged ones, and on this connection those
    /// on their way.
    pub(crate) fn delivered_events(&self) -> u64 {
        let outstanding = self.outstanding.iter().map(|sent| sent.batch.events);
        let steps = self.unstored.iter().flat_map(|unstored| &unstored.steps);
        self.stored_events
            + outstanding
                .chain(steps.map(|step| step.events))
                .sum::<u64>()
    }

    /// The events the store had counted when it last answered.
    pub(crate) fn stored_events(&self) -> u64 {
        self.stored_events
    }

    /// The position the store had when it last answered.
    pub(crate) fn stored_position(&self) -> Option<Cursor> {
        self.stored
    }

    /// Something is acknowledged that the store does not know.
    pub(crate) fn is_unstored(&self) -> bool {
        self.unstored.is_some()
    }

    /// A batch goes out.
    pub(crate) fn sent(&mut self, batch: SentBatch) {
        self.next_sequence += 1;
        self.covered = None;
        let after_reorg = self.reorg.take().is_some();
        self.outstanding.push_back(Outstanding {
            batch,
            acknowledged: false,
            after_reorg,
            is_placeholder: false,
            refusals: 0,
            is_waiting: false,
        });
    }

    /// Everything up to `cursor` was looked at, and nothing in it matched.
    pub(crate) fn covered(&mut self, cursor: Cursor) {
        self.covered = Some(cursor);
        self.settle();
    }

    /// A reorg back to `cursor` was told.
    pub(crate) fn rolled_back(&mut self, cursor: Cursor) {
        self.covered = None;
        self.reorg = Some(cursor);
    }

    /// Acknowledges the batch with this sequence number.
    pub(crate) fn acknowledge(&mut self, sequence: u64) -> Ack {
        if sequence == 0 || sequence >= self.next_sequence {
            return Ack::Unknown;
        }
        match self.again.remove(&sequence) {
            // It is the first one that is done.
            Some(Slot::Again(first)) => return self.acknowledge(first),
            Some(Slot::Letter(letter)) => {
                self.replayed.push(letter);
                return Ack::New { events: 0 };
            }
            None => {}
        }
        let Some(batch) = self.outstanding_mut(sequence) else {
            return Ack::Repeated;
        };
        if batch.acknowledged {
            return Ack::Repeated;
        }
        batch.acknowledged = true;
        let events = batch.batch.events;
        self.settle();
        Ack::New { events }
    }

    /// Acknowledges everything up to a position that some token of the stream named.
    ///
    /// With a reorg under way only positions of this connection count: a block number alone does
    /// not tell which branch its sender has seen.
    pub(crate) fn acknowledge_through(&mut self, cursor: &Cursor) {
        self.ahead = self.ahead.filter(|start| !is_behind(start, Some(cursor)));
        let exact = self
            .outstanding
            .iter()
            .rposition(|sent| sent.batch.end == *cursor);
        if let Some(index) = exact {
            self.acknowledge_first(index + 1);
        } else if self.reorg.as_ref() == Some(cursor) || self.covered.as_ref() == Some(cursor) {
            self.acknowledge_first(self.outstanding.len());
            if self.reorg.take().is_some() {
                self.reached(*cursor).passes_reorg = true;
            }
        } else if self.reorg.is_none() && !self.outstanding.iter().any(|sent| sent.after_reorg) {
            let passed =
                |sent: &Outstanding| sent.batch.end.position_cmp(cursor) != Ordering::Greater;
            self.acknowledge_first(self.outstanding.partition_point(passed));
        }
        self.settle();
    }

    fn acknowledge_first(&mut self, count: usize) {
        for sent in self.outstanding.iter_mut().take(count) {
            sent.acknowledged = true;
        }
        self.settle();
    }

    /// Moves the acknowledged run on as far as it goes.
    fn settle(&mut self) {
        while let Some(sent) = self.outstanding.pop_front_if(|sent| sent.acknowledged) {
            if sent.is_placeholder {
                continue;
            }
            self.ahead = None;
            let unstored = self.reached(sent.batch.end);
            unstored.passes_reorg |= sent.after_reorg;
            unstored.last_event = Some(sent.batch.last_event);
            unstored.steps.push(AdvanceStep {
                end: sent.batch.end,
                events: sent.batch.events,
                after_reorg: unstored.passes_reorg,
            });
        }
        if self.outstanding.is_empty()
            && self.reorg.is_none()
            && self.ahead.is_none()
            && let Some(cursor) = self.covered.take()
        {
            self.reached(cursor);
        }
    }

    fn reached(&mut self, cursor: Cursor) -> &mut Unstored {
        self.acknowledged = Some(cursor);
        let unstored = self.unstored.get_or_insert(Unstored {
            cursor,
            last_event: None,
            steps: Vec::new(),
            passes_reorg: false,
        });
        unstored.cursor = cursor;
        unstored
    }

    /// What the store has still to be told; `None` if it knows everything.
    pub(crate) fn advance(&self) -> Option<Advance> {
        let unstored = self.unstored.as_ref()?;
        Some(Advance {
            epoch: self.epoch,
            cursor: unstored.cursor,
            last_event_id: unstored.last_event.map(|event| event.id(self.chain_id)),
            steps: unstored.steps.clone(),
            replaces: self.stored.filter(|_| unstored.passes_reorg),
        })
    }

    /// The store has taken `advance`, and is now at `stored`.
    pub(crate) fn stored(&mut self, advance: &Advance, stored: &Acknowledged) {
        self.stored = stored.cursor;
        self.stored_events = stored.events_delivered;
        self.ahead = self
            .ahead
            .filter(|start| !is_behind(start, stored.cursor.as_ref()));
        let Some(unstored) = &mut self.unstored else {
            return;
        };
        // Empty blocks may have been covered meanwhile; acknowledgements wait for each other.
        unstored
            .steps
            .drain(..advance.steps.len().min(unstored.steps.len()));
        unstored.passes_reorg = false;
        if unstored.cursor == advance.cursor && unstored.steps.is_empty() {
            self.unstored = None;
        }
    }
}

/// Whether a position lies at or behind what is known to be done.
fn is_behind(position: &Cursor, done: Option<&Cursor>) -> bool {
    done.is_some_and(|done| position.position_cmp(done) != Ordering::Greater)
}
